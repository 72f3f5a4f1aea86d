"""SPDX 2.2 and 2.3 as a tree of plain values, into a bill. JSON, YAML and tag-value share it.

Packages become components. Files, snippets and what else SPDX can hold are counted by name in ``Bill.left``.
"""

from typing import Any

import msgspec

from pavedroad.core.component import Component, Hash
from pavedroad.core.licences import LicenceError, Terms, parse
from pavedroad.sbom import reading as read
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import TYPES, Bill, Part, Property, Reference, Tool

NONE, UNKNOWN = "NONE", "NOASSERTION"
FOUND_IN = "found in: "
OURS = "pavedroad:"
REFERENCE = "pavedroad-"

_KEPT = frozenset(
    {"SPDXID", "name", "versionInfo", "supplier", "originator", "downloadLocation", "filesAnalyzed", "checksums",
     "licenseConcluded", "licenseDeclared", "copyrightText", "externalRefs", "sourceInfo", "primaryPackagePurpose",
     "annotations", "homepage", "description", "summary"}
)  # fmt: skip
_KEPT_IN_DOCUMENT = frozenset(
    {"$schema", "SPDXID", "spdxVersion", "dataLicense", "name", "documentNamespace", "creationInfo", "packages",
     "relationships", "documentDescribes", "hasExtractedLicensingInfos", "annotations", "comment"}
)  # fmt: skip

# Relationships that say "A needs B", and those that say "B is needed by A".
_NEEDS = frozenset({"DEPENDS_ON", "HAS_PREREQUISITE"})
_NEEDED = {
    "DEPENDENCY_OF": "", "RUNTIME_DEPENDENCY_OF": "runtime", "OPTIONAL_DEPENDENCY_OF": "optional",
    "DEV_DEPENDENCY_OF": "dev", "BUILD_DEPENDENCY_OF": "dev", "DEV_TOOL_OF": "dev", "BUILD_TOOL_OF": "dev",
    "TEST_DEPENDENCY_OF": "test", "TEST_TOOL_OF": "test", "PROVIDED_DEPENDENCY_OF": "", "PREREQUISITE_FOR": "",
    "OPTIONAL_COMPONENT_OF": "optional",
}  # fmt: skip
_INSIDE = {"CONTAINS": False, "CONTAINED_BY": True}


def bill_of(tree: dict[str, Any], source: str) -> Bill:
    """The bill in a document. Raises SbomError for a version that is not known."""
    version = read.text(tree.get("spdxVersion"), 20).removeprefix("SPDX-")
    if version not in ("2.2", "2.3"):
        raise SbomError(
            f"this is SPDX {version or 'of no stated version'}; 2.2, 2.3 and 3.0 are read",
            next_step="let the tool that wrote it write SPDX 2.3",
        )
    return _Reader(tree, f"SPDX {version} {source}").bill()


