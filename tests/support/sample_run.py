"""Rich sample runs for the tests of reports: every kind of finding, every group, every state of coverage.

Nothing here is a live secret: masked values are put together at run time.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    Decision,
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
    Reason,
    Reference,
    Region,
    Remediation,
    Revision,
    RuleInfo,
    Run,
    ScanError,
    Severity,
    Skipped,
    Snippet,
    Verdict,
    Waiver,
    WaiverMatch,
    WaiverScope,
)
from pavedroad.core.identity import fingerprint
from tests.support.sample_priorities import overdue, soon, unhurried

STARTED = datetime(2026, 11, 24, 8, 30, 0, tzinfo=UTC)
FINISHED = STARTED + timedelta(seconds=2, milliseconds=400)
SUBJECT = AssetRef(kind=AssetKind.REPOSITORY, name="git.example.com/shop/payments-api")
MASKED = "AKIA" + "*" * 12 + "7Q2M"


def finding(number: int = 0, **changes: Any) -> Finding:
    """A plain finding of medium severity; ``number`` sets its line and identity."""
    base = Finding(
        rule="code/weak-hash",
        kind="code",
        title="Weak hash",
        message="MD5 is used where collisions matter.",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        location=Location(path=f"src/app/module_{number % 7}.py", region=Region.of_line(10 + number, 5, 12)),
        scanner="code",
        fingerprint=fingerprint("code", ("weak-hash", str(number))),
    )
    return msgspec.structs.replace(base, **changes)


def secret() -> Finding:
    """A cloud key in a settings file, masked, with a fix shown on the reader's own line."""
    text = f'AWS_REGION = "eu-central-1"\nAWS_ACCESS_KEY_ID = "{MASKED}"\nAWS_BUCKET = "invoices"'
    return Finding(
        rule="secrets/aws-access-key",
        kind="secrets",
        title="AWS access key",
        message="An AWS access key stands in a settings file that everyone with read access can use.",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        location=Location(
            path="payments/settings.py",
            region=Region.of_line(41, 22, 42),
            snippet=Snippet(text=text, start_line=40),
            symbol="AWS_ACCESS_KEY_ID",
        ),
        scanner="secrets",
        fingerprint=fingerprint("secrets", ("aws-access-key", "keyed-hash")),
        asset=SUBJECT,
        cwe=(798,),
        references=(
            Reference(url="https://cwe.mitre.org/data/definitions/798.html", title="CWE-798: hard-coded credentials"),
        ),
        remediation=Remediation(
            text="Revoke the key first, then read its successor from the environment or a secret store.",
            before=f'AWS_ACCESS_KEY_ID = "{MASKED}"',
            after='AWS_ACCESS_KEY_ID = os.environ["AWS_ACCESS_KEY_ID"]',
            fix=Fix(
                safety=FixSafety.UNSAFE,
                description="Read the key from the environment",
                edits=(
                    Edit(
                        path="payments/settings.py",
                        region=Region.of_line(41, 21, 43),
                        replacement='os.environ["AWS_ACCESS_KEY_ID"]',
                    ),
                ),
            ),
        ),
        evidence=(Evidence(name="masked value", value=MASKED),),
    )


def dependency() -> Finding:
    """A vulnerable package three steps down the graph, with a fixed version."""
    return Finding(
        rule="dependencies/GHSA-cpwx-vrp4-4pq7",
        kind="dependencies",
        title="Jinja2 sandbox breakout through the attr filter",
        message="jinja2 3.1.2 lets a template author run code outside the sandbox.",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        score=8.8,
        location=Location(path="poetry.lock", region=Region.of_line(212)),
        scanner="dependencies",
        fingerprint=fingerprint("dependencies", ("pkg:pypi/jinja2", "GHSA-cpwx-vrp4-4pq7")),
        component=Component(
            purl="pkg:pypi/jinja2@3.1.2",
            name="jinja2",
            version="3.1.2",
            ecosystem="PyPI",
            direct=False,
            path=("payments-api", "flask", "jinja2"),
            found_in="poetry.lock",
        ),
        cwe=(1336,),
        vectors=("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",),
        aliases=("CVE-2025-27516", "PYSEC-2025-33"),
        references=(Reference(url="https://osv.dev/vulnerability/GHSA-cpwx-vrp4-4pq7"),),
        remediation=Remediation(text="Upgrade jinja2.", fixed_versions=("3.1.6",)),
        evidence=(Evidence(name="affected range", value=">=0, <3.1.6"),),
    )


