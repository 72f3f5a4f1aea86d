"""CSAF 2.0, profile VEX (https://docs.oasis-open.org/csaf/csaf/v2.0/, section 4.5): read and written.

Security advisories of the same version are read too, because they have the same statuses. A product is named by the
purl of its identification helper; one without is counted. A relationship such as ``default_component_of`` makes its
first product a subcomponent of its second.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from pavedroad.core.purl import parse as parse_purl
from pavedroad.core.vex import Justification, VexStatus
from pavedroad.vex.errors import VexError
from pavedroad.vex.model import Document, Product, Statement, VexFormat
from pavedroad.vex.reading import Tally, flaw_of, mapping, mappings, moment, purl_of, stamp, text, texts

_CATEGORIES = ("csaf_vex", "csaf_security_advisory")
_STATUSES = {
    "known_not_affected": VexStatus.NOT_AFFECTED,
    "known_affected": VexStatus.AFFECTED,
    "first_affected": VexStatus.AFFECTED,
    "last_affected": VexStatus.AFFECTED,
    "fixed": VexStatus.FIXED,
    "first_fixed": VexStatus.FIXED,
    "under_investigation": VexStatus.UNDER_INVESTIGATION,
}
_STATUS_OF = {
    VexStatus.NOT_AFFECTED: "known_not_affected",
    VexStatus.AFFECTED: "known_affected",
    VexStatus.FIXED: "fixed",
    VexStatus.UNDER_INVESTIGATION: "under_investigation",
}
_LABELS = {justification.value: justification for justification in Justification}
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}", re.ASCII)
# What CSAF asks of an id: no line breaks, no white space at its ends.
_ID = re.compile(r"[^A-Za-z0-9+-]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def detects(tree: dict[str, Any]) -> bool:
    """A document that names its CSAF version."""
    return "csaf_version" in mapping(tree.get("document"))


def read(tree: dict[str, Any]) -> Document:
    """Raises VexError."""
    head = mapping(tree.get("document"))
    version, category = text(head.get("csaf_version"), 40), text(head.get("category"), 80)
    if version != "2.0":
        raise VexError(f"its version is {version or 'missing'}; 2.0 is read", next_step="write it as CSAF 2.0")
    if category not in _CATEGORIES:
        raise VexError(
            f"its category is {category or 'missing'}", next_step=f"these are read: {', '.join(_CATEGORIES)}"
        )
    tally = Tally()
    tracking, publisher = mapping(head.get("tracking")), mapping(head.get("publisher"))
    at = moment(tracking.get("current_release_date"))
    products = _Products(mapping(tree.get("product_tree")))
    found = (s for raw in mappings(tree.get("vulnerabilities")) for s in _statements(raw, products, at, tally))
    return Document(
        statements=tuple(tally.keep(statement) for statement in found),
        id=text(tracking.get("id"), 1024),
        author=text(publisher.get("name"), 400),
        role=text(publisher.get("category"), 80),
        namespace=text(publisher.get("namespace"), 400),
        timestamp=at,
        version=text(tracking.get("version"), 40),
        source=f"CSAF {version} ({category})",
        left=tally.result(),
    )


class _Products:
    """The product tree: which product a product id means."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._purls: dict[str, str] = {}
        self._within: dict[str, tuple[str, str]] = {}
        self._groups: dict[str, tuple[str, ...]] = {}
        pending = [*mappings(tree.get("branches"))]
        while pending:
            branch = pending.pop()
            self._take(mapping(branch.get("product")))
            pending.extend(mappings(branch.get("branches")))
        for product in mappings(tree.get("full_product_names")):
            self._take(product)
        for relation in mappings(tree.get("relationships")):
            name = mapping(relation.get("full_product_name"))
            self._take(name)
            pair = (text(relation.get("product_reference")), text(relation.get("relates_to_product_reference")))
            self._within.setdefault(text(name.get("product_id")), pair)
        for group in mappings(tree.get("product_groups")):
            self._groups.setdefault(text(group.get("group_id")), texts(group.get("product_ids")))

    def _take(self, product: dict[str, Any]) -> None:
        helper = mapping(product.get("product_identification_helper"))
        purl, name = purl_of(helper.get("purl")), text(product.get("product_id"))
        if purl and name:
            self._purls.setdefault(name, purl)

    def get(self, name: str) -> Product | None:
        """The product of an id, None when it has no purl. One level of containment is followed: what contains the
        container is not needed to name either."""
        if name in self._within:
            part, whole = self._within[name]
            if part in self._purls and whole in self._purls:
                return Product(purl=self._purls[whole], subcomponents=(self._purls[part],))
        return Product(purl=self._purls[name]) if name in self._purls else None

    def ids(self, holder: dict[str, Any]) -> set[str]:
        """The product ids that a flag, threat or remediation is about."""
        groups = (self._groups.get(group, ()) for group in texts(holder.get("group_ids")))
        return {*texts(holder.get("product_ids")), *(name for group in groups for name in group)}


