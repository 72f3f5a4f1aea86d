"""``Pipfile.lock`` (pipenv): every locked package of the sections ``default`` and ``develop``.

Which packages need which is not in it; those that the Pipfile beside it names are direct.
"""

from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.lines import JsonKeys
from pavedroad.scanning.scanners.dependencies.model import SCOPE_DEV, SCOPE_RUNTIME, Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, Format, Source

_SECTIONS = (("default", "packages", SCOPE_RUNTIME), ("develop", "dev-packages", SCOPE_DEV))


def _read(source: Source) -> Iterator[Package | None]:
    document = source.json()
    spec = read.mapping(document.get("_meta")).get("pipfile-spec")
    if spec not in (None, 6):
        raise LockfileError("Pipfile.lock is of a version that is not known", next_step="look for a newer Pavedroad")
    manifest, keys = _manifest(source), JsonKeys(source.text)
    for section, wanted, scope in _SECTIONS:
        asked = None
        if manifest is not None:
            asked = {canonicalize_name(name) for name in read.mapping(manifest.get(wanted))}
        for name, value in read.mapping(document.get(section)).items():
            direct = None if asked is None else canonicalize_name(name) in asked
            yield _package(source, name, read.mapping(value), keys.after_last(name), direct=direct, scope=scope)


def _manifest(source: Source) -> dict[str, Any] | None:
    content = source.beside("Pipfile")
    try:
        return read.toml(content) if content is not None else None
    except LockfileError:
        return None  # it only says what is direct


def _package(source: Source, name: str, entry: dict[str, Any], line: int, **more: Any) -> Package | None:
    version = entry.get("version")
    if "path" in entry:
        source.gaps.add(LOCAL, name, harmless=True)
    elif isinstance(version, str) and version.startswith("=="):
        hashes = read.prefixed(entry.get("hashes"))
        return source.package(name, version.removeprefix("==").removeprefix("="), line, hashes=hashes, **more)
    else:
        source.gaps.add(BY_URL, name)
    return None


PARSER = Format("pipfile-lock", "Pipfile.lock", "PyPI", _read, names=("Pipfile.lock",), companions=("pipfile",))
