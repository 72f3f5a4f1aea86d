"""CycloneDX in XML: reads 1.2 to 1.7, writes 1.6 (https://cyclonedx.org/docs/1.6/xml/).

Hostile XML: ``infra.documents.read_xml`` refuses every document type, so there are no entities to expand and nothing
to fetch, and bounds depth and elements.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # writes only: two functions on strings, no parser

from pavedroad.infra._xml import Element
from pavedroad.infra.documents import read_xml
from pavedroad.infra.errors import DocumentError
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.formats._cyclonedx_read import bill_of
from pavedroad.sbom.formats._cyclonedx_write import SPEC, tree_of
from pavedroad.sbom.model import MAX_BYTES, Bill, BillFormat

_NAMESPACE = re.compile(rb"https?://cyclonedx\.org/schema/bom/([0-9]{1,2}\.[0-9]{1,2})[\"']")
# What XML 1.0 cannot hold, not even as a reference.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Lists, by the element around them and the one inside; every other element is an object or a text.
_LISTS = {
    "components": "component", "hashes": "hash", "externalReferences": "reference", "properties": "property",
    "occurrences": "occurrence", "authors": "author", "services": "service", "vulnerabilities": "vulnerability",
    "compositions": "composition", "annotations": "annotation", "assemblies": "assembly",
}  # fmt: skip


def detects(head: bytes) -> bool:
    """The namespace, in UTF-8."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _NAMESPACE.search(head) is not None


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    try:
        root = read_xml(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise SbomError(error.what, where=error.where, next_step="make the bill anew") from error
    version = _NAMESPACE.search(content)
    if root.name != "bom" or version is None:
        raise SbomError("this is no CycloneDX document", next_step="give a CycloneDX or SPDX file")
    tree = _object(root)
    revision = root.attributes.get("version", "")
    tree |= {"specVersion": version[1].decode(), "version": int(revision) if revision.isdecimal() else 1}
    return bill_of(tree, "XML")


def _object(element: Element) -> dict[str, Any]:
    """The object that the JSON form would have had."""
    found: dict[str, Any] = dict(element.attributes)
    for child in element.children:
        found[child.name] = _value(child)
    return found


def _value(element: Element) -> Any:
    name = element.name
    if name == "licenses":
        return [
            {"expression": child.text} if child.name == "expression" else {child.name: _object(child) or child.text}
            for child in element.children
        ]
    if name == "dependencies":
        return [_dependency(child) for child in element.children]
    if name == "tools":
        listed = element.all("tool")
        return [_object(tool) for tool in listed] if listed else _object(element)
    if name in _LISTS:
        return [_item(child) for child in element.children]
    return _object(element) if element.children else element.text


def _item(element: Element) -> Any:
    if element.name == "hash":
        return {"alg": element.attributes.get("alg", ""), "content": element.text}
    if element.name == "property":
        return {"name": element.attributes.get("name", ""), "value": element.text}
    return _object(element)


def _dependency(element: Element) -> dict[str, Any]:
    inner = element.all("dependency")
    found: dict[str, Any] = {
        "ref": element.attributes.get("ref", ""),
        "dependsOn": [child.attributes.get("ref", "") for child in inner],
    }
    provides = element.all("provides")
    return found | ({"provides": [child.attributes.get("ref", "") for child in provides]} if provides else {})


def write(bill: Bill) -> bytes:
    """CycloneDX 1.6, indented by two."""
    tree = tree_of(bill)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _opening(tree),
        *_metadata(tree["metadata"]),
        *_list("components", (_component(c, 2) for c in tree["components"]), 1),
        *_list("dependencies", map(_edges, tree["dependencies"]), 1),
        *_list("compositions", map(_composition, tree.get("compositions", ())), 1),
        "</bom>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _opening(tree: dict[str, Any]) -> str:
    own = _attribute("serialNumber", tree["serialNumber"])
    return f'<bom xmlns="http://cyclonedx.org/schema/bom/{SPEC}"{own} version="{tree["version"]}">'


def _text(name: str, value: Any, depth: int, attributes: str = "") -> str:
    return f"{'  ' * depth}<{name}{attributes}>{escape(_ILLEGAL.sub('�', str(value)))}</{name}>"


def _attribute(name: str, value: str) -> str:
    return f" {name}={quoteattr(_ILLEGAL.sub('�', value))}"


def _list(name: str, items: Any, depth: int) -> Iterator[str]:
    """A list element around its items (each some lines), nothing when there are none."""
    lines = [line for item in items for line in item]
    if lines:
        yield f"{'  ' * depth}<{name}>"
        yield from lines
        yield f"{'  ' * depth}</{name}>"


def _metadata(metadata: dict[str, Any]) -> Iterator[str]:
    if not metadata:
        return
    yield "  <metadata>"
    if "timestamp" in metadata:
        yield _text("timestamp", metadata["timestamp"], 2)
    tools = metadata.get("tools", {}).get("components", ())
    yield from _list("tools", [_list("components", (_component(tool, 4) for tool in tools), 3)] if tools else (), 2)
    yield from _authors(metadata.get("authors", ()), 2)
    if "component" in metadata:
        yield from _component(metadata["component"], 2)
    if "supplier" in metadata:
        yield from _organisation(metadata["supplier"], 2)
    yield from _properties(metadata.get("properties", ()), 2)
    yield "  </metadata>"


def _organisation(value: dict[str, str], depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}<supplier>"
    yield _text("name", value["name"], depth + 1)
    yield f"{'  ' * depth}</supplier>"


def _authors(items: Any, depth: int) -> Iterator[str]:
    pad = "  " * (depth + 1)
    named = ([f"{pad}<author>", _text("name", item["name"], depth + 2), f"{pad}</author>"] for item in items)
    yield from _list("authors", named, depth)


def _properties(items: Any, depth: int) -> Iterator[str]:
    yield from _list(
        "properties",
        ([_text("property", p["value"], depth + 1, _attribute("name", p["name"]))] for p in items),
        depth,
    )


def _component(item: dict[str, Any], depth: int) -> Iterator[str]:
    """Its elements in the order of the schema's sequence."""
    ref = _attribute("bom-ref", item["bom-ref"]) if "bom-ref" in item else ""
    inner = depth + 1
    yield f"{'  ' * depth}<component{_attribute('type', item['type'])}{ref}>"
    if "supplier" in item:
        yield from _organisation(item["supplier"], inner)
    yield from _authors(item.get("authors", ()), inner)
    for name in ("group", "name", "version", "description", "scope"):
        if name in item:
            yield _text(name, item[name], inner)
    hashes = item.get("hashes", ())
    yield from _list("hashes", ([_text("hash", h["content"], inner + 1, _attribute("alg", h["alg"]))]
                                for h in hashes), inner)  # fmt: skip
    yield from _list("licenses", (_licence(choice, inner + 1) for choice in item.get("licenses", ())), inner)
    for name in ("copyright", "cpe", "purl"):
        if name in item:
            yield _text(name, item[name], inner)
    yield from _list(
        "externalReferences", (_reference(r, inner + 1) for r in item.get("externalReferences", ())), inner
    )
    yield from _properties(item.get("properties", ()), inner)
    yield from _list("components", (_component(c, inner + 1) for c in item.get("components", ())), inner)
    if "evidence" in item:
        places = (_occurrence(o["location"], inner + 2) for o in item["evidence"]["occurrences"])
        yield from _list("evidence", [_list("occurrences", places, inner + 1)], inner)
    yield f"{'  ' * depth}</component>"


def _occurrence(location: str, depth: int) -> list[str]:
    pad = "  " * depth
    return [f"{pad}<occurrence>", _text("location", location, depth + 1), f"{pad}</occurrence>"]


def _licence(choice: dict[str, Any], depth: int) -> list[str]:
    if "expression" in choice:
        return [_text("expression", choice["expression"], depth)]
    ((kind, value),) = choice["license"].items()
    pad = "  " * depth
    return [f"{pad}<license>", _text(kind, value, depth + 1), f"{pad}</license>"]


def _reference(item: dict[str, str], depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}<reference{_attribute('type', item['type'])}>"
    for name in ("url", "comment"):
        if name in item:
            yield _text(name, item[name], depth + 1)
    yield f"{'  ' * depth}</reference>"


def _edges(item: dict[str, Any]) -> Iterator[str]:
    if not item["dependsOn"]:
        yield f"    <dependency{_attribute('ref', item['ref'])}/>"
        return
    yield f"    <dependency{_attribute('ref', item['ref'])}>"
    for target in item["dependsOn"]:
        yield f"      <dependency{_attribute('ref', target)}/>"
    yield "    </dependency>"


def _composition(item: dict[str, Any]) -> Iterator[str]:
    yield "    <composition>"
    yield _text("aggregate", item["aggregate"], 3)
    yield from _list("assemblies", ([f"        <assembly{_attribute('ref', ref)}/>"] for ref in item["assemblies"]), 3)
    yield "    </composition>"


FORMAT = BillFormat(
    name="cyclonedx-xml", title="CycloneDX 1.6 XML", extension="cdx.xml", detects=detects, read=read, write=write
)