def _statements(raw: dict[str, Any], products: _Products, at: datetime | None, tally: Tally) -> Iterator[Statement]:
    """One statement per product and status, because each product may have its own reason."""
    ids = [flaw_of(raw.get("cve")), *(flaw_of(each.get("text")) for each in mappings(raw.get("ids")))]
    names = [*dict.fromkeys(filter(None, ids))]
    if not names:
        tally.add("a vulnerability without an id", text(raw.get("title"), 200))
        return
    details = _Details(raw, products)
    for word, listed in mapping(raw.get("product_status")).items():
        status = _STATUSES.get(word)
        if status is None:
            continue  # 'recommended' states nothing about the flaw
        for name in dict.fromkeys(texts(listed)):
            product = products.get(name)
            if product is None:
                tally.add("a product that has no purl", name)
                continue
            yield details.fill(
                Statement(vulnerability=names[0], aliases=tuple(names[1:]), products=(product,), status=status),
                name,
                at,
            )


class _Details:
    """What a vulnerability says of each of its products beside the status, by product id."""

    def __init__(self, raw: dict[str, Any], products: _Products) -> None:
        self._labels: dict[str, str] = {}
        self._dates: dict[str, datetime] = {}
        self._impacts: dict[str, str] = {}
        self._actions: dict[str, str] = {}
        self._unfixed: set[str] = set()
        for flag in mappings(raw.get("flags")):
            for name in products.ids(flag):
                self._labels.setdefault(name, text(flag.get("label"), 80))
                self._date(name, flag)
        for threat in mappings(raw.get("threats")):
            # Without ids it is said of every product.
            for name in products.ids(threat) or {""}:
                if threat.get("category") == "impact":
                    self._impacts.setdefault(name, text(threat.get("details")))
        for remedy in mappings(raw.get("remediations")):
            for name in products.ids(remedy):
                self._actions.setdefault(name, text(remedy.get("details")))
                self._unfixed |= {name} if remedy.get("category") == "no_fix_planned" else set()
                self._date(name, remedy)

    def _date(self, name: str, holder: dict[str, Any]) -> None:
        at = moment(holder.get("date"))
        if at is not None:
            self._dates[name] = max(at, self._dates.get(name, at))

    def fill(self, statement: Statement, name: str, at: datetime | None) -> Statement:
        not_affected, affected = (statement.status is s for s in (VexStatus.NOT_AFFECTED, VexStatus.AFFECTED))
        return msgspec.structs.replace(
            statement,
            justification=_LABELS.get(self._labels.get(name, "")) if not_affected else None,
            impact=self._impacts.get(name, self._impacts.get("", "")) if not_affected else "",
            action=self._actions.get(name, "") if affected else "",
            wont_fix=affected and name in self._unfixed,
            timestamp=self._dates.get(name, at),
        )


def write(document: Document) -> dict[str, Any]:
    """CSAF 2.0 of the category ``csaf_vex``."""
    names = _Names(document)
    return {
        "document": _head(document),
        **({"product_tree": names.tree()} if document.statements else {}),
        **({"vulnerabilities": _vulnerabilities(document, names)} if document.statements else {}),
    }


def _head(document: Document) -> dict[str, Any]:
    at = stamp(document.timestamp or _EPOCH)
    content = hashlib.sha256(msgspec.json.encode(document)).hexdigest()[:12]
    subject = document.product_name or document.author or "a product"
    tool, _, version = document.tool.partition(" ")
    generator = {"engine": {"name": tool, **({"version": version} if version else {})}} if tool else None
    return {
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "title": f"What is known about flaws in components of {subject}",
        "publisher": {
            "category": "vendor",
            "name": document.author or "unknown",
            "namespace": document.namespace or "https://example.invalid",
        },
        "tracking": {
            "id": document.id or f"vex-{_ID.sub('-', subject).strip('-').lower()}-{content}",
            "status": "final",
            "version": "1",
            "initial_release_date": at,
            "current_release_date": at,
            **({"generator": {**generator, "date": at}} if generator else {}),
            "revision_history": [{"number": "1", "date": at, "summary": "First issue"}],
        },
    }


