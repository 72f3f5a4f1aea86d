"""``Gemfile.lock`` and ``gems.locked`` (bundler.io): every gem with its edges; ``DEPENDENCIES`` names the direct ones.

Groups stand in the Gemfile, which is a program, so the scope is not known.
"""

import re
from collections.abc import Iterator

import msgspec

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import LOCAL, Entries, Format, Source, joined

_GEM = re.compile(r" {4}(\S+) \(([^()\s]+)\)")
_NEED = re.compile(r" {6}(\S+)(?: \(.*\))?")
_DIRECT = re.compile(r" {2}([^\s!]+)!?(?: \(.*\))?!?")
_CHECKSUM = re.compile(r" {2}(\S+) \(([^()\s]+)\) sha256=([0-9a-f]{64})")
_SECTIONS = ("GEM", "GIT", "PATH", "PLUGIN SOURCE")


def _read(source: Source) -> list[Package]:
    entries: Entries[str] = Entries()
    direct, checksums = set[str](), dict[tuple[str, str], list[str]]()
    current = ""
    for section, number, line in _lines(source.text):
        if section in _SECTIONS:
            if match := _GEM.fullmatch(line):
                current = match.group(1)
                _add(source, entries, section, match, number)
            elif (match := _NEED.fullmatch(line)) and current:
                entries.add(current, None, [match.group(1)])
        elif section == "DEPENDENCIES" and (match := _DIRECT.fullmatch(line)):
            direct.add(match.group(1))
        elif section == "CHECKSUMS" and (match := _CHECKSUM.fullmatch(line)):
            checksums.setdefault((match.group(1), match.group(2).partition("-")[0]), []).append(match.group(3))
    read.check_count(len(entries.packages))
    for key, package in entries.packages.items():
        digests = checksums.get((package.name, package.version), [])
        hashes = joined(read.digest("sha256", each) for each in digests)
        entries.packages[key] = msgspec.structs.replace(package, hashes=hashes)
    return entries.linked(direct=direct)


def _lines(text: str) -> Iterator[tuple[str, int, str]]:
    """Section, number and text of each indented line."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        code = line.rstrip()
        if code and not code[0].isspace():
            section = code
        elif code:
            yield section, number, code


def _add(source: Source, entries: Entries[str], section: str, match: re.Match[str], line: int) -> None:
    name, version = match.group(1), match.group(2).partition("-")[0]  # behind it stands the platform
    if section == "PATH":
        source.gaps.add(LOCAL, name, harmless=True)
        entries.add(name, None)
        return
    entries.add(name, source.package(name, version, line, origin="git" if section == "GIT" else ""))


PARSER = Format("gemfile-lock", "Gemfile.lock", "RubyGems", _read, names=("Gemfile.lock", "gems.locked"))
