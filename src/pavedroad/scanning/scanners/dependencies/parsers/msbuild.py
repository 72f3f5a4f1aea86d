"""``*.csproj``, ``*.fsproj``, ``*.vbproj`` and ``packages.config``: what a .NET project asks for.

Versions come from the project, its properties, ``Directory.Packages.props`` (central management) and
``Directory.Build.props`` in a folder above. NuGet takes the lowest version that fits, so ``1.0`` is judged as 1.0.
What packages need in turn is in no project file; a ``packages.lock.json`` beside it says everything.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package, shown
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, UNPINNED, Format, Source

if TYPE_CHECKING:
    from pavedroad.infra._xml import Element

CENTRAL, SHARED = "Directory.Packages.props", "Directory.Build.props"
NO_VERSION = "a dependency whose version no file of the tree says"

_EXACT = re.compile(r"\[?([0-9]+(?:\.[0-9]+){0,3}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\]?", re.ASCII)
_PROPERTY = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_.-]{0,100})\)")


def _matches(path: str) -> bool:
    base = path.rpartition("/")[2].lower()
    return base == "packages.config" or base.endswith((".csproj", ".fsproj", ".vbproj"))


def _read(source: Source) -> Iterator[Package | None]:
    root = source.xml()
    if source.base.lower() == "packages.config":
        for each in root.all("package"):
            development = each.attributes.get("developmentDependency", "").lower() == "true"
            scope = SCOPE_DEV if development else SCOPE_RUNTIME
            yield source.package(each.attributes.get("id"), each.attributes.get("version"), each.line, scope=scope)
        return
    yield from _project(source, root)


def _project(source: Source, root: "Element") -> Iterator[Package | None]:
    central, shared = _above(source, CENTRAL), _above(source, SHARED)
    wishes = [(each, True) for each in _items(root, "PackageReference")]
    wishes += [(each, False) for place in (shared, central) for each in _items(place, "PackageReference")]
    wishes += [(each, False) for each in _items(central, "GlobalPackageReference")]
    for each in _items(root, "ProjectReference"):
        source.gaps.add(LOCAL, each.attributes.get("Include", ""), harmless=True)
    if not wishes:
        return
    if source.has("packages.lock.json"):
        for each, _ in wishes:
            source.gaps.add("declared here; a lock file says the version", _name(each), harmless=True)
        return
    source.gaps.add("a project file names direct dependencies only: what they need is not known", source.path)
    texts = _Texts((root, shared, central))
    versions = {_name(each).lower(): _version(each) for each in _items(central, "PackageVersion")}
    for each, here in wishes:
        version = texts.put(_version(each) or versions.get(_name(each).lower(), ""))
        yield _package(source, each, version, each.line if here else 1)


def _package(source: Source, wish: "Element", version: str, line: int) -> Package | None:
    name, exact = _name(wish), _EXACT.fullmatch(version)
    if "Update" in wish.attributes and not version:
        return None  # it only changes how another reference behaves
    if not version:
        source.gaps.add(NO_VERSION, shown(name))
    elif "$(" in version:
        source.gaps.add("a property that no file of the tree sets", shown(f"{name} {version}"))
    elif exact is None or version.startswith("[") != version.endswith("]"):
        source.gaps.add(UNPINNED, shown(f"{name} {version}"))
    else:
        private = wish.attributes.get("PrivateAssets") or wish.value("PrivateAssets")
        scope = SCOPE_DEV if private.lower() == "all" else SCOPE_RUNTIME
        return source.package(name, exact.group(1), line, direct=True, scope=scope)
    return None


def _above(source: Source, name: str) -> "Element | None":
    content = source.above(name)
    try:
        return read.xml(content) if content is not None else None
    except LockfileError as error:
        source.gaps.add("a file above that cannot be read", f"{name}: {error.what}")
        return None


def _items(root: "Element | None", name: str) -> "list[Element]":
    if root is None:
        return []
    groups = [group for group in root.children if group.name == "ItemGroup"]
    for choose in root.all("Choose"):
        groups += [group for branch in choose.children for group in branch.all("ItemGroup")]
    return [item for group in groups for item in group.all(name)]


def _name(item: "Element") -> str:
    return (item.attributes.get("Include") or item.attributes.get("Update") or "").strip()


def _version(item: "Element") -> str:
    for key in ("VersionOverride", "Version"):
        value = item.attributes.get(key) or item.value(key)
        if value:
            return value.strip()
    return ""


class _Texts:
    """Properties, the project's own before those of the folders above."""

    def __init__(self, places: "tuple[Element | None, ...]") -> None:
        self._known: dict[str, str] = {}
        for place in places:
            for group in place.all("PropertyGroup") if place is not None else ():
                for each in group.children:
                    self._known.setdefault(each.name.lower(), each.text)

    def put(self, text: str) -> str:
        for _ in range(10):
            new = _PROPERTY.sub(lambda match: self._known.get(match.group(1).lower(), match.group(0)), text)
            if new == text or len(new) > 400:
                break
            text = new
        return text


PARSER = Format(
    "msbuild",
    "*.csproj, *.fsproj, *.vbproj, packages.config",
    "NuGet",
    _read,
    files=("*.csproj", "*.fsproj", "*.vbproj", "packages.config"),
    matches=_matches,
    companions=(CENTRAL.lower(), SHARED.lower(), "packages.lock.json"),
)
