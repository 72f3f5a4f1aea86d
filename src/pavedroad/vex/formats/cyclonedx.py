"""CycloneDX VEX in JSON: the ``vulnerabilities`` of a bill, versions 1.4 to 1.7 read, 1.6 written
(https://cyclonedx.org/docs/1.6/json/#vulnerabilities).

A vulnerability without an analysis states nothing and is counted. CycloneDX has nine justifications where the other
formats have five; the tables below say which is taken for which, and the word of the document is kept beside it.
"""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from pavedroad.core.purl import PurlError
from pavedroad.core.purl import parse as parse_purl
from pavedroad.core.vex import Justification, VexStatus
from pavedroad.vex.errors import VexError
from pavedroad.vex.model import Document, Product, Statement, VexFormat
from pavedroad.vex.reading import (
    MAX_NAME,
    Tally,
    flaw_of,
    mapping,
    mappings,
    merged,
    moment,
    purl_of,
    revision,
    stamp,
    text,
    texts,
)

_VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_SUBJECT = "product"

STATES = {
    "exploitable": VexStatus.AFFECTED,
    "in_triage": VexStatus.UNDER_INVESTIGATION,
    "not_affected": VexStatus.NOT_AFFECTED,
    # The finding itself is wrong: nothing of the flaw is there.
    "false_positive": VexStatus.NOT_AFFECTED,
    "resolved": VexStatus.FIXED,
    "resolved_with_pedigree": VexStatus.FIXED,
}
JUSTIFICATIONS = {
    "code_not_present": Justification.CODE_NOT_PRESENT,
    "code_not_reachable": Justification.CODE_NOT_IN_EXECUTE_PATH,
    # What it takes to be exploited is not there; an adversary cannot bring it about.
    "requires_configuration": Justification.CODE_NOT_CONTROLLABLE,
    "requires_environment": Justification.CODE_NOT_CONTROLLABLE,
    "requires_dependency": Justification.COMPONENT_NOT_PRESENT,
    "protected_by_compiler": Justification.MITIGATED,
    "protected_at_runtime": Justification.MITIGATED,
    "protected_at_perimeter": Justification.MITIGATED,
    "protected_by_mitigating_control": Justification.MITIGATED,
}
_STATE_OF = {
    VexStatus.AFFECTED: "exploitable",
    VexStatus.UNDER_INVESTIGATION: "in_triage",
    VexStatus.NOT_AFFECTED: "not_affected",
    VexStatus.FIXED: "resolved",
}
_JUSTIFICATION_OF = {
    Justification.COMPONENT_NOT_PRESENT: "requires_dependency",
    Justification.CODE_NOT_PRESENT: "code_not_present",
    Justification.CODE_NOT_IN_EXECUTE_PATH: "code_not_reachable",
    Justification.CODE_NOT_CONTROLLABLE: "requires_environment",
    Justification.MITIGATED: "protected_by_mitigating_control",
}


def detects(tree: dict[str, Any]) -> bool:
    """A CycloneDX bill, with or without vulnerabilities."""
    return tree.get("bomFormat") == "CycloneDX"


def read(tree: dict[str, Any]) -> Document:
    """Raises VexError."""
    version = text(tree.get("specVersion"), 40)
    if version not in _VERSIONS:
        raise VexError(f"its version is {version or 'missing'}; {_VERSIONS[0]} to {_VERSIONS[-1]} are read",
                       next_step="write it as CycloneDX 1.6")  # fmt: skip
    tally = Tally()
    metadata = mapping(tree.get("metadata"))
    places = _Places(tree, metadata)
    at = moment(metadata.get("timestamp"))
    author = next((text(each.get("name"), 400) for each in mappings(metadata.get("authors"))), "")
    supplier = text(mapping(metadata.get("supplier") or metadata.get("manufacturer")).get("name"), 400)
    found = (_statement(each, places, tally) for each in mappings(tree.get("vulnerabilities")))
    return Document(
        statements=tuple(
            tally.keep(each if each.timestamp else msgspec.structs.replace(each, timestamp=at))
            for each in found
            if each is not None
        ),
        id=text(tree.get("serialNumber"), 1024),
        author=author or supplier,
        product_name=text(mapping(metadata.get("component")).get("name"), 400),
        timestamp=at,
        version=revision(tree.get("version")),
        source=f"CycloneDX {version}",
        left=tally.result(),
    )


