"""The XML half of :mod:`pavedroad.infra.documents`: expat behind bounds, without document types and so without
entities."""

from dataclasses import dataclass, field
from xml.parsers import expat  # no entity can be declared below: a document type is refused when it begins

from pavedroad.infra.errors import DocumentError


@dataclass(slots=True)
class Element:
    """One element. ``name`` and the names of ``attributes`` are as written, without their prefix; ``text`` is all
    character data directly inside, stripped; ``line`` counts from 1."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> "list[Element]":
        """The children of this name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str) -> str:
        """The text of the first child of this name, empty without one."""
        child = self.first(name)
        return child.text if child is not None else ""


class _Builder:
    def __init__(self, where: str, max_depth: int, max_nodes: int) -> None:
        self._where, self._max_depth, self._left = where, max_depth, max_nodes
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _refuse(self, what: str) -> DocumentError:
        return DocumentError(what, where=self._where, line=self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1 + len(attributes)
        if self._left < 0:
            raise self._refuse("the document has too many elements")
        if len(self._open) >= self._max_depth:
            raise self._refuse(f"the document is nested deeper than {self._max_depth} levels")
        plain = {_local(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        element = Element(_local(name), self.parser.CurrentLineNumber, plain)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def _data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def _doctype(self, *_parts: object) -> None:
        raise self._refuse("the document declares a document type; such documents are not read")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def load(content: bytes, where: str, max_depth: int, max_nodes: int) -> Element:
    """The root element. Raises DocumentError."""
    builder = _Builder(where, max_depth, max_nodes)
    try:
        builder.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DocumentError(f"broken XML: {expat.ErrorString(error.code)}", where=where, line=error.lineno) from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know, or cannot map
        raise DocumentError(f"broken XML: {error}", where=where) from error
    if builder.root is None:  # pragma: no cover - expat refuses a document without elements
        raise DocumentError("broken XML: no element", where=where)
    return builder.root
