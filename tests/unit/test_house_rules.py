"""The house rules judge known good and known bad modules right."""

from pathlib import Path

import pytest

from scripts.house_rules import MAX_LINES, ROOT, RULES, check_text, check_tree

DOC = '"""What it is for."""\n'


def broken(path: str, text: str) -> set[str]:
    """Names of the rules that a module breaks."""
    return {line.split(": ")[1] for line in check_text(path, text)}


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("src/pavedroad/gate/a.py", DOC + "import subprocess\n", "only_infra_opens_doors"),
        ("src/pavedroad/gate/a.py", DOC + "from urllib import request\n", "only_infra_opens_doors"),
        (
            "src/pavedroad/gate/a.py",
            DOC + "from http.client import HTTPConnection\n",
            "only_infra_opens_doors",
        ),
        ("src/pavedroad/gate/a.py", DOC + "import os\nos.execvp('a', [])\n", "only_infra_opens_doors"),
        ("src/pavedroad/gate/a.py", DOC + "import datetime\ndatetime.datetime.now()\n", "time_comes_from_the_clock"),
        ("src/pavedroad/core/a.py", DOC + "from datetime import date\ndate.today()\n", "time_comes_from_the_clock"),
        ("src/pavedroad/policy/a.py", DOC + "import time\ntime.time()\n", "time_comes_from_the_clock"),
        ("src/pavedroad/policy/a.py", DOC + "print(1)\n", "output_belongs_to_the_cli"),
        ("src/pavedroad/policy/a.py", DOC + "import sys\ndef f():\n    sys.exit(1)\n", "only_the_cli_exits"),
        ("src/pavedroad/policy/utils.py", DOC, "no_buckets"),
        ("tests/helpers/test_a.py", "", "no_buckets"),
        ("src/pavedroad/policy/a.py", DOC + "#\n" * MAX_LINES, "modules_stay_small"),
        ("src/pavedroad/policy/a.py", "x = 1\n", "modules_say_what_they_are_for"),
    ],
)
def test_a_module_that_breaks_a_rule_is_named_with_that_rule(path: str, text: str, rule: str) -> None:
    assert broken(path, text) == {rule}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/pavedroad/infra/process.py", DOC + "import subprocess, socket\n"),
        ("src/pavedroad/gate/a.py", DOC + "from urllib.parse import quote\n"),
        ("src/pavedroad/core/clock.py", DOC + "from datetime import datetime\ndatetime.now()\n"),
        ("src/pavedroad/gate/a.py", DOC + "import time\ntime.monotonic()\nclock.now()\n"),
        ("src/pavedroad/cli/a.py", DOC + "print(1)\n"),
        ("src/pavedroad/scanning/worker.py", DOC + "import sys\nif __name__ == '__main__':\n    sys.exit(0)\n"),
        ("tests/unit/test_a.py", "import subprocess\nprint(1)\n"),
        ("scripts/a.py", "import sys\nsys.exit(1)\n"),
    ],
)
def test_a_module_that_keeps_the_rules_is_left_alone(path: str, text: str) -> None:
    assert broken(path, text) == set()


def test_a_module_that_does_not_parse_is_a_problem_with_its_line() -> None:
    assert check_text("src/pavedroad/gate/a.py", DOC + "def f(:\n") == [
        "src/pavedroad/gate/a.py:2: syntax: invalid syntax",
    ]


def test_every_rule_says_why_it_exists() -> None:
    assert all(rule.__doc__ for rule in RULES)


def test_the_tree_walk_finds_a_planted_problem(tmp_path: Path) -> None:
    planted = tmp_path / "src/pavedroad/gate/run.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(DOC + "print(1)\n", encoding="utf-8")
    assert check_tree(tmp_path) == [
        "src/pavedroad/gate/run.py:2: output_belongs_to_the_cli: calls print: return data; only cli talks to people",
    ]


def test_this_repository_keeps_its_own_rules() -> None:
    assert check_tree(ROOT) == []
