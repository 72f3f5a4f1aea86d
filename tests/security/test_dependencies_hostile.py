"""Lock files made to hurt: each ends in a clear error or a bounded result, in bounded time."""

import contextlib
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from pavedroad.advisories.errors import CorruptDatabase
from pavedroad.scanning.model import Blob, ScanSettings
from pavedroad.scanning.scanners.dependencies import SCANNER
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.parsers import parser_for, parsers
from tests.support.manifests import Folder, Sample, samples
from tests.support.osv import build, record


def parse(path: str, text: str) -> int:
    parser = parser_for(path)
    assert parser
    return len(parser.parse(path, text.encode()).components)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package-lock.json", '{"lockfileVersion": 1, "dependencies": ' + '{"a": {"dependencies": ' * 5000),
        ("package-lock.json", "[" * 100_000 + "]" * 100_000),
        (
            "package-lock.json",
            '{"lockfileVersion": 3, "packages": {"' + "node_modules/a/" * 5000 + '": {"version": "1"}}}',
        ),
        ("poetry.lock", "a = " + "[" * 50_000),
        ("uv.lock", "a." * 5000 + "b = 1"),
        ("Cargo.lock", "a = " + "{b = " * 5000),
        ("Cargo.lock", '[[package]]\nname = "' + "x" * 100_000 + '"\nversion = "1"\n'),
        ("go.mod", "require " + "x" * 10_000 + " v1\n"),
        ("go.mod", "require (\n"),
    ],
)
def test_depth_length_and_open_ends_are_typed_errors(path: str, text: str) -> None:
    with pytest.raises(LockfileError):
        parse(path, text)


def test_a_file_over_the_size_limit_is_a_typed_error() -> None:
    with pytest.raises(LockfileError, match="bytes"):
        parse("poetry.lock", "#" * (65 << 20))


def test_a_string_full_of_escaped_quotes_costs_linear_time() -> None:
    document = {"lockfileVersion": 3, "name": '"' * 500_000, "packages": {"node_modules/a": {"version": "1.0.0"}}}
    started = time.monotonic()
    assert parse("package-lock.json", json.dumps(document)) == 1
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("line", ["a" * 300_000, "a[" * 50_000, "(" * 50_000, "a==1;" + "(" * 20_000, "\\\n" * 50_000])
def test_hostile_requirement_lines_cost_bounded_time(line: str) -> None:
    started = time.monotonic()
    parse("requirements.txt", line)
    assert time.monotonic() - started < 20


def test_cycles_in_every_graph_end() -> None:
    cargo = "".join(
        f'[[package]]\nname="p{i}"\nversion="1.0.0"\nsource="registry+x"\ndependencies=["p{(i + 1) % 50}"]\n'
        for i in range(50)
    )
    assert parse("Cargo.lock", cargo) == 50
    folders = {f"node_modules/p{i}": {"version": "1.0.0", "dependencies": {f"p{(i + 1) % 50}": "*"}} for i in range(50)}
    assert parse("package-lock.json", json.dumps({"lockfileVersion": 3, "packages": folders})) == 50


def test_a_chain_of_many_thousands_costs_linear_time_and_keeps_a_bounded_path() -> None:
    sources = ["", *['source = "registry+x"'] * 19_999]
    text = "version = 4\n" + "".join(
        f'[[package]]\nname = "p{i}"\nversion = "1.0.0"\n{source}\ndependencies = ["p{i + 1}"]\n'
        for i, source in enumerate(sources)
    )
    parser = parser_for("Cargo.lock")
    assert parser
    started = time.monotonic()
    components = [found.component for found in parser.parse("Cargo.lock", text.encode()).components]
    assert time.monotonic() - started < 30
    assert components[0].path == ("p0", "p1")
    assert components[-1].path[0] == "…"
    assert len(components[-1].path) < 40


@pytest.mark.slow
def test_a_hundred_thousand_components_are_judged_within_seconds(tmp_path: Path) -> None:
    build(tmp_path, record("X-1", "p7", "introduced:0", "fixed:1.1.0", ecosystem="npm"))
    folders = {
        f"node_modules/p{i}": {"version": "1.0.0", "dependencies": {f"p{i + 1}": "*", f"p{i * 2}": "*"}}
        for i in range(100_000)
    }
    document = {"lockfileVersion": 3, "packages": {"": {"dependencies": {"p1": "*"}}, **folders}}
    settings = ScanSettings(key=b"k", user_cache=str(tmp_path), data=str(tmp_path / "data"))
    started = time.monotonic()
    result = SCANNER.open(settings).scan(Blob("package-lock.json", json.dumps(document, indent=1).encode()))
    assert len(result.components) == 100_000
    assert [o.finding.component.name for o in result.observations if o.finding.component] == ["p7"]
    assert time.monotonic() - started < 90


