"""``paved.yaml`` as data: every setting, its default and its description. The JSON Schema is derived from it.

Reading and complaining is :mod:`pavedroad.policy.loading`; the gate's own rules are :mod:`pavedroad.policy.defaults`.
"""

import enum
import hashlib
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from pavedroad.core.asset import AssetFacts
from pavedroad.core.reachability import Reachability
from pavedroad.core.severity import Confidence, Severity
from pavedroad.core.verdict import Mode
from pavedroad.policy.globs import name_glob, path_glob
from pavedroad.policy.quantities import parse_age, parse_size

_ID = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_KIND = r"^(\*|[a-z][a-z0-9-]{0,31})$"
_AGE = r"^\d{1,5} ?[dw]$"
_PURL = r"^pkg:.+/.+$"
_KEY = r"^([0-9A-Za-z+/=_-]{32,128})?$"

# What a person is told when a text has not the form asked for.
FORMS = {
    _ID: "at most 64 small letters, digits, '.', '_' and '-'",
    _KIND: "a kind in small letters, such as secrets, or '*'",
    _AGE: "a number of days or weeks, such as 7d or 2w",
    _PURL: "a package URL, such as pkg:oci/shop",
    _KEY: "32 to 128 characters of A-Z, a-z, 0-9, '+', '/', '=', '_' and '-'; 'paved init' makes one",
}

GateRuleId = Annotated[str, Meta(pattern=_ID, description="Name of the rule, shown in every reason it gives.")]
KindName = Annotated[str, Meta(pattern=_KIND, description="A kind of finding; '*' is all.")]
Glob = Annotated[str, Meta(min_length=1, max_length=512)]
Age = Annotated[str, Meta(pattern=_AGE, description="Days or weeks: 7d, 2w.")]
Tier = Annotated[str, Meta(min_length=1, max_length=80)]
Kinds = tuple[KindName, ...]


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """The base of every section: an unknown key is an error, never a setting that silently does nothing."""


class Scope(enum.Enum):
    """Which findings a gate rule looks at: those the change brings, those that were there before, or all."""

    NEW = "new"
    OLD = "old"
    ALL = "all"


class Shortfall(enum.Enum):
    """What a hole in coverage does to the verdict."""

    INCOMPLETE = "incomplete"
    WARN = "warn"


class Inline(enum.Enum):
    """What another tool's suppression comment may do: nothing, quiet what would not block anyway, or waive."""

    REFUSE = "refuse"
    WARNINGS = "warnings"
    HONOUR = "honour"


class OverBroad(enum.Enum):
    """What a waiver that covers everything does: hold (and be reported), or waive nothing."""

    HONOUR = "honour"
    REFUSE = "refuse"


class Project(Setting, frozen=True, kw_only=True):
    """What is being delivered."""

    name: Annotated[str, Meta(max_length=200, description="Name of the asset; default: the git remote.")] = ""
    key: Annotated[
        str,
        Meta(
            pattern=_KEY,
            description="Random text, 32 to 128 characters, that keys the hashes of secrets, so that nobody can guess "
            "a secret from its hash. PAVED_HASH_KEY in the environment takes its place.",
        ),
    ] = ""


class Limits(Setting, frozen=True, kw_only=True):
    """Bounds of one run. Reaching one is told in coverage; ``gate.coverage.limits`` says what it means."""

    file_size: Annotated[str | int, Meta(description="Larger files are not read: 25MiB, 500KB, or bytes.")] = "25MiB"
    files: Annotated[int, Meta(ge=1, le=50_000_000, description="At most this many files are looked at.")] = 1_000_000
    seconds: Annotated[int, Meta(ge=1, le=86_400, description="Wall-clock seconds for each scanner.")] = 900
    findings: Annotated[int, Meta(ge=1, le=10_000_000, description="At most this many findings per scanner.")] = 100_000

    def __post_init__(self) -> None:
        parse_size(str(self.file_size))

    @property
    def file_size_bytes(self) -> int:
        """``file_size`` in bytes."""
        return parse_size(str(self.file_size))


