"""SPDX in YAML: reads 2.2 and 2.3, the same tree as the JSON form. Larger documents should come as JSON: YAML is read
up to 16 MiB and a million nodes."""

from pavedroad.infra.documents import read_yaml
from pavedroad.infra.errors import DocumentError
from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.formats._spdx_read import bill_of
from pavedroad.sbom.model import Bill, BillFormat


def detects(head: bytes) -> bool:
    """A line ``spdxVersion: "SPDX-..."`` outside of JSON; tag-value spells the key with a capital S."""
    return not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"<")) and b"spdxVersion:" in head


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    try:
        tree = read_yaml(content)
    except DocumentError as error:
        raise SbomError(error.what, where=error.where, next_step="convert it to SPDX JSON") from error
    if not isinstance(tree, dict) or "spdxVersion" not in tree:
        raise SbomError("this is no SPDX 2 document", next_step="give a CycloneDX or SPDX file")
    return bill_of({str(key): value for key, value in tree.items()}, "YAML")


FORMAT = BillFormat(name="spdx-yaml", title="SPDX 2.3 YAML", extension="spdx.yaml", detects=detects, read=read)
