"""``.terraform.lock.hcl`` (developer.hashicorp.com): the providers a configuration uses. ``zh:`` hashes are SHA-256 of
the provider's archives, ``h1:`` hashes are of file lists and left out."""

import re
from collections.abc import Iterator

from pavedroad.scanning.scanners.dependencies.model import Package
from pavedroad.scanning.scanners.dependencies.parsers import _reading as read
from pavedroad.scanning.scanners.dependencies.parsers._format import Format, Source, joined

_PROVIDER = re.compile(r'\s*provider\s+"([^"\s]{1,300})"\s*\{')
_VERSION = re.compile(r'\s*version\s*=\s*"([^"]{1,200})"')
_HASH = re.compile(r'"zh:([0-9a-f]{64})"')


def _read(source: Source) -> Iterator[Package | None]:
    name, line, version, hashes = "", 0, "", list[str]()
    for number, text in enumerate([*source.text.split("\n"), "}"], 1):  # as if the last block were closed
        code = text[:1000]
        if code.startswith("}"):
            if name:
                known = joined(read.digest("sha256", each) for each in hashes)
                yield source.package(name, version, line, direct=True, hashes=known)
            name, version, hashes = "", "", []
        elif match := _PROVIDER.match(code):
            name, line = match.group(1), number
        elif match := _VERSION.match(code):
            version = match.group(1)
        elif len(hashes) < read.MAX_HASHES:
            hashes.extend(_HASH.findall(code))


PARSER = Format("terraform-lock", ".terraform.lock.hcl", "Terraform", _read, names=(".terraform.lock.hcl",))