def test_terminal_escapes_in_names_and_lines_do_not_get_out(tmp_path: Path) -> None:
    build(tmp_path, record("X-1", "tank", "introduced:0", summary="bad \x1b]0;owned\x07 \u202e text"))
    settings = ScanSettings(key=b"k", user_cache=str(tmp_path), data=str(tmp_path / "data"))
    result = SCANNER.open(settings).scan(Blob("requirements.txt", b"tank==1.0 # \x1b[2J\nevil\x1b[2J>=1\n"))
    assert len(result.observations) == 1
    text = repr([o.finding for o in result.observations]) + repr(result.gaps)
    assert "\\x1b" not in text
    assert "\\x07" not in text
    assert "\\u202e" not in text


def test_a_database_damaged_under_way_is_an_error_of_the_file_and_not_a_clean_result(tmp_path: Path) -> None:
    path = build(tmp_path, *(record(f"X-{i}", f"tank{i}", "introduced:0") for i in range(2000)))
    whole = path.read_bytes()
    path.write_bytes(whole[:40960] + b"\xff" * (len(whole) - 40960))
    settings = ScanSettings(key=b"k", user_cache=str(tmp_path), data=str(tmp_path / "data"))
    pins = "".join(f"tank{i}==1.0\n" for i in range(2000)).encode()
    try:
        result = SCANNER.open(settings).scan(Blob("requirements.txt", pins))
    except CorruptDatabase:
        return
    assert "paved advisories update" in result.errors[0].next_step


PIECES = ("\n", " ", "a ", '"', '"a', "a", "- ", "a:", "[a]\n", "@", "a@", "uses: ", "a==1,", "<a>", "/*", "\\\n")


@pytest.mark.parametrize("sample", {each.parser: each for each in samples()}.values(), ids=lambda each: each.parser)
def test_repetition_costs_linear_time_in_every_format(sample: Sample) -> None:
    parser = parsers()[sample.parser]
    for piece in PIECES:
        run = (piece * (60_000 // len(piece))).encode()
        for content in (run, sample.data + run, sample.data.replace(b"\n", run + b"\n", 1)):
            started = time.process_time()
            with contextlib.suppress(LockfileError):
                parser.parse(sample.path, content, Folder(sample.beside))
            # Linear cost is some hundredths of a second; a quadratic one would be tens of seconds.
            assert time.process_time() - started < 5, piece


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("META-INF/MANIFEST.MF", b"\0" * (40 << 20))
    with pytest.raises(LockfileError, match="bomb"):
        parsers()["jar"].parse("a.jar", stream.getvalue())


def test_archives_inside_archives_end() -> None:
    content = b""
    for depth in range(8):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as writer:
            writer.writestr(f"lib/inner{depth}.jar", content)
        content = stream.getvalue()
    reasons = [gap.reason for gap in parsers()["jar"].parse("a.jar", content).gaps]
    assert "an archive inside archives, too deep or too many" in reasons


def test_parents_in_a_circle_end() -> None:
    pom = "<project><parent><artifactId>a</artifactId></parent><artifactId>a</artifactId></project>"
    result = parsers()["maven"].parse("x/pom.xml", pom.encode(), Folder({"pom.xml": pom, "../pom.xml": pom}))
    assert any("parent" in gap.reason for gap in result.gaps)


def test_properties_that_grow_stay_bounded() -> None:
    texts = "".join(f"<p{n}>{'${p' + str(n + 1) + '}' * 1}{'${p' + str(n + 1) + '}'}</p{n}>" for n in range(30))
    pom = (
        f"<project><properties>{texts}</properties><dependencies><dependency><groupId>g</groupId>"
        "<artifactId>a</artifactId><version>${p0}</version></dependency></dependencies></project>"
    )
    assert parsers()["maven"].parse("pom.xml", pom.encode()).components == ()
