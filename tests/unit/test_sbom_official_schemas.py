"""What is written is valid by the official schemas, and the reference libraries read the same out of it."""

import json
import warnings
from io import StringIO
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as TheirComponent
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
from hypothesis import given, settings
from packageurl import PackageURL
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from spdx_tools.spdx.writer.tagvalue.tagvalue_writer import write_document

from pavedroad.sbom import read_bill, write_bill
from pavedroad.sbom.model import Bill
from tests.support.bills import bills, sample_bill

VERSIONS = {"1.2": SchemaVersion.V1_2, "1.3": SchemaVersion.V1_3, "1.4": SchemaVersion.V1_4, "1.5": SchemaVersion.V1_5,
            "1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}  # fmt: skip
JSON_1_6, XML_1_6 = JsonStrictValidator(SchemaVersion.V1_6), XmlValidator(SchemaVersion.V1_6)


def spdx_document(bill: Bill) -> Any:
    parser: Any = JsonLikeDictParser
    return parser().parse(json.loads(write_bill(bill, "spdx-json")))


def test_the_sample_is_valid_in_every_format() -> None:
    assert JSON_1_6.validate_str(write_bill(sample_bill(), "cyclonedx-json").decode()) is None
    assert XML_1_6.validate_str(write_bill(sample_bill(), "cyclonedx-xml").decode()) is None
    assert validate_full_spdx_document(spdx_document(sample_bill())) == []


@given(bill=bills())
@settings(max_examples=40)
def test_any_bill_is_valid_cyclonedx(bill: Bill) -> None:
    assert JSON_1_6.validate_str(write_bill(bill, "cyclonedx-json").decode()) is None
    assert XML_1_6.validate_str(write_bill(bill, "cyclonedx-xml").decode()) is None


@given(bill=bills())
@settings(max_examples=15)
def test_any_bill_is_valid_spdx(bill: Bill) -> None:
    assert [str(m.validation_message) for m in validate_full_spdx_document(spdx_document(bill))] == []


def test_the_cyclonedx_library_reads_the_same_components_and_edges() -> None:
    library: Any = Bom  # its readers are made at run time
    theirs = library.from_json(json.loads(write_bill(sample_bill(), "cyclonedx-json")))
    assert {str(c.purl) for c in theirs.components} == {
        p.component.purl for p in sample_bill().parts if p.component.purl
    }
    edges = {str(d.ref): {str(t.ref) for t in d.dependencies} for d in theirs.dependencies}
    assert edges["pkg:pypi/flask@3.1"] == {"pkg:pypi/jinja2@3.1"}
    flask = next(c for c in theirs.components if c.name == "flask")
    assert {(h.alg.value, h.content) for h in flask.hashes} == {("SHA-256", "ab" * 32), ("MD5", "cd" * 16)}


def test_the_spdx_library_reads_the_same_packages_and_edges() -> None:
    document = spdx_document(sample_bill())
    assert {p.name for p in document.packages} == {"shop", "flask", "jinja2", "@acme/ui", "vendored thing"}
    kinds = [r.relationship_type.name for r in document.relationships]
    assert kinds.count("DESCRIBES") == 1
    assert kinds.count("DEPENDS_ON") == 5  # two edges, one NONE, two NOASSERTION


@pytest.mark.parametrize("form", ["JSON", "XML"])
@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_cyclonedx_library_writes_is_read_in_every_version(version: str, form: str) -> None:
    names = ("left", "right")
    listed = [
        TheirComponent(name=name, version="1", purl=PackageURL("pypi", None, name, "1"), bom_ref=name) for name in names
    ]
    bom = Bom(components=listed)
    bom.metadata.component = TheirComponent(name="app", bom_ref="app")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bom.register_dependency(bom.metadata.component, [listed[0]])
        bom.register_dependency(listed[0], [listed[1]])
        text = make_outputter(bom, OutputFormat[form], VERSIONS[version]).output_as_string()
    bill = read_bill(text.encode())
    assert bill.source == f"CycloneDX {version} {form}"
    assert [p.component.purl for p in bill.parts] == ["pkg:pypi/left@1", "pkg:pypi/right@1"]
    assert bill.subject is not None
    assert bill.subject.component.name == "app"
    assert bill.subject.depends_on == ("left",)
    assert bill.parts[0].depends_on == ("right",)
    assert [left for left in bill.left if not left.harmless] == []


def test_the_tag_value_form_of_the_spdx_library_says_the_same_as_our_json() -> None:
    text = StringIO()
    write_document(spdx_document(sample_bill()), text)
    tagged, plain = read_bill(text.getvalue().encode()), read_bill(write_bill(sample_bill(), "spdx-json"))
    assert [(p.ref, p.component.purl, p.component.licenses, p.component.hashes, p.depends_on, p.occurrences, p.within)
            for p in tagged.parts if p.component.name != "vendored thing"] == [
           (p.ref, p.component.purl, p.component.licenses, p.component.hashes, p.depends_on, p.occurrences, p.within)
            for p in plain.parts if p.component.name != "vendored thing"]  # fmt: skip
    assert tagged.subject is not None
    assert tagged.subject.component.name == "shop"
    assert tagged.source == "SPDX 2.3 tag-value"
