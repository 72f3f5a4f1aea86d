"""The three formats: what is read how, what is left and told, and that what is written is valid."""

import json
from typing import Any

import msgspec
import pytest

from pavedroad.core.vex import Justification, VexStatus
from pavedroad.vex import Document, Product, VexError, known_formats, read_vex, write_vex
from pavedroad.vex.formats.cyclonedx import JUSTIFICATIONS, STATES
from tests.support.vex_documents import SHOP, sample_document


def document(tree: dict[str, Any]) -> Document:
    return read_vex(json.dumps(tree).encode(), where="a.json")


def openvex(*statements: Any, context: str = "https://openvex.dev/ns/v0.2.0", **more: Any) -> Document:
    return document({"@context": context, "author": "A", "statements": list(statements), **more})


def bill(*vulnerabilities: Any, version: str = "1.6", **more: Any) -> Document:
    components = [
        {"type": "library", "bom-ref": "c1", "name": "flask", "purl": "pkg:pypi/flask@3.1",
         "components": [{"type": "library", "bom-ref": "c2", "name": "jinja2", "purl": "pkg:pypi/jinja2"}]},
        {"type": "library", "bom-ref": "c3", "name": "nameless"},
    ]  # fmt: skip
    tree = {"bomFormat": "CycloneDX", "specVersion": version, "components": components, **more}
    return document({**tree, "vulnerabilities": list(vulnerabilities)})


def advisory(vulnerability: dict[str, Any], **head: Any) -> Document:
    helper = {"product_identification_helper": {"purl": "pkg:pypi/flask@3.1"}}
    part = {"product_identification_helper": {"purl": "pkg:pypi/jinja2@3.1.2"}}
    tree = {
        "branches": [
            {"category": "vendor", "name": "V", "branches": [
                {"category": "product_version", "name": "1", "product": {"product_id": "P1", "name": "f", **helper}},
                {"category": "product_version", "name": "2", "product": {"product_id": "P0", "name": "nameless"}},
            ]}
        ],
        "full_product_names": [{"product_id": "P2", "name": "jinja2", **part}],
        "relationships": [
            {"category": "default_component_of", "product_reference": "P2", "relates_to_product_reference": "P1",
             "full_product_name": {"product_id": "R1", "name": "jinja2 in flask"}}
        ],
        "product_groups": [{"group_id": "G1", "product_ids": ["P1", "P2"]}],
    }  # fmt: skip
    tracking = {"id": "X-1", "version": "1", "current_release_date": "2026-01-31T00:00:00Z"}
    return document(
        {
            "document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {"name": "V"},
                         "tracking": tracking, **head},
            "product_tree": tree,
            "vulnerabilities": [vulnerability],
        }
    )  # fmt: skip


def test_openvex_of_both_generations_is_read() -> None:
    new = {
        "vulnerability": {"@id": "https://nvd.nist.gov/vuln/detail/CVE-2026-1", "aliases": ["GHSA-a-b-c"]},
        "products": [{"@id": "x", "identifiers": {"purl": "pkg:oci/shop"}, "subcomponents": [{"@id": "pkg:npm/a@1"}]}],
        "status": "not_affected",
        "impact_statement": "no",
    }
    old = {"vulnerability": "CVE-2026-1", "products": [SHOP], "subcomponents": ["pkg:npm/a@1"], "status": "fixed"}
    for statement, context in ((new, "https://openvex.dev/ns/v0.2.0"), (old, "https://openvex.dev/ns")):
        (said,) = openvex(statement, context=context, timestamp="2026-01-31T00:00:00Z").statements
        assert said.vulnerability == "CVE-2026-1"
        assert said.products == (Product(purl=SHOP, subcomponents=("pkg:npm/a@1",)),)
        assert said.timestamp, "it has the time of its document"


def test_a_part_without_purl_never_makes_the_statement_one_about_the_whole_product() -> None:
    read = openvex(
        {"vulnerability": {"name": "CVE-2026-1"}, "status": "fixed",
         "products": [{"@id": SHOP, "subcomponents": [{"@id": "https://example.com/part"}]}]}
    )  # fmt: skip
    assert read.statements == ()
    assert {left.what for left in read.left} == {
        "a subcomponent that has no purl",
        "a statement about no product that has a purl",
    }


