"""The reference is what the code says: generated, complete, and a schema that accepts what we write."""

import json
import re

import jsonschema
import pytest
import yaml

from pavedroad.cli.init import settings
from pavedroad.reports import dump_run, formats
from pavedroad.scanning.registry import scanners
from scripts import generate_reference, reference_pages
from tests.support.sample_run import sample_run

ROOT = generate_reference.ROOT
REFERENCE = ROOT / generate_reference.REFERENCE


def test_the_committed_reference_is_what_the_code_says() -> None:
    assert generate_reference.differences(ROOT) == []


def test_every_command_has_a_section() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert all(f"## paved {name}\n" in page for name, _ in reference_pages.commands())


@pytest.mark.parametrize(("page", "names"), [("formats.md", formats()), ("scanners.md", scanners())])
def test_every_plug_in_has_a_section(page: str, names: dict[str, object]) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    assert all(f"\n## {name}\n" in text for name in names)


def test_every_variable_that_the_code_reads_is_documented() -> None:
    read: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        read |= set(re.findall(r"(?:environ\.get\(|environ\[|envvar=|_folder\()\s*[\"'](PAVED_[A-Z_]+)", text))
    assert read
    assert read <= set(reference_pages.ENVIRONMENT)


def test_the_published_schema_accepts_what_init_writes_and_refuses_an_unknown_setting() -> None:
    schema = json.loads((REFERENCE / "paved.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(yaml.safe_load(settings.settings_text(settings.fresh_key())))
    assert not validator.is_valid({"gates": {}})


def test_the_settings_that_init_suggests_are_valid_when_uncommented() -> None:
    text = settings.settings_text(settings.fresh_key())
    suggested = re.sub(r"(?m)^# (?=( |scan:|gate:))", "", text)
    schema = json.loads((REFERENCE / "paved.schema.json").read_text(encoding="utf-8"))
    document = yaml.safe_load(suggested)
    assert {"scan", "gate"} <= set(document)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_published_schema_accepts_a_saved_run() -> None:
    schema = json.loads((REFERENCE / "run.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(dump_run(sample_run())))


def test_a_page_that_differs_is_named_with_what_differs() -> None:
    found = generate_reference.differences(ROOT / "tests")
    assert any("docs/reference/commands.md" in diff for diff in found)
