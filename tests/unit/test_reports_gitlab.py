"""GitLab's reports: schema family 15.0, one report for each kind, and code quality."""

import json
import re
import uuid
from typing import Any

import jsonschema
import msgspec
import pytest

from pavedroad.core import Coverage, CoverageStatus, Location, Outcome, Region, Run
from pavedroad.reports import ReportContext, formats
from tests.support.hostile_run import HOSTILE, hostile_run
from tests.support.sample_image import image_run
from tests.support.sample_run import clean_run, many, sample_run, secret

NONEMPTY = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
TOOL = {
    "required": ["id", "name", "version", "vendor"],
    "properties": {"id": NONEMPTY, "name": NONEMPTY, "version": NONEMPTY, "vendor": {"required": ["name"]}},
}
DEPENDENCY = {
    "required": ["package", "version"],
    "properties": {"package": {"required": ["name"]}, "version": {"type": "string"}},
}
DETAIL = {
    "required": ["type", "name", "value"],
    "properties": {"type": {"const": "text"}, "name": NONEMPTY, "value": {"type": "string"}},
}
LOCATIONS: dict[str, Any] = {
    "secret_detection": {
        "required": ["commit"],
        "properties": {"commit": {"required": ["sha"], "properties": {"sha": NONEMPTY}}},
    },
    "dependency_scanning": {
        "required": ["file", "dependency"],
        "properties": {"file": NONEMPTY, "dependency": DEPENDENCY},
    },
    "container_scanning": {
        "required": ["dependency", "operating_system", "image"],
        "properties": {"dependency": DEPENDENCY, "operating_system": NONEMPTY, "image": NONEMPTY},
    },
    "sast": {"properties": {"file": {"type": "string"}, "start_line": {"type": "number"}}},
}
REPORTS = {
    "gitlab-secret-detection": "secret_detection",
    "gitlab-dependency-scanning": "dependency_scanning",
    "gitlab-sast": "sast",
    "gitlab-container-scanning": "container_scanning",
}


def schema(scan_type: str) -> dict[str, Any]:
    """What the 15.0.7 schemas demand of the fields we write, in our own words."""
    return {
        "type": "object",
        "required": ["version", "scan", "vulnerabilities"]
        + (["dependency_files"] if scan_type == "dependency_scanning" else []),
        "properties": {
            "version": {"const": "15.0.7"},
            "schema": {"pattern": "^https?://.+"},
            "scan": {
                "required": ["analyzer", "scanner", "type", "start_time", "end_time", "status"],
                "properties": {
                    "analyzer": TOOL,
                    "scanner": TOOL,
                    "type": {"const": scan_type},
                    "start_time": TIME,
                    "end_time": TIME,
                    "status": {"enum": ["success", "failure"]},
                    "messages": {
                        "items": {
                            "required": ["level", "value"],
                            "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": NONEMPTY},
                        }
                    },
                },
            },
            "vulnerabilities": {
                "items": {
                    "required": ["id", "identifiers", "location"],
                    "properties": {
                        "id": {"pattern": "^[0-9a-f-]{36}$"},
                        "name": {"maxLength": 255},
                        "description": {"maxLength": 1_048_576},
                        "solution": {"maxLength": 7_000},
                        "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                        "identifiers": {
                            "minItems": 1,
                            "items": {
                                "required": ["type", "name", "value"],
                                "properties": {
                                    "type": NONEMPTY,
                                    "name": NONEMPTY,
                                    "value": NONEMPTY,
                                    "url": {"pattern": "^(https?|ftp)://.+"},
                                },
                            },
                        },
                        "links": {
                            "items": {"required": ["url"], "properties": {"url": {"pattern": "^(https?|ftp)://.+"}}}
                        },
                        "location": LOCATIONS[scan_type],
                        "details": {"additionalProperties": DETAIL},
                    },
                }
            },
            "dependency_files": {
                "items": {
                    "required": ["path", "package_manager", "dependencies"],
                    "properties": {
                        "path": NONEMPTY,
                        "package_manager": NONEMPTY,
                        "dependencies": {"items": DEPENDENCY},
                    },
                }
            },
        },
    }


def report(name: str, run: Run) -> Any:
    document = json.loads(formats()[name].render(run, ReportContext()))
    if name in REPORTS:
        jsonschema.Draft7Validator(schema(REPORTS[name])).validate(document)
    return document


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    "run", [sample_run(), clean_run(), sample_run(Outcome.INCOMPLETE), image_run(), *map(hostile_run, HOSTILE)]
)
def test_every_report_keeps_the_constraints_of_the_schema(name: str, run: Run) -> None:
    report(name, run)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("gitlab-secret-detection", {"secrets/aws-access-key"}),
        ("gitlab-dependency-scanning", {"dependencies/GHSA-cpwx-vrp4-4pq7"}),
        ("gitlab-sast", {"workflows/template-injection", "code/weak-hash"}),
    ],
)
def test_each_kind_of_finding_goes_into_its_own_report(name: str, rules: set[str]) -> None:
    found = report(name, sample_run())["vulnerabilities"]
    assert {item["identifiers"][0]["value"] for item in found} == rules


