"""A bill of materials that ``paved check --sbom`` was given: CycloneDX or SPDX, read by :mod:`pavedroad.sbom`.

Bills that merely lie in a tree are not judged: they often describe something else than the tree. The gate hands the
bill in under ``sbom:/``, a folder that no tree has.
"""

from pavedroad.core.component import Component
from pavedroad.core.purl import PurlError, parse
from pavedroad.scanning.model import NO_TREE, Tree
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Found, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read

FOLDER = "sbom:/"


class SbomParser:
    """The plug-in."""

    name = "sbom"
    title = "a bill of materials given with --sbom"
    ecosystem = "PyPI"
    files = ("sbom:/*",)
    companions = ()

    def selects(self, path: str) -> bool:
        return path.startswith(FOLDER)

    def parse(self, path: str, content: bytes, tree: Tree = NO_TREE) -> ParseResult:
        from pavedroad.sbom import SbomError, components, read_bill, unjudgeable

        try:
            bill = read_bill(content, where=path.removeprefix(FOLDER))
            listed = components(bill, found_in=path.removeprefix(FOLDER))
        except SbomError as error:
            raise LockfileError(error.what, where=error.where, next_step=error.next_step) from error
        read.check_count(len(listed))
        judged = tuple(Found(component=each, source=_source(each)) for each in listed if each.ecosystem)
        return ParseResult(components=judged, gaps=unjudgeable(bill))


def _source(component: Component) -> tuple[str, str] | None:
    """The source package that a Debian or Alpine package was built from, where the bill's tool wrote it into the purl
    (``upstream``, as syft does): advisories of those speak about sources."""
    if not component.purl.startswith(("pkg:deb/", "pkg:apk/")):
        return None
    try:
        upstream = dict(parse(component.purl).qualifiers).get("upstream", "")
    except PurlError:
        return None
    name, _, version = upstream.partition("@")
    return (name or component.name, version or component.version)


PARSER = SbomParser()
