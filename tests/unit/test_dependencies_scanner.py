"""The scanner as the engine sees it: coverage, findings, identity."""

from pathlib import Path
from typing import Any

import pytest

from pavedroad.core.errors import UsageError
from pavedroad.core.finding import Finding
from pavedroad.core.identity import identify
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.model import Blob, FileResult, ScanSettings
from pavedroad.scanning.scanners.dependencies import SCANNER
from tests.support.osv import CRITICAL_VECTOR, Record, build, record


def settings(base: Path, **options: Any) -> ScanSettings:
    return ScanSettings(key=b"k", user_cache=str(base / "cache"), data=str(base / "data"), options=options)


def scan(base: Path, path: str, text: str, *records: Record) -> FileResult:
    build(base, *records)
    return SCANNER.open(settings(base)).scan(Blob(path, text.encode()))


def one(result: FileResult) -> Finding:
    (observation,) = result.observations
    return observation.finding


TANK = record(
    "GHSA-aaaa-bbbb-cccc",
    "tank",
    "introduced:0",
    "fixed:1.1",
    aliases=["CVE-2026-0007"],
    severity=[{"type": "CVSS_V3", "score": CRITICAL_VECTOR}],
    references=[{"type": "FIX", "url": "https://example.org/fix"}],
    database_specific={"cwe_ids": ["CWE-79"]},
)


def test_only_lock_files_are_selected() -> None:
    for path in (
        "a/requirements.txt",
        "poetry.lock",
        "uv.lock",
        "x/package-lock.json",
        "npm-shrinkwrap.json",
        "go.mod",
    ):
        assert SCANNER.selects(path, 10)
    for path in ("go.sum", "README.md", "main.py", "etc/passwd"):
        assert not SCANNER.selects(path, 10)
    assert not SCANNER.selects("go.mod", 0)


def test_without_a_database_the_scanner_cannot_run_and_says_how_to_get_one(tmp_path: Path) -> None:
    prepared = SCANNER.prepare(settings(tmp_path))
    assert prepared.fatal
    assert "paved advisories update" in prepared.errors[0].next_step
    assert prepared.errors[0].message == "there is no advisory database"


def test_a_damaged_database_is_fatal_too(tmp_path: Path) -> None:
    path = build(tmp_path, TANK)
    path.write_bytes(b"garbage" * 500)
    assert SCANNER.prepare(settings(tmp_path)).fatal


def test_the_data_it_relies_on_is_told_with_its_age(tmp_path: Path) -> None:
    build(tmp_path, TANK, record("X-1", "tank", "introduced:0", ecosystem="Elsewhere") | {})
    (data,) = SCANNER.prepare(settings(tmp_path)).data
    assert (data.name, data.records) == ("OSV PyPI", 1)
    assert data.as_of is not None
    assert f"{data.as_of:%Y-%m-%d}" == "2026-02-20"


def test_the_digest_changes_with_the_data(tmp_path: Path) -> None:
    build(tmp_path / "a", TANK)
    build(tmp_path / "b", TANK)
    build(tmp_path / "c", record("X-1", "tank", "introduced:0"))
    a, b, c = (SCANNER.prepare(settings(tmp_path / name)).digest for name in "abc")
    assert a == b != c


def test_another_database_can_be_named(tmp_path: Path) -> None:
    path = build(tmp_path / "elsewhere", TANK)
    assert not SCANNER.prepare(settings(tmp_path, database=str(path))).fatal