def workflow() -> Finding:
    """A data flow from an issue title into a shell."""
    path = ".github/workflows/triage.yml"
    return Finding(
        rule="workflows/template-injection",
        kind="workflows",
        title="Issue text reaches a shell",
        message="The title of an issue is pasted into a shell script, so whoever opens an issue runs commands.",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        location=Location(
            path=path,
            region=Region(start_line=19, start_column=15, end_line=20, end_column=30),
            snippet=Snippet(
                text='      - run: |\n          echo "${{ github.event.issue.title }}"\n          ./triage',
                start_line=18,
            ),
        ),
        scanner="workflows",
        fingerprint=fingerprint("workflows", ("template-injection", "echo")),
        cwe=(94, 77),
        flow=(
            FlowStep(location=Location(path=path, region=Region.of_line(4, 3)), message="anyone can open an issue"),
            FlowStep(location=Location(path=path, region=Region.of_line(19, 17)), message="its title is pasted here"),
        ),
        remediation=Remediation(text="Pass the title through an environment variable and quote it."),
    )


def waived() -> tuple[Judged, Judged]:
    """One finding waived by the ledger, one by a marker of another tool in the source."""
    by_ledger = WaiverMatch(
        waiver="W-2026-014",
        origin="ledger",
        sentence="test key of the sandbox, owned by payments-team, until 2027-02-28",
        expires=date(2027, 2, 28),
    )
    inline = InlineMarker(tool="bandit", text="# nosec B303", line=77, reason="checksum only")
    by_marker = WaiverMatch(waiver="inline:payments/etag.py:77", origin="inline:bandit", sentence="# nosec B303")
    return (
        Judged(finding=finding(900, severity=Severity.HIGH), change=Change.NEW, waived=by_ledger),
        Judged(finding=finding(901, marker=inline), change=Change.OLD, waived=by_marker),
    )


def coverage() -> tuple[Coverage, ...]:
    """Four scanners: complete, partial with every kind of gap, skipped, not applicable."""
    return (
        Coverage(
            scanner="secrets",
            kind="secrets",
            status=CoverageStatus.COMPLETE,
            engine_version="1.5.0",
            files=1412,
            bytes=9_400_000,
            cached=1398,
            seconds=0.42,
            skipped=(Skipped(reason="binary media", count=31, examples=("static/logo.png",)),),
            isolation=Isolation(network="own namespace", limits="1 GiB, 900 s", environment="scrubbed"),
        ),
        Coverage(
            scanner="dependencies",
            kind="dependencies",
            status=CoverageStatus.PARTIAL,
            files=3,
            cached=2,
            seconds=0.11,
            skipped=(
                Skipped(reason="the version is not pinned", count=2, examples=("requirements.txt:4",), harmless=False),
            ),
            errors=(
                ScanError(
                    message="the lock file is broken: unexpected end",
                    where="tools/package-lock.json",
                    next_step="write it again: npm install --package-lock-only",
                ),
            ),
            limits=(LimitHit(limit="max-file-bytes", value="16 MiB", where="vendor/big.lock"),),
            data=(DataSource(name="OSV", as_of=STARTED - timedelta(days=3), digest="sha256:00", records=231_004),),
        ),
        Coverage(scanner="iac", kind="iac", status=CoverageStatus.SKIPPED, notes=("left out by --skip iac",)),
        Coverage(scanner="agents", kind="agents", status=CoverageStatus.NOT_APPLICABLE),
    )


