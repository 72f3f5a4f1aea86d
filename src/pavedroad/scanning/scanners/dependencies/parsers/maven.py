"""``pom.xml``: the dependencies of one project, with versions from its parents, properties and dependencyManagement.

Parents are followed through the tree by ``relativePath``. A parent or an imported BOM that is not in the tree is a gap,
and so is each dependency whose version only it can say. What dependencies need in turn is in no pom.xml: that is one
more gap.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_OPTIONAL, SCOPE_RUNTIME, SCOPE_TEST, Package
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, UNPINNED, Format, Source
from pavedroad.scanning.scanners.dependencies.parsers._pom import Model

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

_SCOPES = {"test": SCOPE_TEST, "provided": SCOPE_OPTIONAL}
_ONE = re.compile(r"\[([^,\[\]()]+)\]")


def _read(source: Source) -> Iterator[Package | None]:
    root = source.xml()
    if root.name != "project":
        raise LockfileError("this is no Maven project: its first element is another one", next_step="rename the file")
    model = Model(source.path, root, source.tree)
    for absent in dict.fromkeys(model.absent):
        source.gaps.add("a parent or BOM that is not in the tree: what it adds is not known", absent)
    any_package = False
    for dependency, here, conditional in model.dependencies():
        package = _package(source, model, dependency, root if not here else None)
        any_package = any_package or package is not None
        if package is not None and conditional:
            source.gaps.add("in a profile only: judged whether it is active or not", package.name, harmless=True)
        if package is not None and dependency.first("exclusions") is not None:
            source.gaps.add("with exclusions, which concern what is not read here", package.name, harmless=True)
        yield package
    if any_package:
        source.gaps.add("a pom.xml names direct dependencies only: what they need is not known", source.path)


def _package(source: Source, model: Model, dependency: "Element", other: "Element | None") -> Package | None:
    group, artifact, kind, classifier = model.key(dependency)
    managed = model.managed.get((group, artifact, kind, classifier), ("", ""))
    version = model.text(dependency.value("version")) or managed[0]
    scope = model.text(dependency.value("scope")) or managed[1]
    name = f"{group}:{artifact}"
    if scope == "system":
        source.gaps.add(LOCAL, name, harmless=True)
        return None
    if match := _ONE.fullmatch(version):
        version = match.group(1)
    if not version:
        source.gaps.add("a dependency whose version no file of the tree says", name)
        return None
    if "${" in version or "${" in name:
        source.gaps.add("a property that no file of the tree sets", f"{name}:{version}")
        return None
    if version[0] in "[(" or version in ("LATEST", "RELEASE"):
        source.gaps.add(UNPINNED, f"{name}:{version}")
        return None
    optional = model.text(dependency.value("optional")) == "true"
    artifact_line = dependency.first("artifactId")
    parent = other.first("parent") if other is not None else None
    line = artifact_line.line if artifact_line is not None else dependency.line
    return source.package(
        name,
        version,
        line if other is None else parent.line if parent is not None else 1,
        direct=True,
        scope=SCOPE_OPTIONAL if optional else _SCOPES.get(scope, SCOPE_RUNTIME),
    )


PARSER = Format("maven", "pom.xml", "Maven", _read, names=("pom.xml",), companions=("pom.xml", "*.pom"))