class Scan(Setting, frozen=True, kw_only=True):
    """What is looked at."""

    only: Annotated[Kinds, Meta(description="Look only for these kinds; empty: all.")] = ()
    skip: Annotated[Kinds, Meta(description="Leave these kinds out.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="Paths not looked at, in .gitignore syntax.")] = ()
    limits: Annotated[Limits, Meta(description="Bounds of one run.")] = Limits()


class GateRule(Setting, frozen=True, kw_only=True):
    """One rule of the gate. A finding meets it when it meets every condition given; the first rule met decides."""

    id: GateRuleId
    kinds: Annotated[Kinds, Meta(description="Kinds of finding; empty: all.")] = ()
    rules: Annotated[
        tuple[Glob, ...],
        Meta(description="Globs of rule names such as 'secrets/*' or 'dependencies/CVE-2024-*'; aliases count too."),
    ] = ()
    severity: Annotated[Severity | None, Meta(description="At least this severity.")] = None
    confidence: Annotated[Confidence | None, Meta(description="At least this confidence.")] = None
    scope: Annotated[
        Scope, Meta(description="new: what the change brings (everything, when nothing is compared); old; all.")
    ] = Scope.NEW
    older_than: Annotated[Age | None, Meta(description="First seen more than this long ago: 30d, 2w.")] = None
    fixable: Annotated[bool | None, Meta(description="Only findings with (true) or without (false) a known fix.")] = (
        None
    )
    tiers: Annotated[
        tuple[Tier, ...], Meta(description="Tiers of the decision table, such as '3 days'; empty: all.")
    ] = ()
    due_within: Annotated[Age | None, Meta(description="Due within this time, or overdue: 7d, 2w.")] = None
    overdue: Annotated[
        bool | None, Meta(description="Only findings whose deadline is (true) or is not (false) over.")
    ] = None
    reachability: Annotated[
        tuple[Reachability, ...],
        Meta(
            description="Whether the code uses the package: reachable, potentially, unreachable, unknown; empty: all. "
            "Malicious packages and flaws known to be exploited count as reachable; other findings as unknown."
        ),
    ] = ()
    paths: Annotated[tuple[Glob, ...], Meta(description="Globs of paths, as in .gitignore; empty: everywhere.")] = ()
    mode: Annotated[Mode, Meta(description="block: the verdict is fail. warn: say so. observe: only count.")] = (
        Mode.BLOCK
    )
    because: Annotated[str, Meta(max_length=500, description="Why the rule is there; shown in its reasons.")] = ""

    def __post_init__(self) -> None:
        for pattern in self.paths:
            path_glob(pattern)
        for pattern in self.rules:
            name_glob(pattern)

    @property
    def asks_priority(self) -> bool:
        """Whether it can only be judged where findings have tiers."""
        return bool(self.tiers) or self.due_within is not None or self.overdue is not None


Modes = dict[KindName, Mode]


class Branch(Setting, frozen=True, kw_only=True):
    """Other modes on some branches. The first entry that matches the branch counts."""

    match: Annotated[Glob, Meta(description="Glob of branch names: 'release/*'.")]
    modes: Annotated[Modes, Meta(description="Strongest mode per kind on these branches; '*' is every other kind.")]

    def __post_init__(self) -> None:
        name_glob(self.match)


class DataAge(Setting, frozen=True, kw_only=True):
    """How old data may be."""

    warn: Annotated[Age, Meta(description="Older than this: a warning.")] = "7d"
    incomplete: Annotated[Age, Meta(description="Older than this: the verdict is incomplete.")] = "30d"

    def __post_init__(self) -> None:
        if parse_age(self.warn) > parse_age(self.incomplete):
            raise ValueError("'warn' cannot be older than 'incomplete'")


class CoverageRules(Setting, frozen=True, kw_only=True):
    """What must have been looked at. A scanner that failed altogether always makes the verdict incomplete."""

    require: Annotated[Kinds, Meta(description="Kinds that must run, even when left out on the command line.")] = ()
    on_error: Annotated[Shortfall, Meta(description="A scanner could not judge some files.")] = Shortfall.INCOMPLETE
    limits: Annotated[Shortfall, Meta(description="A limit was reached, such as the largest file size.")] = (
        Shortfall.INCOMPLETE
    )
    gaps: Annotated[Shortfall, Meta(description="Something cannot be judged, such as an unpinned requirement.")] = (
        Shortfall.WARN
    )
    data_max_age: Annotated[
        dict[Glob, Age | DataAge],
        Meta(
            description="Age of data by kind or by name of the data source (globs), first match counts: "
            "'dependencies: 7d' makes older data incomplete; {warn: 7d, incomplete: 30d} is the default for all."
        ),
    ] = {}
    unknown_age: Annotated[Shortfall, Meta(description="The age of data is not known, or lies in the future.")] = (
        Shortfall.WARN
    )

    def __post_init__(self) -> None:
        for pattern in self.data_max_age:
            name_glob(pattern)


class Gate(Setting, frozen=True, kw_only=True):
    """How a verdict is reached."""

    rules: Annotated[
        tuple[GateRule, ...], Meta(max_length=200, description="Your rules, asked before the defaults.")
    ] = ()
    defaults: Annotated[bool, Meta(description="Whether the default rules follow after yours.")] = True
    modes: Annotated[
        Modes,
        Meta(
            description="Strongest mode per kind: 'iac: warn' turns every block on iac into a warning; '*' is the rest."
        ),
    ] = {}
    branches: Annotated[tuple[Branch, ...], Meta(max_length=100, description="Other modes on some branches.")] = ()
    unknown_severity: Annotated[Severity, Meta(description="What a finding of unknown severity counts as.")] = (
        Severity.HIGH
    )
    coverage: Annotated[CoverageRules, Meta(description="What must have been looked at.")] = CoverageRules()

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"two rules are called '{name}'")
            if name == "coverage" or (self.defaults and name.startswith("default-")):
                raise ValueError(f"the name '{name}' is taken by Pavedroad's own rules")


class WaiverPolicy(Setting, frozen=True, kw_only=True):
    """What an exception may be."""

    max_days: Annotated[int, Meta(ge=1, le=3650, description="Longest time from 'created' to 'expires', in days.")] = (
        365
    )
    warn_days: Annotated[int, Meta(ge=0, le=365, description="Say so this many days before a waiver ends.")] = 14
    inline: Annotated[
        Inline,
        Meta(
            description="Suppression comments of other tools (nosec, nosemgrep ...): refuse: they do nothing; "
            "warnings: they quiet findings that do not block; honour: they waive."
        ),
    ] = Inline.WARNINGS
    over_broad: Annotated[
        OverBroad, Meta(description="Waivers that cover everything: refuse: they waive nothing; honour.")
    ] = OverBroad.REFUSE


class Asset(Setting, frozen=True, kw_only=True):
    """What you know about what you deliver. What is left out is unknown: tiers say what was assumed in its place."""

    exposure: Annotated[
        Literal["isolated", "internal", "partner", "internet"] | None,
        Meta(description="From where it can be reached. Unknown in production: taken as internet."),
    ] = None
    criticality: Annotated[
        Literal["low", "medium", "high", "critical"] | None,
        Meta(description="What its failure means for your mission."),
    ] = None
    environment: Annotated[
        Literal["development", "staging", "production"] | None,
        Meta(description="Where it runs. Unknown: taken as production."),
    ] = None
    data: Annotated[
        Literal["public", "internal", "confidential", "regulated"] | None,
        Meta(description="The most sensitive data it holds."),
    ] = None
    safety: Annotated[
        Literal["negligible", "marginal", "critical", "catastrophic"] | None,
        Meta(description="Harm to people when it fails, in the words of SSVC."),
    ] = None

    @property
    def facts(self) -> AssetFacts:
        """The same as a noun."""
        return AssetFacts(**msgspec.structs.asdict(self))


class PriorityPolicy(Setting, frozen=True, kw_only=True):
    """How tiers and deadlines are found."""

    table: Annotated[
        str,
        Meta(
            max_length=80,
            description="The decision table: cisa-bod-26-04, cisa-coordinator, ssvc-deployer or cvss-days.",
        ),
    ] = "cisa-bod-26-04"
    path: Annotated[
        str, Meta(max_length=512, description="A table of your own in its place: a CSV file, seen from the root.")
    ] = ""


class LicenceOutcome(enum.Enum):
    """From best to worst. ``unknown``: nothing was stated, or nothing that can be judged."""

    ALLOW = "allow"
    REVIEW = "review"
    UNKNOWN = "unknown"
    DENY = "deny"


class LicencePolicy(Setting, frozen=True, kw_only=True):
    """Which licences components may have. Entries are SPDX identifiers or globs of them (``GPL-*``), with or without
    an exception (``GPL-2.0-only WITH Classpath-exception-2.0``). ``deny`` is asked first, then ``allow``, then
    ``review``."""

    allow: Annotated[tuple[Glob, ...], Meta(description="Licences that pass: MIT, Apache-2.0, 'BSD-*'.")] = ()
    deny: Annotated[tuple[Glob, ...], Meta(description="Licences that do not: 'AGPL-*'.")] = ()
    review: Annotated[tuple[Glob, ...], Meta(description="Licences that a person has to look at.")] = ()
    otherwise: Annotated[
        LicenceOutcome, Meta(description="What a known licence on no list counts as: allow, review or deny.")
    ] = LicenceOutcome.REVIEW
    unknown: Annotated[
        LicenceOutcome,
        Meta(description="What a missing or unknown licence counts as; 'unknown' keeps it apart, to be seen as such."),
    ] = LicenceOutcome.UNKNOWN

    def __post_init__(self) -> None:
        for pattern in (*self.allow, *self.deny, *self.review):
            name_glob(pattern)


class VexPolicy(Setting, frozen=True, kw_only=True):
    """Whose statements about flaws are heeded."""

    documents: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=4096)], ...],
        Meta(
            max_length=200,
            description="VEX documents (OpenVEX, CycloneDX, CSAF) that set findings aside, seen from "
            "the root. One that is not listed here or given with --vex is not heeded.",
        ),
    ] = ()
    products: Annotated[
        tuple[Annotated[str, Meta(pattern=_PURL, max_length=4096)], ...],
        Meta(max_length=200, description="What statements call your product: its purls, such as pkg:oci/shop."),
    ] = ()