def verdict(outcome: Outcome) -> Verdict:
    """Reasons as the policy room words them."""
    reasons = {
        Outcome.FAIL: (
            Reason(
                gate_rule="new-serious",
                mode=Mode.BLOCK,
                outcome=Outcome.FAIL,
                sentence="2 new findings of high severity or above",
                appeal="fix them, or ask for an exception: paved waive <id>",
                findings=(secret().fingerprint, dependency().fingerprint),
            ),
            Reason(
                gate_rule="coverage",
                mode=Mode.WARN,
                outcome=Outcome.INCOMPLETE,
                sentence="dependencies could not look at everything: 1 error, 2 unpinned requirements",
            ),
        ),
        Outcome.INCOMPLETE: (
            Reason(
                gate_rule="coverage",
                mode=Mode.BLOCK,
                outcome=Outcome.INCOMPLETE,
                sentence="dependencies could not look at everything: 1 error, 2 unpinned requirements",
                appeal="repair tools/package-lock.json, then run again",
            ),
        ),
        Outcome.PASS: (),
    }
    return Verdict(outcome=outcome, reasons=reasons[outcome], policy_digest="sha256:" + "5e" * 32)


def sample_run(outcome: Outcome = Outcome.FAIL, **changes: Any) -> Run:
    """A failing pull request with everything in it; ``outcome`` picks a calmer one."""
    blocking = outcome is Outcome.FAIL
    judged = [
        Judged(finding=secret(), change=Change.NEW, mode=Mode.BLOCK, priority=soon()),
        Judged(finding=dependency(), change=Change.NEW, mode=Mode.BLOCK, priority=overdue()),
    ]
    rest = [
        Judged(finding=workflow(), change=Change.NEW, mode=Mode.WARN),
        Judged(finding=finding(1), change=Change.NEW, mode=Mode.WARN, priority=unhurried()),
        Judged(finding=finding(2, severity=Severity.LOW), change=Change.NEW, mode=Mode.OBSERVE),
        Judged(finding=finding(3, severity=Severity.UNKNOWN), change=Change.UNKNOWN),
        Judged(finding=finding(4), change=Change.OLD),
        *waived(),
    ]
    said = verdict(outcome)
    ledger = Waiver(
        id="W-2026-014",
        scope=WaiverScope(rule="code/weak-hash", path="src/app/*"),
        owner="payments-team",
        reason="test key of the sandbox",
        ticket="PAY-311",
        created=date(2026, 9, 1),
        expires=date(2027, 2, 28),
    )
    base = Run(
        id="01JDFY8Z3M",
        tool_version="0.1.0",
        started=STARTED,
        finished=FINISHED,
        subject=SUBJECT,
        scope="changes",
        revision=Revision(commit="9f1c2d3e4a5b6c7d8e9f", branch="feature/refunds", base="4f2a91c07b3d", dirty=False),
        findings=tuple([*judged, *rest] if blocking else rest),
        coverage=coverage(),
        components=(dependency().component or Component(purl="pkg:pypi/x", name="x"),),
        waivers=(ledger,),
        rules=(rule_info(),),
        older=12,
        verdict=said,
        decision=Decision(
            control_point="pull-request",
            subject=SUBJECT,
            actor="ci",
            at=FINISHED,
            outcome=outcome,
            policy_digest=said.policy_digest,
            reasons=said.reasons,
        ),
        notes=("the base was found from the variables of the CI",),
    )
    return msgspec.structs.replace(base, **changes)


def rule_info() -> RuleInfo:
    """The page of one rule."""
    return RuleInfo(
        id="secrets/aws-access-key",
        kind="secrets",
        title="AWS access key",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        page="# AWS access key\n\nWhoever holds the key acts as its owner.\n\n## How to fix\n\nRevoke it first.",
        cwe=(798,),
        references=(Reference(url="https://cwe.mitre.org/data/definitions/798.html"),),
    )


def clean_run(**changes: Any) -> Run:
    """Nothing found, everything looked at."""
    return sample_run(
        Outcome.PASS, **{"findings": (), "coverage": coverage()[:1], "waivers": (), "older": 0, "notes": (), **changes}
    )


def many(number: int, *, mode: Mode = Mode.BLOCK, **changes: Any) -> tuple[Judged, ...]:
    """``number`` different findings of one mode."""
    return tuple(Judged(finding=finding(i, **changes), change=Change.NEW, mode=mode) for i in range(number))
