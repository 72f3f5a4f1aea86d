"""Which statements speak about a component of a product. Pure.

A purl of a statement means every purl that says the same and more: without a version it means all of them, its
qualifiers must be there, others may be. That is how the OpenVEX specification and its tools read purls.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from pavedroad.core.asset import AssetKind, AssetRef
from pavedroad.core.finding import Finding
from pavedroad.core.purl import Purl, PurlError, make
from pavedroad.core.purl import parse as parse_purl
from pavedroad.core.vex import VexStatus
from pavedroad.vex.model import Document, Product, Statement

# Hosts whose repositories have a purl type of their own (package-url type definitions).
_HOSTS = {"github.com": "github", "bitbucket.org": "bitbucket"}
_RUNS = re.compile(r"[-_.]+")
# The less a status allows, the earlier: what counts when two statements of the same moment disagree.
_CAUTION = (VexStatus.AFFECTED, VexStatus.UNDER_INVESTIGATION, VexStatus.FIXED, VexStatus.NOT_AFFECTED)


class Said(msgspec.Struct, frozen=True):
    """A statement, the document it stands in, and its place among all."""

    statement: Statement
    document: Document
    place: int


@lru_cache(maxsize=65536)
def _parsed(purl: str) -> Purl | None:
    """The parts, with names as their ecosystem compares them. None for what is no purl."""
    try:
        found = parse_purl(purl)
    except PurlError:
        return None
    if found.type == "pypi":  # PEP 503: runs of these count as one hyphen
        return msgspec.structs.replace(found, name=_RUNS.sub("-", found.name))
    if found.type == "golang":  # advisories and lock files differ in the leading v
        return msgspec.structs.replace(found, version=found.version.removeprefix("v"))
    return found


def means(stated: str, purl: str) -> bool:
    """Whether the purl of a statement means ``purl``."""
    said, here = _parsed(stated), _parsed(purl)
    return (
        said is not None
        and here is not None
        and (said.type, said.namespace, said.name) == (here.type, here.namespace, here.name)
        and said.version in ("", here.version)
        and set(said.qualifiers) <= set(here.qualifiers)
        and said.subpath in ("", here.subpath)
    )


def purls_of(asset: AssetRef, configured: Iterable[str] = ()) -> tuple[str, ...]:
    """How statements may name what is being delivered: as configured, by its repository or image, and
    ``pkg:generic/<name>``."""
    names = [str(found) for purl in configured if (found := _parsed(purl)) is not None]
    host, _, path = asset.name.partition("/")
    owner, _, name = path.rpartition("/")
    if host in _HOSTS and owner and name:
        names.append(str(make(_HOSTS[host], name, namespace=owner)))
    if asset.kind is AssetKind.IMAGE:
        names += _image(asset.name)
    return (*dict.fromkeys(names), *_generic(asset.name))


def _image(name: str) -> list[str]:
    """``pkg:oci/shop?repository_url=registry.example/team/shop``, as the type definition has it."""
    last = name.rstrip("/").rpartition("/")[2]
    try:
        return [str(make("oci", last, qualifiers={"repository_url": name}))]
    except PurlError:
        return []


def _generic(name: str) -> tuple[str, ...]:
    folder, _, last = name.strip("/").rpartition("/")
    try:
        return (str(make("generic", last, namespace=folder)),)
    except PurlError:
        return ()


class Statements:
    """The statements of all documents about one product, ready to be asked about findings."""

    def __init__(self, documents: Sequence[Document], products: Sequence[str]) -> None:
        self._products = products
        self._by_name: defaultdict[str, list[Said]] = defaultdict(list)
        place = 0
        for document in documents:
            for statement in document.statements:
                place += 1
                said = Said(statement, document, place)
                for name in statement.names:
                    self._by_name[name].append(said)

    def about(self, finding: Finding) -> list[Said]:
        """Every statement about this flaw in this component, the one that counts first: the latest; of several of the
        same moment the most cautious one. Those without a time count as the oldest."""
        component = finding.component
        if component is None or not component.purl:
            return []
        found: dict[int, Said] = {}
        for name in names_of(finding):
            for said in self._by_name.get(name, ()):
                if any(self._concerns(product, component.purl) for product in said.statement.products):
                    found[id(said)] = said
        return sorted(found.values(), key=_order)

    def _concerns(self, product: Product, purl: str) -> bool:
        """A product named whole is our product, or the component itself. Parts must be parts of our product, or of the
        component: what another product does with the same part says nothing about ours."""
        ours = any(means(product.purl, own) for own in self._products)
        if not product.subcomponents:
            return ours or means(product.purl, purl)
        return ours and any(means(part, purl) for part in product.subcomponents)


def names_of(finding: Finding) -> frozenset[str]:
    """Every name of the finding's flaw, in capitals."""
    return frozenset(name.upper() for name in (finding.rule.partition("/")[2], *finding.aliases) if name)


def _order(said: Said) -> tuple[float, int, bool, int]:
    statement = said.statement
    at = -statement.timestamp.timestamp() if statement.timestamp else 0.0
    return (at, _CAUTION.index(statement.status), statement.reasoned, said.place)
