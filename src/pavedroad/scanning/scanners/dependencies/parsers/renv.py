"""``renv.lock`` (R, rstudio.github.io/renv). Its hashes are of package descriptions, so components carry none."""

from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.lines import JsonKeys
from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source

_GIT = ("GitHub", "GitLab", "Bitbucket", "git", "Git")


def _read(source: Source) -> Iterator[Package | None]:
    keys = JsonKeys(source.text)
    entries: Entries[str] = Entries()
    for name, value in read.mapping(source.json().get("Packages")).items():
        entry = read.mapping(value)
        kind, line = str(entry.get("Source")), keys.after_last(name)
        needs = [each for each in read.sequence(entry.get("Requirements")) if isinstance(each, str)]
        if kind == "Local":
            source.gaps.add(LOCAL, name, harmless=True)
            continue
        bioconductor = kind == "Bioconductor" or "bioc" in str(entry.get("Repository")).lower()
        said = read.usable(entry.get("License"))
        package = source.package(
            entry.get("Package", name),
            entry.get("Version"),
            line,
            ecosystem="Bioconductor" if bioconductor else "CRAN",
            origin="git" if kind in _GIT else "",
            licenses=(said,) if said else (),
        )
        entries.add(name, package, needs)
    # Bioconductor packages need CRAN packages: edges across would have the wrong ecosystem.
    mixed = len({package.ecosystem for package in entries.packages.values()}) > 1
    return iter(entries.linked(edges=not mixed))


PARSER = Format("renv", "renv.lock", "CRAN", _read, names=("renv.lock",))