@pytest.mark.parametrize("options", [{"databse": "x"}, {"database": 3}, {"database": ""}])
def test_wrong_options_are_usage_errors(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        SCANNER.prepare(settings(tmp_path, **options))


def test_a_finding_says_what_where_how_bad_and_what_now(tmp_path: Path) -> None:
    finding = one(scan(tmp_path, "requirements.txt", "# pins\ntank==1.0\n", TANK))
    assert finding.rule == "dependencies/CVE-2026-0007"
    assert finding.title == "CVE-2026-0007: Flaw in tank"
    assert finding.message == "tank 1.0 is affected by CVE-2026-0007; fixed in 1.1."
    assert (finding.severity, finding.score, finding.confidence) == (Severity.CRITICAL, 9.8, Confidence.HIGH)
    assert finding.aliases == ("CVE-2026-0007", "GHSA-aaaa-bbbb-cccc")
    assert finding.cwe == (79,)
    assert finding.location.region is not None
    assert finding.location.region.start_line == 2
    assert finding.location.snippet is not None
    assert finding.location.snippet.text == "tank==1.0"
    assert finding.component is not None
    assert finding.component.purl == "pkg:pypi/tank@1.0"
    remedy = finding.remediation
    assert remedy is not None
    assert (remedy.before, remedy.after, remedy.fixed_versions) == ("tank==1.0", "tank==1.1", ("1.1",))
    assert finding.fixable
    facts = {evidence.name: evidence.value for evidence in finding.evidence}
    assert facts["affected range"] == "< 1.1"
    assert facts["advisory source"] == "GHSA-aaaa-bbbb-cccc (OSV PyPI)"
    assert facts["modified"] == "2026-02-20"
    assert [reference.url for reference in finding.references] == ["https://example.org/fix"]


def test_a_fixed_version_gives_a_component_and_no_finding(tmp_path: Path) -> None:
    result = scan(tmp_path, "requirements.txt", "tank==1.1\n", TANK)
    assert result.observations == ()
    assert [component.name for component in result.components] == ["tank"]


def test_identity_survives_another_affected_version_and_another_spelling(tmp_path: Path) -> None:
    marks = set()
    for text in ("tank==1.0\n", "\n\nTank==0.9\n"):
        result = scan(tmp_path / text.strip()[:4], "requirements.txt", text, TANK)
        marks.add(identify(result.observations)[0].fingerprint)
    assert len(marks) == 1


def test_identity_survives_another_source_of_the_same_cve(tmp_path: Path) -> None:
    other = record("PYSEC-2026-9", "tank", "introduced:0", "fixed:1.2", aliases=["CVE-2026-0007"])
    first = identify(scan(tmp_path / "a", "requirements.txt", "tank==1.0\n", TANK).observations)
    both = identify(scan(tmp_path / "b", "requirements.txt", "tank==1.0\n", TANK, other).observations)
    assert [f.fingerprint for f in first] == [f.fingerprint for f in both]


def test_a_malicious_package_has_a_rule_of_its_own_and_no_version_to_move_to(tmp_path: Path) -> None:
    bad = record("MAL-2026-1", "evil", "introduced:0", "fixed:2.0", ecosystem="npm")
    text = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/evil": {"version": "1.0.0"}}}'
    finding = one(scan(tmp_path, "package-lock.json", text, bad))
    assert finding.rule == "dependencies/malicious-component"
    assert finding.severity is Severity.MALICIOUS
    assert "MAL-2026-1" in finding.aliases
    assert not finding.fixable
    assert finding.remediation is not None
    assert "compromised" in finding.remediation.text


def test_an_ecosystem_without_data_is_an_error_and_not_clean(tmp_path: Path) -> None:
    result = scan(tmp_path, "Cargo.lock", '[[package]]\nname="a"\nversion="1.0.0"\nsource="registry+x"\n', TANK)
    assert "no records for crates.io" in result.errors[0].message
    assert "--ecosystem crates.io" in result.errors[0].next_step
    assert len(result.components) == 1


def test_a_broken_lock_file_is_an_error_of_that_file(tmp_path: Path) -> None:
    result = scan(tmp_path, "app/poetry.lock", "[[package", TANK)
    assert result.errors[0].where == "app/poetry.lock"
    assert "broken TOML" in result.errors[0].message


def test_a_version_that_cannot_be_compared_is_a_gap(tmp_path: Path) -> None:
    result = scan(
        tmp_path, "poetry.lock", '[[package]]\nname="tank"\nversion="one!"\n[metadata]\nlock-version="2.0"\n', TANK
    )
    (gap,) = result.gaps
    assert not gap.harmless
    assert "GHSA-aaaa-bbbb-cccc" in gap.examples[0]


def test_go_versions_keep_their_v_and_the_language_version_is_of_low_confidence(tmp_path: Path) -> None:
    module = record("GO-2026-1", "a.b/c", "introduced:0", "fixed:1.5.0", ecosystem="Go")
    library = record("GO-2026-2", "stdlib", "introduced:0", "fixed:1.23.1", ecosystem="Go")
    patched = record("GO-2026-3", "stdlib", "introduced:0", "fixed:1.22.4", ecosystem="Go")
    text = "module x\ngo 1.22\nrequire a.b/c v1.0.0\n"
    result = scan(tmp_path, "go.mod", text, module, library, patched)
    first, second = (observation.finding for observation in result.observations)
    assert first.remediation is not None
    assert first.remediation.after == "require a.b/c v1.5.0"
    assert second.rule == "dependencies/GO-2026-2"
    assert second.confidence is Confidence.LOW
    assert "at least 1.22" in second.message


def test_a_record_that_nobody_reviewed_is_of_medium_confidence(tmp_path: Path) -> None:
    raw = record("X-1", "tank", "introduced:0", database_specific={"review_status": "UNREVIEWED"})
    assert one(scan(tmp_path, "requirements.txt", "tank==1.0\n", raw)).confidence is Confidence.MEDIUM


def test_every_advisory_has_a_page_under_each_of_its_names(tmp_path: Path) -> None:
    build(tmp_path, TANK)
    for name in ("CVE-2026-0007", "GHSA-aaaa-bbbb-cccc"):
        page = SCANNER.rule(f"dependencies/{name}", settings(tmp_path))
        assert page is not None
        assert page.page.startswith(f"# {name}: Flaw in tank")
        assert page.severity is Severity.CRITICAL
    assert SCANNER.rule("dependencies/CVE-1999-1", settings(tmp_path)) is None


def test_the_rules_that_always_exist_have_pages() -> None:
    assert {rule.id for rule in SCANNER.rules()} == {
        "dependencies/vulnerable-component",
        "dependencies/malicious-component",
    }
    assert all("How to fix" in rule.page for rule in SCANNER.rules())
