"""OpenVEX: reads 0.0.x and 0.2.0, writes 0.2.0 (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md).

A statement without a time of its own has that of its document, as the specification says. Products that have no purl
(hashes, CPE) are counted, not kept: findings are named by purl.
"""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from pavedroad.core.vex import Justification, VexStatus
from pavedroad.vex.errors import VexError
from pavedroad.vex.model import Document, Product, Statement, VexFormat
from pavedroad.vex.reading import MAX_NAME, Tally, flaw_of, mapping, merged, moment, purl_of, revision, stamp, text

_CONTEXT = "https://openvex.dev/ns/v0.2.0"
_PREFIX = "https://openvex.dev/ns"
_KNOWN = ("", "/v0.0.1", "/v0.0.2", "/v0.2.0")
_STATUSES = {status.value: status for status in VexStatus}
_JUSTIFICATIONS = {justification.value: justification for justification in Justification}


def detects(tree: dict[str, Any]) -> bool:
    """A JSON-LD document whose context is OpenVEX's."""
    context = tree.get("@context")
    return any(isinstance(each, str) and each.startswith(_PREFIX) for each in _listed(context))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read(tree: dict[str, Any]) -> Document:
    """Raises VexError."""
    context = next(each for each in _listed(tree.get("@context")) if text(each).startswith(_PREFIX))
    version = context.removeprefix(_PREFIX).rstrip("/")
    if version not in _KNOWN:
        raise VexError(f"its version is {version[:40]}, which is not known", next_step="write it as OpenVEX 0.2.0")
    if not isinstance(tree.get("statements"), list):
        raise VexError("it has no list of statements", next_step="make the document anew")
    tally = Tally()
    at = moment(tree.get("last_updated")) or moment(tree.get("timestamp"))
    statements = (_statement(each, tally) for each in _only_objects(tree["statements"], tally))
    return Document(
        statements=tuple(
            tally.keep(each if each.timestamp else msgspec.structs.replace(each, timestamp=at))
            for each in statements
            if each is not None
        ),
        id=text(tree.get("@id"), 1024),
        author=text(tree.get("author"), 400),
        role=text(tree.get("role"), 200),
        timestamp=at,
        version=revision(tree.get("version")),
        tool=text(tree.get("tooling"), 400),
        source=f"OpenVEX {version.removeprefix('/v') or '0.0'}",
        left=tally.result(),
    )


def _only_objects(values: list[Any], tally: Tally) -> Iterator[dict[str, Any]]:
    for value in values:
        if isinstance(value, dict):
            yield value
        else:
            tally.add("a statement that is no object")


def _statement(raw: dict[str, Any], tally: Tally) -> Statement | None:
    flaw = raw.get("vulnerability")
    named = mapping(flaw)
    name = flaw_of(named.get("name")) or flaw_of(named.get("@id")) or flaw_of(flaw)
    status = _STATUSES.get(text(raw.get("status"), 40))
    if not name or status is None:
        tally.add("a statement without vulnerability" if not name else "a statement of unknown status", name)
        return None
    products = merged(_products(raw, tally))
    if not products:
        tally.add("a statement about no product that has a purl", name)
        return None
    reason = text(raw.get("justification"), 80)
    if reason and reason not in _JUSTIFICATIONS:
        tally.add("a justification that is not known", reason)
    return Statement(
        vulnerability=name,
        aliases=tuple(dict.fromkeys(filter(None, (flaw_of(each) for each in _listed(named.get("aliases")))))),
        products=products,
        status=status,
        justification=_JUSTIFICATIONS.get(reason) if status is VexStatus.NOT_AFFECTED else None,
        impact=text(raw.get("impact_statement")) if status is VexStatus.NOT_AFFECTED else "",
        action=text(raw.get("action_statement")),
        notes=text(raw.get("status_notes")),
        timestamp=moment(raw.get("last_updated")) or moment(raw.get("timestamp")),
    )


def _products(raw: dict[str, Any], tally: Tally) -> Iterator[Product]:
    # Before 0.2 subcomponents stood in the statement and belonged to all of its products.
    shared = [*_purls(raw.get("subcomponents"), tally)]
    for value in _listed(raw.get("products") or []):
        purl = _purl(value)
        if not purl:
            tally.add("a product that has no purl", text(mapping(value).get("@id") or value, MAX_NAME))
            continue
        named = mapping(value).get("subcomponents")
        parts = [*_purls(named, tally), *shared]
        if (named or raw.get("subcomponents")) and not parts:
            continue  # it speaks of parts that we cannot name, and surely not of the whole product
        yield Product(purl=purl, subcomponents=tuple(parts))


def _purls(values: Any, tally: Tally) -> Iterator[str]:
    for value in _listed(values or []):
        purl = _purl(value)
        if purl:
            yield purl
        else:
            tally.add("a subcomponent that has no purl", text(mapping(value).get("@id") or value, MAX_NAME))


def _purl(value: Any) -> str:
    named = mapping(value)
    return purl_of(mapping(named.get("identifiers")).get("purl")) or purl_of(named.get("@id")) or purl_of(value)


def write(document: Document) -> dict[str, Any]:
    """OpenVEX 0.2.0. Without an id of its own the document is named by its content."""
    tree: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": document.id or _name(document),
        "author": document.author or "unknown",
        **({"role": document.role} if document.role else {}),
        **({"timestamp": stamp(document.timestamp)} if document.timestamp else {}),
        "version": int(document.version) if document.version.isascii() and document.version.isdecimal() else 1,
        **({"tooling": document.tool} if document.tool else {}),
        "statements": [_written(statement) for statement in document.statements],
    }
    return tree


def _name(document: Document) -> str:
    digest = hashlib.sha256(msgspec.json.encode(document)).hexdigest()
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"


def _written(statement: Statement) -> dict[str, Any]:
    action = statement.action or ("No fix is planned." if statement.wont_fix else "No action is stated.")
    not_affected, affected = VexStatus.NOT_AFFECTED, VexStatus.AFFECTED
    facts = {
        "vulnerability": {
            "name": statement.vulnerability,
            **({"aliases": list(statement.aliases)} if statement.aliases else {}),
        },
        "timestamp": stamp(statement.timestamp) if statement.timestamp else "",
        "products": [_product(product) for product in statement.products],
        "status": statement.status.value,
        "status_notes": statement.notes,
        # The schema allows these two only beside not_affected, and wants one of them there.
        "justification": statement.justification.value if statement.justification else "",
        "impact_statement": statement.impact or ("" if statement.justification else "No reason is stated."),
        "action_statement": action,
    }
    left_out = {"justification", "impact_statement"} if statement.status is not not_affected else set()
    left_out |= {"action_statement"} if statement.status is not affected else set()
    return {key: value for key, value in facts.items() if value and key not in left_out}


def _product(product: Product) -> dict[str, Any]:
    named = {"@id": product.purl, "identifiers": {"purl": product.purl}}
    if not product.subcomponents:
        return named
    return {**named, "subcomponents": [{"@id": p, "identifiers": {"purl": p}} for p in product.subcomponents]}


FORMAT = VexFormat(
    name="openvex", title="OpenVEX 0.2", extension="openvex.json", detects=detects, read=read, write=write
)
