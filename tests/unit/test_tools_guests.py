"""Guest tools: described by folders, installed from hash-locked lists, verified before each run."""

import base64
import hashlib
import os
import threading
import zipfile
from pathlib import Path

import pytest

from pavedroad.core.errors import UsageError
from pavedroad.infra import tools
from pavedroad.infra._tool_sync import pip_settings
from pavedroad.infra.errors import PluginError, ToolError
from pavedroad.infra.process import Limits, run

TOML = """
name = "greeter"
package = "greeter-tool"
version = "1.0"
licence = "MIT"
homepage = "https://example.invalid/"
purpose = "says hello"
program = "bin/greeter"
"""


def wheel(folder: Path) -> Path:
    """A real wheel with one console script."""
    files = {
        "greeter_tool.py": "def main():\n    print('hello')\n",
        "greeter_tool-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeter-tool\nVersion: 1.0\n",
        "greeter_tool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "greeter_tool-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreeter = greeter_tool:main\n",
    }
    record = "".join(f"{name},sha256={_record_hash(text)},{len(text)}\n" for name, text in files.items())
    files["greeter_tool-1.0.dist-info/RECORD"] = record + "greeter_tool-1.0.dist-info/RECORD,,\n"
    path = folder / "greeter_tool-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def describe(folder: Path, lock: str, toml: str = TOML) -> None:
    """Write ``guest_tools/greeter``."""
    home = folder / "greeter"
    home.mkdir(parents=True)
    (home / "tool.toml").write_text(toml)
    (home / "requirements.txt").write_text(lock)


