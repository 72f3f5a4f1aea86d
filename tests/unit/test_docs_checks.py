"""The checks of the docs find what is wrong, leave alone what is right, and find nothing in this repository."""

from pathlib import Path

import pytest

from scripts import check_docs

README = "# It\n\n[docs](docs/README.md)\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write(tmp_path, "README.md", README)
    write(tmp_path, "docs/README.md", "# Docs\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "target",
    ["gone.md", "../../outside.md", "README.md#gone", "#gone", "docs/gone/", "/etc/passwd"],
)
def test_a_link_that_leads_nowhere_is_named_with_its_line(repository: Path, target: str) -> None:
    write(repository, "README.md", f"{README}\n[x]({target})\n")
    (problem,) = check_docs.dead_links(repository)
    assert problem.startswith("README.md:5: ")
    assert target in problem


@pytest.mark.parametrize(
    "text",
    [
        "[x](docs/README.md)",
        "[x](docs/)",
        "[x](#it)",
        "[x](README.md#it)",
        "[x](<docs/README.md> 'title')",
        "[x](https://example.org/gone)",
        "[x](mailto:a@example.org)",
        "`[x](gone.md)`",
        "```md\n[x](gone.md)\n```",
    ],
)
def test_a_good_link_and_anything_in_code_are_left_alone(repository: Path, text: str) -> None:
    write(repository, "README.md", f"{README}\n{text}\n")
    assert list(check_docs.dead_links(repository)) == []


def test_headings_get_the_names_that_code_hosts_give_them() -> None:
    text = "# A `paved check`, first\n## Same\n## Same\n```\n# not one\n```\n### [Link](x.md) é!\n"
    assert check_docs.anchors(text) == {"a-paved-check-first", "same", "same-1", "link-é"}


def test_a_page_that_no_page_leads_to_is_named(repository: Path) -> None:
    write(repository, "docs/how-to/found.md", "# Found\n")
    write(repository, "docs/how-to/lost.md", "# Lost\n\n[x](found.md)\n")
    write(repository, "docs/README.md", "# Docs\n\n[x](how-to/found.md#found)\n")
    assert [problem.partition(":")[0] for problem in check_docs.lost_pages(repository)] == ["docs/how-to/lost.md"]


@pytest.mark.parametrize(
    ("name", "title", "right"),
    [
        ("0001-house.md", "# 1. The house", True),
        ("0012-x.md", "# ADR 12: x", True),
        ("0002-x.md", "# 3. x", False),
        ("0002-x.md", "# Something", False),
        ("second.md", "# 2. Second", False),
    ],
)
def test_a_decision_has_its_number_in_name_and_title(repository: Path, name: str, title: str, right: bool) -> None:
    write(repository, f"docs/explain/adr/{name}", f"{title}\n")
    assert (list(check_docs.misnumbered_decisions(repository)) == []) is right


def test_two_decisions_of_one_number_are_named(repository: Path) -> None:
    write(repository, "docs/explain/adr/0001-a.md", "# 1. A\n")
    write(repository, "docs/explain/adr/0001-b.md", "# 1. B\n")
    (problem,) = check_docs.misnumbered_decisions(repository)
    assert "0001-a.md has the same number" in problem


@pytest.mark.parametrize(
    ("command", "right"),
    [
        ("paved check", True),
        ("$ paved check --since main .", True),
        ("paved check --format sarif \\\n    -o x.sarif", True),
        ("PAVED_DATA_DIR=x .venv/bin/paved check --full && echo done", True),
        ("paved advisories update --source=there", True),
        ("paved --version", True),
        ("git log | paved check --skip iac", True),
        ("paved chek", False),
        ("paved check --sinze main", False),
        ("paved advisories fetch", False),
        ("paved check \\\n    --nope", False),
        ("paved check -Z", False),
    ],
)
def test_a_command_in_a_shell_block_must_exist_with_its_options(repository: Path, command: str, right: bool) -> None:
    write(repository, "README.md", f"{README}\n```sh\n{command}\n```\n")
    found = list(check_docs.unknown_commands(repository))
    assert (found == []) is right, found


def test_this_repository_has_nothing_wrong() -> None:
    assert check_docs.check(check_docs.ROOT) == []
