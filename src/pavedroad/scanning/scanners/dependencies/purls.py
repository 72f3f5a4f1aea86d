"""Package URLs (package-url specification) for the ecosystems we read, through the reference implementation."""

from functools import lru_cache

_TYPES = {"PyPI": "pypi", "npm": "npm", "Go": "golang", "crates.io": "cargo"}


@lru_cache(maxsize=65536)
def purl(ecosystem: str, name: str, version: str) -> str:
    """The canonical purl; a name that cannot be one becomes a ``generic`` purl rather than an error."""
    from packageurl import PackageURL

    kind = _TYPES.get(ecosystem, "generic")
    namespace, _, last = name.rpartition("/") if kind in ("npm", "golang") else ("", "", name)
    if not _says_something(last):
        kind, namespace, last = "generic", "", name
    try:
        return PackageURL(kind, namespace or None, last, version or None).to_string()
    except (ValueError, TypeError):
        plain = name.strip("/") if _says_something(name) else "unknown"
        return PackageURL("generic", None, plain, version or None).to_string()


def _says_something(name: str) -> bool:
    """The specification strips slashes and white space: of a name of nothing else, nothing would stay."""
    return bool("".join(name.split()).strip("/"))
