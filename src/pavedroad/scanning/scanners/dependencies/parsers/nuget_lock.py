"""``packages.lock.json`` (learn.microsoft.com, NuGet lock file), versions 1 and 2: packages per target framework.

Its ``contentHash`` is of a package's content without its signature, so it is no hash of the archive.
"""

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.lines import JsonKeys
from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source


def _read(source: Source) -> list[Package]:
    document = source.json()
    if document.get("version") not in (1, 2):
        raise LockfileError("packages.lock.json is of an unknown version", next_step="look for a newer Pavedroad")
    keys = JsonKeys(source.text)
    entries: Entries[tuple[str, str]] = Entries()
    direct = set()
    for target, table in read.mapping(document.get("dependencies")).items():
        for name, value in read.mapping(table).items():
            entry = read.mapping(value)
            key = (target, name.lower())
            needs = [(target, str(each).lower()) for each in read.mapping(entry.get("dependencies"))]
            line = keys.after_last(name)
            if entry.get("type") == "Project":
                source.gaps.add(LOCAL, name, harmless=True)
                entries.add(key, None, needs)
                continue
            if entry.get("type") == "Direct":
                direct.add(key)
            entries.add(key, source.package(name, entry.get("resolved"), line), needs)
    return entries.linked(direct=direct)


PARSER = Format("nuget-lock", "packages.lock.json", "NuGet", _read, names=("packages.lock.json",))
