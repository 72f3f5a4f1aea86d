"""A bill as a CycloneDX 1.6 tree of plain values, in the order that the schemas ask for. The JSON and the XML format
share it."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from pavedroad.core.component import Hash
from pavedroad.core.licences import canonical, is_identifier
from pavedroad.sbom.cpe import is_cpe22, is_cpe23
from pavedroad.sbom.formats._cyclonedx_read import OURS
from pavedroad.sbom.identity import serial, stamp
from pavedroad.sbom.model import Bill, Part

SPEC = "1.6"
_DEEPEST = 24  # each level takes two of the 64 that our own readers allow

_HASHES = frozenset(
    {"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384",
     "BLAKE2b-512", "BLAKE3"}
)  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}")
_SCOPES = {"runtime": "required", "optional": "optional", "dev": "excluded", "test": "excluded"}
# What an address may hold as it is; the rest is percent-encoded (RFC 3986).
_ADDRESS = "!#$%&'()*+,/:;=?@[]~-._"
REFERENCES = frozenset(
    {"vcs", "issue-tracker", "website", "advisories", "bom", "mailing-list", "social", "chat", "documentation",
     "support", "source-distribution", "distribution", "distribution-intake", "license", "build-meta", "build-system",
     "release-notes", "security-contact", "model-card", "log", "configuration", "evidence", "formulation",
     "attestation", "threat-model", "adversary-model", "risk-assessment", "vulnerability-assertion",
     "exploitability-statement", "pentest-report", "static-analysis-report", "dynamic-analysis-report",
     "runtime-analysis-report", "component-analysis-report", "maturity-report", "certification-report",
     "codified-infrastructure", "quality-metrics", "poam", "electronic-signature", "digital-signature", "rfc-9116",
     "other"}
)  # fmt: skip


def tree_of(bill: Bill) -> dict[str, Any]:
    """The whole document."""
    children = _nested(bill)
    subject = bill.subject.ref if bill.subject else ""
    tree: dict[str, Any] = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": serial(bill),
        "version": bill.revision,
        "metadata": _metadata(bill, children),
        "components": [_component(part, children) for part in children[""]],
        "dependencies": [*_dependencies(bill)],
    }
    if subject:
        tree["compositions"] = [{"aggregate": _aggregate(bill), "assemblies": [subject]}]
    return tree


def _nested(bill: Bill) -> dict[str, list[Part]]:
    """The parts inside of each part; those at the top under the empty ref. A part whose container is not there, that
    contains itself in a ring, or that lies too deep to be read again stands at the top: none is lost."""
    inside: dict[str, list[Part]] = {}
    for part in bill.parts:
        inside.setdefault(part.within, []).append(part)
    found: dict[str, list[Part]] = {"": inside.pop("", [])}
    placed = {part.ref for part in found[""]}
    for ref in ([bill.subject.ref] if bill.subject else []) + [part.ref for part in found[""]]:
        _place(ref, inside, found, placed)
    for part in bill.parts:
        if part.ref not in placed:
            placed.add(part.ref)
            found[""].append(part)
            _place(part.ref, inside, found, placed)
    return found


def _place(top: str, inside: dict[str, list[Part]], found: dict[str, list[Part]], placed: set[str]) -> None:
    pending = [(top, 0)]
    while pending:
        ref, depth = pending.pop()
        below = [part for part in inside.get(ref, ()) if part.ref not in placed] if depth < _DEEPEST else []
        placed.update(part.ref for part in below)
        found.setdefault(ref, []).extend(below)
        pending += [(part.ref, depth + 1) for part in below]


def _aggregate(bill: Bill) -> str:
    if bill.gaps or bill.complete is False:
        return "incomplete"
    return "complete" if bill.complete else "unknown"


def _metadata(bill: Bill, children: dict[str, list[Part]]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if bill.timestamp:
        metadata["timestamp"] = stamp(bill.timestamp)
    if bill.tools:
        metadata["tools"] = {
            "components": [
                _drop_empty({"type": "application", "group": tool.vendor, "name": tool.name, "version": tool.version})
                for tool in bill.tools
            ]
        }
    if bill.authors:
        metadata["authors"] = [{"name": author} for author in bill.authors]
    if bill.subject:
        metadata["component"] = _component(bill.subject, children)
    if bill.supplier:
        metadata["supplier"] = {"name": bill.supplier}
    if bill.gaps:
        metadata["properties"] = [{"name": f"{OURS}gap", "value": gap} for gap in bill.gaps]
    return metadata


def _component(part: Part, children: dict[str, list[Part]]) -> dict[str, Any]:
    inner = part.component
    group, name = _split_name(inner.purl, inner.name)
    good = [h for h in inner.hashes if _writable(h)]
    found: dict[str, Any] = {
        "type": part.type,
        "bom-ref": part.ref,
        "supplier": {"name": part.supplier} if part.supplier else None,
        "authors": [{"name": part.author}] if part.author else [],
        "group": group,
        "name": name or inner.purl or part.ref,
        "version": inner.version,
        "description": part.description,
        "scope": _SCOPES.get(inner.scope),
        "hashes": [{"alg": h.algorithm, "content": h.value} for h in good],
        "licenses": licence_choices(inner.licenses),
        "copyright": part.copyright,
        "cpe": part.cpes[0] if part.cpes and _is_cpe(part.cpes[0]) else "",
        "purl": inner.purl,
        "externalReferences": [_reference(r.type, r.url, r.comment) for r in part.references],
        "properties": _properties(part, [h for h in inner.hashes if not _writable(h)]),
        "components": [_component(p, children) for p in children.get(part.ref, ())],
        "evidence": {"occurrences": [{"location": place} for place in part.occurrences]} if part.occurrences else None,
    }
    return {key: value for key, value in found.items() if value}


def _is_cpe(text: str) -> bool:
    return is_cpe23(text) or is_cpe22(text)


def _drop_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _split_name(purl: str, name: str) -> tuple[str, str]:
    """Group and name, in the ecosystems whose names have a group."""
    if purl.startswith("pkg:maven/"):
        group, _, rest = name.partition(":")
        return (group, rest) if rest else ("", name)
    if purl.startswith(("pkg:npm/%40", "pkg:composer/")):
        group, _, rest = name.partition("/")
        return (group, rest) if rest else ("", name)
    return "", name


def _writable(found: Hash) -> bool:
    return found.algorithm in _HASHES and _DIGEST.fullmatch(found.value) is not None


def licence_choices(stated: tuple[str, ...]) -> list[dict[str, Any]]:
    """Statements hold together. The schema takes one expression alone, or a list of identifiers and names; so several
    expressions are joined by AND, and next to a name that SPDX does not know an expression is written as a name."""
    if not stated:
        return []
    if len(stated) > 1 or is_identifier(stated[0]):
        if all(map(canonical, stated)) and not all(map(is_identifier, stated)):
            return [{"expression": " AND ".join(one if " OR " not in one else f"({one})" for one in stated)}]
        return [{"license": {"id" if is_identifier(one) else "name": one}} for one in stated]
    (only,) = stated
    return [{"expression": only}] if canonical(only) else [{"license": {"name": only}}]


def _reference(kind: str, url: str, comment: str) -> dict[str, str]:
    return _drop_empty(
        {"url": quote(url, safe=_ADDRESS), "comment": comment, "type": kind if kind in REFERENCES else "other"}
    )


def _properties(part: Part, odd: list[Hash]) -> list[dict[str, str]]:
    """Those of others, and ours for what has no field: a scope finer than CycloneDX's, further CPEs, odd hashes."""
    found = [{"name": p.name, "value": p.value} for p in part.properties]
    ours = [("hash", f"{h.algorithm}:{h.value}") for h in odd]
    if part.component.scope == "test" or part.component.scope not in ("", *_SCOPES):
        ours.append(("scope", part.component.scope))
    if part.component.layer:
        ours.append(("layer", part.component.layer))
    ours += [("cpe", cpe) for i, cpe in enumerate(part.cpes) if i or not _is_cpe(cpe)]
    return found + [{"name": OURS + name, "value": value} for name, value in ours]


def _dependencies(bill: Bill) -> Iterable[dict[str, Any]]:
    """Only what is known: a component without an entry has unknown dependencies, one with an empty entry has none."""
    for part in (*((bill.subject,) if bill.subject else ()), *bill.parts):
        if part.depends_on is not None:
            yield {"ref": part.ref, "dependsOn": sorted(set(part.depends_on))}