class _Reader:
    def __init__(self, tree: dict[str, Any], source: str) -> None:
        self._tree, self._source = tree, source
        self._tally = read.Tally()
        self._refs = read.Refs(self._tally)
        self._names = _licence_names(tree)
        self._described: list[str] = list(read.texts(tree.get("documentDescribes") or []))
        self._edges: dict[str, dict[str, None]] = {}
        self._scopes: dict[str, str] = {}
        self._within: dict[str, str] = {}

    def bill(self) -> Bill:
        items = self._tree.get("packages") or []
        if not isinstance(items, list):
            raise SbomError("the packages of this document are no list", next_step="make the bill anew")
        parts = [self._part(item) for item in items if isinstance(item, dict)]
        self._tally.add("a package that is no object", count=len(items) - len(parts), harmless=False)
        for item in read.mappings(self._tree.get("relationships") or []):
            self._relate(item)
        subject = self._subject(parts)
        top = subject.ref if subject else ""
        placed = [self._placed(part, top) for part in parts]
        self._count_rest()
        creation = read.mapping(self._tree.get("creationInfo"))
        tools, authors = _creators(creation)
        gaps, complete = self._comments()
        return Bill(
            subject=next((p for p in placed if p.ref == top), None) if top else self._named(),
            parts=tuple(p for p in placed if p.ref != top),
            tools=tools,
            authors=authors,
            timestamp=read.moment(creation.get("created")),
            serial=read.text(self._tree.get("documentNamespace"), 500),
            complete=complete,
            gaps=gaps,
            left=self._tally.result(),
            source=self._source,
        )

    def _part(self, item: dict[str, Any]) -> Part:
        name, version = read.text(item.get("name")), read.text(item.get("versionInfo"))
        purls, cpes, references = self._externals(item)
        ref = self._refs.take(read.text(item.get("SPDXID"), 500), purls[0] if purls else f"{name}@{version}")
        for key in item.keys() - _KEPT:
            self._tally.add(f"the field '{key[:60]}' of a package", ref)
        self._tally.add("a further purl of a package", purls[1] if purls[1:] else "", count=len(purls) - 1)
        mine, properties, odd = self._annotations(item, ref)
        component = Component(
            purl=purls[0] if purls else "",
            name=name,
            version="" if version in (NONE, UNKNOWN) else version,
            scope=mine.get("scope", ""),
            licenses=self._licences(item),
            hashes=(*_checksums(item), *odd),
            layer=mine.get("layer", ""),
        )
        return Part(
            ref=ref,
            component=component,
            type=mine.get("type") or _type(item),
            supplier=_party(item.get("supplier")),
            author=_party(item.get("originator")),
            description=read.text(item.get("description")) or read.text(item.get("summary")),
            copyright=_said(item.get("copyrightText")),
            cpes=tuple(cpes),
            references=tuple(references),
            properties=properties,
            occurrences=self._places(item, ref),
        )

    def _externals(self, item: dict[str, Any]) -> tuple[list[str], list[str], list[Reference]]:
        purls, cpes, references = [], [], []
        for each in read.mappings(item.get("externalRefs")):
            kind, where = read.text(each.get("referenceType"), 200), read.text(each.get("referenceLocator"))
            if kind == "purl":
                purls.append(where)
            elif kind in ("cpe22Type", "cpe23Type"):
                cpes.append(where)
            elif where:
                plain = kind.rpartition("/")[2].removeprefix(REFERENCE)
                references.append(Reference(type=plain or "other", url=where, comment=read.text(each.get("comment"))))
        for key, kind in (("downloadLocation", "distribution"), ("homepage", "website")):
            where = _said(item.get(key))
            if where and not any(r.type == kind and r.url == where for r in references):
                references.append(Reference(type=kind, url=where))
        return purls, cpes, references

    def _licences(self, item: dict[str, Any]) -> tuple[str, ...]:
        """What is declared, or what was concluded when nothing is; a ``LicenseRef`` alone becomes its name."""
        stated = _said(item.get("licenseDeclared")) or _said(item.get("licenseConcluded"))
        if not stated:
            return ()
        try:
            found = parse(stated)
        except LicenceError:
            return (stated,)
        parts = found.parts if isinstance(found, Terms) and found.word == "AND" else (found,)
        if not any(str(part) in self._names for part in parts):
            return (str(found),)
        return tuple(dict.fromkeys(self._names.get(str(part), str(part)) for part in parts))

    def _annotations(
        self, item: dict[str, Any], ref: str
    ) -> tuple[dict[str, str], tuple[Property, ...], tuple[Hash, ...]]:
        """Our own lines (``pavedroad:scope=dev``, ``pavedroad:property name=value``); those of others are counted."""
        mine: dict[str, str] = {}
        properties: list[Property] = []
        hashes: list[Hash] = []
        for each in read.mappings(item.get("annotations")):
            comment = read.text(each.get("comment"), 1 << 20)
            if not comment.startswith(OURS):
                self._tally.add("an annotation of a package", ref)
                continue
            for line in comment.split("\n"):
                name, _, value = line.removeprefix(OURS).partition("=")
                algorithm, _, content = value.partition(":")
                if name.startswith("property "):
                    properties.append(Property(name=name.removeprefix("property "), value=value))
                elif name == "hash" and (found := read.digest(algorithm, content)):
                    hashes.append(found)
                else:
                    mine.setdefault(name, value)
        if mine.get("type", "library") not in TYPES:
            del mine["type"]
        return mine, tuple(properties), tuple(hashes)

    def _places(self, item: dict[str, Any], ref: str) -> tuple[str, ...]:
        lines = [line for line in read.text(item.get("sourceInfo"), 1 << 20).split("\n") if line]
        places = [line.removeprefix(FOUND_IN) for line in lines if line.startswith(FOUND_IN)]
        # Others write a sentence; it says where the package came from, so it is kept as it is.
        return tuple(dict.fromkeys(places or lines))

    def _relate(self, item: dict[str, Any]) -> None:
        kind = read.text(item.get("relationshipType"), 60)
        one, other = read.text(item.get("spdxElementId"), 500), read.text(item.get("relatedSpdxElement"), 500)
        if kind == "DESCRIBES":
            self._described.append(other)
        elif kind == "DESCRIBED_BY":
            self._described.append(one)
        elif kind in _NEEDS:
            self._edge(one, other)
        elif kind in _NEEDED:
            self._edge(other, one)
            if one in self._refs and _NEEDED[kind]:
                self._scopes.setdefault(one, _NEEDED[kind])
        elif kind in _INSIDE:
            inner, outer = (one, other) if _INSIDE[kind] else (other, one)
            if inner in self._refs and outer in self._refs and inner != outer:
                self._within.setdefault(inner, outer)
        else:
            self._tally.add(f"a relationship {kind or 'without a type'}", f"{one} {other}")

    def _edge(self, one: str, other: str) -> None:
        if one not in self._refs:
            self._tally.add("dependencies of something that is not listed", one)
        elif other == NONE:
            self._edges.setdefault(one, {})
        elif other in self._refs:
            self._edges.setdefault(one, {})[other] = None
        elif other != UNKNOWN:
            self._tally.add("a dependency that is not listed", other, harmless=False)

    def _subject(self, parts: list[Part]) -> Part | None:
        """The package that the document describes, when it describes one alone."""
        described = [ref for ref in dict.fromkeys(self._described) if ref in self._refs]
        if len(described) != 1:
            return None
        # A document that describes its only package, and nothing else, is about that package as a component too; it
        # stays the subject, and ``components`` counts subjects with a purl.
        return next(part for part in parts if part.ref == described[0])

    def _named(self) -> Part | None:
        """No package is described: the document's own name says what it is about."""
        name = read.text(self._tree.get("name"))
        if not name:
            return None
        return Part(ref=self._refs.take("SPDXRef-DOCUMENT", ""), component=Component(purl="", name=name), type="file")

    def _placed(self, part: Part, top: str) -> Part:
        edges, within = self._edges.get(part.ref), self._within.get(part.ref, "")
        component = part.component
        if not component.scope and part.ref in self._scopes:
            component = msgspec.structs.replace(component, scope=self._scopes[part.ref])
        return msgspec.structs.replace(
            part,
            component=component,
            depends_on=part.depends_on if edges is None else tuple(edges),
            within="" if within == top else within,
        )

    def _comments(self) -> tuple[tuple[str, ...], bool | None]:
        gaps, complete = [], None
        for line in read.text(self._tree.get("comment"), 1 << 20).split("\n"):
            if line.startswith(f"{OURS}gap="):
                gaps.append(line.partition("=")[2])
            elif line.startswith(f"{OURS}complete="):
                complete = line.endswith("=true")
        return tuple(gaps), complete

    def _count_rest(self) -> None:
        for key in self._tree.keys() - _KEPT_IN_DOCUMENT:
            value = self._tree[key]
            count = len(value) if isinstance(value, list) else 1
            harmless = key != "externalDocumentRefs"  # another document may list components of its own
            self._tally.add(f"the part '{key[:60]}' of the document", count=count, harmless=harmless)


