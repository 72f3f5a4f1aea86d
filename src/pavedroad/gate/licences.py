"""Turns the project's licence policy into findings: one for each component that it does not plainly allow."""

from collections.abc import Iterable

from pavedroad.core.component import Component
from pavedroad.core.finding import Evidence, Finding
from pavedroad.core.identity import Observation
from pavedroad.core.location import Location
from pavedroad.core.remediation import Remediation
from pavedroad.core.severity import Confidence, Severity
from pavedroad.policy.config import LicenceOutcome, LicencePolicy
from pavedroad.policy.licences import LicenceJudgement, judge_licences

KIND = "licenses"
_SEVERITY = {
    LicenceOutcome.DENY: Severity.HIGH,
    LicenceOutcome.REVIEW: Severity.MEDIUM,
    LicenceOutcome.UNKNOWN: Severity.LOW,
}
_TITLE = {
    LicenceOutcome.DENY: "Licence that is not allowed",
    LicenceOutcome.REVIEW: "Licence that a person has to look at",
    LicenceOutcome.UNKNOWN: "Licence that is not known",
}
_WHAT_NOW = {
    LicenceOutcome.DENY: "Replace the component, or waive it with the agreement as its ticket.",
    LicenceOutcome.REVIEW: "Let whoever decides on licences look at it, then add it to 'licenses.allow' or waive it.",
    LicenceOutcome.UNKNOWN: "Find out its licence, and waive it with what you found, or replace the component.",
}


def licence_observations(components: Iterable[Component], policy: LicencePolicy) -> list[Observation]:
    """What ``policy`` says against the components. Without any list there is no policy, and nothing is said.

    The anchor is the package without its version: a raised version with the same licence is the same finding.
    """
    if not (policy.allow or policy.deny or policy.review):
        return []
    judged = ((component, judge_licences(component, policy)) for component in components)
    return [_observation(c, judgement) for c, judgement in judged if judgement.outcome is not LicenceOutcome.ALLOW]


def _observation(component: Component, judgement: LicenceJudgement) -> Observation:
    outcome = judgement.outcome
    package = component.purl.partition("@")[0]
    finding = Finding(
        rule=f"{KIND}/{outcome.value}",
        kind=KIND,
        title=_TITLE[outcome],
        message=f"{component.name} {component.version}: {judgement.because}.",
        severity=_SEVERITY[outcome],
        confidence=Confidence.HIGH,
        location=Location(path=component.found_in, symbol=component.name),
        scanner=KIND,
        component=component,
        remediation=Remediation(text=_WHAT_NOW[outcome]),
        evidence=tuple(Evidence(name="licence", value=text) for text in component.licenses),
    )
    return Observation(anchor=(package, outcome.value, *judgement.licences), finding=finding)
