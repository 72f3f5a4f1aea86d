"""SPDX 3.0 in JSON-LD: reads packages, their relationships and licences (https://spdx.github.io/spdx-spec/v3.0.1/).

The compact form of the specification's own context is read: an object with ``@graph``, plain property names. A
document that needs a JSON-LD processor (another context, expanded names) is refused, because guessing would lose
components.
"""

from typing import Any

import msgspec

from pavedroad.core.component import Component
from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.sbom import reading as reader
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import MAX_BYTES, TYPES, Bill, BillFormat, Part, Reference, Tool

_CONTEXT = "https://spdx.org/rdf/3."
_SILENT = frozenset({"CreationInfo", "SpdxDocument", "software_Sbom", "Bom", "Tool", "Person", "Organization", "Agent",
                     "SoftwareAgent", "simplelicensing_LicenseExpression", "simplelicensing_SimpleLicensingText",
                     "software_Package", "Relationship", "LifecycleScopedRelationship"})  # fmt: skip
_SCOPES = {"runtime": "runtime", "development": "dev", "build": "dev", "design": "dev", "test": "test"}
_PURPOSES = {
    "operatingSystem": "operating-system",
    "deviceDriver": "device-driver",
    "model": "machine-learning-model",
}
_KEPT = frozenset(
    {"type", "spdxId", "@id", "creationInfo", "name", "software_packageVersion", "software_packageUrl",
     "externalIdentifier", "externalRef", "verifiedUsing", "suppliedBy", "originatedBy", "software_primaryPurpose",
     "software_copyrightText", "software_downloadLocation", "software_homePage", "description", "summary",
     "software_sourceInfo", "comment"}
)  # fmt: skip


