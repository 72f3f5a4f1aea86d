"""``paved sbom`` as a process: make, show, convert, merge and compare bills."""

import json
from pathlib import Path

import pytest

from pavedroad.sbom import read_bill
from tests.support.paved_process import RunPaved

LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "flask" }]

[[package]]
name = "flask"
version = "3.1.0"
source = { registry = "https://registry.example/simple" }
dependencies = [{ name = "jinja2" }]

[[package]]
name = "jinja2"
version = "3.1.4"
source = { registry = "https://registry.example/simple" }
"""
TIME = "2026-01-31T12:00:00Z"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A tree with two lock files that name one package both. There is no advisory database, and none is needed."""
    root = tmp_path / "shop"
    (root / "tools").mkdir(parents=True)
    (root / "uv.lock").write_text(LOCK)
    (root / "tools/requirements.txt").write_text("jinja2==3.1.4\n")
    return root


@pytest.mark.parametrize("name", ["cyclonedx-json", "cyclonedx-xml", "spdx-json"])
def test_the_same_tree_gives_the_same_bytes(run_paved: RunPaved, project: Path, name: str) -> None:
    first, second = (run_paved("sbom", str(project), "--format", name, "--timestamp", TIME) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    bill = read_bill(first.stdout.encode())
    found = {part.component.purl: part for part in bill.parts}
    assert {"pkg:pypi/flask@3.1.0", "pkg:pypi/jinja2@3.1.4"} <= set(found)
    assert found["pkg:pypi/jinja2@3.1.4"].occurrences == ("tools/requirements.txt", "uv.lock")
    assert bill.subject is not None
    assert bill.subject.component.name == "shop"


def test_the_file_name_chooses_the_format_and_the_environment_the_time(run_paved: RunPaved, project: Path) -> None:
    out = project.parent / "shop.spdx.json"
    done = run_paved("sbom", "create", str(project), "-o", str(out), env={"SOURCE_DATE_EPOCH": "0"})
    assert done.returncode == 0, done.stderr
    document = json.loads(out.read_text())
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["creationInfo"]["created"] == "1970-01-01T00:00:00Z"


def test_what_is_not_pinned_is_told_and_stands_in_the_bill(run_paved: RunPaved, project: Path) -> None:
    (project / "tools/requirements.txt").write_text("jinja2==3.1.4\nrequests\n")
    done = run_paved("sbom", str(project))
    assert done.returncode == 0, done.stderr
    assert "not in the bill" in done.stderr
    bill = read_bill(done.stdout.encode())
    assert any("requests" in gap for gap in bill.gaps)
    assert bill.complete is False


def test_a_broken_lock_file_makes_the_run_incomplete_and_the_bill_says_so(run_paved: RunPaved, project: Path) -> None:
    (project / "tools/uv.lock").write_text("version = [\n")
    done = run_paved("sbom", str(project))
    assert done.returncode == 3
    bill = read_bill(done.stdout.encode())
    assert len(bill.parts) >= 2
    assert any("tools/uv.lock" in gap for gap in bill.gaps)


def test_convert_show_merge_and_diff_work_on_each_others_output(run_paved: RunPaved, project: Path) -> None:
    old, new, both = (str(project.parent / name) for name in ("old.cdx.json", "new.spdx.json", "both.cdx.xml"))
    assert run_paved("sbom", str(project), "-o", old).returncode == 0
    (project / "uv.lock").write_text(LOCK.replace("3.1.0", "3.2.0"))
    assert run_paved("sbom", str(project), "-o", new).returncode == 0

    shown = run_paved("sbom", "show", old).stdout
    assert shown.startswith("CycloneDX 1.6 JSON about shop\n")
    assert "missing of the NTIA minimum elements" in shown
    assert json.loads(run_paved("sbom", "show", new, "--json").stdout)["source"] == "SPDX 2.3 JSON"

    text = run_paved("sbom", "diff", old, new)
    assert text.returncode == 0
    assert "pkg:pypi/flask  3.1.0 -> 3.2.0" in text.stdout
    assert run_paved("sbom", "diff", old, new, "--exit-code").returncode == 1
    assert run_paved("sbom", "diff", old, old, "--exit-code").returncode == 0
    changes = json.loads(run_paved("sbom", "diff", old, new, "--format", "json").stdout)["changes"]
    assert [(c["what"], c["old"], c["new"]) for c in changes] == [("version", ["3.1.0"], ["3.2.0"])]
    assert "| Version changed |" in run_paved("sbom", "diff", old, new, "--format", "markdown").stdout

    merged = run_paved("sbom", "merge", old, new, "-o", both, "--source-name", "all", "--timestamp", "0")
    assert merged.returncode == 0, merged.stderr
    bill = read_bill(Path(both).read_bytes())
    versions = {p.component.version for p in bill.parts if p.component.name == "flask"}
    assert versions == {"3.1.0", "3.2.0"}

    converted = run_paved("sbom", "convert", both, "--format", "spdx-json")
    assert read_bill(converted.stdout.encode()).source == "SPDX 2.3 JSON"


def test_what_a_conversion_cannot_keep_is_told(run_paved: RunPaved, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.4", "vulnerabilities": [{"id": "CVE-1"}],'
                    '"components": [{"type": "library", "name": "a\\u001b[31m", "pedigree": {}}]}')  # fmt: skip
    done = run_paved("sbom", "convert", str(file))
    assert done.returncode == 0
    assert "not kept, 1 times: the field 'pedigree' of a component" in done.stderr
    assert "not kept: 1 vulnerabilities" in done.stderr
    assert "\x1b" not in done.stderr + run_paved("sbom", "show", str(file)).stdout


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("show", "absent.json"), 2, "no such file"),
        (("show", "hello.txt"), 3, "no bill of materials"),
        (("convert", "hello.txt", "--format", "cyclonedx-jsn"), 2, "did you mean 'cyclonedx-json'?"),
        (("--timestamp", "yesterday"), 2, "no time"),
        (("dif", "a", "b"), 2, "did you mean 'paved sbom diff'?"),
        (("no-such-folder",), 2, "no-such-folder"),
        (("merge",), 2, "FILES"),
    ],
)
def test_wrong_use_is_told_with_the_next_step(
    run_paved: RunPaved, tmp_path: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "hello.txt").write_text("hello")
    done = run_paved("sbom", *args, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert words in done.stderr
