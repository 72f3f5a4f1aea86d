"""Container images and root file systems through the whole gate."""

import json
import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.images import build, file, write_docker_archive, write_layout
from tests.support.osv import record, write_source
from tests.support.projects import write

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
TODAY = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
RELEASE = 'ID=debian\nVERSION_ID="12"\n'
STATUS = """Package: libtank3
Status: install ok installed
Architecture: amd64
Source: tank
Version: 1.0-1

Package: tank
Status: install ok installed
Architecture: amd64
Version: 1.0-1
"""
SECRET = "Xk29vbQz" + "81LmPoR7"
CRITICAL = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]


@pytest.fixture
def env(run_paved: RunPaved, tmp_path: Path) -> dict[str, str]:
    flaw = record("DSA-1", "tank", "introduced:0", "fixed:2.0-1", ecosystem="Debian:12", severity=CRITICAL)
    python = record("CVE-2026-1001", "shoplib", "introduced:0", "fixed:2.0", severity=CRITICAL)
    source = write_source(
        tmp_path / "osv", {"Debian": [{**flaw, "modified": TODAY}], "PyPI": [{**python, "modified": TODAY}]}
    )
    found = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    done = run_paved("advisories", "update", "--source", str(source), env=found)
    assert done.returncode == 0, done.stderr
    return found


def layers() -> tuple[list[Any], list[Any]]:
    base = [
        file("etc/os-release", RELEASE),
        file("var/lib/dpkg/status", STATUS),
        file("old/.env", f"PASSWORD={SECRET}\n"),
    ]
    app = [
        file("app/requirements.txt", "shoplib==1.0\n"),
        file("app/.env", f"DB_PASSWORD={SECRET}\n"),
        file("old/.wh..env"),
    ]
    return base, app


def check(run_paved: RunPaved, folder: Path, env: dict[str, str], *args: str) -> tuple[int, dict[str, Any]]:
    report = folder / "run.json"
    done = run_paved("check", str(folder), "--format", "json", "-o", str(report), *args, env=env)
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, json.loads(report.read_text()) if report.exists() else {"stderr": done.stderr}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def found(run: dict[str, Any], kind: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for each in run["findings"]:
        if each["finding"]["kind"] == kind:
            made.setdefault(each["finding"]["location"]["path"], []).append(each["finding"]["rule"])
    return made


def test_packages_of_the_system_and_of_languages_and_secrets_are_found_with_their_layer(
    run_paved: RunPaved, tmp_path: Path, folder: Path, env: dict[str, str]
) -> None:
    image = build(*layers(), history=["FROM base", "COPY . /app"])
    root = write_layout(tmp_path / "oci", ("v1", image))
    code, run = check(run_paved, folder, env, "--image", f"oci:{root}:v1")
    assert code == 1
    assert run["subject"] == {"kind": "image", "name": "oci"}
    assert found(run, "dependencies") == {
        "app/requirements.txt": ["dependencies/CVE-2026-1001"],
        "var/lib/dpkg/status": ["dependencies/DSA-1"],
    }
    assert list(found(run, "secrets")) == ["app/.env"]  # the lower layer's was deleted
    evidence = {
        each["finding"]["location"]["path"]: {e["name"]: e["value"] for e in each["finding"]["evidence"]}
        for each in run["findings"]
    }
    assert evidence["app/requirements.txt"]["brought by"] == "COPY . /app"
    assert evidence["var/lib/dpkg/status"]["brought by"] == "FROM base"
    assert evidence["var/lib/dpkg/status"]["also built from it"] == "libtank3"
    assert {c["name"]: c["layer"][:7] for c in run["components"]}["shoplib"] == "sha256:"
    assert SECRET not in json.dumps(run)


def test_a_docker_archive_and_a_root_file_system_give_the_same(
    run_paved: RunPaved, tmp_path: Path, folder: Path, env: dict[str, str]
) -> None:
    archive = write_docker_archive(tmp_path / "app.tar", *layers())
    root = tmp_path / "rootfs"
    write(root, {"etc/os-release": RELEASE, "var/lib/dpkg/status": STATUS, "app/requirements.txt": "shoplib==1.0\n"})
    one = found(check(run_paved, folder, env, "--image", str(archive))[1], "dependencies")
    code, run = check(run_paved, folder, env, "--rootfs", str(root))
    assert (code, run["subject"]["kind"]) == (1, "file-system")
    assert found(run, "dependencies") == one


def test_a_second_look_is_answered_by_the_cache(
    run_paved: RunPaved, tmp_path: Path, folder: Path, env: dict[str, str]
) -> None:
    archive = write_docker_archive(tmp_path / "app.tar", *layers())
    first = check(run_paved, folder, env, "--image", str(archive))[1]
    second = check(run_paved, folder, env, "--image", str(archive))[1]
    cached = {each["scanner"]: (each.get("cached", 0), each.get("files", 0)) for each in second["coverage"]}
    assert cached["secrets"][0] == cached["secrets"][1] > 0
    assert found(first, "dependencies") == found(second, "dependencies")


def test_a_broken_layer_makes_the_run_incomplete_and_the_rest_is_judged(
    run_paved: RunPaved, tmp_path: Path, folder: Path, env: dict[str, str]
) -> None:
    noise = random.Random(1).randbytes(9000)  # noqa: S311 - it shall only not compress
    image = build([file("etc/os-release", RELEASE)], [file("app/a.bin", noise)])
    root = write_layout(tmp_path / "oci", ("v1", image))
    largest = max((root / "blobs" / "sha256").iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-30])
    code, run = check(run_paved, folder, env, "--image", f"oci:{root}")
    assert code == 3
    assert any(each["scanner"] == "layers" and each.get("errors") for each in run["coverage"])


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--image", "no/such.tar"), 3),
        (("--image", "./no-such.tar"), 3),
        (("--image", "x.tar", "--rootfs", "y"), 2),
        (("--image", "x.tar", "--since", "HEAD"), 2),
        (("--image", "registry.example/a:1"), 3),
        (("--rootfs", "no-such-folder"), 3),
    ],
)
def test_what_cannot_be_opened_says_why(
    run_paved: RunPaved, folder: Path, env: dict[str, str], args: tuple[str, ...], code: int
) -> None:
    done = run_paved("check", str(folder), *args, env=env)
    assert done.returncode == code, done.stderr
    assert "next:" in done.stderr


