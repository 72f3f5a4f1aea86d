"""CycloneDX in JSON: reads 1.2 to 1.7, writes 1.6 (https://cyclonedx.org/docs/1.6/json/)."""

import msgspec

from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.formats._cyclonedx_read import bill_of
from pavedroad.sbom.formats._cyclonedx_write import tree_of
from pavedroad.sbom.model import MAX_BYTES, Bill, BillFormat


def detects(head: bytes) -> bool:
    """An object that names itself; the key may stand anywhere near the beginning."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"bomFormat"' in head and b'"CycloneDX"' in head


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    try:
        tree = read_json(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise SbomError(error.what, where=error.where, next_step="make the bill anew") from error
    if not isinstance(tree, dict) or tree.get("bomFormat") != "CycloneDX":
        raise SbomError("this is no CycloneDX document", next_step="give a CycloneDX or SPDX file")
    return bill_of(tree, "JSON")


def write(bill: Bill) -> bytes:
    """CycloneDX 1.6, indented by two."""
    return msgspec.json.format(msgspec.json.encode(tree_of(bill)), indent=2) + b"\n"


FORMAT = BillFormat(
    name="cyclonedx-json", title="CycloneDX 1.6 JSON", extension="cdx.json", detects=detects, read=read, write=write
)