class _Places:
    """Which purls a reference means: of the bill's subject, of a component, or in the reference itself."""

    def __init__(self, tree: dict[str, Any], metadata: dict[str, Any]) -> None:
        subject = mapping(metadata.get("component"))
        self._subject = purl_of(subject.get("purl"))
        self._purls: dict[str, str] = {}
        pending = [subject, *mappings(tree.get("components"))]
        while pending:
            component = pending.pop()
            ref, purl = text(component.get("bom-ref"), 1024), purl_of(component.get("purl"))
            if ref and purl:
                self._purls.setdefault(ref, purl)
            pending.extend(mappings(component.get("components")))

    def product(self, ref: str, version: str = "") -> Product | None:
        """A component of a bill whose subject has a purl is a part of that subject; in a bill without subject, and
        where the subject itself is meant, it stands for itself."""
        # A BOM-Link (urn:cdx:serial/version#ref) names a component of another bill: only a purl in it can be told.
        inside = unquote(ref.partition("#")[2]) if ref.startswith("urn:cdx:") else ref
        purl = self._purls.get(ref) or purl_of(inside)
        purl = _with_version(purl, version) if purl else ""
        if not purl:
            return None
        return Product(purl=self._subject, subcomponents=(purl,)) if self._own(ref, purl) else Product(purl=purl)

    def _own(self, ref: str, purl: str) -> bool:
        return bool(self._subject) and ref in self._purls and purl != self._subject


def _with_version(purl: str, version: str) -> str:
    """``purl`` at ``version`` when it has none. Empty when it has another one: the two do not meet."""
    if not version:
        return purl
    try:
        found = parse_purl(purl)
    except PurlError:
        return ""
    if found.version:
        return purl if found.version == version else ""
    return str(msgspec.structs.replace(found, version=version))


def _statement(raw: dict[str, Any], places: _Places, tally: Tally) -> Statement | None:
    name = flaw_of(raw.get("id"))
    analysis = mapping(raw.get("analysis"))
    state = text(analysis.get("state"), 60)
    status = STATES.get(state)
    if not name or status is None:
        what = "without an id" if not name else "of unknown state" if state else "without an analysis"
        tally.add(f"a vulnerability {what}", name or state)
        return None
    products = merged(_products(raw, name, places, tally))
    if not products:
        tally.add("a vulnerability of nothing that has a purl", name)
        return None
    reason = text(analysis.get("justification"), 80)
    if reason and reason not in JUSTIFICATIONS:
        tally.add("a justification that is not known", reason)
    detail, responses = text(analysis.get("detail")), texts(analysis.get("response"))
    not_affected = status is VexStatus.NOT_AFFECTED
    return Statement(
        vulnerability=name,
        aliases=tuple(dict.fromkeys(a for a in _aliases(raw) if a != name)),
        products=products,
        status=status,
        justification=JUSTIFICATIONS.get(reason) if not_affected else None,
        stated=f"{state}{': ' + reason if reason in JUSTIFICATIONS else ''}",
        impact=detail if not_affected else "",
        action=_action(raw, responses) if status is VexStatus.AFFECTED else "",
        notes="" if not_affected else detail,
        wont_fix="will_not_fix" in responses and status is VexStatus.AFFECTED,
        timestamp=moment(analysis.get("lastUpdated"))
        or moment(analysis.get("firstIssued"))
        or moment(raw.get("updated"))
        or moment(raw.get("published")),
    )


def _action(raw: dict[str, Any], responses: tuple[str, ...]) -> str:
    told = [text(raw.get("recommendation")) or text(raw.get("workaround")), ", ".join(responses).replace("_", " ")]
    return "; ".join(filter(None, told))


def _aliases(raw: dict[str, Any]) -> Iterator[str]:
    for reference in mappings(raw.get("references")):
        if name := flaw_of(reference.get("id")):
            yield name


