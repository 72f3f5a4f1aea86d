"""SPDX in JSON: reads 2.2 and 2.3, writes 2.3 (https://spdx.github.io/spdx-spec/v2.3/)."""

import msgspec

from pavedroad.infra.documents import read_json
from pavedroad.infra.errors import DocumentError
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.formats._spdx_read import bill_of
from pavedroad.sbom.formats._spdx_write import tree_of
from pavedroad.sbom.model import MAX_BYTES, Bill, BillFormat


def detects(head: bytes) -> bool:
    """An object with SPDX's version of itself near the beginning; a document may also put its packages first."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"bomFormat"' in head:
        return False
    return b'"spdxVersion"' in head or b'"SPDXID"' in head


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    try:
        tree = read_json(content, max_bytes=MAX_BYTES)
    except DocumentError as error:
        raise SbomError(error.what, where=error.where, next_step="make the bill anew") from error
    if not isinstance(tree, dict) or "spdxVersion" not in tree:
        raise SbomError("this is no SPDX 2 document", next_step="give a CycloneDX or SPDX file")
    return bill_of(tree, "JSON")


def write(bill: Bill) -> bytes:
    """SPDX 2.3, indented by two."""
    return msgspec.json.format(msgspec.json.encode(tree_of(bill)), indent=2) + b"\n"


FORMAT = BillFormat(
    name="spdx-json", title="SPDX 2.3 JSON", extension="spdx.json", detects=detects, read=read, write=write
)
