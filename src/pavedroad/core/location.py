"""Where a finding is: path, region, snippet."""

from pavedroad.core.noun import Noun


class Region(Noun, frozen=True, kw_only=True):
    """A stretch of text. Lines and columns count from 1; columns are in Unicode code points; the end column is
    exclusive."""

    start_line: int
    start_column: int = 1
    end_line: int
    end_column: int = 1

    @staticmethod
    def of_line(line: int, start_column: int = 1, end_column: int = 1) -> "Region":
        """A region inside one line."""
        return Region(start_line=line, start_column=start_column, end_line=line, end_column=end_column)


class Snippet(Noun, frozen=True, kw_only=True):
    """The text around a finding, secrets masked, bounded by its maker. ``start_line`` is the file's line of its first
    line."""

    text: str
    start_line: int


class Location(Noun, frozen=True, kw_only=True):
    """A place in an asset.

    ``path`` is relative to the scanned root with forward slashes; bytes that are not UTF-8 are written ``\\xNN``.
    ``commit`` is set for findings in git history only. ``symbol`` names the function, key or resource, where known.
    """

    path: str
    region: Region | None = None
    snippet: Snippet | None = None
    commit: str | None = None
    symbol: str | None = None
