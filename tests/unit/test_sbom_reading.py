"""Bills of every kind are read into the same words, and what cannot be kept is told."""

import json
from typing import Any

import msgspec
import pytest

from pavedroad.sbom import Bill, SbomError, components, read_bill, unjudgeable, write_bill
from tests.support.bills import SHA, sample_bill


def cyclonedx(**parts: Any) -> bytes:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, **parts}).encode()


def spdx(**parts: Any) -> bytes:
    head = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "doc"}
    return json.dumps({**head, **parts}).encode()


def left(bill: Bill) -> dict[str, int]:
    return {each.what: each.count for each in bill.left}


@pytest.mark.parametrize("name", ["cyclonedx-json", "cyclonedx-xml"])
def test_cyclonedx_gives_back_everything(name: str) -> None:
    again = read_bill(write_bill(sample_bill(), name))
    order = {part.ref: part for part in again.parts}
    assert [order[part.ref] for part in sample_bill().parts] == list(sample_bill().parts)
    assert msgspec.structs.replace(again, parts=(), source="") == msgspec.structs.replace(sample_bill(), parts=())


def test_spdx_gives_back_everything_but_the_spelling_of_refs() -> None:
    again = read_bill(write_bill(sample_bill(), "spdx-json"))
    for ours, theirs in zip(sample_bill().parts, again.parts, strict=True):
        assert msgspec.structs.replace(theirs, ref="", depends_on=None, within="", references=()) == (
            msgspec.structs.replace(ours, ref="", depends_on=None, within="", references=())
        )
        assert set(theirs.references) == set(ours.references)
        assert (theirs.depends_on is None) is (ours.depends_on is None)
    assert (again.timestamp, again.gaps, again.complete, again.serial) == (
        sample_bill().timestamp, sample_bill().gaps, sample_bill().complete, sample_bill().serial
    )  # fmt: skip
    assert again.parts[3].within == again.parts[2].ref


@pytest.mark.parametrize("name", ["cyclonedx-json", "cyclonedx-xml", "spdx-json"])
def test_rewriting_changes_nothing(name: str) -> None:
    once = write_bill(sample_bill(), name)
    assert write_bill(read_bill(once), name) == once


def test_nested_components_are_found_at_any_level() -> None:
    inner = {"type": "library", "name": "in", "bom-ref": "in"}
    outer = {"type": "application", "name": "out", "bom-ref": "out", "components": [inner]}
    bill = read_bill(cyclonedx(components=[outer]))
    assert [(p.ref, p.within) for p in bill.parts] == [("out", ""), ("in", "out")]


def test_services_vulnerabilities_and_unknown_parts_are_counted() -> None:
    bill = read_bill(
        cyclonedx(
            components=[{"type": "library", "name": "a", "pedigree": {}, "evidence": {"callstack": {}}}, 7],
            services=[{"name": "s"}, {"name": "t"}],
            vulnerabilities=[{"id": "CVE-1"}],
            formulation=[{}],
        )
    )
    assert (bill.services, bill.vulnerabilities) == (2, 1)
    assert left(bill) == {
        "the field 'pedigree' of a component": 1,
        "the evidence 'callstack' of a component": 1,
        "a component that is no object": 1,
        "the part 'formulation' of the document": 1,
        "a service: services are no components": 2,
    }


def test_edges_to_nowhere_are_told_and_cycles_are_borne() -> None:
    listed = [{"type": "library", "name": n, "bom-ref": n, "purl": f"pkg:pypi/{n}@1"} for n in "ab"]
    bill = read_bill(
        cyclonedx(
            metadata={"component": {"type": "application", "name": "top", "bom-ref": "top"}},
            components=listed,
            dependencies=[
                {"ref": "top", "dependsOn": ["a"]},
                {"ref": "a", "dependsOn": ["b", "lost"]},
                {"ref": "b", "dependsOn": ["a"]},
            ],
        )
    )
    assert left(bill) == {"a dependency that is not listed": 1}
    assert [(c.name, c.direct, c.path) for c in components(bill)] == [("a", True, ("a",)), ("b", False, ("a", "b"))]


def test_two_components_with_one_reference_are_both_kept() -> None:
    same = {"type": "library", "bom-ref": "x"}
    bill = read_bill(cyclonedx(components=[{**same, "name": "a"}, {**same, "name": "b"}]))
    assert [p.component.name for p in bill.parts] == ["a", "b"]
    assert len({p.ref for p in bill.parts}) == 2
    assert sum(left(bill).values()) == 1


