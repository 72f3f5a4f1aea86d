"""Finds the formats by folder, and the one that a document is written in."""

import difflib
from typing import cast

from pavedroad.core.errors import UsageError
from pavedroad.infra.plugins import registry
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.model import HEAD, MAX_BYTES, Bill, BillFormat

PACKAGE = "pavedroad.sbom.formats"
_ALIASES = {"cyclonedx": "cyclonedx-json", "spdx": "spdx-json"}  # what users of other tools type


def known_formats() -> dict[str, BillFormat]:
    """Every format by name, sorted. Raises PluginError for a broken one."""
    return cast("dict[str, BillFormat]", registry(PACKAGE, "FORMAT"))


def written() -> dict[str, BillFormat]:
    """The formats that can be written."""
    return {name: each for name, each in known_formats().items() if each.write is not None}


def choose(name: str) -> BillFormat:
    """The format called ``name``, which can be written. Raises UsageError with the nearest name otherwise."""
    known = written()
    name = _ALIASES.get(name, name)
    if name not in known:
        close = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1, 0.4)
        hint = f"did you mean '{close[0]}'? " if close else ""
        raise UsageError(
            f"there is no SBOM format '{name[:60]}' that can be written",
            next_step=f"{hint}choose from {', '.join(known)}",
        )
    return known[name]


def write_bill(bill: Bill, name: str) -> bytes:
    """``bill`` in the format called ``name``. Raises UsageError for one that cannot be written."""
    writer = choose(name).write
    assert writer is not None  # noqa: S101 - choose gives no other
    return writer(bill)


def read_bill(content: bytes, *, where: str = "") -> Bill:
    """The bill in a document of any format that is known. Raises SbomError, naming ``where``."""
    if len(content) > MAX_BYTES:
        raise SbomError(f"the document has {len(content)} bytes; at most {MAX_BYTES} are read", where=where,
                        next_step="split it")  # fmt: skip
    head = content[:HEAD]
    found = next((each for each in known_formats().values() if each.detects(head)), None)
    if found is None and len(content) > HEAD:  # some writers put what names the format at the end
        found = next((each for each in known_formats().values() if each.detects(content)), None)
    if found is None:
        raise _unknown(head, where)
    try:
        return found.read(content)
    except SbomError as error:
        raise SbomError(f"{found.title}: {error.what}", where=where, next_step=error.next_step) from error


def _unknown(head: bytes, where: str) -> SbomError:
    """Says what it is, when it is something we know and do not read."""
    convert = "convert it to SPDX JSON, or let its tool write CycloneDX"
    if b"spdx.org/rdf/terms" in head:
        return SbomError("this is SPDX in RDF, which is not read", where=where, next_step=convert)
    if b"SoftwareIdentity" in head:
        return SbomError("this is a SWID tag, which is not read", where=where, next_step=convert)
    if not head.strip():
        return SbomError("the file is empty", where=where, next_step="make the bill anew")
    titles = ", ".join(each.title for each in known_formats().values())
    return SbomError("this is no bill of materials that is known", where=where, next_step=f"these are read: {titles}")
