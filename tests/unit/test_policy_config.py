"""paved.yaml: defaults without a file, complaints that name line, key and what was meant, and a true JSON Schema."""

from typing import Any

import jsonschema
import pytest

from pavedroad.core import Severity, UsageError
from pavedroad.policy import config_schema
from pavedroad.policy.config import Inline, Shortfall
from tests.support.policy_samples import config

WHOLE = """
version: 1
project: {name: shop}
scan:
  only: [secrets, dependencies]
  ignore: ["vendor/"]
  limits: {file_size: 10MiB, files: 1000, seconds: 60, findings: 500}
scanners:
  secrets: {anything: [1, 2]}
network: false
gate:
  unknown_severity: critical
  modes: {iac: warn, "*": block}
  branches:
    - {match: "release/*", modes: {iac: block}}
  rules:
    - id: old-and-fixable
      kinds: [dependencies]
      rules: ["dependencies/CVE-*"]
      severity: medium
      confidence: high
      scope: all
      older_than: 30d
      fixable: true
      paths: ["src/**"]
      mode: warn
      because: it has been fixable for a month
  coverage:
    require: [secrets]
    data_max_age: {dependencies: 7d, "*": {warn: 2d, incomplete: 3w}}
waivers: {max_days: 90, inline: honour}
"""


def complaint(text: str) -> str:
    """What is said about a broken file."""
    with pytest.raises(UsageError) as caught:
        config(text)
    return str(caught.value)


def test_no_file_is_the_default_policy() -> None:
    given = config()
    assert given.scan.limits.file_size_bytes == 25 * 1024 * 1024
    assert given.gate.unknown_severity is Severity.HIGH
    assert given.gate.coverage.on_error is Shortfall.INCOMPLETE
    assert given.waivers.max_days == 365
    assert given.waivers.inline is Inline.WARNINGS
    assert given.network is False


def test_every_setting_can_be_written() -> None:
    given = config(WHOLE)
    assert given.scan.limits.file_size_bytes == 10 * 1024 * 1024
    assert given.gate.rules[0].severity is Severity.MEDIUM
    assert given.scanners == {"secrets": {"anything": [1, 2]}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gate:\n  rules:\n    - id: a\n    - id: b\n    - id: c\n      severty: high\n", "gate.rules[2].severty"),
        ("gate:\n  rules:\n    - id: a\n      severty: high\n", "did you mean 'severity'?"),
        ("gate:\n  rules:\n    - id: a\n      severty: high\n", "paved.yaml:4"),
        ("vesion: 1\n", "did you mean 'version'? keys there: asset, gate, licenses, network, priority,"),
        ("gate:\n  modes:\n    iac: wran\n", "did you mean 'warn'?"),
        ("gate:\n  rules:\n    - mode: block\n", "gate.rules[0]: the key 'id' is missing"),
        ("version: 2\n", "'2' is not one of the values known"),
        ("network: 1\n", "network: must be true or false, not a whole number"),
        ("scan: {limits: {file_size: 1XB}}\n", "a size is a whole number with a unit"),
        ("gate: {rules: [{id: a, paths: ['[a']}]}\n", "opens '['"),
        ("gate: {rules: [{id: a}, {id: a}]}\n", "two rules are called 'a'"),
        ("gate: {rules: [{id: default-high}]}\n", "is taken"),
        ("gate: {rules: [{id: a, older_than: soon}]}\n", "7d or 2w"),
        ("gate: {coverage: {data_max_age: {x: {warn: 9d, incomplete: 2d}}}}\n", "cannot be older"),
        ("- a\n", "must hold keys and values"),
        ("a: [\n", "broken YAML"),
        ("gate: {}\ngate: {}\n", "stands twice"),
        ("1: 2\n", "paved.yaml"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_meant(text: str, said: str) -> None:
    assert said in complaint(text)


def test_a_key_that_is_too_short_is_refused_without_being_shown() -> None:
    said = complaint("project: {key: hunter2hunter2}\n")
    assert "32 to 128 characters" in said
    assert "hunter2" not in said


def test_what_a_terminal_would_obey_is_not_repeated() -> None:
    assert "\x1b" not in complaint('"\\e[2Jgate": 1\n')


@pytest.mark.parametrize("text", ["", WHOLE, "gate: {rules: [{id: a, severity: null}]}"])
def test_what_is_accepted_agrees_with_the_schema(text: str) -> None:
    import yaml

    config(text)
    jsonschema.validate(yaml.safe_load(text) or {}, config_schema())


def test_the_schema_refuses_what_the_program_refuses() -> None:
    validator = jsonschema.Draft202012Validator(config_schema())
    validator.check_schema(config_schema())
    assert not validator.is_valid({"gate": {"rules": [{"id": "a", "severty": "high"}]}})
    assert not validator.is_valid({"version": 2})


def test_every_setting_is_described() -> None:
    def undescribed(schema: dict[str, Any]) -> list[str]:
        return [
            f"{section}.{name}"
            for section, body in schema["$defs"].items()
            for name, setting in body.get("properties", {}).items()
            if not setting.get("description") and "$ref" not in setting
        ]

    assert undescribed(config_schema()) == []


def test_the_digest_follows_the_policy_and_not_its_spelling() -> None:
    assert config("").digest() == config("# nothing\nversion: 1\nproject: {name: x}\n").digest()
    assert config("").digest() != config("gate: {unknown_severity: low}").digest()
    assert config("").digest() != config("waivers: {max_days: 30}").digest()
    assert config("").digest() != config("").digest(ledger="aa")