class _Names:
    """The product ids of a document: ``P-1`` for what purls name, ``R-1`` for a part of a product."""

    def __init__(self, document: Document) -> None:
        pairs = {(p.purl, part) for s in document.statements for p in s.products for part in (p.subcomponents or ("",))}
        purls = sorted({purl for pair in pairs for purl in pair if purl})
        self._purls = {purl: f"P-{number}" for number, purl in enumerate(purls, 1)}
        self._parts = {pair: f"R-{n}" for n, pair in enumerate(sorted(pair for pair in pairs if pair[1]), 1)}

    def of(self, statement: Statement) -> list[str]:
        """The ids of the products that a statement is about."""
        return [
            self._parts[product.purl, part] if part else self._purls[product.purl]
            for product in statement.products
            for part in (product.subcomponents or ("",))
        ]

    def tree(self) -> dict[str, Any]:
        names = [
            {"product_id": name, "name": _shown(purl), "product_identification_helper": {"purl": purl}}
            for purl, name in self._purls.items()
        ]
        relations = [
            {
                "category": "default_component_of",
                "product_reference": self._purls[part],
                "relates_to_product_reference": self._purls[whole],
                "full_product_name": {"product_id": name, "name": f"{_shown(part)} as a part of {_shown(whole)}"},
            }
            for (whole, part), name in self._parts.items()
        ]
        return {"full_product_names": names, **({"relationships": relations} if relations else {})}


def _shown(purl: str) -> str:
    found = parse_purl(purl)
    name = f"{found.namespace}/{found.name}" if found.namespace else found.name
    return f"{name} {found.version}".strip()


def _vulnerabilities(document: Document, names: _Names) -> list[dict[str, Any]]:
    """One entry per flaw: CSAF lists products below the flaw, the neutral form flaws beside products."""
    by_flaw: dict[str, list[Statement]] = {}
    for statement in document.statements:
        by_flaw.setdefault(statement.vulnerability, []).append(statement)
    return [_vulnerability(flaw, statements, names) for flaw, statements in by_flaw.items()]


def _vulnerability(flaw: str, statements: list[Statement], names: _Names) -> dict[str, Any]:
    every = dict.fromkeys((flaw, *(alias for statement in statements for alias in statement.aliases)))
    cve = next((name for name in every if _CVE.fullmatch(name)), "")
    ids = [{"system_name": name.partition("-")[0], "text": name} for name in every if name != cve]
    status: dict[str, list[str]] = {}
    flags, threats, remedies, notes = [], [], [], []
    for statement in statements:
        products = [*dict.fromkeys(names.of(statement))]
        status[_STATUS_OF[statement.status]] = sorted({*status.get(_STATUS_OF[statement.status], ()), *products})
        dated = {"date": stamp(statement.timestamp)} if statement.timestamp else {}
        if statement.status is VexStatus.NOT_AFFECTED:
            if statement.justification:
                flags.append({"label": statement.justification.value, **dated, "product_ids": products})
            if statement.impact or not statement.justification:
                details = statement.impact or "No reason is stated."
                threats.append({"category": "impact", "details": details, **dated, "product_ids": products})
        elif statement.status is VexStatus.AFFECTED:
            remedies.append({**_remedy(statement), **dated, "product_ids": products})
        if statement.notes:
            notes.append({"category": "details", "text": statement.notes})
    return {
        **({"cve": cve} if cve else {}),
        **({"ids": ids} if ids else {}),
        # The profile asks for a note on every flaw.
        "notes": notes or [{"category": "general", "text": f"Statements about {flaw}."}],
        "product_status": dict(sorted(status.items())),
        **({"flags": flags} if flags else {}),
        **({"threats": threats} if threats else {}),
        **({"remediations": remedies} if remedies else {}),
    }


def _remedy(statement: Statement) -> dict[str, str]:
    if statement.wont_fix:
        return {"category": "no_fix_planned", "details": statement.action or "No fix is planned."}
    if statement.action:
        return {"category": "vendor_fix", "details": statement.action}
    return {"category": "none_available", "details": "No action is stated."}


FORMAT = VexFormat(name="csaf", title="CSAF 2.0 VEX", extension="csaf.json", detects=detects, read=read, write=write)
