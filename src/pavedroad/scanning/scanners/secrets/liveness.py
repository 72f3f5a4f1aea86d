"""What a live check changes in a finding: an active secret is critical and certain; nothing is ever hidden. Pure."""

import msgspec

from pavedroad.core.finding import Evidence
from pavedroad.core.identity import Observation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.verification import Check, Outcome

EVIDENCE = "live check"


def told(observation: Observation, check: Check) -> Observation:
    """The observation with the verdict. The anchor stays: a secret that was switched off is still the same secret."""
    finding = observation.finding
    when = f" on {check.at:%Y-%m-%d at %H:%M} UTC" if check.at and check.host else ""
    fact = Evidence(name=EVIDENCE, value=f"{check.outcome.value}: {check.why}{when}")
    changed = msgspec.structs.replace(finding, evidence=(fact, *finding.evidence))
    if check.outcome is Outcome.ACTIVE:
        changed = msgspec.structs.replace(
            changed,
            severity=Severity.CRITICAL,
            confidence=Confidence.HIGH,
            message=f"{finding.message} It works: {check.why}{when}, so it is critical.",
        )
    elif check.outcome is Outcome.INACTIVE:
        changed = msgspec.structs.replace(
            changed, message=f"{finding.message} It did not work any more: {check.why}{when}."
        )
    elif check.host:
        changed = msgspec.structs.replace(
            changed, message=f"{finding.message} Whether it works is unknown: {check.why}."
        )
    return msgspec.structs.replace(observation, finding=changed)
