"""The gate's own rules, in force with no file at all and after the rules of ``paved.yaml``. The ADR says why these."""

from pavedroad.core.severity import Confidence, Severity
from pavedroad.core.verdict import Mode
from pavedroad.policy.config import DataAge, Gate, GateRule, Scope

DEFAULT_RULES: tuple[GateRule, ...] = (
    GateRule(
        id="default-malicious",
        rules=("*/MAL-*",),
        scope=Scope.ALL,
        because="a malicious package acts as soon as it is installed, however long it has been there",
    ),
    GateRule(
        id="default-waivers",
        kinds=("waivers",),
        severity=Severity.LOW,
        scope=Scope.ALL,
        mode=Mode.WARN,
        because="an exception needs an owner, a reason and an end",
    ),
    GateRule(
        id="default-waivers-later",
        kinds=("waivers",),
        scope=Scope.ALL,
        mode=Mode.OBSERVE,
        because="an exception that ends soon wants to be looked at",
    ),
    GateRule(
        id="default-secrets",
        kinds=("secrets",),
        confidence=Confidence.MEDIUM,
        because="a secret in a repository is known to everyone who can read it",
    ),
    GateRule(
        id="default-secrets-unsure",
        kinds=("secrets",),
        mode=Mode.OBSERVE,
        because="too unsure to stop anybody for; test data and samples look like this",
    ),
    GateRule(id="default-high", severity=Severity.HIGH, because="new flaws of high severity do not go out"),
    GateRule(id="default-medium", severity=Severity.MEDIUM, mode=Mode.WARN, because="worth fixing while you are here"),
    GateRule(id="default-rest", mode=Mode.OBSERVE, because="counted, so that it can be seen to grow or shrink"),
)

# The OSV export changes daily; a week without an update is an oversight, a month is blindness.
DEFAULT_DATA_AGE = DataAge()


def effective_rules(gate: Gate) -> tuple[GateRule, ...]:
    """The rules in the order in which they are asked."""
    return gate.rules + (DEFAULT_RULES if gate.defaults else ())
