"""What the plug-ins inside rooms must do: detectors, parsers, version schemes, doctor checks, CI platforms."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pavedroad.advisories.errors import VersionError
from pavedroad.advisories.versions import schemes
from pavedroad.cli.doctor import Answer, Patient
from pavedroad.cli.init.model import Package
from pavedroad.cli.init.proposals import platforms
from pavedroad.core.clock import SystemClock
from pavedroad.infra.plugins import module_names, registry
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parsers
from pavedroad.scanning.scanners.secrets.session import DETECTORS
from tests.support.hostile_bytes import STRANGE, contents, paths
from tests.support.manifests import samples

FOLDERS = {
    "pavedroad.scanning.scanners.secrets.detectors": "DETECTOR",
    "pavedroad.scanning.scanners.dependencies.parsers": "PARSER",
    "pavedroad.advisories.versions": "SCHEME",
    "pavedroad.cli.doctor": "CHECK",
    "pavedroad.cli.init.platforms": "PLATFORM",
    "pavedroad.cli.dev.kinds": "KIND",
}
EVERY = [(package, name) for package, attribute in FOLDERS.items() for name in registry(package, attribute)]


PLACES = {sample.parser: sample.path for sample in samples()}


def detectors() -> dict[str, Any]:
    return registry(DETECTORS, "DETECTOR")


@pytest.mark.parametrize(("package", "name"), EVERY)
def test_a_plug_in_has_a_plain_name_and_its_file_a_page(package: str, name: str) -> None:
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9.-]{0,40}", name)
    pages = [(_module(package, module).__doc__ or "").strip() for module in module_names(package)]
    assert all(pages)


def _module(package: str, name: str) -> ModuleType:
    return sys.modules[f"{package}.{name}"]


@pytest.mark.parametrize("name", sorted(detectors()))
@given(path=paths, content=contents)
@settings(max_examples=60)
def test_a_detector_bears_any_text_and_points_into_it(name: str, path: str, content: bytes) -> None:
    detector = detectors()[name]
    assert detector.selects(path) in (True, False)
    text = content.decode("latin-1")
    found = list(detector.detect(path, text))
    assert found == list(detector.detect(path, text))
    for candidate in found:
        assert 0 <= candidate.start < candidate.end <= len(text)
        assert candidate.secret
        assert candidate.why
        assert repr(candidate.secret) not in repr(candidate)


@pytest.mark.parametrize("name", sorted(detectors()))
@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_a_detector_bears_strange_text(name: str, content: bytes) -> None:
    list(detectors()[name].detect("x", content.decode("latin-1")))


def parsed(name: str, path: str, content: bytes) -> ParseResult | str:
    """What a parser says of a file: its result, or the words of its error."""
    try:
        return parsers()[name].parse(path, content)
    except LockfileError as error:
        return error.what


@pytest.mark.parametrize("name", sorted(parsers()))
@given(path=paths, content=contents)
@settings(max_examples=100)
def test_a_parser_bears_any_content_or_says_what_is_wrong(name: str, path: str, content: bytes) -> None:
    parser = parsers()[name]
    assert parser.selects(path) in (True, False)
    # Under a name that is its own: what it reads beside may depend on where the file stands.
    first = parsed(name, PLACES[name], content)
    assert isinstance(first, ParseResult | str)
    assert first
    assert first == parsed(name, PLACES[name], content)


@pytest.mark.parametrize("name", sorted(parsers()))
@pytest.mark.parametrize("content", STRANGE, ids=range(len(STRANGE)))
def test_a_parser_bears_strange_content(name: str, content: bytes) -> None:
    assert parsed(name, PLACES[name], content)


@pytest.mark.parametrize("name", sorted(schemes()))
@given(one=st.text(max_size=30), other=st.from_regex(r"v?\d{1,3}(\.\d{1,3}){0,3}(-[a-z0-9.]{1,8})?", fullmatch=True))
def test_a_version_scheme_orders_what_it_can_and_refuses_the_rest(name: str, one: str, other: str) -> None:
    scheme = schemes()[name]
    assert scheme.ecosystems
    for text in (one, other):
        try:
            key = scheme.key(text)
        except VersionError:
            continue
        assert key == scheme.key(text)
        assert not key < scheme.key(text)
    assert scheme.package(one) == scheme.package(scheme.package(one))


@pytest.mark.parametrize("name", sorted(registry("pavedroad.cli.doctor", "CHECK")))
def test_a_doctor_check_answers_in_one_sentence_and_changes_nothing(name: str, tmp_path: Path) -> None:
    check = registry("pavedroad.cli.doctor", "CHECK")[name]
    answer = check.look(Patient(tmp_path, SystemClock()))
    assert isinstance(answer, Answer)
    assert answer.sentence.strip()
    assert "\n" not in answer.sentence
    assert answer.next_step or not answer.state.stops
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(platforms()))
def test_a_ci_platform_writes_inside_the_project_and_says_what_is_left_to_do(name: str) -> None:
    platform = platforms()[name]
    assert platform.title
    assert platform.after
    assert not Path(platform.path).is_absolute()
    assert ".." not in Path(platform.path).parts
    package = Package(arguments='"pavedroad==0"', remarks=("why it may fail",))
    job = platform.job(package)
    assert job == platform.job(package)
    assert 'pip" install "pavedroad==0"' in job or 'pip install "pavedroad==0"' in job
    assert re.search(r"^(?:#|//) why it may fail$", job, re.MULTILINE)
    assert "@" not in re.sub(r"\w+@[0-9a-f]{40}|\w+@(?:sha256|\d)", "", job)
