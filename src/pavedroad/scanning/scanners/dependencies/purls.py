"""Package URLs (package-url specification) for the ecosystems we read, through the reference implementation."""

from functools import lru_cache

_TYPES = {"PyPI": "pypi", "npm": "npm", "Go": "golang", "crates.io": "cargo"}


@lru_cache(maxsize=65536)
def purl(ecosystem: str, name: str, version: str) -> str:
    """The canonical purl; a name that cannot be one becomes a ``generic`` purl rather than an error."""
    from packageurl import PackageURL

    kind = _TYPES.get(ecosystem, "generic")
    namespace, _, last = name.rpartition("/") if kind in ("npm", "golang") else ("", "", name)
    # The specification strips slashes, so a name of nothing else would leave none.
    if not last.strip("/"):
        kind, namespace, last = "generic", "", name.strip("/") or "unknown"
    try:
        return PackageURL(kind, namespace or None, last, version or None).to_string()
    except ValueError:
        return PackageURL("generic", None, name.strip("/") or "unknown", version or None).to_string()
