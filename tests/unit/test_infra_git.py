"""The git door on real repositories."""

import os
import subprocess
from pathlib import Path

import pytest

from pavedroad.infra.errors import GitError
from pavedroad.infra.git import Repository, asset_name, find_root


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a.txt").write_text("one\n" * 20)
    (tmp_path / "gone.txt").write_text("gone")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def contents(repo: Path, *ids: str) -> list[bytes | None]:
    return [content for _, content in Repository(repo).contents(ids, 1 << 20)]


def test_changes_name_renamed_deleted_and_edited_files(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    git(repo, "mv", "a.txt", "b.txt")
    (repo / "gone.txt").unlink()
    (repo / "fresh.txt").write_text("x")
    git(repo, "add", "fresh.txt")
    changes = {(c.status, c.old, c.new) for c in Repository(repo).changes(base)}
    assert changes == {("R", b"a.txt", b"b.txt"), ("D", b"gone.txt", b""), ("A", b"", b"fresh.txt")}


def test_old_contents_can_be_read_and_a_missing_or_large_one_is_none(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    (repo / "a.txt").write_text("two\n")
    (change,) = Repository(repo).changes(base)
    assert contents(repo, change.old_id, "f" * 40) == [b"one\n" * 20, None]
    assert [c for _, c in Repository(repo).contents([change.old_id, change.old_id], 10)] == [None, None]


def test_staged_contents_differ_from_the_working_file(repo: Path) -> None:
    (repo / "a.txt").write_text("staged\n")
    git(repo, "add", "a.txt")
    (repo / "a.txt").write_text("later\n")
    (change,) = Repository(repo).staged()
    assert contents(repo, change.new_id) == [b"staged\n"]


def test_a_repository_without_commits_has_no_head_and_everything_staged(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("x")
    git(tmp_path, "add", "a")
    repository = Repository(tmp_path)
    assert repository.head() == ""
    assert [c.new for c in repository.staged()] == [b"a"]
    assert list(repository.files()) == [(b"a", True)]


def test_history_gives_each_content_once_also_those_long_deleted(repo: Path) -> None:
    git(repo, "rm", "-q", "gone.txt")
    git(repo, "commit", "-qm", "second")
    git(repo, "checkout", "-qb", "side")
    (repo / "side.txt").write_text("side")
    (repo / "copy.txt").write_text("gone")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "third")
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", "side")
    blobs = list(Repository(repo).history())
    found = dict(zip([b.path for b in blobs], contents(repo, *[b.blob_id for b in blobs]), strict=True))
    assert sorted(found.values(), key=str) == [b"gone", b"one\n" * 20, b"side"]
    assert all(len(b.commit) == 40 for b in blobs)


def test_history_of_a_span_leaves_out_what_came_before(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    (repo / "n.txt").write_text("new")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "second")
    assert [b.path for b in Repository(repo).history(f"{base}..HEAD")] == [b"n.txt"]


def test_names_that_are_not_utf8_or_hold_line_feeds_come_through(repo: Path) -> None:
    name = b"odd \xff\n name"
    with open(os.path.join(os.fsencode(repo), name), "wb") as stream:  # noqa: PTH118, PTH123 - bytes paths
        stream.write(b"x")
    assert (name, False) in Repository(repo).files()
    git(repo, "add", ".")
    assert (name, True) in Repository(repo).files()
    assert name in [c.new for c in Repository(repo).staged()]


def test_a_ref_that_looks_like_an_option_is_no_ref(repo: Path) -> None:
    assert Repository(repo).resolve("--output=/etc/passwd") == ""
    assert Repository(repo).resolve("no-such-branch") == ""


def test_hooks_and_monitors_of_a_hostile_repository_do_not_run(repo: Path) -> None:
    witness = repo / "ran"
    git(repo, "config", "core.fsmonitor", f"touch {witness}; false")
    git(repo, "config", "diff.external", f"touch {witness}; false")
    (repo / "a.txt").write_text("changed\n")
    repository = Repository(repo)
    list(repository.files())
    repository.changes(repository.head())
    assert not witness.exists()


def test_a_broken_repository_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(GitError) as caught:
        list(Repository(tmp_path).files())
    assert caught.value.next_step


def test_root_is_found_from_inside(repo: Path) -> None:
    (repo / "deep" / "er").mkdir(parents=True)
    assert find_root(repo / "deep" / "er") == repo
    assert find_root(repo / "a.txt") == repo


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://user:pass@git.example/team/shop.git", "git.example/team/shop"),
        ("git@git.example:team/shop.git", "git.example/team/shop"),
        ("ssh://git@git.example/team/Shop/", "git.example/team/shop"),
        ("", "folder"),
        ("/srv/git/shop.git", "folder"),
    ],
)
def test_asset_names_hold_no_credentials(remote: str, name: str) -> None:
    assert asset_name(remote, Path("/x/folder")) == name


def test_a_git_that_waits_for_ever_is_ended_and_told(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pavedroad.infra.git._SECONDS", 0.5)
    os.mkfifo(repo / ".gitignore")
    with pytest.raises(GitError, match="took over") as caught:
        list(Repository(repo).files())
    assert "next: run the same git command there" in str(caught.value)
