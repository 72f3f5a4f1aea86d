"""The model of a ``pom.xml`` after inheritance (maven.apache.org, POM reference): parents, properties and managed
versions, as far as the tree holds them."""

import posixpath
import re
from typing import TYPE_CHECKING

from pavedroad.scanning.model import Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import MAX_NAME
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

MAX_PARENTS = 20
MAX_ROUNDS = 20

_PROPERTY = re.compile(r"\$\{([^${}]{1,200})\}")
Managed = dict[tuple[str, str, str, str], tuple[str, str]]


class Model:
    """One project with everything it inherits. ``absent`` are parents and imported BOMs that the tree does not have:
    what is not said here may be said there."""

    def __init__(self, path: str, root: "Element", tree: Tree) -> None:
        self.chain: list[Element] = [root]
        self.absent: list[str] = []
        self._inherit(path, root, tree)
        self._properties = self._all_properties()
        self.managed: Managed = {}
        for project in self.chain:
            self._manage(project)
            for profile in _inside(project, "profiles", "profile"):
                self._manage(profile)

    def _inherit(self, path: str, root: "Element", tree: Tree) -> None:
        seen, project = {posixpath.normpath(path)}, root
        while (parent := project.first("parent")) is not None:
            relative = parent.first("relativePath")
            where = relative.text if relative is not None else "../pom.xml"
            above = None
            if where and len(self.chain) < MAX_PARENTS:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(path), where))
                path = path if path.endswith((".xml", ".pom")) else posixpath.join(path, "pom.xml")
                above = _load(tree, path) if path not in seen else None
                seen.add(path)
            if above is None or above.value("artifactId") != parent.value("artifactId"):
                self.absent.append(f"parent {_coordinates(parent)}")
                return
            self.chain.append(above)
            project = above

    def _all_properties(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for project in self.chain:
            for each in _inside(project, "properties", ""):
                found.setdefault(each.name, each.text)
        for key in ("groupId", "artifactId", "version"):
            value = self.chain[0].value(key)
            parent = self.chain[0].first("parent")
            above = parent.value(key) if parent is not None else ""
            for prefix in ("project.", "pom.", ""):
                found.setdefault(f"{prefix}{key}", value or above)
            for prefix in ("project.parent.", "parent."):
                found.setdefault(f"{prefix}{key}", above)
        return found

    def text(self, value: str) -> str:
        """``value`` with properties put in; what is unknown stays as it is."""
        for _ in range(MAX_ROUNDS):
            put = _PROPERTY.sub(lambda match: self._properties.get(match.group(1), match.group(0)), value)
            if put == value or len(put) > MAX_NAME:
                return put[: MAX_NAME + 1]
            value = put
        return value

    def key(self, dependency: "Element") -> tuple[str, str, str, str]:
        """What makes a dependency the same as a managed one."""
        kind = self.text(dependency.value("type")) or "jar"
        names = (self.text(dependency.value(part)) for part in ("groupId", "artifactId"))
        group, artifact = names
        return group, artifact, kind, self.text(dependency.value("classifier"))

    def _manage(self, project: "Element") -> None:
        management = project.first("dependencyManagement")
        for dependency in _inside(management, "dependencies", "dependency") if management is not None else ():
            version, scope = self.text(dependency.value("version")), self.text(dependency.value("scope"))
            key = self.key(dependency)
            if scope == "import":
                self.absent.append(f"BOM {key[0]}:{key[1]}:{version}")
            else:
                self.managed.setdefault(key, (version, scope))

    def dependencies(self) -> "list[tuple[Element, bool, bool]]":
        """Each dependency, whether it stands in this very file, and whether a profile brings it."""
        return [
            (dependency, number == 0, place.name == "profile")
            for number, project in enumerate(self.chain)
            for place in (project, *_inside(project, "profiles", "profile"))
            for dependency in _inside(place, "dependencies", "dependency")
        ]


def _inside(element: "Element", outer: str, inner: str) -> "list[Element]":
    """The children named ``inner`` (any, if empty) of the children named ``outer``."""
    return [child for place in element.all(outer) for child in place.children if not inner or child.name == inner]


def _load(tree: Tree, path: str) -> "Element | None":
    content = tree.read(path)
    try:
        return read.xml(content) if content is not None else None
    except LockfileError:
        return None  # its own file says what is wrong with it; here it is as good as absent


def _coordinates(element: "Element") -> str:
    return ":".join(element.value(part) for part in ("groupId", "artifactId", "version"))
