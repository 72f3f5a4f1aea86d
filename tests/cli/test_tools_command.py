"""``paved tools`` as a user runs it."""

import json
from pathlib import Path

from tests.support.paved_process import RunPaved


def test_list_shows_version_digest_licence_and_state(run_paved: RunPaved, tmp_path: Path) -> None:
    result = run_paved("tools", "list", env={"PAVED_DATA_DIR": str(tmp_path)})
    assert result.returncode == 0, result.stderr
    row = next(line.split() for line in result.stdout.splitlines() if line.startswith("zizmor"))
    assert row[0] == "zizmor"
    assert row[3:] == ["MIT", "missing"]


def test_list_as_json_says_where_each_tool_is(run_paved: RunPaved, tmp_path: Path) -> None:
    result = run_paved("tools", "list", "--json", env={"PAVED_DATA_DIR": str(tmp_path)})
    rows = {row["name"]: row for row in json.loads(result.stdout)}
    assert rows["zizmor"]["path"].startswith(str(tmp_path))
    assert len(rows["zizmor"]["digest"]) == 64


def test_sync_of_an_unknown_tool_is_a_usage_error(run_paved: RunPaved, tmp_path: Path) -> None:
    result = run_paved("tools", "sync", "zizmr", env={"PAVED_DATA_DIR": str(tmp_path)})
    assert result.returncode == 2
    assert "did you mean 'zizmor'" in result.stderr


def test_sync_without_an_index_ends_with_3_and_says_what_to_check(run_paved: RunPaved, tmp_path: Path) -> None:
    env = {"PAVED_DATA_DIR": str(tmp_path), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    result = run_paved("tools", "sync", "zizmor", env=env)
    assert result.returncode == 3
    assert "pip config list" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_that_cannot_be_made_is_a_clear_error(run_paved: RunPaved, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run_paved("tools", "sync", "zizmor", env={"PAVED_DATA_DIR": str(tmp_path / "file")})
    assert result.returncode == 3
    assert "cannot be made" in result.stderr
