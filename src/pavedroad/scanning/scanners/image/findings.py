"""From what a rule found to a finding that says where, what, how sure, and what now."""

import msgspec

from pavedroad.core.finding import Evidence, Finding, RuleInfo
from pavedroad.core.identity import Observation
from pavedroad.core.location import Location
from pavedroad.core.remediation import Remediation
from pavedroad.scanning.scanners.image.feed import CONFIG
from pavedroad.scanning.scanners.image.model import BENCHMARK, FILES, Hit, Image, ImageRule
from pavedroad.scanning.scanners.image.rules import page

SCANNER_NAME = KIND = "image"
MAX_MESSAGE = 500


def rule_id(rule: ImageRule) -> str:
    """As findings carry it."""
    return f"{SCANNER_NAME}/{rule.name}"


def rule_info(rule: ImageRule) -> RuleInfo:
    """The rule as ``paved explain`` shows it."""
    section = f"\n\n{BENCHMARK}, section {rule.benchmark}, asks for the same.\n" if rule.benchmark else "\n"
    return RuleInfo(
        id=rule_id(rule),
        kind=KIND,
        title=rule.title,
        severity=rule.severity,
        confidence=rule.confidence,
        page=page(rule.name) + section,
        cwe=rule.cwe,
        references=rule.references,
    )


def observation(rule: ImageRule, hit: Hit, image: Image, blob_path: str) -> Observation:
    """The finding. Its identity is the rule and the hit's key (else its path): no digest, tag, size or layer."""
    finding = Finding(
        rule=rule_id(rule),
        kind=KIND,
        title=rule.title,
        message=_fit(hit.message, MAX_MESSAGE),
        severity=hit.severity or rule.severity,
        confidence=hit.confidence or rule.confidence,
        location=Location(path=hit.path or (CONFIG if rule.reads != FILES else blob_path)),
        scanner=SCANNER_NAME,
        cwe=rule.cwe,
        references=rule.references,
        remediation=_remedy(rule, hit),
        evidence=tuple(
            Evidence(name=name, value=_fit(value, MAX_MESSAGE)) for name, value in _evidence(rule, hit, image)
        ),
    )
    return Observation(anchor=(rule_id(rule), hit.key or hit.path or "image"), finding=finding)


def _remedy(rule: ImageRule, hit: Hit) -> Remediation:
    if not hit.before and not hit.after:
        return rule.remedy
    return msgspec.structs.replace(
        rule.remedy, before=_fit(hit.before, MAX_MESSAGE), after=_fit(hit.after, MAX_MESSAGE)
    )


def _evidence(rule: ImageRule, hit: Hit, image: Image) -> list[tuple[str, str]]:
    facts = list(hit.evidence)
    if 0 <= hit.layer < len(image.attributions):
        found = image.attributions[hit.layer]
        facts.append(("layer", f"{hit.layer + 1} of the image, {image.configuration.layers[hit.layer]}"))
        if found.instruction:
            facts.append(("brought by", found.instruction))
        facts.append(("part", f"{found.part} ({found.why})" if found.why else found.part))
    if rule.benchmark:
        facts.append((BENCHMARK, rule.benchmark))
    return facts


def _fit(text: str, limit: int) -> str:
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