def _products(raw: dict[str, Any], flaw: str, places: _Places, tally: Tally) -> Iterator[Product]:
    for affected in mappings(raw.get("affects")):
        ref = text(affected.get("ref"), 2048)
        versions = [*mappings(affected.get("versions"))]
        named = [text(each.get("version"), MAX_NAME) for each in versions if each.get("version")]
        if len(named) < len(versions):
            tally.add("a range of versions that a statement is about", flaw)
            if not named:
                continue  # it is not said of every version, so it must not be read as if it were
        for product in (places.product(ref, version) for version in named or [""]):
            if product is None:
                tally.add("a reference to nothing that has a purl, or of another version", ref)
            else:
                yield product


def write(document: Document) -> dict[str, Any]:
    """CycloneDX 1.6. The first product that has subcomponents becomes the subject; a bill has only one."""
    subject = next((p.purl for s in document.statements for p in s.products if p.subcomponents), "")
    refs = _refs(document, subject)
    metadata: dict[str, Any] = {
        **({"timestamp": stamp(document.timestamp)} if document.timestamp else {}),
        **({"tools": {"components": [_tool(document.tool)]}} if document.tool else {}),
        **({"authors": [{"name": document.author}]} if document.author else {}),
    }
    if subject:
        name = document.product_name or parse_purl(subject).name
        metadata["component"] = {"type": "application", "bom-ref": _SUBJECT, "name": name, "purl": subject}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": _serial(document),
        "version": 1,
        "metadata": metadata,
        "components": [_component(purl, ref) for purl, ref in refs.items() if ref != _SUBJECT],
        "vulnerabilities": [_vulnerability(s, refs, n) for n, s in enumerate(document.statements, 1)],
    }


def _tool(tool: str) -> dict[str, str]:
    name, _, version = tool.partition(" ")
    return {"type": "application", "name": name, **({"version": version} if version else {})}


def _serial(document: Document) -> str:
    digest = hashlib.sha256(msgspec.json.encode(document)).hexdigest()
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"


def _refs(document: Document, subject: str) -> dict[str, str]:
    """The ref of every purl that statements are about."""
    purls = {
        p for s in document.statements for product in s.products for p in (product.subcomponents or (product.purl,))
    }
    return {purl: _SUBJECT if purl == subject else purl for purl in sorted(purls)}


def _component(purl: str, ref: str) -> dict[str, str]:
    found = parse_purl(purl)
    name = f"{found.namespace}/{found.name}" if found.namespace else found.name
    version = {"version": found.version} if found.version else {}
    return {"type": "library", "bom-ref": ref, "name": name, **version, "purl": purl}


def _vulnerability(statement: Statement, refs: dict[str, str], number: int) -> dict[str, Any]:
    affected = dict.fromkeys(p for product in statement.products for p in (product.subcomponents or (product.purl,)))
    return {
        "bom-ref": f"statement-{number}",
        "id": statement.vulnerability,
        **({"references": [_reference(alias) for alias in statement.aliases]} if statement.aliases else {}),
        **({"recommendation": statement.action} if statement.action else {}),
        "analysis": _analysis(statement),
        "affects": [{"ref": refs[purl]} for purl in affected],
    }


def _reference(alias: str) -> dict[str, Any]:
    return {"id": alias, "source": {"name": alias.partition("-")[0]}}


def _analysis(statement: Statement) -> dict[str, Any]:
    state, _, word = statement.stated.partition(": ")
    if STATES.get(state) is not statement.status:
        state, word = _STATE_OF[statement.status], ""
    if statement.justification and JUSTIFICATIONS.get(word) is not statement.justification:
        word = _JUSTIFICATION_OF[statement.justification]
    detail = statement.impact or statement.notes
    facts = {
        "state": state,
        "justification": word if statement.status is VexStatus.NOT_AFFECTED else "",
        "response": ["will_not_fix"] if statement.wont_fix else [],
        "detail": detail,
        "firstIssued": stamp(statement.timestamp) if statement.timestamp else "",
        "lastUpdated": stamp(statement.timestamp) if statement.timestamp else "",
    }
    return {key: value for key, value in facts.items() if value}


FORMAT = VexFormat(
    name="cyclonedx", title="CycloneDX VEX", extension="cdx.json", detects=detects, read=read, write=write
)
