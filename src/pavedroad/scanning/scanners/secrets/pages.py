"""The pages of the rules: one per secret type, generated from the catalogue and from Kingfisher's own metadata."""

from functools import cache

from pavedroad.core.finding import Reference, RuleInfo
from pavedroad.core.severity import Confidence
from pavedroad.scanning.scanners.secrets.catalogue import TYPES
from pavedroad.scanning.scanners.secrets.findings import SCANNER_NAME, advice, severity_for, title_of
from pavedroad.scanning.scanners.secrets.kingfisher import catalogue, rule_id
from pavedroad.scanning.scanners.secrets.model import SecretType
from pavedroad.scanning.scanners.secrets.providers import providers

_WHY = (
    "A secret in a file is a secret of everybody who ever reads a copy of it: every clone, fork, backup, image layer, "
    "build log and search index. Deleting it later does not take those copies back."
)
_FALSE = (
    "If it is no secret, waive the finding with an owner, a reason and an end date; or replace it by a reference "
    "(`${NAME}`) or a clear placeholder (`change-me`), which are recognised."
)


@cache
def all_rules() -> tuple[RuleInfo, ...]:
    """Ours first, then Kingfisher's, each sorted by id. Loads the engine's library."""
    own = [_own(kind) for _, kind in sorted(TYPES.items())]
    return (*own, *(_theirs(name, title, confidence) for name, title, confidence in catalogue()))


def _own(kind: SecretType) -> RuleInfo:
    return RuleInfo(
        id=f"{SCANNER_NAME}/{kind.id}",
        kind=SCANNER_NAME,
        title=kind.title,
        severity=kind.severity,
        confidence=Confidence.MEDIUM,
        page=_page(kind.title, kind.what, advice(kind.id)),
        cwe=kind.cwe,
        references=tuple(Reference(url=url) for url in kind.links),
    )


def _theirs(name: str, title: str, confidence: Confidence) -> RuleInfo:
    what = f"Kingfisher describes its rule so: {title}"
    return RuleInfo(
        id=f"{SCANNER_NAME}/{name}",
        kind=SCANNER_NAME,
        title=title_of(name),
        severity=severity_for(name),
        confidence=confidence,
        page=_page(title_of(name), f"{what}\n\n{_live(name)}", advice(name)),
        cwe=(798,),
        references=(Reference(url="https://github.com/mongodb/kingfisher", title="Kingfisher"),),
    )


@cache
def _asked() -> dict[str, frozenset[str]]:
    """Hosts by our name of a rule, which several of the engine's rules may share."""
    found: dict[str, frozenset[str]] = {}
    for rule, hosts in providers().items():
        found[rule_id(rule)] = found.get(rule_id(rule), frozenset()) | hosts
    return found


def _live(name: str) -> str:
    hosts = sorted(_asked().get(name, ()))
    if not hosts:
        return "Live check: none. Nobody is asked whether such a secret works."
    return f"Live check, when it is asked for and the network is allowed: {', '.join(hosts)} is asked whether it works."


def _page(title: str, what: str, fix: str) -> str:
    parts = (f"# {title}", what, "## Why it matters", _WHY, "## How to fix", fix, "## If it is none", _FALSE)
    return "\n\n".join(parts) + "\n"
