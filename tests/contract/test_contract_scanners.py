"""What every scanner must do, whoever wrote it. A new scanner is tested by being there."""

import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from pavedroad.advisories import FILE_NAME, sources
from pavedroad.advisories.update import update
from pavedroad.core.clock import SystemClock
from pavedroad.core.errors import PavedError, UsageError
from pavedroad.core.identity import Observation
from pavedroad.core.severity import Severity
from pavedroad.scanning.model import Blob, FileResult, Needs, Preparation, Scanner, ScanSettings, Session
from pavedroad.scanning.registry import PACKAGE, module_of, scanners
from tests.support.audit import Events, watch
from tests.support.hostile_bytes import REAL, ROOT, STRANGE, contents, paths

NAMES = sorted(scanners())
# Libraries that cost time or memory: a scanner loads them in `open` or `rules`, never when it is imported.
ENGINES = ("kingfisher_sdk", "sqlite3", "yaml", "cvss", "packaging", "pathspec", "json", "tomllib", "asyncio")

pytestmark = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="session")
def advisory_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the five advisories of the bundled example."""
    folder = tmp_path_factory.mktemp("data")
    for ecosystem in sorted((ROOT / "examples/advisories").iterdir()):
        archive = folder / "osv" / ecosystem.name / "all.zip"
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w") as out:
            for record in sorted(ecosystem.glob("*.json")):
                out.write(record, record.name)
    update(sources.source(str(folder / "osv")), folder / FILE_NAME, clock=SystemClock())
    return folder


@pytest.fixture(scope="session")
def scan_settings(advisory_folder: Path, shared_cache: Path) -> ScanSettings:
    return ScanSettings(key=b"k" * 32, user_cache=str(shared_cache), data=str(advisory_folder))


_SESSIONS: dict[str, Session] = {}


def session_of(name: str, scan_settings: ScanSettings) -> Session:
    """Loading an engine is dear and, by contract, leaves no state behind: one session serves all tests of a scanner."""
    if name not in _SESSIONS:
        _SESSIONS[name] = scanners()[name].open(scan_settings)
    return _SESSIONS[name]


def look(session: Session, path: str, content: bytes) -> FileResult | None:
    """The result, or None for an error of ours; any other exception fails the test."""
    try:
        return session.scan(Blob(path, content))
    except PavedError:
        return None


def test_it_is_named_as_its_folder_and_says_what_it_looks_for(name: str) -> None:
    scanner = scanners()[name]
    assert scanner.name == name == module_of(name).replace("_", "-")
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,31}", scanner.kind)
    assert scanner.title.strip()
    assert (sys.modules[f"{PACKAGE}.{module_of(name)}"].__doc__ or "").strip()


def test_it_declares_what_it_needs_within_bounds(name: str) -> None:
    needs = scanners()[name].needs
    assert isinstance(needs, Needs)
    assert 0 < needs.memory <= 8 << 30
    assert 0 < needs.seconds <= 24 * 3600
    assert all(re.fullmatch(r"[\w.+-]+", program) for program in (*needs.executables, *needs.tools))


@given(path=paths)
def test_selecting_answers_for_any_path(name: str, path: str) -> None:
    scanner = scanners()[name]
    for size in (0, 1, 1 << 40):
        assert scanner.selects(path, size) in (True, False)


def test_it_selects_no_empty_file(name: str) -> None:
    assert not any(scanners()[name].selects(path, 0) for path in REAL)


def test_preparing_twice_gives_the_same_facts(name: str, scan_settings: ScanSettings) -> None:
    scanner = scanners()[name]
    first = scanner.prepare(scan_settings)
    assert isinstance(first, Preparation)
    assert first == scanner.prepare(scan_settings)
    assert not first.fatal, first.errors
    assert first.digest
    assert first.engine_version


def test_an_unknown_option_is_a_usage_error_that_says_what_to_do(name: str, scan_settings: ScanSettings) -> None:
    wrong = ScanSettings(
        key=scan_settings.key,
        user_cache=scan_settings.user_cache,
        data=scan_settings.data,
        options={"no-such-option": 1},
    )
    with pytest.raises(UsageError, match="no-such-option") as caught:
        scanners()[name].prepare(wrong)
    assert caught.value.next_step


def test_without_any_data_it_says_so_instead_of_passing(name: str, tmp_path: Path) -> None:
    """Either it needs no data, or its preparation is fatal: then the verdict is `incomplete`, never `pass`."""
    empty = ScanSettings(key=b"k" * 32, user_cache=str(tmp_path / "cache"), data=str(tmp_path / "data"))
    preparation = scanners()[name].prepare(empty)
    assert preparation.digest or (preparation.fatal and preparation.errors)
    assert all(error.next_step for error in preparation.errors)


def test_every_rule_has_a_page_and_a_name_of_its_own(name: str) -> None:
    rules = scanners()[name].rules()
    doubled = [rule for rule, count in Counter(rule.id for rule in rules).items() if count > 1]
    assert not doubled
    for rule in rules:
        assert rule.id.startswith(f"{name}/"), rule.id
        assert rule.kind == scanners()[name].kind
        assert rule.title.strip(), rule.id
        assert len(rule.page.split()) >= 10, f"{rule.id}: a page says what, why and how to fix"
        assert isinstance(rule.severity, Severity)


def test_the_same_file_gives_the_same_result_and_findings_of_known_shape(
    name: str, scan_settings: ScanSettings
) -> None:
    session = session_of(name, scan_settings)
    for path, content in REAL.items():
        if scanners()[name].selects(path, len(content)):
            first = session.scan(Blob(path, content))
            assert first == session.scan(Blob(path, content))
            for observation in first.observations:
                check_shape(scanners()[name], path, observation)


def check_shape(scanner: Scanner, path: str, observation: Observation) -> None:
    """What the engine and the reports rely on."""
    finding = observation.finding
    assert finding.rule.startswith(f"{scanner.name}/")
    assert finding.kind == scanner.kind
    assert finding.scanner
    assert finding.location.path == path
    assert not finding.fingerprint, "the engine makes fingerprints"
    assert observation.anchor
    assert all(observation.anchor)
    assert finding.remediation, "a finding says what to do"


@given(path=paths, content=contents)
@settings(max_examples=150)
def test_any_content_at_any_path_raises_nothing_but_our_errors(
    name: str, scan_settings: ScanSettings, path: str, content: bytes
) -> None:
    look(session_of(name, scan_settings), path, content)


@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_strange_content_under_real_names_is_borne_and_judged_the_same_twice(
    name: str, scan_settings: ScanSettings, content: bytes
) -> None:
    session = session_of(name, scan_settings)
    for path in REAL:
        if scanners()[name].selects(path, len(content)):
            assert look(session, path, content) == look(session, path, content)


def test_looking_opens_no_socket_and_starts_no_process_that_was_not_declared(
    name: str, scan_settings: ScanSettings
) -> None:
    scanner = scanners()[name]
    session = session_of(name, scan_settings)
    with watch() as events:
        scanner.prepare(scan_settings)
        for path, content in REAL.items():
            look(session, path, content)
    if not scanner.needs.network:
        assert not events.of(Events.SOCKET)
    if not scanner.needs.executables and not scanner.needs.tools:
        assert not events.of(Events.PROCESS)


def test_importing_it_loads_no_engine(name: str) -> None:
    code = f"import sys; import {PACKAGE}.{module_of(name)}; print(*(e for e in {ENGINES!r} if e in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == []
