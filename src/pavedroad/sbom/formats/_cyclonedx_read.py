"""CycloneDX 1.2 to 1.7 as a tree of plain values, into a bill. The JSON and the XML format share it: the XML reader
makes the tree that the JSON form would have had.

What is kept, what is counted: every field of a component or of the document that is not listed here is counted by its
name and told in ``Bill.left``.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from pavedroad.core.component import Component, Hash
from pavedroad.sbom import reading as read
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import TYPES, Bill, Part, Property, Reference, Tool

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
OURS = "pavedroad:"
SCOPES = {"required": "runtime", "optional": "optional", "excluded": "dev"}

_KEPT = frozenset(
    {"type", "bom-ref", "supplier", "author", "authors", "publisher", "manufacturer", "group", "name", "version",
     "description", "scope", "hashes", "licenses", "copyright", "cpe", "purl", "externalReferences", "properties",
     "components", "evidence"}
)  # fmt: skip
_KEPT_IN_DOCUMENT = frozenset(
    {"$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "services",
     "dependencies", "compositions", "vulnerabilities"}
)  # fmt: skip
_KEPT_IN_METADATA = frozenset({"timestamp", "tools", "authors", "component", "supplier", "properties"})
_INCOMPLETE = ("incomplete", "incomplete_first_party_only", "incomplete_first_party_proprietary_only",
               "incomplete_first_party_opensource_only", "incomplete_third_party_only",
               "incomplete_third_party_proprietary_only", "incomplete_third_party_opensource_only")  # fmt: skip


def bill_of(tree: dict[str, Any], source: str) -> Bill:
    """The bill in a document. Raises SbomError for a version that is not known."""
    version = read.text(tree.get("specVersion"), 20)
    if version not in VERSIONS:
        raise SbomError(
            f"this is CycloneDX {version or 'of no stated version'}; {VERSIONS[0]} to {VERSIONS[-1]} are read",
            next_step="let the tool that wrote it write CycloneDX 1.6",
        )
    return _Reader(tree, f"CycloneDX {version} {source}").bill()


class _Reader:
    def __init__(self, tree: dict[str, Any], source: str) -> None:
        self._tree, self._source = tree, source
        self._tally = read.Tally()
        self._refs = read.Refs(self._tally)

    def bill(self) -> Bill:
        metadata = read.mapping(self._tree.get("metadata"))
        subject = metadata.get("component")
        first = list(self._parts([subject], "") if isinstance(subject, dict) else ())
        parts = [*first[1:], *self._parts(self._tree.get("components"), "")]
        edges = self._edges()
        properties, gaps = self._own_properties(metadata)
        self._count_rest(metadata, properties)
        services = self._tree.get("services")
        bill = Bill(
            subject=_with_edges(first[0], edges) if first else None,
            parts=tuple(_with_edges(part, edges) for part in parts),
            tools=tuple(_tools(metadata.get("tools"))),
            authors=tuple(a for each in read.mappings(metadata.get("authors")) if (a := _contact(each))),
            supplier=_contact(read.mapping(metadata.get("supplier"))),
            timestamp=read.moment(metadata.get("timestamp")),
            serial=read.text(self._tree.get("serialNumber"), 200),
            revision=_revision(self._tree.get("version")),
            complete=self._complete(),
            gaps=gaps,
            vulnerabilities=_length(self._tree.get("vulnerabilities")),
            services=_length(services),
            source=self._source,
        )
        self._tally.add("a service: services are no components", count=_length(services))
        return msgspec.structs.replace(bill, left=self._tally.result())

    def _parts(self, items: Any, within: str) -> Iterator[Part]:
        """Depth first. The depth is bounded by the door that read the document."""
        if items is not None and not isinstance(items, list):
            self._tally.add("a list of components that is no list", harmless=False)
            return
        for item in items or ():
            if not isinstance(item, dict):
                self._tally.add("a component that is no object", harmless=False)
                continue
            part = self._part(item, within)
            yield part
            yield from self._parts(item.get("components"), part.ref)

    def _part(self, item: dict[str, Any], within: str) -> Part:
        purl, name, version = read.text(item.get("purl")), _name(item), read.text(item.get("version"))
        ref = self._refs.take(read.text(item.get("bom-ref")), purl or f"{name}@{version}" if name else "")
        if not name:
            self._tally.add("a component without a name", ref, harmless=bool(purl))
        for key in item.keys() - _KEPT:
            self._tally.add(f"the field '{key[:60]}' of a component", ref)
        mine, properties = _split(item.get("properties"))
        component = Component(
            purl=purl,
            name=name,
            version=version,
            scope=mine.get("scope", [""])[0] or SCOPES.get(read.text(item.get("scope"), 20), ""),
            licenses=self._licences(item.get("licenses"), ref),
            hashes=(*self._hashes(item.get("hashes"), ref), *_odd_hashes(mine)),
            layer=mine.get("layer", [""])[0],
        )
        return Part(
            ref=ref,
            component=component,
            type=self._type(item.get("type"), ref),
            supplier=_contact(read.mapping(item.get("supplier"))) or _contact(read.mapping(item.get("manufacturer"))),
            author=read.text(item.get("author")) or _first_author(item) or read.text(item.get("publisher")),
            description=read.text(item.get("description")),
            copyright=read.text(item.get("copyright")),
            cpes=(*read.texts(item.get("cpe") or []), *mine.get("cpe", ())),
            references=tuple(self._references(item.get("externalReferences"))),
            properties=properties,
            occurrences=self._occurrences(item.get("evidence"), ref),
            within=within,
        )

    def _type(self, value: Any, ref: str) -> str:
        found = read.text(value, 40)
        if found not in TYPES:
            self._tally.add(f"the type '{found}' of a component; it is taken for a library", ref)
            return "library"
        return found

    def _licences(self, value: Any, ref: str) -> tuple[str, ...]:
        found = []
        for choice in read.mappings(value):
            licence = read.mapping(choice.get("license"))
            stated = choice.get("expression") or licence.get("id") or licence.get("name") or licence.get("url")
            if shown := read.licence(stated):
                found.append(shown)
            else:
                self._tally.add("a licence without identifier, name or address", ref)
        return tuple(dict.fromkeys(found))

    def _hashes(self, value: Any, ref: str) -> Iterator[Hash]:
        for item in read.mappings(value):
            found = read.digest(item.get("alg"), item.get("content"))
            if found:
                yield found
            else:
                self._tally.add("a hash without algorithm or value", ref)

    def _references(self, value: Any) -> Iterator[Reference]:
        for item in read.mappings(value):
            url = read.text(item.get("url"))
            if url:
                yield Reference(type=read.text(item.get("type"), 60) or "other", url=url,
                                comment=read.text(item.get("comment")))  # fmt: skip
            self._tally.add("a hash of an external reference", url, count=_length(item.get("hashes")))

    def _occurrences(self, value: Any, ref: str) -> tuple[str, ...]:
        evidence = read.mapping(value)
        for key in evidence.keys() - {"occurrences"}:
            self._tally.add(f"the evidence '{key[:60]}' of a component", ref)
        places = (read.text(item.get("location")) for item in read.mappings(evidence.get("occurrences")))
        return tuple(dict.fromkeys(place for place in places if place))

    def _edges(self) -> dict[str, tuple[str, ...]]:
        """The dependencies of each ref. Edges to what the bill does not list are counted; cycles stay as they are."""
        found: dict[str, dict[str, None]] = {}
        for item in read.mappings(self._tree.get("dependencies")):
            ref = read.text(item.get("ref"))
            if ref not in self._refs:
                self._tally.add("dependencies of something that is not listed", ref)
                continue
            known = found.setdefault(ref, {})
            for target in read.texts(item.get("dependsOn") or []):
                if target in self._refs:
                    known[target] = None
                else:
                    self._tally.add("a dependency that is not listed", target, harmless=False)
            self._tally.add("what a component provides (dependencies.provides)", count=_length(item.get("provides")))
        return {ref: tuple(targets) for ref, targets in found.items()}

    def _complete(self) -> bool | None:
        said = [read.text(each.get("aggregate"), 60) for each in read.mappings(self._tree.get("compositions"))]
        if any(word in _INCOMPLETE for word in said):
            return False
        return True if said and all(word == "complete" for word in said) else None

    def _own_properties(self, metadata: dict[str, Any]) -> tuple[tuple[Property, ...], tuple[str, ...]]:
        mine, others = _split(metadata.get("properties"))
        return others, tuple(mine.get("gap", ()))

    def _count_rest(self, metadata: dict[str, Any], properties: tuple[Property, ...]) -> None:
        for key in self._tree.keys() - _KEPT_IN_DOCUMENT:
            self._tally.add(f"the part '{key[:60]}' of the document", count=max(_length(self._tree[key]), 1))
        for key in metadata.keys() - _KEPT_IN_METADATA:
            self._tally.add(f"the field '{key[:60]}' of the document's metadata")
        for each in properties:
            self._tally.add("a property of the document", each.name)


def _with_edges(part: Part, edges: dict[str, tuple[str, ...]]) -> Part:
    found = edges.get(part.ref)
    return part if found is None else msgspec.structs.replace(part, depends_on=found)


def _name(item: dict[str, Any]) -> str:
    """Group and name in one, joined as their ecosystem does: ``@scope/name``, ``group:name`` for Maven."""
    name, group = read.text(item.get("name")), read.text(item.get("group"))
    joint = ":" if read.text(item.get("purl")).startswith("pkg:maven/") else "/"
    return f"{group}{joint}{name}" if group and name and not name.startswith(group + joint) else name


def _contact(value: dict[str, Any]) -> str:
    name, mail = read.text(value.get("name")), read.text(value.get("email"))
    return f"{name} <{mail}>" if name and mail else name or mail


def _first_author(item: dict[str, Any]) -> str:
    return ", ".join(a for each in read.mappings(item.get("authors")) if (a := _contact(each)))


def _split(value: Any) -> tuple[dict[str, list[str]], tuple[Property, ...]]:
    """Our own properties by name without the prefix, and those of others."""
    mine: dict[str, list[str]] = {}
    others = []
    for item in read.mappings(value):
        name, content = read.text(item.get("name")), read.text(item.get("value"))
        if name.startswith(OURS):
            mine.setdefault(name.removeprefix(OURS), []).append(content)
        elif name or content:
            others.append(Property(name=name, value=content))
    return mine, tuple(others)


def _odd_hashes(mine: dict[str, list[str]]) -> Iterator[Hash]:
    for stated in mine.get("hash", ()):
        algorithm, _, value = stated.partition(":")
        found = read.digest(algorithm, value)
        if found:
            yield found


def _tools(value: Any) -> Iterator[Tool]:
    """1.2 to 1.4 list tools; 1.5 and later list components that are tools (and services that we pass over)."""
    items = value.get("components") if isinstance(value, dict) else value
    for item in read.mappings(items):
        name = read.text(item.get("name"))
        vendor = read.text(item.get("vendor")) or read.text(item.get("group")) or read.text(item.get("publisher"))
        if name:
            yield Tool(name=name, version=read.text(item.get("version")), vendor=vendor)


def _revision(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 1 << 31 else 1


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else int(value is not None)