def test_openvex_of_an_unknown_version_is_an_error() -> None:
    with pytest.raises(VexError, match="not known"):
        openvex(context="https://openvex.dev/ns/v9.9.9")


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_of_cyclonedx_has_a_status(state: str) -> None:
    (said,) = bill({"id": "CVE-2026-1", "analysis": {"state": state}, "affects": [{"ref": "c1"}]}).statements
    assert said.status is STATES[state]


@pytest.mark.parametrize("word", sorted(JUSTIFICATIONS))
def test_every_justification_of_cyclonedx_survives_a_round_trip(word: str) -> None:
    analysis = {"state": "not_affected", "justification": word}
    read = bill({"id": "CVE-2026-1", "analysis": analysis, "affects": [{"ref": "c2"}]})
    assert read.statements[0].justification is JUSTIFICATIONS[word]
    assert json.loads(write_vex(read, "cyclonedx"))["vulnerabilities"][0]["analysis"]["justification"] == word


def test_references_of_cyclonedx_lead_to_components_purls_and_other_bills() -> None:
    refs = ["c1", "pkg:npm/a@1", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/b%401", "c3", "nobody"]
    read = bill({"id": "CVE-2026-1", "analysis": {"state": "resolved"}, "affects": [{"ref": ref} for ref in refs]})
    assert [p.purl for p in read.statements[0].products] == ["pkg:pypi/flask@3.1", "pkg:npm/a@1", "pkg:npm/b@1"]
    assert [(left.count, left.examples) for left in read.left] == [(2, ("c3", "nobody"))]


def test_a_component_of_a_bill_with_a_named_subject_is_a_part_of_it() -> None:
    subject = {"type": "container", "bom-ref": "s", "name": "shop", "purl": SHOP}
    affects = [{"ref": "c1"}, {"ref": "s"}]
    read = bill({"id": "CVE-2026-1", "analysis": {"state": "resolved"}, "affects": affects[:1]},
                metadata={"component": subject})  # fmt: skip
    assert read.statements[0].products == (Product(purl=SHOP, subcomponents=("pkg:pypi/flask@3.1",)),)
    read = bill({"id": "CVE-2026-1", "analysis": {"state": "resolved"}, "affects": affects},
                metadata={"component": subject})  # fmt: skip
    assert read.statements[0].products == (Product(purl=SHOP),)


def test_versions_of_cyclonedx_narrow_the_statement_and_ranges_are_told() -> None:
    versions: list[dict[str, str]] = [{"version": "1.0"}, {"range": "vers:pypi/<2"}]
    raw = {"id": "CVE-2026-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "c2", "versions": versions}]}
    read = bill(raw)
    assert [p.purl for p in read.statements[0].products] == ["pkg:pypi/jinja2@1.0"]
    assert read.left[0].what == "a range of versions that a statement is about"
    raw["affects"] = [{"ref": "c2", "versions": versions[1:]}]
    assert bill(raw).statements == ()


def test_a_vulnerability_without_analysis_states_nothing_and_is_counted() -> None:
    read = bill({"id": "CVE-2026-1", "affects": [{"ref": "c1"}]})
    assert (read.statements, read.left[0].what) == ((), "a vulnerability without an analysis")
    with pytest.raises(VexError, match=r"1\.3"):
        bill(version="1.3")


def test_csaf_follows_branches_relationships_groups_and_gives_each_product_its_reason() -> None:
    read = advisory(
        {
            "cve": "CVE-2026-1",
            "ids": [{"system_name": "GHSA", "text": "GHSA-a-b-c"}],
            "product_status": {
                "known_not_affected": ["R1", "P1", "P0"],
                "known_affected": ["P2"],
                "recommended": ["P1"],
            },
            "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["R1"], "date": "2026-02-01T00:00:00Z"}],
            "threats": [{"category": "impact", "details": "not compiled in", "group_ids": ["G1"]}],
            "remediations": [{"category": "no_fix_planned", "details": "accepted", "product_ids": ["P2"]}],
        }
    )
    inside, alone, affected = read.statements
    assert inside.products == (Product(purl="pkg:pypi/flask@3.1", subcomponents=("pkg:pypi/jinja2@3.1.2",)),)
    assert inside.justification is Justification.CODE_NOT_PRESENT
    assert inside.timestamp
    assert inside.timestamp.month == 2
    assert (alone.impact, alone.justification) == ("not compiled in", None)
    assert (affected.status, affected.wont_fix, affected.action) == (VexStatus.AFFECTED, True, "accepted")
    assert (inside.aliases, read.author) == (("GHSA-a-b-c",), "V")
    assert read.left[0].examples == ("P0",)


@pytest.mark.parametrize("head", [{"csaf_version": "3.0"}, {"category": "csaf_base"}])
def test_csaf_of_another_version_or_category_is_an_error(head: dict[str, str]) -> None:
    with pytest.raises(VexError):
        advisory({"cve": "CVE-2026-1"}, **head)


def test_cyclonedx_is_valid_by_the_official_schema() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    errors = JsonStrictValidator(SchemaVersion.V1_6).validate_str(write_vex(sample_document(), "cyclonedx").decode())
    assert errors is None, errors


def test_an_accepted_risk_has_the_words_that_each_format_has_for_it() -> None:
    trees = {name: json.loads(write_vex(sample_document(), name)) for name in known_formats()}
    assert trees["cyclonedx"]["vulnerabilities"][0]["analysis"]["state"] == "exploitable"
    assert trees["cyclonedx"]["vulnerabilities"][0]["analysis"]["response"] == ["will_not_fix"]
    said = trees["openvex"]["statements"][0]
    assert (said["status"], bool(said["action_statement"])) == ("affected", True)
    flaw = trees["csaf"]["vulnerabilities"][0]
    assert flaw["remediations"][0]["category"] == "no_fix_planned"
    assert "known_not_affected" not in flaw["product_status"]


def test_openvex_has_all_that_its_specification_requires() -> None:
    tree = json.loads(write_vex(sample_document(), "openvex"))
    assert {"@context", "@id", "author", "timestamp", "version", "statements"} <= set(tree)
    assert isinstance(tree["version"], int)
    for said in tree["statements"]:
        assert {"vulnerability", "products", "status", "timestamp"} <= set(said)
        assert ("justification" in said or "impact_statement" in said) is (said["status"] == "not_affected")
        assert ("action_statement" in said) is (said["status"] == "affected")


def test_csaf_has_all_that_its_profile_for_vex_requires() -> None:
    tree = json.loads(write_vex(sample_document(), "csaf"))
    head = tree["document"]
    assert (head["category"], head["csaf_version"]) == ("csaf_vex", "2.0")
    assert set(head["publisher"]) == {"category", "name", "namespace"}
    assert head["tracking"]["revision_history"][-1]["number"] == head["tracking"]["version"]
    names = {p["product_id"] for p in tree["product_tree"]["full_product_names"]}
    related = {r["full_product_name"]["product_id"] for r in tree["product_tree"]["relationships"]}
    for flaw in tree["vulnerabilities"]:
        assert "cve" in flaw or flaw["ids"]
        assert flaw["notes"]
        status = flaw["product_status"]
        listed = [name for group in status.values() for name in group]
        assert len(listed) == len(set(listed)), "no product has two statuses"
        assert set(listed) <= names | related
        reasoned = {n for key in ("flags", "threats") for each in flaw.get(key, ()) for n in each["product_ids"]}
        assert set(status.get("known_not_affected", ())) <= reasoned
        acted = {n for each in flaw.get("remediations", ()) for n in each["product_ids"]}
        assert set(status.get("known_affected", ())) <= acted


def test_documents_over_the_bounds_are_refused() -> None:
    products = [{"@id": f"pkg:npm/a{number}"} for number in range(1000)]
    statement = {"vulnerability": {"name": "CVE-2026-1"}, "products": products, "status": "fixed"}
    with pytest.raises(VexError, match="more than"):
        known_formats()["openvex"].read({"@context": "https://openvex.dev/ns/v0.2.0", "statements": [statement] * 1001})


def test_only_the_time_changes_when_only_the_time_changes() -> None:
    later = msgspec.structs.replace(sample_document(), id="urn:x")
    assert write_vex(later, "openvex") == write_vex(later, "openvex")


def test_text_that_cannot_be_encoded_and_odd_versions_are_borne() -> None:
    versions: tuple[object, ...] = ("\ud800", True, 10**50, None, {})
    for version in versions:
        read = openvex({"vulnerability": "CVE-2026-1\ud800", "products": [SHOP], "status": "fixed"}, version=version)
        for name in known_formats():
            assert write_vex(read, name)
