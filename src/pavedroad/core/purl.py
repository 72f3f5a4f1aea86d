"""Package URLs (package-url specification, ECMA-427): read, normalised, and written in the one canonical way.

Our own codec: an image has ten thousand components, and the reference implementation takes longer to name them than we
take to judge them. Tests hold it to the reference implementation. :mod:`pavedroad.core.ecosystems` says which ecosystem
and package a purl names.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, unquote

from pavedroad.core.errors import PavedError
from pavedroad.core.noun import Noun

MAX_LENGTH = 4096
"""Characters of a purl that we read. No registry allows names that need more."""

_TYPE = re.compile(r"[a-z.+_-][a-z0-9.+_-]*", re.ASCII)
_KEY = re.compile(r"[a-z._-][a-z0-9._-]*", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9._~:-]*", re.ASCII)

# Types whose names and namespaces count in any letter case, by the type definitions of the specification. golang is one
# of them too, but real module paths have capitals that look-ups need: as in the reference implementation they are kept.
_LOWER_NAME = {
    "alpm", "apk", "bitbucket", "bitnami", "composer", "github", "gitlab", "hex", "luarocks", "npm", "oci", "pub",
    "pypi",
}  # fmt: skip
_LOWER_NAMESPACE = {
    "alpm", "apk", "bitbucket", "composer", "github", "githubactions", "gitlab", "hex", "luarocks", "pypi", "qpkg",
}  # fmt: skip
_LOWER_VERSION = {"huggingface", "oci"}
_EDGES = " \t\r\n\v\f/"


def _action(name: str) -> str:
    """A repository counts in any letter case, a path inside it does not."""
    repository, slash, path = name.partition("/")
    return repository.lower() + slash + path


_NAMES: dict[str, Callable[[str], str]] = {
    "githubactions": _action,
    "pypi": lambda name: name.replace("_", "-"),
    "hackage": lambda name: name.replace("_", "-"),
    "pub": lambda name: re.sub(r"[^a-z0-9]", "_", name),
}


class PurlError(PavedError):
    """A text that is no package URL."""


class Purl(Noun, frozen=True, kw_only=True):
    """The parts of a purl, decoded and normalised; ``str`` gives the canonical text. ``namespace`` has its segments
    joined by ``/``; ``qualifiers`` are sorted by key. Empty parts are empty texts."""

    type: str
    name: str
    namespace: str = ""
    version: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()
    subpath: str = ""

    def __str__(self) -> str:
        text = f"pkg:{self.type}/"
        if self.namespace:
            text += f"{_segments(self.namespace)}/"
        text += _quoted(self.name)
        if self.version:
            text += f"@{_quoted(self.version)}"
        if self.qualifiers:
            text += "?" + "&".join(f"{key}={_quoted(value, '/')}" for key, value in self.qualifiers)
        return f"{text}#{_segments(self.subpath)}" if self.subpath else text

    def qualifier(self, key: str) -> str:
        """The value of a qualifier, empty when it is not there."""
        return next((value for name, value in self.qualifiers if name == key), "")


def _quoted(text: str, also: str = "") -> str:
    """Percent-encoded; the colon stays as it is, as the specification wants it."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe=":" + also, errors="replace")


def _segments(text: str) -> str:
    return "/".join(_quoted(segment) for segment in text.split("/"))


def make(
    kind: str,
    name: str,
    *,
    namespace: str = "",
    version: str = "",
    qualifiers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    subpath: str = "",
) -> Purl:
    """A purl of parts as they come, normalised by the rules of its type. Raises PurlError."""
    kind = kind.strip().lower()
    if not _TYPE.fullmatch(kind):
        raise PurlError("the type of this package URL is missing or has a character that types cannot have")
    namespace = _joined(segment for segment in namespace.strip().split("/") if segment.strip())
    name = name.strip(_EDGES)
    if kind in _LOWER_NAMESPACE:
        namespace = namespace.lower()
    if kind in _LOWER_NAME:
        name = name.lower()
    if kind in _NAMES:
        name = _NAMES[kind](name)
    if not name.strip():
        raise PurlError("this package URL has no name")
    version = version.strip()
    return Purl(
        type=kind,
        namespace=namespace,
        name=name,
        version=version.lower() if kind in _LOWER_VERSION else version,
        qualifiers=_qualifiers(qualifiers),
        subpath=_joined(part for part in subpath.split("/") if part.strip() and part not in (".", "..")),
    )


_joined = "/".join


def _qualifiers(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = given.items() if isinstance(given, Mapping) else given
    kept: dict[str, str] = {}
    for key, value in pairs:
        name = key.strip().lower()
        if not value.strip():
            continue
        if not _KEY.fullmatch(name):
            raise PurlError("a qualifier of this package URL has no proper key")
        if kept.setdefault(name, value) != value:
            raise PurlError(f"this package URL has the qualifier {name} twice")
    return tuple(sorted(kept.items()))


def parse(text: str) -> Purl:
    """Read a purl, canonical or not. Raises PurlError, saying what is wrong without quoting it."""
    if len(text) > MAX_LENGTH:
        raise PurlError(f"this package URL is longer than {MAX_LENGTH} characters")
    scheme, colon, rest = text.strip().partition(":")
    if not colon or scheme.lower() != "pkg":
        raise PurlError("this is not a package URL: it does not begin with pkg:")
    rest, _, subpath = rest.partition("#")
    rest, _, query = rest.partition("?")
    kind, slash, path = rest.lstrip("/").partition("/")
    if not slash:
        raise PurlError("this package URL has no name")
    path, version = _split_version(path.strip("/"))
    namespace, _, name = path.rpartition("/")
    parts = [*map(_decoded, namespace.split("/")), *map(_decoded, subpath.split("/"))]
    if any("/" in part for part in parts):
        raise PurlError("a segment of this package URL holds an encoded slash")
    return make(
        kind,
        _decoded(name),
        namespace=_joined(parts[: namespace.count("/") + 1]),
        version=_decoded(version),
        qualifiers=[_pair(pair) for pair in query.split("&") if pair],
        subpath=_joined(parts[namespace.count("/") + 1 :]),
    )


def _split_version(path: str) -> tuple[str, str]:
    """At the last ``@``, unless it begins a segment: that is an npm scope that should have been encoded."""
    head, at, version = path.rpartition("@")
    return (head, version) if at and head and not head.endswith("/") else (path, "")


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise PurlError("a qualifier of this package URL has no value")
    return key, _decoded(value)


def _decoded(text: str) -> str:
    decoded = unquote(text, errors="replace") if "%" in text else text
    if not decoded.isprintable():
        raise PurlError("this package URL holds a character that cannot be printed")
    return decoded


@lru_cache(maxsize=65536)
def without_version(purl: str) -> str:
    """``pkg:type/namespace/name``: what stays the same when a package is updated. Any text is borne."""
    body = purl.partition("#")[0].partition("?")[0]
    return _split_version(body)[0]
