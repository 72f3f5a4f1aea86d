"""How an image is set up, through the whole gate: users, permissions, history, age, and what stays hidden."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.images import build, file, folder, write_layout
from tests.support.osv import record, write_source

RunPaved = Callable[..., "subprocess.CompletedProcess[str]"]
SECRET = "Xk29vbQz" + "81LmPoR7"
OLD = 'ID=debian\nVERSION_ID="9"\nPRETTY_NAME="Debian GNU/Linux 9"\n'


def check(run_paved: RunPaved, tmp_path: Path, *args: str) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Findings by rule and path, and the whole run."""
    (tmp_path / "project").mkdir(exist_ok=True)
    report = tmp_path / "run.json"
    done = run_paved("check", str(tmp_path / "project"), "--format", "json", "-o", str(report), *args)
    assert "Traceback" not in done.stderr + done.stdout
    run = json.loads(report.read_text())
    found = {}
    for each in run["findings"]:
        finding = each["finding"]
        found[f"{finding['rule']} {finding['location']['path']}"] = finding
    return found, run


def test_an_image_that_is_badly_set_up_gets_a_finding_for_each_reason(run_paved: RunPaved, tmp_path: Path) -> None:
    image = build(
        [
            file("etc/os-release", OLD),
            file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
            file("etc/shadow", "root::19000:0:::::\n"),
        ],
        [file("opt/helper", "x", mode=0o4755), folder("srv/data", mode=0o777), file("root/.ssh/id_ed25519", "k")],
        config={"Env": [f"DB_PASSWORD={SECRET}"], "Volumes": {"/etc": {}}},
        history=["ADD rootfs.tar.xz /", f"RUN |1 TOKEN={SECRET} /bin/sh -c curl https://get.example/x | sh"],
    )
    root = write_layout(tmp_path / "oci", ("v1", image))
    found, run = check(run_paved, tmp_path, "--image", f"oci:{root}:v1", "--only", "image,secrets")
    assert {
        "image/runs-as-root image:/config.json",
        "image/sensitive-volume image:/config.json",
        "image/download-piped-to-shell image:/config.json",
        "image/end-of-life image:/files.jsonl",
        "image/empty-password etc/shadow",
        "image/set-user-id opt/helper",
        "image/world-writable srv/data",
        "image/private-key-file root/.ssh/id_ed25519",
    } <= set(found)
    evidence = {each["name"]: each["value"] for each in found["image/set-user-id opt/helper"]["evidence"]}
    assert evidence["layer"].startswith("2 of the image, sha256:")
    assert evidence["part"].startswith("application")
    assert {"image:/environment.env", "image:/arguments.env"} == {
        path for key, finding in found.items() if (path := finding["location"]["path"]) and key.startswith("secrets/")
    }
    assert SECRET not in json.dumps(run)
    assert all(f["finding"]["kind"] != "image" or f["finding"].get("remediation") for f in run["findings"])


def test_an_image_that_is_well_set_up_passes(run_paved: RunPaved, tmp_path: Path) -> None:
    image = build(
        [file("etc/os-release", 'ID=wolfi\nVERSION_ID="20230201"\n'), file("app/server", "x", mode=0o755)],
        config={"User": "10001", "Healthcheck": {"Test": ["CMD", "/app/server", "--healthy"]}},
        history=["COPY server /app/server"],
    )
    root = write_layout(tmp_path / "oci", ("v1", image))
    found, run = check(run_paved, tmp_path, "--image", f"oci:{root}:v1", "--only", "image")
    assert found == {}
    assert run["verdict"]["outcome"] == "pass"


def test_a_root_file_system_is_judged_without_a_configuration(run_paved: RunPaved, tmp_path: Path) -> None:
    for path, text in {"etc/os-release": OLD, "etc/passwd": "root::0:0::/root:/bin/sh\n"}.items():
        (tmp_path / "root" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / path).write_text(text)
    found, _ = check(run_paved, tmp_path, "--rootfs", str(tmp_path / "root"), "--only", "image")
    assert {"image/end-of-life image:/files.jsonl", "image/empty-password etc/shadow"} <= set(found)
    assert not any(key.startswith("image/runs-as-root") for key in found)


def test_a_configuration_of_wrong_types_makes_the_run_say_what_it_could_not_read(
    run_paved: RunPaved, tmp_path: Path
) -> None:
    image = build([file("a", "x")], config={"User": ["root"], "ExposedPorts": 22, "Env": {"A": 1}})
    root = write_layout(tmp_path / "oci", ("v1", image))
    _, run = check(run_paved, tmp_path, "--image", f"oci:{root}:v1", "--only", "image")
    (coverage,) = [each for each in run["coverage"] if each["scanner"] == "image"]
    assert coverage["status"] == "partial"
    assert {"User is no text", "ExposedPorts is no list"} <= {
        e for gap in coverage["skipped"] for e in gap.get("examples", ())
    }


def test_an_ordinary_tree_with_such_names_is_not_taken_for_an_image(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "project" / "etc").mkdir(parents=True)
    (tmp_path / "project" / "etc" / "passwd").write_text("root::0:0::/root:/bin/sh\n")
    (tmp_path / "project" / "config.json").write_text('{"config": {"User": "root"}}')
    found, _ = check(run_paved, tmp_path, "--only", "image")
    assert found == {}


def test_each_package_of_the_system_is_of_the_layer_that_installed_it(run_paved: RunPaved, tmp_path: Path) -> None:
    """The package database is written anew by each layer that installs something; dpkg's file lists are not."""
    entry = "Package: {}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n"
    image = build(
        [
            file("etc/os-release", 'ID=debian\nVERSION_ID="13"\n'),
            file("var/lib/dpkg/status", entry.format("tank")),
            file("var/lib/dpkg/info/tank.list", "/.\n"),
        ],
        [
            file("var/lib/dpkg/status", entry.format("tank") + entry.format("pump") + entry.format("lost")),
            file("var/lib/dpkg/info/pump:amd64.list", "/.\n"),
        ],
        history=["ADD rootfs.tar.xz /", "RUN /bin/sh -c apt-get install -y pump"],
    )
    root = write_layout(tmp_path / "oci", ("v1", image))
    names = ("tank", "pump", "lost")
    records = [record(f"DSA-{n}", name, "introduced:0", ecosystem="Debian:13") for n, name in enumerate(names)]
    source = write_source(tmp_path / "osv", {"Debian": records})
    env = {"PAVED_DATA_DIR": str(tmp_path / "data")}
    assert run_paved("advisories", "update", "--source", str(source), env=env).returncode == 0
    (tmp_path / "project").mkdir()
    report = tmp_path / "run.json"
    options = ("--image", f"oci:{root}:v1", "--only", "dependencies", "--format", "json", "-o", str(report))
    run_paved("check", str(tmp_path / "project"), *options, env=env)
    found = {
        each["finding"]["component"]["name"]: {e["name"]: e["value"] for e in each["finding"]["evidence"]}
        for each in json.loads(report.read_text())["findings"]
    }
    assert (found["tank"]["brought by"], found["tank"]["part"]) == ("ADD rootfs.tar.xz /", "base image")
    assert (found["pump"]["brought by"], found["pump"]["part"]) == ("RUN apt-get install -y pump", "application")
    assert "part" not in found["lost"]  # nobody knows who brought it
