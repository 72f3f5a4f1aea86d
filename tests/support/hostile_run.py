"""Runs in which every text from the outside is hostile."""

from datetime import date

import msgspec

from pavedroad.core import (
    AssetKind,
    AssetRef,
    Change,
    Component,
    Confidence,
    Coverage,
    CoverageStatus,
    DataSource,
    Edit,
    Evidence,
    Finding,
    Fix,
    FixSafety,
    FlowStep,
    InlineMarker,
    Isolation,
    Judged,
    LimitHit,
    Location,
    Mode,
    Outcome,
    Priority,
    Reach,
    Reachability,
    Reason,
    Reference,
    Region,
    Remediation,
    Revision,
    Run,
    ScanError,
    Severity,
    Signals,
    Skipped,
    Snippet,
    Verdict,
    VexNote,
    VexStatus,
    Waiver,
    WaiverMatch,
    WaiverScope,
)
from pavedroad.core.identity import fingerprint
from tests.support.sample_run import rule_info, sample_run

# What strangers put into names and files: terminal escapes, reversed text, markup, mentions, breaks, bytes.
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link",
    "\u202egnp.exe\u202c\u2066x\u2069\u200b\ufeff",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "@everyone [click](javascript:alert(1)) ![x](http://evil.example/p.png) <!-- --> | a | `b` ``` ~~~ #1",
    "line\nbreak\r\nand\ttab\x00nul\x85nel\u2028ls",
    "]]><![CDATA[ &amp; &#0; \ufffe\uffff \ud800 \udcff",
    "''\"\"\\ %00 ../../etc/passwd file:///etc/passwd C:\\x",
)


def hostile_run(text: str) -> Run:
    """A failing run in which every text that comes from the outside is ``text``."""
    place = Location(
        path=text,
        region=Region.of_line(3, 2, 9),
        snippet=Snippet(text=f"{text}\n{text}\n{text}", start_line=2),
        commit=text[:40],
        symbol=text,
    )
    bad = Finding(
        rule=f"secrets/{text}",
        kind="secrets",
        title=text,
        message=text,
        severity=Severity.CRITICAL,
        confidence=Confidence.LOW,
        location=place,
        scanner=text,
        fingerprint=fingerprint("secrets", (ascii(text),)),
        component=Component(
            purl=f"pkg:pypi/{text}",
            name=text,
            version=text,
            path=(text, text),
            found_in=text,
            licenses=(text,),
            layer=text,
        ),
        aliases=(text,),
        vectors=(text,),
        upstream=(text,),
        references=(Reference(url=text, title=text), Reference(url="javascript:alert(1)")),
        remediation=Remediation(
            text=text,
            before=text,
            after=text,
            fix=Fix(
                safety=FixSafety.SAFE,
                description=text,
                edits=(Edit(path=text, region=Region.of_line(1, 1, 2), replacement=text),),
            ),
            fixed_versions=(text,),
        ),
        evidence=(Evidence(name=text, value=text),),
        flow=(FlowStep(location=place, message=text),),
        marker=InlineMarker(tool=text, text=text, line=1, reason=text),
    )
    match = WaiverMatch(waiver=text, origin=f"inline:{text}", sentence=text)
    urgent = Priority(
        table=text,
        tier=text,
        rank=0,
        why=text,
        assumed=(text,) * 40,
        advice=text,
        score=9.9,
        score_name=text,
        due=date(2026, 11, 1),
        signals=Signals(cve=text, known_exploited=True, exploitation=text, epss=0.5),
    )
    kinds = ("secrets", "dependencies", "code", text)
    found = [
        Judged(
            finding=msgspec.structs.replace(bad, kind=kind),
            change=change,
            mode=mode,
            waived=waiver,
            priority=urgent,
            vex=VexNote(status=VexStatus.AFFECTED, document=text, sentence=text, author=text),
            reach=Reach(state=Reachability.UNKNOWN, why=text),
        )
        for kind in kinds
        for change, mode, waiver in (
            (Change.NEW, Mode.BLOCK, None),
            (Change.OLD, Mode.WARN, None),
            (Change.UNKNOWN, None, match),
        )
    ]
    seen = Coverage(
        scanner=text,
        kind=text,
        status=CoverageStatus.PARTIAL,
        engine_version=text,
        skipped=(Skipped(reason=text, count=1, examples=(text,), harmless=False),),
        errors=(ScanError(message=text, where=text, next_step=text),),
        limits=(LimitHit(limit=text, value=text, where=text),),
        data=(DataSource(name=text),),
        notes=(text,),
        isolation=Isolation(network=text, limits=text, environment=text),
    )
    why = Reason(gate_rule=text, mode=Mode.BLOCK, outcome=Outcome.FAIL, sentence=text, appeal=text, findings=(text,))
    return sample_run(
        subject=AssetRef(kind=AssetKind.REPOSITORY, name=text),
        scope=text,
        revision=Revision(commit=text, branch=text, base=text, dirty=True, shallow=True),
        findings=tuple(found),
        coverage=(seen,),
        components=(bad.component,),
        waivers=(Waiver(id=text, scope=WaiverScope(rule=text, path=text), owner=text, reason=text, ticket=text),),
        rules=(msgspec.structs.replace(rule_info(), title=text, page=text),),
        verdict=Verdict(outcome=Outcome.FAIL, reasons=(why,), policy_digest=text),
        notes=(text,),
    )