@pytest.fixture
def greeter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tool of which pip finds the wheel in a folder and nowhere else; the folder of the wheel."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    digest = hashlib.sha256(wheel(shelf).read_bytes()).hexdigest()
    describe(tmp_path / "tools", f"greeter-tool==1.0 \\\n    --hash=sha256:{digest}\n")
    monkeypatch.setattr(tools, "FOLDER", tmp_path / "tools")
    monkeypatch.setenv("PAVED_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return shelf


def remains(tmp_path: Path) -> list[str]:
    """What lies beside the installed versions."""
    return sorted(path.name for path in (tmp_path / "data/tools/greeter").iterdir() if path.name != ".lock")


# --- installing and running ------------------------------------------------------------------------------------------


def test_a_synced_tool_runs_in_its_own_environment_and_stays_verified(greeter: Path, tmp_path: Path) -> None:
    assert tools.state("greeter") == "missing"
    assert tools.sync("greeter")
    argv = tools.resolve("greeter")
    done = run([*argv], cwd=tmp_path, limits=Limits(), env=tools.ENVIRONMENT)
    assert (done.stdout, done.returncode) == (b"hello\n", 0), done.stderr
    assert argv[0].startswith(str(tmp_path / "data"))
    assert tools.state("greeter") == "installed"
    assert not tools.sync("greeter")


def test_two_syncs_at_once_install_once(greeter: Path, tmp_path: Path) -> None:
    did: list[bool] = []
    threads = [threading.Thread(target=lambda: did.append(tools.sync("greeter"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(did) == [False, True]
    assert len(remains(tmp_path)) == 1


def test_a_wheel_that_is_not_the_locked_one_is_refused_and_leaves_nothing(greeter: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(greeter / "greeter_tool-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("extra.py", "")
    with pytest.raises(ToolError, match=r"(?s)cannot be installed.*next:"):
        tools.sync("greeter")
    assert remains(tmp_path) == []
    assert tools.state("greeter") == "missing"


def test_a_failed_sync_says_what_pip_said_without_passwords(
    greeter: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:" + "hunter2@127.0.0.1:9/simple")
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(ToolError, match="greeter-tool") as caught:
        tools.sync("greeter")
    assert "hunter2" not in str(caught.value)
    assert remains(tmp_path) == []


def test_what_a_killed_sync_left_is_removed_and_never_used(greeter: Path, tmp_path: Path) -> None:
    half = tmp_path / "data/tools/greeter/.new-killed/bin"
    half.mkdir(parents=True)
    (half / "greeter").write_text("half")
    assert tools.state("greeter") == "missing"
    tools.sync("greeter")
    assert len(remains(tmp_path)) == 1


@pytest.mark.parametrize("how", ["was changed", "was added", "is missing", "link"])
def test_any_changed_file_is_named_before_the_tool_runs_and_sync_repairs_it(greeter: Path, how: str) -> None:
    tools.sync("greeter")
    module = next(tools.home(tools.get("greeter")).glob("lib/*/site-packages/greeter_tool.py"))
    before = module.stat()
    if how == "was changed":
        module.write_text(module.read_text().replace("hello", "HELLO"))
        os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))  # same size, same time
    elif how == "was added":
        module.with_name("greeter_hook.pth").write_text("import os")
    elif how == "is missing":
        module.unlink()
    else:
        python = tools.home(tools.get("greeter")) / "bin/python"
        python.unlink()
        python.symlink_to("/bin/false")
    named = {"was added": "greeter_hook.pth was added", "link": "bin/python was changed"}
    with pytest.raises(ToolError, match=named.get(how, f"greeter_tool.py {how}") + "(?s:.*)paved tools sync greeter"):
        tools.resolve("greeter")
    assert tools.state("greeter") == "changed"
    assert tools.sync("greeter")
    assert tools.resolve("greeter")


@pytest.mark.parametrize("text", ["", "{", '{"tool": "other", "digest": "", "files": {}}', "[1]"])
def test_a_broken_manifest_is_a_tool_error(greeter: Path, text: str) -> None:
    place = tools.home(tools.get("greeter"))
    place.mkdir(parents=True)
    (place / tools.MANIFEST).write_text(text)
    with pytest.raises(ToolError, match="manifest"):
        tools.resolve("greeter")


def test_a_missing_tool_says_how_to_get_it(greeter: Path) -> None:
    with pytest.raises(ToolError, match=r"(?s)not installed.*paved tools sync greeter"):
        tools.resolve("greeter")


def test_an_unknown_tool_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'zizmor'"):
        tools.get("zizmr")


def test_pip_sees_its_settings_and_no_other_variable() -> None:
    ours = {"PIP_INDEX_URL": "x", "https_proxy": "y", "HOME": "/h", "AWS_SECRET_ACCESS_KEY": "z", "PYTHONPATH": "p"}
    assert set(pip_settings(ours)) == {"PIP_INDEX_URL", "https_proxy", "HOME"}


# --- describing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(tools.all_tools()))
def test_every_tool_of_ours_is_pinned_by_hash_and_says_what_it_is(name: str) -> None:
    tool = tools.all_tools()[name]
    lock = (tools.FOLDER / name / "requirements.txt").read_text()
    assert tools.pinned(lock)[tool.package] == tool.version
    assert "://" not in lock
    assert tool.licence
    assert tool.purpose
    assert tool.homepage.startswith("https://")


@pytest.mark.parametrize(
    "lock",
    [
        "greeter-tool==1.0\n",
        "greeter-tool>=1.0 --hash=sha256:" + "0" * 64,
        "greeter-tool==1.0 --hash=md5:" + "0" * 32,
        "greeter-tool @ file:///x --hash=sha256:" + "0" * 64,
        "--index-url https://example.invalid/\n",
        "-r other.txt\n",
        "",
    ],
)
def test_a_list_that_is_not_wholly_pinned_by_hash_stops_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    describe(tmp_path, lock)
    monkeypatch.setattr(tools, "FOLDER", tmp_path)
    with pytest.raises(PluginError, match="greeter"):
        tools.all_tools()


@pytest.mark.parametrize(
    "toml",
    ["name =", "", TOML.replace('"greeter"', '"../x"'), TOML.replace("1.0", "2.0"), TOML.replace("MIT", "")[:40]],
)
def test_a_broken_description_stops_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str) -> None:
    describe(tmp_path, "greeter-tool==1.0 --hash=sha256:" + "0" * 64, toml)
    monkeypatch.setattr(tools, "FOLDER", tmp_path)
    with pytest.raises(PluginError, match="greeter"):
        tools.all_tools()
