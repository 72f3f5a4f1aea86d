"""``mix.lock`` (Elixir, hexdocs.pm): a map of terms, one package on a line. What is direct stands in mix.exs, a
program."""

import re

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import BY_URL, LOCAL, Entries, Format, Source

MAX_LINE = 100_000
_HEX = re.compile(r'"([^"]{1,200})": \{:hex, :("?)([A-Za-z0-9_.]{1,200})\2, "([^"]{1,200})", "([0-9a-f]{0,64})"(.*)')
_OTHER = re.compile(r'"([^"]{1,200})": \{:(git|path)\b')
_NEED = re.compile(r"\{:([A-Za-z0-9_]{1,200}), \"")
_OUTER = re.compile(r'"([0-9a-f]{64})"\},?$')


def _read(source: Source) -> list[Package]:
    entries: Entries[str] = Entries()
    for number, line in enumerate(source.text.split("\n"), 1):
        code = line.strip()
        if len(code) > MAX_LINE:
            source.gaps.add("a line that is too long", f"line {number}")
        elif match := _HEX.match(code):
            outer = _OUTER.search(code)
            hashes = read.digest("sha256", outer.group(1)) if outer else ()
            package = source.package(match.group(3), match.group(4), number, hashes=hashes)
            entries.add(match.group(1), package, _NEED.findall(match.group(6)))
        elif match := _OTHER.match(code):
            local = match.group(2) == "path"
            source.gaps.add(LOCAL if local else BY_URL, match.group(1), harmless=local)
        elif code not in ("", "%{", "}", "%{}"):
            source.gaps.add("a line that is no package", f"line {number}")
    read.check_count(len(entries.packages))
    return entries.linked()


PARSER = Format("mix", "mix.lock", "Hex", _read, names=("mix.lock",))