def _checksums(item: dict[str, Any]) -> tuple[Hash, ...]:
    stated = (read.digest(c.get("algorithm"), c.get("checksumValue")) for c in read.mappings(item.get("checksums")))
    return tuple(found for found in stated if found)


def _licence_names(tree: dict[str, Any]) -> dict[str, str]:
    """What each ``LicenseRef`` of the document stands for."""
    names = {}
    for each in read.mappings(tree.get("hasExtractedLicensingInfos")):
        ref, name = read.text(each.get("licenseId"), 300), _said(each.get("name"))
        if ref.startswith("LicenseRef-") and name:
            names[ref] = name
    return names


def _type(item: dict[str, Any]) -> str:
    found = read.text(item.get("primaryPackagePurpose"), 40).lower().replace("_", "-")
    return found if found in TYPES else "library"


def _said(value: Any) -> str:
    found = read.text(value)
    return "" if found in (NONE, UNKNOWN) else found


def _party(value: Any) -> str:
    """``Organization: Acme (a@example.org)`` is ``Acme <a@example.org>``."""
    found = _said(value)
    for kind in ("Organization:", "Person:"):
        found = found.removeprefix(kind)
    name, bracket, mail = found.strip().rpartition("(")
    if bracket and mail.endswith(")"):
        inside = mail[:-1].strip()
        return f"{name.strip()} <{inside}>" if "@" in inside else (name.strip() if not inside else found.strip())
    return found.strip()


def _creators(creation: dict[str, Any]) -> tuple[tuple[Tool, ...], tuple[str, ...]]:
    tools, authors = [], []
    for each in read.texts(creation.get("creators") or []):
        if each.startswith("Tool:"):
            name, dash, version = each.removeprefix("Tool:").strip().rpartition("-")
            tools.append(Tool(name=name, version=version) if dash and version[:1].isdigit() else
                         Tool(name=each.removeprefix("Tool:").strip()))  # fmt: skip
        else:
            authors.append(_party(each))
    return tuple(tools), tuple(authors)