def detects(head: bytes) -> bool:
    """An object whose context is SPDX 3's."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and (b"spdx.org/rdf/3." in head or (b'"@graph"' in head and b'"spdxId"' in head))


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    try:
        tree = read_json(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise SbomError(error.what, where=error.where, next_step="make the bill anew") from error
    context = reader.texts(reader.mapping(tree).get("@context"))
    graph = reader.mapping(tree).get("@graph")
    if not any(each.startswith(_CONTEXT) for each in context) or not isinstance(graph, list):
        raise SbomError(
            "this is no SPDX 3 document in the form that the specification calls for (@context of spdx.org, @graph)",
            next_step="let the tool that wrote it write SPDX 2.3 JSON or CycloneDX JSON",
        )
    return _Reader(graph).bill()


class _Reader:
    def __init__(self, graph: list[Any]) -> None:
        self._tally = reader.Tally()
        self._refs = reader.Refs(self._tally)
        self._graph = [item for item in graph if isinstance(item, dict)]
        self._tally.add("an element that is no object", count=len(graph) - len(self._graph), harmless=False)
        self._by_id = {_id(item): item for item in reversed(self._graph) if _id(item)}
        self._parts: dict[str, Part] = {}
        self._edges: dict[str, dict[str, None]] = {}
        self._licences: dict[str, dict[str, str]] = {}
        self._scopes: dict[str, str] = {}
        self._within: dict[str, str] = {}
        self._roots: list[str] = []

    def bill(self) -> Bill:
        for item in self._graph:
            kind = _kind(item)
            if kind == "software_Package":
                part = self._part(item)
                self._parts[part.ref] = part
            elif kind not in _SILENT:
                # Software of a kind that is no package may be a component all the same.
                harmless = not kind.startswith(("ai_", "dataset_", "software_"))
                self._tally.add(f"an element of type {kind or 'unknown'}", _id(item), harmless=harmless or kind in (
                    "software_File", "software_Snippet"))  # fmt: skip
        for item in self._graph:
            if "from" in item:
                self._relate(item)
        return self._finish()

    def _part(self, item: dict[str, Any]) -> Part:
        purl, cpes = reader.text(item.get("software_packageUrl")), []
        for each in reader.mappings(item.get("externalIdentifier")):
            kind, value = reader.text(each.get("externalIdentifierType"), 60), reader.text(each.get("identifier"))
            if kind == "packageUrl":
                purl = purl or value
            elif kind.startswith("cpe"):
                cpes.append(value)
            else:
                self._tally.add(f"an identifier of type {kind or 'unknown'}", value)
        name, version = reader.text(item.get("name")), reader.text(item.get("software_packageVersion"))
        ref = self._refs.take(_id(item), purl or f"{name}@{version}")
        for key in item.keys() - _KEPT:
            self._tally.add(f"the field '{key[:60]}' of a package", ref)
        hashes = (
            reader.digest(h.get("algorithm"), h.get("hashValue")) for h in reader.mappings(item.get("verifiedUsing"))
        )
        purpose = reader.text(item.get("software_primaryPurpose"), 60)
        found = _PURPOSES.get(purpose, purpose)
        return Part(
            ref=ref,
            component=Component(purl=purl, name=name, version=version, hashes=tuple(h for h in hashes if h)),
            type=found if found in TYPES else "library",
            supplier=self._who(item.get("suppliedBy")),
            author=", ".join(a for each in reader.texts(item.get("originatedBy")) if (a := self._who(each))),
            description=reader.text(item.get("description")) or reader.text(item.get("summary")),
            copyright=_said(item.get("software_copyrightText")),
            cpes=tuple(cpes),
            references=tuple(_references(item)),
            occurrences=reader.texts(item.get("software_sourceInfo") or []),
        )

    def _who(self, value: Any) -> str:
        """The name of an agent, given by its id or in place."""
        agent = value if isinstance(value, dict) else self._by_id.get(reader.text(value), {})
        return reader.text(agent.get("name"))

    def _relate(self, item: dict[str, Any]) -> None:
        kind, one = reader.text(item.get("relationshipType"), 60), _target(item.get("from"))
        targets = [_target(each) for each in (item["to"] if isinstance(item.get("to"), list) else [item.get("to")])]
        for other in targets:
            if kind == "dependsOn":
                self._edge(one, other, reader.text(item.get("scope"), 40))
            elif kind in ("hasDeclaredLicense", "hasConcludedLicense"):
                self._licences.setdefault(one, {}).setdefault(kind, self._licence(other))
            elif kind == "contains" and one in self._parts and other in self._parts and one != other:
                self._within.setdefault(other, one)
            elif kind == "describes":
                self._roots.append(other)
            else:
                self._tally.add(f"a relationship {kind or 'without a type'}", f"{one} {other}")

    def _edge(self, one: str, other: str, scope: str) -> None:
        if one not in self._parts:
            self._tally.add("dependencies of something that is not listed", one)
        elif other.endswith("NoneElement"):
            self._edges.setdefault(one, {})
        elif other in self._parts:
            self._edges.setdefault(one, {})[other] = None
            if scope in _SCOPES:
                self._scopes.setdefault(other, _SCOPES[scope])
        elif not other.endswith("NoAssertionElement"):
            self._tally.add("a dependency that is not listed", other, harmless=False)

    def _licence(self, target: str) -> str:
        item = self._by_id.get(target, {})
        stated = item.get("simplelicensing_licenseExpression") or item.get("name")
        plain = target.rpartition("/")[2] if "/licenses/" in target else ""
        return reader.licence(stated or plain) if not plain.endswith(("NoAssertion", "None")) else ""

    def _subject(self) -> str:
        """The one package at the root of the document, or of the SBOM that the document holds."""
        roots = list(self._roots)
        for item in self._graph:
            if _kind(item) in ("SpdxDocument", "software_Sbom", "Bom"):
                roots += [_target(each) for each in _list(item.get("rootElement"))]
        found = [ref for ref in dict.fromkeys(roots) if ref in self._parts]
        return found[0] if len(found) == 1 else ""

    def _finish(self) -> Bill:
        top = self._subject()
        parts = {ref: self._complete(part, top) for ref, part in self._parts.items()}
        document = next((item for item in self._graph if _kind(item) == "SpdxDocument"), {})
        creation = reader.mapping(document.get("creationInfo")) or self._by_id.get(
            reader.text(document.get("creationInfo")), next((i for i in self._graph if _kind(i) == "CreationInfo"), {})
        )
        version = reader.text(creation.get("specVersion"), 20)
        return Bill(
            subject=parts.get(top),
            parts=tuple(part for ref, part in parts.items() if ref != top),
            tools=tuple(Tool(name=n) for each in reader.texts(creation.get("createdUsing")) if (n := self._who(each))),
            authors=tuple(a for each in reader.texts(creation.get("createdBy")) if (a := self._who(each))),
            timestamp=reader.moment(creation.get("created")),
            serial=_id(document),
            left=self._tally.result(),
            source=f"SPDX {version or '3.0'} JSON",
        )

    def _complete(self, part: Part, top: str) -> Part:
        stated = self._licences.get(part.ref, {})
        licence = stated.get("hasDeclaredLicense") or stated.get("hasConcludedLicense")
        component = msgspec.structs.replace(
            part.component, licenses=(licence,) if licence else (), scope=self._scopes.get(part.ref, "")
        )
        edges, within = self._edges.get(part.ref), self._within.get(part.ref, "")
        return msgspec.structs.replace(
            part,
            component=component,
            depends_on=None if edges is None else tuple(edges),
            within="" if within == top else within,
        )


def _kind(item: dict[str, Any]) -> str:
    return reader.text(item.get("type") or item.get("@type"), 80)


def _id(item: dict[str, Any]) -> str:
    return reader.text(item.get("spdxId") or item.get("@id"), 500)


def _target(value: Any) -> str:
    return _id(value) if isinstance(value, dict) else reader.text(value, 500)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _said(value: Any) -> str:
    found = reader.text(value)
    return "" if found in ("NONE", "NOASSERTION") else found


def _references(item: dict[str, Any]) -> list[Reference]:
    found = [
        Reference(type=kind, url=where)
        for key, kind in (("software_downloadLocation", "distribution"), ("software_homePage", "website"))
        if (where := _said(item.get(key)))
    ]
    for each in reader.mappings(item.get("externalRef")):
        kind = reader.text(each.get("externalRefType"), 60) or "other"
        found += [Reference(type=kind, url=where) for where in reader.texts(each.get("locator"))]
    return found


FORMAT = BillFormat(name="spdx3-json", title="SPDX 3.0 JSON-LD", extension="spdx3.json", detects=detects, read=read)
