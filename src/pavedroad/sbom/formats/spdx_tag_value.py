"""SPDX in tag-value form: reads 2.2 and 2.3. One ``Tag: value`` on a line; a value in ``<text>`` may span lines."""

from collections.abc import Iterator
from typing import Any

from pavedroad.sbom.errors import SbomError
from pavedroad.sbom.formats._spdx_read import bill_of
from pavedroad.sbom.model import MAX_BYTES, Bill, BillFormat

_DOCUMENT = {
    "SPDXVersion": "spdxVersion", "DataLicense": "dataLicense", "DocumentName": "name",
    "DocumentNamespace": "documentNamespace", "DocumentComment": "comment",
}  # fmt: skip
_PACKAGE = {
    "SPDXID": "SPDXID", "PackageVersion": "versionInfo", "PackageSupplier": "supplier",
    "PackageOriginator": "originator", "PackageDownloadLocation": "downloadLocation", "FilesAnalyzed": "filesAnalyzed",
    "PackageHomePage": "homepage", "PackageSourceInfo": "sourceInfo", "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared", "PackageCopyrightText": "copyrightText",
    "PackageSummary": "summary", "PackageDescription": "description", "PrimaryPackagePurpose": "primaryPackagePurpose",
}  # fmt: skip
_MAX_TAGS = 5_000_000


def detects(head: bytes) -> bool:
    """A line that begins with ``SPDXVersion:``."""
    return head.lstrip(b"\xef\xbb\xbf").startswith(b"SPDXVersion:") or b"\nSPDXVersion:" in head


def read(content: bytes) -> Bill:
    """Raises SbomError."""
    if len(content) > MAX_BYTES:
        raise SbomError(f"the document has {len(content)} bytes; at most {MAX_BYTES} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SbomError("the text is not UTF-8", next_step="convert it to SPDX JSON") from error
    return bill_of(_Sections().read(text), "tag-value")


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """Each tag and its value, in one pass. Raises SbomError for a text that is never closed."""
    lines = iter(text.split("\n"))
    for line in lines:
        tag, colon, value = line.strip().partition(":")
        if not colon or tag.startswith("#"):
            continue
        value = value.strip()
        if value.startswith("<text>"):
            pieces = [value.removeprefix("<text>")]
            while "</text>" not in pieces[-1]:
                following = next(lines, None)
                if following is None:
                    raise SbomError(f"the <text> of {tag[:60]} is never closed", next_step="convert it to SPDX JSON")
                pieces.append(following.rstrip("\r"))
            value = "\n".join(pieces).partition("</text>")[0]
        yield tag.strip(), value


class _Sections:
    """Gathers the tree that the JSON form would have had. A tag belongs to the section that was opened last."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {"packages": [], "relationships": [], "creationInfo": {"creators": []},
                                      "hasExtractedLicensingInfos": []}  # fmt: skip
        self._open: dict[str, Any] | None = None
        self._kind = "document"

    def read(self, text: str) -> dict[str, Any]:
        for number, (tag, value) in enumerate(_tags(text)):
            if number > _MAX_TAGS:
                raise SbomError(f"the document has more than {_MAX_TAGS} tags", next_step="split it")
            if tag == "Relationship":
                self._relationship(value)
            elif not self._begins(tag, value):
                getattr(self, f"_in_{self._kind}")(tag, value)
        return self._tree

    def _begins(self, tag: str, value: str) -> bool:
        if tag == "PackageName":
            self._kind, self._open = "package", {"name": value}
            self._tree["packages"].append(self._open)
        elif tag == "LicenseID":
            self._kind, self._open = "licence", {"licenseId": value}
            self._tree["hasExtractedLicensingInfos"].append(self._open)
        elif tag in ("FileName", "SnippetSPDXID", "Annotator", "Reviewer"):
            self._kind, self._open = "other", {}
            key = {"FileName": "files", "SnippetSPDXID": "snippets"}.get(tag, "annotations")
            self._tree.setdefault(key, []).append(self._open)
        else:
            return False
        return True

    def _in_document(self, tag: str, value: str) -> None:
        if tag in _DOCUMENT:
            self._tree[_DOCUMENT[tag]] = value
        elif tag == "Creator":
            self._tree["creationInfo"]["creators"].append(value)
        elif tag == "Created":
            self._tree["creationInfo"]["created"] = value
        elif tag == "ExternalDocumentRef":
            self._tree.setdefault("externalDocumentRefs", []).append(value)
        elif tag not in ("SPDXID", "LicenseListVersion", "CreatorComment", "RelationshipComment"):
            self._tree.setdefault(tag, []).append(value)

    def _in_package(self, tag: str, value: str) -> None:
        package = self._open if self._open is not None else {}
        if tag in _PACKAGE:
            package[_PACKAGE[tag]] = value
        elif tag == "PackageChecksum":
            algorithm, _, digest = value.partition(":")
            package.setdefault("checksums", []).append({"algorithm": algorithm, "checksumValue": digest.strip()})
        elif tag == "ExternalRef":
            words = value.split(None, 2)
            if len(words) == 3:
                package.setdefault("externalRefs", []).append(
                    dict(zip(("referenceCategory", "referenceType", "referenceLocator"), words, strict=True))
                )
        elif tag == "ExternalRefComment":
            if package.get("externalRefs"):
                package["externalRefs"][-1]["comment"] = value
        elif tag != "RelationshipComment":
            package.setdefault(tag, value)

    def _in_licence(self, tag: str, value: str) -> None:
        key = {"LicenseName": "name", "ExtractedText": "extractedText"}.get(tag)
        if key and self._open is not None:
            self._open[key] = value

    def _in_other(self, tag: str, value: str) -> None:
        """Files, snippets and annotations are counted, not kept."""

    def _relationship(self, value: str) -> None:
        words = value.split()
        if len(words) == 3:
            names = ("spdxElementId", "relationshipType", "relatedSpdxElement")
            self._tree["relationships"].append(dict(zip(names, words, strict=True)))


FORMAT = BillFormat(name="spdx-tag-value", title="SPDX 2.3 tag-value", extension="spdx", detects=detects, read=read)
