#!/usr/bin/env python3
"""House rules that no off-the-shelf linter knows: reads the syntax tree of every module, prints what breaks a rule.

A rule is one generator function in ``RULES``: a parsed module in, (line, sentence) out. Called by ``make lint``; its
own tests are ``tests/unit/test_house_rules.py``. Exits with 1 when anything was found.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "src/pavedroad"
CHECKED = (PACKAGE, "scripts", "benchmarks", "tests")

MAX_LINES = 400
BUCKETS = frozenset({"utils", "util", "common", "helpers", "helper", "misc"})
DOORS = ("subprocess", "socket", "ssl", "urllib.request", "http.client", "http.server", "ftplib", "smtplib", "requests")
PROCESS_CALLS = frozenset({"os.system", "os.popen", "os.fork", "os.posix_spawn", "pty.spawn"})
CLOCK_CALLS = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"},
)

Problem = tuple[int, str]


class Module(NamedTuple):
    """One parsed file; ``path`` is relative to the repository, with forward slashes."""

    path: str
    text: str
    tree: ast.Module

    @property
    def ours(self) -> bool:
        """Whether it is part of the product (not a test, a script or a benchmark)."""
        return self.path.startswith(PACKAGE + "/")

    def in_room(self, *rooms: str) -> bool:
        """Whether it stands in one of these folders or files of the package."""
        return any(self.path == f"{PACKAGE}/{room}" or self.path.startswith(f"{PACKAGE}/{room}/") for room in rooms)


Rule = Callable[[Module], Iterator[Problem]]


def _dotted(node: ast.expr) -> str:
    """``a.b.c`` of a chain of names; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _imports(module: Module) -> Iterator[tuple[int, str]]:
    """Every imported name in full: ``from urllib import request`` gives ``urllib.request``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def only_infra_opens_doors(module: Module) -> Iterator[Problem]:
    """Processes and sockets are opened by ``infra`` alone, which confines them."""
    if not module.ours or module.in_room("infra"):
        return
    for line, name in _imports(module):
        if any(name == door or name.startswith(door + ".") for door in DOORS):
            yield line, f"imports {name}: only infra opens processes and sockets; call infra.process or infra.fetch"
    for call, name in _calls(module):
        if name in PROCESS_CALLS or name.startswith(("os.exec", "os.spawn")):
            yield call.lineno, f"calls {name}: only infra starts processes; call infra.process"


def time_comes_from_the_clock(module: Module) -> Iterator[Problem]:
    """A naked clock cannot be chosen by a test and makes reports differ from run to run."""
    if not module.ours or module.in_room("infra", "core/clock.py"):
        return
    for call, name in _calls(module):
        if any(name == clock or name.endswith("." + clock) for clock in CLOCK_CALLS):
            yield call.lineno, f"calls {name}: take a core.Clock (or a date) as argument"


def output_belongs_to_the_cli(module: Module) -> Iterator[Problem]:
    """A room that prints cannot be used by the server, and may print a secret."""
    if not module.ours or module.in_room("cli"):
        return
    for call, name in _calls(module):
        if name == "print":
            yield call.lineno, "calls print: return data; only cli talks to people"


def only_the_cli_exits(module: Module) -> Iterator[Problem]:
    """An exit code is a decision; one place makes it. A worker's ``if __name__`` block may end its own process."""
    if not module.ours or module.in_room("cli", "__main__.py"):
        return
    guarded = {id(inner) for node in module.tree.body if _is_main_guard(node) for inner in ast.walk(node)}
    for call, name in _calls(module):
        if name in {"sys.exit", "exit", "quit", "SystemExit"} and id(call) not in guarded:
            yield call.lineno, f"calls {name}: raise an error of the room; only cli ends the program"


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and _dotted(node.test.left) == "__name__"


def no_buckets(module: Module) -> Iterator[Problem]:
    """A module is named for what it holds; a bucket is where structure goes to die."""
    for part in PurePosixPath(module.path).with_suffix("").parts:
        if part.strip("_") in BUCKETS:
            yield 1, f"'{part}' names a bucket: name the module for what it holds"


def modules_stay_small(module: Module) -> Iterator[Problem]:
    """Long modules hold two ideas."""
    lines = module.text.count("\n")
    if lines > MAX_LINES:
        yield MAX_LINES, f"has {lines} lines; at most {MAX_LINES}: split it where the second idea begins"


def modules_say_what_they_are_for(module: Module) -> Iterator[Problem]:
    """The docstring is the page: plug-ins show it to users, rooms to the next engineer."""
    if module.ours and not (ast.get_docstring(module.tree) or "").strip():
        yield 1, "has no module docstring: say what it is for and who calls it"


RULES: tuple[Rule, ...] = (
    only_infra_opens_doors,
    time_comes_from_the_clock,
    output_belongs_to_the_cli,
    only_the_cli_exits,
    no_buckets,
    modules_stay_small,
    modules_say_what_they_are_for,
)


def check_text(path: str, text: str) -> list[str]:
    """Every problem of one module as ``path:line: rule: sentence``; ``path`` as in :class:`Module`."""
    try:
        module = Module(path, text, ast.parse(text))
    except SyntaxError as error:
        return [f"{path}:{error.lineno or 1}: syntax: {error.msg}"]
    return [f"{path}:{line}: {rule.__name__}: {what}" for rule in RULES for line, what in rule(module)]


def check_tree(root: Path) -> list[str]:
    """Every problem of every module under ``root``, ordered by place."""
    files = (file for folder in CHECKED for file in sorted((root / folder).rglob("*.py")))
    return [
        problem
        for file in files
        for problem in check_text(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print the problems; 1 when there are any."""
    problems = check_tree(ROOT)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
