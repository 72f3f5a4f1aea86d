"""A bill as an SPDX 2.3 tree of plain values.

Standard fields wherever there are some: hashes are checksums, purls and CPEs external references, the files that named
a component stand in ``sourceInfo``. A component whose dependencies are unknown depends on ``NOASSERTION``, one without
any on ``NONE``. The little that SPDX has no field for goes into one annotation of the package, line by line.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from pavedroad import __version__
from pavedroad.core.component import Hash
from pavedroad.core.licences import canonical
from pavedroad.sbom.cpe import is_cpe23
from pavedroad.sbom.formats._spdx_read import FOUND_IN, NONE, OURS, REFERENCE, UNKNOWN
from pavedroad.sbom.identity import serial, stamp
from pavedroad.sbom.model import Bill, Part, Tool

_ALGORITHMS = {
    "MD2": "MD2", "MD4": "MD4", "MD5": "MD5", "MD6": "MD6", "ADLER32": "ADLER32", "SHA-1": "SHA1",
    "SHA-224": "SHA224", "SHA-256": "SHA256", "SHA-384": "SHA384", "SHA-512": "SHA512", "SHA3-256": "SHA3-256",
    "SHA3-384": "SHA3-384", "SHA3-512": "SHA3-512", "BLAKE2b-256": "BLAKE2b-256", "BLAKE2b-384": "BLAKE2b-384",
    "BLAKE2b-512": "BLAKE2b-512", "BLAKE3": "BLAKE3",
}  # fmt: skip
_LENGTHS = {"MD5": 32, "SHA-1": 40, "SHA-224": 56, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128, "SHA3-256": 64,
            "SHA3-384": 96, "SHA3-512": 128, "BLAKE2b-256": 64, "BLAKE2b-384": 96, "BLAKE2b-512": 128}  # fmt: skip
_PURPOSES = frozenset({"application", "framework", "library", "container", "operating-system", "device", "firmware",
                       "file"})  # fmt: skip
_SPDX_ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]{1,200}")
_ODD = re.compile(r"[^A-Za-z0-9.]+")
_HEX = re.compile(r"[0-9a-f]+")
_DOWNLOAD = re.compile(r"(?:https?|ftp|git|ssh|svn|hg|bzr|git\+\w+|hg\+\w+|svn\+\w+|bzr\+\w+)://[^\s\"<>\\^`{|}]+")


def tree_of(bill: Bill) -> dict[str, Any]:
    """The whole document. Without a time of its own it is of 1970: SPDX asks for one, and we do not invent the day."""
    return _Writer(bill).document()


class _Writer:
    def __init__(self, bill: Bill) -> None:
        self._bill = bill
        self._created = stamp(bill.timestamp or datetime(1970, 1, 1, tzinfo=UTC))
        everything = (*((bill.subject,) if bill.subject else ()), *bill.parts)
        self._all = everything
        self._ids = {part.ref: _identifier(part) for part in everything}
        self._extracted: dict[str, str] = {}

    def document(self) -> dict[str, Any]:
        bill = self._bill
        name = bill.subject.component.name if bill.subject else "components"
        packages = [self._package(part) for part in self._all]
        found: dict[str, Any] = {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": _one_line(name) or "components",
            "documentNamespace": _namespace(bill),
            "creationInfo": {"created": self._created, "creators": list(_creators(bill))},
            "comment": "\n".join(_comments(bill)),
            "packages": packages,
            "hasExtractedLicensingInfos": [
                {"licenseId": ref, "extractedText": text, "name": text} for ref, text in sorted(self._extracted.items())
            ],
            "relationships": list(self._relationships()),
        }
        return {key: value for key, value in found.items() if value}

    def _package(self, part: Part) -> dict[str, Any]:
        inner = part.component
        declared = self._licence(inner.licenses)
        found: dict[str, Any] = {
            "name": _one_line(inner.name) or inner.purl or part.ref,
            "SPDXID": self._ids[part.ref],
            "versionInfo": inner.version,
            "supplier": _party(part.supplier) or UNKNOWN,
            "originator": _party(part.author),
            "downloadLocation": _first(part, "distribution", _DOWNLOAD) or UNKNOWN,
            "homepage": _first(part, "website", _DOWNLOAD),
            "sourceInfo": "\n".join(FOUND_IN + place.replace("\n", " ") for place in part.occurrences),
            "licenseConcluded": UNKNOWN,
            "licenseDeclared": declared,
            "copyrightText": part.copyright or UNKNOWN,
            "description": part.description,
            "checksums": [
                {"algorithm": _ALGORITHMS[h.algorithm], "checksumValue": h.value} for h in inner.hashes if _writable(h)
            ],
            "externalRefs": list(_externals(part)),
            "primaryPackagePurpose": part.type.upper() if part.type in _PURPOSES else "OTHER",
            "annotations": list(self._annotations(part)),
        }
        package = {key: value for key, value in found.items() if value}
        package["filesAnalyzed"] = False
        return package

    def _licence(self, stated: tuple[str, ...]) -> str:
        """One expression; a text that SPDX does not know becomes a LicenseRef whose text stands in the document."""
        spelled = [canonical(one) or self._extract(one) for one in stated]
        if len(spelled) == 1:
            return spelled[0]
        return " AND ".join(f"({one})" if " OR " in one else one for one in spelled) or UNKNOWN

    def _extract(self, text: str) -> str:
        slug = _ODD.sub("-", text).strip("-.")[:60]
        ref = f"LicenseRef-{slug or 'text'}"
        if self._extracted.get(ref, text) != text or slug != text:
            ref += f"-{_short(text, 8)}"
        self._extracted[ref] = text
        return ref

    def _annotations(self, part: Part) -> Iterator[dict[str, str]]:
        lines = [f"{OURS}scope={part.component.scope}"] if part.component.scope else []
        if part.component.layer:
            lines.append(f"{OURS}layer={part.component.layer}")
        if part.type not in _PURPOSES:
            lines.append(f"{OURS}type={part.type}")
        lines += [f"{OURS}hash={h.algorithm}:{h.value}" for h in part.component.hashes if not _writable(h)]
        lines += [f"{OURS}property {_one_line(p.name)}={_one_line(p.value)}" for p in part.properties]
        if lines:
            yield {
                "annotationDate": self._created,
                "annotationType": "OTHER",
                "annotator": f"Tool: pavedroad-{__version__}",
                "comment": "\n".join(lines),
            }

    def _relationships(self) -> Iterator[dict[str, str]]:
        described = [self._bill.subject] if self._bill.subject else [p for p in self._bill.parts if not p.within]
        for part in described:
            yield _relation("SPDXRef-DOCUMENT", "DESCRIBES", self._ids[part.ref])
        for part in self._all:
            mine = self._ids[part.ref]
            if part.within in self._ids:
                yield _relation(self._ids[part.within], "CONTAINS", mine)
            if part.depends_on is None:
                yield _relation(mine, "DEPENDS_ON", UNKNOWN)
            elif not part.depends_on:
                yield _relation(mine, "DEPENDS_ON", NONE)
            for target in sorted({self._ids[ref] for ref in part.depends_on or () if ref in self._ids}):
                yield _relation(mine, "DEPENDS_ON", target)


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _identifier(part: Part) -> str:
    """The ref itself when it came from SPDX; otherwise readable, and unique through a digest of the ref, which is."""
    if _SPDX_ID.fullmatch(part.ref) and part.ref != "SPDXRef-DOCUMENT":
        return part.ref
    slug = _ODD.sub("-", f"{part.component.name}-{part.component.version}").strip("-")[:80]
    return f"SPDXRef-Package-{slug}-{_short(part.ref, 12)}"


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _one_line(text: str) -> str:
    return " ".join(text.split()) if text else ""


def _namespace(bill: Bill) -> str:
    """An address that names this document: its own when it has one, its serial number otherwise."""
    own = bill.serial
    if own.startswith(("https://", "http://")) and quote(own, safe="/:?=&%@+,;~!$'()*-._") == own:
        return own
    return serial(bill)


def _creators(bill: Bill) -> Iterable[str]:
    for tool in bill.tools or (Tool(name="pavedroad", version=__version__),):
        yield "Tool: " + _one_line(f"{tool.name}-{tool.version}" if tool.version else tool.name)
    for author in bill.authors:
        yield _party(author)


def _comments(bill: Bill) -> Iterator[str]:
    if bill.complete is not None:
        yield f"{OURS}complete={'true' if bill.complete else 'false'}"
    for gap in bill.gaps:
        yield f"{OURS}gap={_one_line(gap)}"


def _party(text: str) -> str:
    """``Organization: Acme (a@example.org)``. Whether it is a person is not known, so nobody is called one."""
    plain = _one_line(text).replace("(", "[").replace(")", "]")
    name, bracket, mail = plain.rpartition("<")
    if bracket and mail.endswith(">") and "@" in mail:
        return f"Organization: {name.strip()} ({mail[:-1]})"
    return f"Organization: {plain}" if plain else ""


def _first(part: Part, kind: str, allowed: re.Pattern[str]) -> str:
    return next((r.url for r in part.references if r.type == kind and allowed.fullmatch(r.url)), "")


def _writable(found: Hash) -> bool:
    if found.algorithm not in _ALGORITHMS or not _HEX.fullmatch(found.value):
        return False
    return _LENGTHS.get(found.algorithm, len(found.value)) == len(found.value)


def _externals(part: Part) -> Iterator[dict[str, str]]:
    if part.component.purl:
        yield _external("PACKAGE-MANAGER", "purl", part.component.purl)
    for cpe in part.cpes:
        yield _external("SECURITY", "cpe23Type", cpe) if is_cpe23(cpe) else _external("OTHER", f"{REFERENCE}cpe", cpe)
    told = {_first(part, "distribution", _DOWNLOAD), _first(part, "website", _DOWNLOAD)}
    for each in part.references:
        if each.url in told and each.type in ("distribution", "website") and not each.comment:
            continue
        found = _external("OTHER", REFERENCE + (_ODD.sub("-", each.type).strip("-") or "other"), each.url)
        yield found | ({"comment": each.comment} if each.comment else {})


def _external(category: str, kind: str, locator: str) -> dict[str, str]:
    """Locators have no white space by the specification."""
    return {
        "referenceCategory": category,
        "referenceType": kind,
        "referenceLocator": quote(locator, safe="!#$%&'()*+,/:;=?@[]~-._\\\"<>^`{|}") if _spaced(locator) else locator,
    }


def _spaced(text: str) -> bool:
    return any(char.isspace() for char in text)