def test_a_bill_of_materials_stands_for_what_it_describes(
    run_paved: RunPaved, folder: Path, env: dict[str, str]
) -> None:
    write(folder, {"requirements.txt": "shoplib==1.0\n"})
    for name in ("cyclonedx-json", "spdx-json"):
        bill = folder.parent / f"{name}.json"
        assert run_paved("sbom", str(folder), "--format", name, "-o", str(bill), env=env).returncode == 0
        code, run = check(run_paved, folder, env, "--sbom", str(bill))
        assert (code, [each["finding"]["rule"] for each in run["findings"]]) == (1, ["dependencies/CVE-2026-1001"])
        assert run["scope"] == "sbom"


@pytest.mark.parametrize("content", ["", "{}", '{"bomFormat": "CycloneDX"', "<xml/>", '{"spdxVersion": "SPDX-9.9"}'])
def test_a_bill_that_cannot_be_read_is_no_pass(
    run_paved: RunPaved, folder: Path, env: dict[str, str], content: str
) -> None:
    (folder / "bom.json").write_text(content)
    done = run_paved("check", str(folder), "--sbom", str(folder / "bom.json"), env=env)
    assert done.returncode in (2, 3)
    assert "next:" in done.stderr


def test_the_fix_of_a_system_package_is_an_update_of_its_source(
    run_paved: RunPaved, tmp_path: Path, folder: Path, env: dict[str, str]
) -> None:
    archive = write_docker_archive(tmp_path / "app.tar", *layers())
    run = check(run_paved, folder, env, "--image", str(archive))[1]
    (fix,) = [f["finding"]["remediation"] for f in run["findings"] if f["finding"]["rule"] == "dependencies/DSA-1"]
    assert fix["text"].startswith("Update tank from 1.0-1 to 2.0-1")
    assert fix["fixed_versions"] == ["2.0-1"]