def test_licences_of_every_shape_are_kept() -> None:
    choices = [
        {"license": {"id": "mit"}},
        {"license": {"name": "Our own"}},
        {"expression": "mit or zlib"},
        {"license": {}},
    ]
    bill = read_bill(cyclonedx(components=[{"type": "library", "name": "a", "licenses": choices}]))
    assert bill.parts[0].component.licenses == ("MIT", "Our own", "MIT OR Zlib")
    assert left(bill) == {"a licence without identifier, name or address": 1}


def test_spdx_relations_in_both_directions_make_one_graph() -> None:
    packages = [{"SPDXID": f"SPDXRef-{n}", "name": n} for n in ("top", "a", "b", "c", "t")]
    pairs = [
        ("DOCUMENT", "DESCRIBES", "top"), ("top", "DEPENDS_ON", "a"), ("b", "DEPENDENCY_OF", "a"),
        ("t", "TEST_DEPENDENCY_OF", "top"), ("a", "CONTAINS", "c"), ("a", "VARIANT_OF", "b"),
    ]  # fmt: skip
    relations = [
        {"spdxElementId": f"SPDXRef-{one}", "relationshipType": kind, "relatedSpdxElement": f"SPDXRef-{other}"}
        for one, kind, other in pairs
    ] + [{"spdxElementId": "SPDXRef-c", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"}]
    bill = read_bill(spdx(packages=packages, relationships=relations))
    found = {p.component.name: p for p in bill.parts}
    assert bill.subject is not None
    assert bill.subject.depends_on == ("SPDXRef-a", "SPDXRef-t")
    assert found["a"].depends_on == ("SPDXRef-b",)
    assert found["b"].depends_on is None
    assert found["c"].depends_on == ()
    assert found["c"].within == "SPDXRef-a"
    assert found["t"].component.scope == "test"
    assert left(bill) == {"a relationship VARIANT_OF": 1}


def test_spdx_in_yaml_and_in_tag_value_say_the_same_as_in_json() -> None:
    sums = [{"algorithm": "SHA256", "checksumValue": SHA.value}]
    refs = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/a@1"}]
    package = {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1", "licenseDeclared": "LicenseRef-x",
               "checksums": sums, "externalRefs": refs}  # fmt: skip
    infos = [{"licenseId": "LicenseRef-x", "name": "Own words", "extractedText": "You may.\nOr not."}]
    plain = read_bill(spdx(packages=[package], hasExtractedLicensingInfos=infos))
    yaml = (
        "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: doc\npackages:\n- SPDXID: SPDXRef-a\n  name: a\n"
        "  versionInfo: '1'\n  licenseDeclared: LicenseRef-x\n"
        f"  checksums: [{{algorithm: SHA256, checksumValue: {SHA.value}}}]\n"
        "  externalRefs: [{referenceType: purl, referenceLocator: 'pkg:pypi/a@1'}]\n"
        "hasExtractedLicensingInfos: [{licenseId: LicenseRef-x, name: Own words}]\n"
    )
    tags = (
        "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: doc\n\n# a package\nPackageName: a\n"
        f"SPDXID: SPDXRef-a\nPackageVersion: 1\nPackageLicenseDeclared: LicenseRef-x\n"
        f"PackageChecksum: SHA256: {SHA.value}\n"
        "ExternalRef: PACKAGE-MANAGER purl pkg:pypi/a@1\n\nLicenseID: LicenseRef-x\nLicenseName: Own words\n"
        "ExtractedText: <text>You may.\nPackageName: not a package</text>\n"
    )
    assert plain.parts[0].component.licenses == ("Own words",)
    assert read_bill(yaml.encode()).parts == plain.parts
    assert read_bill(tags.encode()).parts == plain.parts


def spdx3(*graph: dict[str, Any]) -> bytes:
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    return json.dumps({"@context": context, "@graph": [*graph]}).encode()


def test_spdx_3_is_read_with_its_edges_licences_and_hashes() -> None:
    bill = read_bill(
        spdx3(
            {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-31T12:00:00Z",
             "createdBy": ["urn:jo"], "createdUsing": ["urn:tool"]},
            {"type": "Person", "spdxId": "urn:jo", "name": "Jo"},
            {"type": "Tool", "spdxId": "urn:tool", "name": "maker"},
            {"type": "SpdxDocument", "spdxId": "urn:doc", "creationInfo": "_:c", "rootElement": ["urn:bom"]},
            {"type": "software_Sbom", "spdxId": "urn:bom", "rootElement": ["urn:top"]},
            {"type": "software_Package", "spdxId": "urn:top", "name": "top", "software_primaryPurpose": "application"},
            {"type": "software_Package", "spdxId": "urn:a", "name": "a", "software_packageVersion": "1",
             "software_packageUrl": "pkg:pypi/a@1", "suppliedBy": "urn:jo",
             "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": SHA.value}]},
            {"type": "software_Package", "spdxId": "urn:b", "name": "b",
             "externalIdentifier": [{"externalIdentifierType": "packageUrl", "identifier": "pkg:npm/b@2"}]},
            {"type": "Relationship", "from": "urn:top", "to": ["urn:a"], "relationshipType": "dependsOn"},
            {"type": "LifecycleScopedRelationship", "from": "urn:a", "to": ["urn:b"], "relationshipType": "dependsOn",
             "scope": "test"},
            {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l",
             "simplelicensing_licenseExpression": "mit or zlib"},
            {"type": "Relationship", "from": "urn:a", "to": ["urn:l"], "relationshipType": "hasDeclaredLicense"},
            {"type": "ai_AIPackage", "spdxId": "urn:m", "name": "model"},
        )
    )  # fmt: skip
    a, b = bill.parts
    assert (bill.source, [t.name for t in bill.tools], bill.authors) == ("SPDX 3.0.1 JSON", ["maker"], ("Jo",))
    assert bill.subject is not None
    assert bill.subject.depends_on == ("urn:a",)
    assert (a.component.purl, a.component.licenses, a.component.hashes) == ("pkg:pypi/a@1", ("MIT OR Zlib",), (SHA,))
    assert (a.supplier, a.depends_on, b.component.purl, b.component.scope) == ("Jo", ("urn:b",), "pkg:npm/b@2", "test")
    assert [(each.what, each.harmless) for each in bill.left] == [("an element of type ai_AIPackage", False)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello", "no bill of materials"),
        (b"{}", "no bill of materials"),
        (b'<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#">', "SPDX in RDF, which is not read"),
        (cyclonedx(specVersion="1.1"), "CycloneDX 1.1; 1.2 to 1.7 are read"),
        (cyclonedx(specVersion="2.0"), "CycloneDX 2.0"),
        (spdx(spdxVersion="SPDX-2.1"), "SPDX 2.1; 2.2, 2.3 and 3.0 are read"),
        (cyclonedx()[:-1], "broken JSON"),
        (cyclonedx(components="[" * 3).replace(b'"[[["', b"[" * 100 + b"]" * 100), "nested deeper"),
        (
            b'<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4">&a;</bom>',
            "document type",
        ),
        (b'<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>', "broken XML"),
        (b"SPDXVersion: SPDX-2.3\nPackageName: <text>a", "never closed"),
        (b'{"@context": "https://example.org", "@graph": [{"spdxId": "x"}]}', "no SPDX 3 document in the form"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_file(content: bytes, words: str) -> None:
    with pytest.raises(SbomError, match=words) as caught:
        read_bill(content, where="some/file")
    assert "some/file" in str(caught.value)
    assert caught.value.next_step


def test_components_are_named_as_advisories_name_them() -> None:
    purls = ["pkg:npm/%40acme/ui@1", "pkg:maven/org.acme/core@2", "pkg:golang/github.com/a/b@v1.0.0",
             "pkg:deb/debian/curl@7.88?arch=amd64&distro=debian-12",
             "pkg:apk/alpine/curl@8?distro=alpine-3.19.1"]  # fmt: skip
    bill = read_bill(cyclonedx(components=[{"type": "library", "name": "x", "purl": purl} for purl in purls]))
    assert [(c.ecosystem, c.name, c.version) for c in components(bill, found_in="bom.json")] == [
        ("npm", "@acme/ui", "1"),
        ("Maven", "org.acme:core", "2"),
        ("Go", "github.com/a/b", "v1.0.0"),
        ("Debian:12", "curl", "7.88"),
        ("Alpine:v3.19", "curl", "8"),
    ]
    assert unjudgeable(bill) == ()


def test_what_cannot_be_judged_is_a_gap() -> None:
    bill = read_bill(
        cyclonedx(
            metadata={"properties": [{"name": "pavedroad:gap", "value": "a.txt is not pinned"}]},
            components=[
                {"type": "library", "name": "no purl", "version": "1"},
                {"type": "file", "name": "a file"},
                {"type": "library", "name": "broken", "purl": "pkg:"},
                {"type": "library", "name": "odd", "purl": "pkg:generic/odd@1"},
                {"type": "library", "name": "loose", "purl": "pkg:pypi/loose"},
            ],
        )
    )
    gaps = {gap.reason: gap.examples for gap in unjudgeable(bill) if not gap.harmless}
    assert gaps == {
        "a component without a purl, so without an ecosystem": ("no purl",),
        "a component whose purl is broken": ("pkg:",),
        "a component of an ecosystem without advisories": ("pkg:generic/odd@1",),
        "a component without a version": ("pkg:pypi/loose",),
        "the bill says: a.txt is not pinned": (),
    }
