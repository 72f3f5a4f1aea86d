"""Names and times of a bill that depend on its content alone, so that the same tree gives the same bytes."""

import hashlib
import uuid
from datetime import UTC, datetime

import msgspec

from pavedroad.sbom.model import Bill


def serial(bill: Bill) -> str:
    """``urn:uuid:...``: the serial number a bill already has, or one made of its content without its time."""
    if bill.serial.startswith("urn:uuid:"):
        try:
            return f"urn:uuid:{uuid.UUID(bill.serial.removeprefix('urn:uuid:'))}"
        except ValueError:
            pass
    content = msgspec.structs.replace(bill, timestamp=None, serial="", left=(), source="")
    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"


def stamp(moment: datetime) -> str:
    """``2026-01-31T12:00:00Z``: UTC, whole seconds, as both formats ask for."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