def test_no_unwaived_finding_is_lost_between_the_reports() -> None:
    run = sample_run()
    number = sum(len(report(name, run)["vulnerabilities"]) for name in REPORTS)
    assert number == sum(judged.waived is None for judged in run.findings) == 7


def test_waived_findings_are_left_out_and_counted() -> None:
    messages = report("gitlab-sast", sample_run())["scan"]["messages"]
    assert {"level": "info", "value": "2 waived findings are left out"} in messages


def test_a_run_about_an_image_reports_its_packages_and_its_setup() -> None:
    package, setup = report("gitlab-container-scanning", image_run())["vulnerabilities"]
    assert package["location"] == {
        "image": "registry.example.com/shop/payments",
        "operating_system": "Debian 12",
        "dependency": {"package": {"name": "openssl"}, "version": "3.0.14-1"},
    }
    assert setup["location"]["dependency"]["package"]["name"] == "image:/config.json"


def test_an_image_is_a_successful_scan_and_a_tree_is_none() -> None:
    assert report("gitlab-container-scanning", image_run())["scan"]["status"] == "success"
    tree = report("gitlab-container-scanning", sample_run())
    assert (tree["scan"]["status"], tree["vulnerabilities"]) == ("failure", [])


def test_every_finding_of_an_image_is_in_a_report() -> None:
    names = ("gitlab-container-scanning", "gitlab-sast", "gitlab-secret-detection")
    assert sum(len(report(name, image_run())["vulnerabilities"]) for name in names) == len(image_run().findings)


def test_data_about_exploitation_are_no_look_at_the_source() -> None:
    run = image_run(coverage=[c for c in image_run().coverage if c.kind == "exploitation"])
    assert report("gitlab-sast", run)["scan"]["status"] == "failure"


def test_a_deadline_and_what_is_known_of_exploitation_are_details() -> None:
    (item,) = report("gitlab-dependency-scanning", sample_run())["vulnerabilities"]
    assert {key: each["value"][:18] for key, each in item["details"].items()} == {
        "due": "OVERDUE by 4 days,",
        "tier": "3 days",
        "kev": "CVE-2025-27516 is ",
        "epss": "94.3 % within 30 d",
    }
    assert "CISA KEV" in [link.get("name") for link in item["links"]]


def test_ids_are_stable_uuids_that_ignore_lines_and_differ_between_files() -> None:
    def ids(path: str, line: int) -> list[str]:
        place = Location(path=path, region=Region.of_line(line))
        judged = msgspec.structs.replace(
            sample_run().findings[0], finding=msgspec.structs.replace(secret(), location=place)
        )
        found = report("gitlab-secret-detection", sample_run(findings=(judged, judged)))["vulnerabilities"]
        return [item["id"] for item in found]

    first = ids("a.py", 3)
    assert ids("a.py", 30) == first
    assert ids("b.py", 3) != first
    assert len(set(first)) == 2
    assert all(uuid.UUID(text).version == 5 for text in first)


def test_a_kind_nobody_looked_at_is_a_failed_scan_and_not_an_empty_report() -> None:
    scan = report("gitlab-dependency-scanning", clean_run())["scan"]
    assert scan["status"] == "failure"
    assert scan["messages"][0]["level"] == "fatal"


def test_a_failed_scanner_is_a_failed_scan() -> None:
    failed = Coverage(scanner="secrets", kind="secrets", status=CoverageStatus.FAILED)
    assert report("gitlab-secret-detection", clean_run(coverage=(failed,)))["scan"]["status"] == "failure"


def test_the_dependency_report_lists_the_files_and_their_packages() -> None:
    assert report("gitlab-dependency-scanning", sample_run())["dependency_files"] == [
        {
            "path": "poetry.lock",
            "package_manager": "poetry",
            "dependencies": [{"package": {"name": "jinja2"}, "version": "3.1.2"}],
        }
    ]


def test_markup_from_a_repository_is_dead_in_descriptions() -> None:
    for item in report("gitlab-sast", hostile_run(HOSTILE[2]))["vulnerabilities"]:
        assert "<" not in item["description"] + item["solution"]


def test_code_quality_holds_every_unwaived_finding_once() -> None:
    issues = report("gitlab-code-quality", sample_run(findings=many(300) + many(300)))
    assert len({issue["fingerprint"] for issue in issues}) == 600
    assert all(re.fullmatch("[0-9a-f]{32}", issue["fingerprint"]) for issue in issues)


def test_code_quality_speaks_gitlabs_severities() -> None:
    issues = report("gitlab-code-quality", sample_run())
    assert [issue["severity"] for issue in issues][:2] == ["blocker", "critical"]
    assert issues[0]["location"] == {"path": "payments/settings.py", "lines": {"begin": 41}}
    assert {"major", "minor"} <= {issue["severity"] for issue in issues}
