"""SARIF 2.1.0 as GitHub code scanning takes it: shape, limits, identity, and an exact account of what is left out."""

import gzip
import json
import random
from typing import Any

import jsonschema
import msgspec
import pytest

from pavedroad.core import Change, Coverage, CoverageStatus, Judged, Location, Mode, Outcome, Region, Run, Severity
from pavedroad.reports import ReportContext, formats
from pavedroad.reports.formats import sarif
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run
from tests.support.sample_run import clean_run, finding, many, sample_run

POSITIVE = {"type": "integer", "minimum": 1}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
SHORT_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 1024}}}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), POSITIVE),
        "snippet": TEXT,
    },
}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "pattern": r"^(?!/)[A-Za-z0-9/._~!$&'()*+,;=@%-]+$"}},
                },
                "region": REGION,
            },
        },
        "message": TEXT,
    },
}
# The constraints of the standard (sections named in brackets) and of GitHub on what we write, in our own words.
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results", "invocations", "automationDetails"],
                "properties": {
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "maxItems": 25_000,
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id", "shortDescription", "fullDescription", "help"],
                                            "properties": {
                                                "id": {"type": "string", "minLength": 1, "maxLength": 255},
                                                "shortDescription": SHORT_TEXT,
                                                "fullDescription": SHORT_TEXT,
                                                "help": {"required": ["text", "markdown"]},
                                                "helpUri": {"type": "string", "pattern": "^https?://"},
                                                "properties": {
                                                    "required": ["tags", "precision"],
                                                    "properties": {
                                                        "tags": {"maxItems": 20, "uniqueItems": True},
                                                        "precision": {"enum": ["very-high", "high", "medium", "low"]},
                                                        "security-severity": {
                                                            "type": "string",
                                                            "pattern": r"^(10|\d)\.\d$",
                                                        },
                                                    },
                                                },
                                            },
                                        },
                                    }
                                },
                            }
                        }
                    },
                    "automationDetails": {"properties": {"id": {"pattern": "^pavedroad/[A-Za-z0-9._-]*$"}}},
                    "invocations": {
                        "minItems": 1,
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "items": {
                                        "required": ["message"],
                                        "properties": {
                                            "level": {"enum": ["none", "note", "warning", "error"]},
                                            "message": TEXT,
                                        },
                                    }
                                },
                            },
                        },
                    },
                    "results": {
                        "maxItems": 25_000,
                        "items": {
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "locations": {"minItems": 1, "maxItems": 1, "items": LOCATION},
                                "partialFingerprints": {
                                    "required": ["primaryLocationLineHash", "pavedroad/v1"],
                                    "additionalProperties": {"type": "string", "minLength": 1},
                                },
                                "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
                                "suppressions": {
                                    "items": {
                                        "required": ["kind", "status", "justification"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {"const": "accepted"},
                                        },
                                    }
                                },
                                "codeFlows": {
                                    "items": {
                                        "required": ["threadFlows"],
                                        "properties": {
                                            "threadFlows": {
                                                "minItems": 1,
                                                "items": {
                                                    "properties": {
                                                        "locations": {
                                                            "minItems": 1,
                                                            "maxItems": 1000,
                                                            "items": {"properties": {"location": LOCATION}},
                                                        }
                                                    }
                                                },
                                            }
                                        },
                                    }
                                },
                                "fixes": {
                                    "items": {
                                        "required": ["artifactChanges"],
                                        "properties": {
                                            "artifactChanges": {
                                                "minItems": 1,
                                                "items": {
                                                    "required": ["artifactLocation", "replacements"],
                                                    "properties": {
                                                        "replacements": {
                                                            "minItems": 1,
                                                            "items": {
                                                                "required": ["deletedRegion"],
                                                                "properties": {"deletedRegion": REGION},
                                                            },
                                                        }
                                                    },
                                                },
                                            }
                                        },
                                    }
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SARIF)


def raw(run: Run) -> bytes:
    return formats()["sarif"].render(run, ReportContext())


def log(run: Run) -> dict[str, Any]:
    """The only run of the log, after it was found valid."""
    document = json.loads(raw(run))
    VALIDATOR.validate(document)
    (only,) = document["runs"]
    assert isinstance(only, dict)
    rules = only["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in only["results"])
    return only


def results(run: Run) -> dict[str, dict[str, Any]]:
    return {result["ruleId"]: result for result in log(run)["results"]}


@pytest.mark.parametrize("run", [sample_run(), clean_run(), sample_run(Outcome.INCOMPLETE), *map(hostile_run, HOSTILE)])
def test_every_log_keeps_the_constraints_of_the_standard_and_of_github(run: Run) -> None:
    log(run)


def test_a_rule_carries_what_github_shows() -> None:
    rules = {rule["id"]: rule for rule in log(sample_run())["tool"]["driver"]["rules"]}
    key = rules["secrets/aws-access-key"]
    assert key["shortDescription"]["text"] == "AWS access key"
    assert key["fullDescription"]["text"] == "Whoever holds the key acts as its owner."
    assert key["help"]["markdown"].startswith("# AWS access key")
    assert key["properties"]["security-severity"] == "9.5"
    assert key["properties"]["tags"] == ["security", "secrets", "external/cwe/cwe-798"]
    assert rules["dependencies/GHSA-cpwx-vrp4-4pq7"]["properties"]["security-severity"] == "8.8"


def test_a_score_that_contradicts_our_severity_gives_way_to_it() -> None:
    judged = Judged(finding=finding(severity=Severity.CRITICAL, score=3.0))
    (rule,) = log(sample_run(findings=(judged,)))["tool"]["driver"]["rules"]
    assert rule["properties"]["security-severity"] == "9.5"


def test_an_unknown_severity_is_not_written_as_a_score() -> None:
    judged = Judged(finding=finding(severity=Severity.UNKNOWN))
    (rule,) = log(sample_run(findings=(judged,)))["tool"]["driver"]["rules"]
    assert "security-severity" not in rule["properties"]


def test_a_fingerprint_survives_a_line_shift_and_a_rename() -> None:
    def hashes(**place: Any) -> dict[str, str]:
        judged = Judged(finding=finding(location=Location(**place)))
        prints = log(sample_run(findings=(judged,)))["results"][0]["partialFingerprints"]
        assert isinstance(prints, dict)
        return prints

    before = hashes(path="a.py", region=Region.of_line(3))
    assert hashes(path="b.py", region=Region.of_line(300)) == before
    assert before["pavedroad/v1"] == finding().fingerprint


def test_equal_findings_in_two_places_stay_two_alerts() -> None:
    copies = tuple(Judged(finding=finding(location=Location(path=path))) for path in ("a.py", "b.py"))
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in log(sample_run(findings=copies))["results"]]
    assert [text.partition(":")[2] for text in hashes] == ["1", "2"]
    assert len({text.partition(":")[0] for text in hashes}) == 1


def test_urgency_is_in_the_properties_and_not_in_the_score_or_the_identity() -> None:
    calm = sample_run(findings=tuple(msgspec.structs.replace(j, priority=None) for j in sample_run().findings))
    before, after = (results(run)["dependencies/GHSA-cpwx-vrp4-4pq7"] for run in (calm, sample_run()))
    assert after["partialFingerprints"] == before["partialFingerprints"]
    assert "due" not in before["properties"]
    said = after["properties"]
    assert (said["tier"], said["due"], said["kev"], said["epss"]) == ("3 days", "2026-11-20", True, 0.943)
    assert said["vectors"] == ["CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"]
    rules = {rule["id"]: rule for rule in log(sample_run())["tool"]["driver"]["rules"]}
    assert rules["dependencies/GHSA-cpwx-vrp4-4pq7"]["properties"]["security-severity"] == "8.8"


def test_a_package_of_an_image_names_its_layer_and_the_flaws_passed_on() -> None:
    said = results(image_run())["dependencies/DSA-5999-1"]["properties"]
    assert said["layer"].startswith("sha256:1a1a")
    assert said["upstream"] == ["CVE-2026-0101", "CVE-2026-0102"]


def test_waived_findings_are_suppressed_with_their_reason() -> None:
    said = [r["suppressions"][0] for r in log(sample_run())["results"] if "suppressions" in r]
    assert [s["kind"] for s in said] == ["external", "inSource"]
    assert said[0]["justification"].startswith("W-2026-014: test key of the sandbox")
    assert "checksum only" in said[1]["justification"]


def test_what_is_new_and_what_was_known_is_told_where_it_is_known() -> None:
    states = [result.get("baselineState") for result in log(sample_run())["results"]]
    assert states == ["new"] * 5 + [None, "unchanged", "new", "unchanged"]


def test_a_data_flow_becomes_a_code_flow() -> None:
    (flow,) = results(sample_run())["workflows/template-injection"]["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == [
        "anyone can open an issue",
        "its title is pasted here",
    ]


def test_a_fix_is_written_exactly() -> None:
    (fix,) = results(sample_run())["secrets/aws-access-key"]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"][0] == {
        "deletedRegion": {"startLine": 41, "startColumn": 21, "endLine": 41, "endColumn": 43},
        "insertedContent": {"text": 'os.environ["AWS_ACCESS_KEY_ID"]'},
    }


@pytest.mark.parametrize(
    ("region", "written"),
    [
        (None, {"startLine": 1}),
        (Region(start_line=0, end_line=0), {"startLine": 1}),
        (Region.of_line(7), {"startLine": 7, "endLine": 7}),
        (Region.of_line(7, 3, 9), {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 9}),
        (Region.of_line(7, 9, 3), {"startLine": 7, "endLine": 7, "startColumn": 9}),
        (Region(start_line=7, end_line=2), {"startLine": 7, "endLine": 7}),
        (Region(start_line=2, end_line=4), {"startLine": 2, "startColumn": 1, "endLine": 4, "endColumn": 1}),
    ],
)
def test_every_region_is_valid_even_one_without_a_line(region: Region | None, written: dict[str, int]) -> None:
    judged = Judged(finding=finding(location=Location(path="a", region=region)))
    (result,) = log(sample_run(findings=(judged,)))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == written


def test_a_commit_is_never_part_of_a_location() -> None:
    judged = Judged(finding=finding(location=Location(path="a.py", commit="c0ffee")))
    (result,) = log(sample_run(findings=(judged,)))["results"]
    assert "c0ffee" not in json.dumps(result["locations"])
    assert result["properties"]["commit"] == "c0ffee"


def test_text_from_a_repository_makes_no_link_in_a_message() -> None:
    assert "](" not in results(hostile_run(HOSTILE[3])).popitem()[1]["message"]["text"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_a_run_with_a_verdict_counts_as_executed(outcome: Outcome) -> None:
    (invocation,) = log(sample_run(outcome))["invocations"]
    assert invocation["executionSuccessful"] is (outcome is not Outcome.INCOMPLETE)


def test_a_failed_scanner_is_an_error_and_its_gaps_are_notifications() -> None:
    failed = Coverage(scanner="iac", kind="iac", status=CoverageStatus.FAILED)
    (invocation,) = log(clean_run(coverage=(failed,)))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["error"]


def test_too_many_results_lose_the_least_severe_and_say_how_many() -> None:
    serious = many(3, severity=Severity.CRITICAL)
    only = log(sample_run(findings=(*many(25_050, mode=Mode.WARN, severity=Severity.LOW), *serious)))
    assert len(only["results"]) == sarif.MAX_RESULTS
    assert sum(result["properties"]["severity"] == "critical" for result in only["results"]) == 3
    assert only["properties"]["omittedResults"] == 53
    text = only["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert text.startswith("53 of 25,053 results are left out, the least severe first (53 low)")


def test_a_log_over_the_size_limit_is_trimmed_until_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_GZIP_BYTES", 300_000)
    noise = random.Random(1)  # noqa: S311 - incompressible filler
    findings = tuple(
        Judged(finding=finding(i, message=noise.randbytes(400).hex()), change=Change.NEW) for i in range(1_000)
    )
    report = raw(sample_run(findings=findings))
    assert len(gzip.compress(report)) <= 300_000
    only = json.loads(report)["runs"][0]
    assert 0 < len(only["results"]) == 1_000 - only["properties"]["omittedResults"]


def test_a_fingerprint_does_not_depend_on_what_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    copies = tuple(
        Judged(finding=finding(severity=severity, location=Location(path=path)))
        for path, severity in (("a.py", Severity.LOW), ("b.py", Severity.HIGH))
    )
    whole = log(sample_run(findings=copies))["results"][1]["partialFingerprints"]
    monkeypatch.setattr(sarif, "MAX_RESULTS", 1)
    (kept,) = log(sample_run(findings=copies))["results"]
    assert kept["partialFingerprints"] == whole