class Config(Setting, frozen=True, kw_only=True):
    """The whole of paved.yaml. Every section may be left out."""

    version: Annotated[Literal[1], Meta(description="Version of this file's format.")] = 1
    project: Annotated[Project, Meta(description="What is being delivered.")] = Project()
    scan: Annotated[Scan, Meta(description="What is looked at.")] = Scan()
    scanners: Annotated[
        dict[str, dict[str, Any]], Meta(description="Options of each scanner by its name; the scanner checks them.")
    ] = {}
    network: Annotated[bool, Meta(description="Whether scanners that declare it may use the network.")] = False
    gate: Annotated[Gate, Meta(description="How a verdict is reached.")] = Gate()
    waivers: Annotated[WaiverPolicy, Meta(description="What an exception may be.")] = WaiverPolicy()
    licenses: Annotated[
        LicencePolicy, Meta(description="Which licences components may have; without any list, none is judged.")
    ] = LicencePolicy()
    vex: Annotated[VexPolicy, Meta(description="Whose statements about flaws are heeded.")] = VexPolicy()
    asset: Annotated[Asset, Meta(description="What you know about what you deliver.")] = Asset()
    priority: Annotated[PriorityPolicy, Meta(description="How tiers and deadlines are found.")] = PriorityPolicy()

    def digest(self, ledger: str = "") -> str:
        """``sha256:`` and the hash of everything a verdict depends on beside what was found: the gate with its default
        rules, the policy on waivers, ``ledger`` (the digest of the waivers), and, where a rule asks for tiers or
        deadlines, the table's name and the facts of the asset. Spelling and comments do not count."""
        from pavedroad.policy.defaults import effective_rules

        rules = effective_rules(self.gate)
        parts: dict[str, Any] = {"gate": self.gate, "rules": rules, "waivers": self.waivers, "ledger": ledger}
        if self.licenses != LicencePolicy():
            parts["licenses"] = self.licenses
        if any(rule.asks_priority for rule in rules):
            parts |= {"asset": self.asset, "priority": self.priority}
        return "sha256:" + hashlib.sha256(canonical(parts)).hexdigest()


def canonical(value: Any) -> bytes:
    """``value`` as JSON with sorted keys: equal data, equal bytes."""
    return msgspec.json.encode(value, order="sorted")
