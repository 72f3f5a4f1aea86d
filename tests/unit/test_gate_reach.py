"""Whether the code uses a package: four states, and what makes each."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from pavedroad.core import Component, Finding, Judged, Reach, Reachability, Severity
from pavedroad.core.priority import Priority, Signals
from pavedroad.gate.installed import installed_modules
from pavedroad.gate.modules import modules_of
from pavedroad.gate.reach import Imports, languages_of, with_reach
from tests.support.sample_run import dependency, secret

BOTH = frozenset({"python", "javascript"})


def component(name: str, ecosystem: str = "PyPI", *, direct: bool | None = True, **more: object) -> Component:
    kind = {"PyPI": "pypi", "npm": "npm"}.get(ecosystem, "cargo")
    fields = {"depends_on": (), "found_in": "lock", **more}
    return msgspec.convert(
        {
            "purl": f"pkg:{kind}/{name}@1",
            "name": name,
            "version": "1",
            "ecosystem": ecosystem,
            "direct": direct,
            **fields,
        },
        Component,
    )


def reach(
    one: Component,
    facts: Mapping[str, tuple[str, ...]],
    *others: Component,
    hole: str = "",
    finding: Finding | None = None,
    priority: Priority | None = None,
) -> Reach:
    found = msgspec.structs.replace(finding or dependency(), component=one)
    imports = Imports(facts=facts, languages=BOTH, hole=hole)
    (judged,) = with_reach([Judged(finding=found, priority=priority)], imports, [one, *others])
    assert judged.reach
    return judged.reach


@pytest.mark.parametrize(
    ("name", "facts", "state"),
    [
        ("pyyaml", {"app.py": ("python:yaml",)}, "reachable"),
        ("PyYAML", {"app.py": ("python:yaml.nodes",)}, "reachable"),
        ("google-cloud-storage", {"app.py": ("python:google.cloud.storage",)}, "reachable"),
        ("google-cloud-storage", {"app.py": ("python:google.cloud.bigquery",)}, "unreachable"),
        ("pyyaml", {"tests/test_a.py": ("python:yaml",)}, "potentially"),
        ("pyyaml", {"tests/a.py": ("python:yaml",), "b.py": ("python:yaml",)}, "reachable"),
        ("pyyaml", {"app.py": ("python:?",)}, "potentially"),
        ("djangorestframework", {"shop/settings.py": ("named:rest_framework",)}, "potentially"),
        ("pyyaml", {"app.py": ("python:requests",)}, "unreachable"),
        ("some-unheard-of-thing", {"app.py": ("python:some_unheard_of_thing",)}, "reachable"),
        ("some-unheard-of-thing", {"app.py": ("python:requests",)}, "unknown"),
        ("gunicorn", {"app.py": ("python:requests",)}, "unknown"),
    ],
)
def test_a_direct_python_package(name: str, facts: dict[str, tuple[str, ...]], state: str) -> None:
    assert reach(component(name), facts).state.value == state


@pytest.mark.parametrize(
    ("name", "facts", "state"),
    [
        ("@acme/ui", {"src/a.ts": ("javascript:@acme/ui",)}, "reachable"),
        ("left-pad", {"src/a.spec.ts": ("javascript:left-pad",)}, "potentially"),
        ("left-pad", {"webpack.config.js": ("javascript:left-pad",)}, "potentially"),
        ("left-pad", {"src/a.ts": ("javascript:react",)}, "unreachable"),
        ("left-pad", {"src/a.ts": ("javascript:?",)}, "potentially"),
        ("left-pad", {"src/a.py": ("python:?",)}, "unreachable"),
        ("@types/node", {"src/a.ts": ("javascript:react",)}, "unknown"),
    ],
)
def test_a_direct_javascript_package(name: str, facts: dict[str, tuple[str, ...]], state: str) -> None:
    assert reach(component(name, "npm"), facts).state.value == state


def test_what_an_imported_package_brings_in_is_potentially_reachable() -> None:
    facts = {"app.py": ("python:flask",)}
    flask = component("flask", depends_on=["pkg:pypi/jinja2@1"])
    jinja = component("jinja2", direct=False, depends_on=["pkg:pypi/markupsafe@1"])
    last = component("markupsafe", direct=False)
    found = reach(last, facts, flask, jinja)
    assert (found.state, "flask" in found.why) == (Reachability.POTENTIALLY, True)
    assert reach(last, {"app.py": ("python:markupsafe",)}, flask, jinja).state is Reachability.REACHABLE
    assert reach(last, {"app.py": ("python:requests",)}, flask, jinja).state is Reachability.UNREACHABLE


def test_the_path_of_a_component_will_do_and_without_any_nobody_knows() -> None:
    facts = {"app.py": ("python:flask",)}
    told = component("jinja2", direct=False, path=["shop", "flask", "jinja2"], depends_on=None)
    assert reach(told, facts).state is Reachability.POTENTIALLY
    untold = component("jinja2", direct=None, depends_on=None)
    assert reach(untold, facts).state is Reachability.UNKNOWN


def test_a_ring_of_dependencies_ends() -> None:
    first = component("flask", direct=False, depends_on=["pkg:pypi/jinja2@1"])
    second = component("jinja2", direct=False, depends_on=["pkg:pypi/flask@1"])
    assert reach(first, {}, second).state is Reachability.UNREACHABLE


def test_where_not_everything_was_looked_at_nothing_is_unreachable() -> None:
    found = reach(component("pyyaml"), {}, hole="only a part of the tree was looked at")
    assert (found.state, "only a part" in found.why) == (Reachability.UNKNOWN, True)


def test_what_is_exploited_or_malicious_counts_as_reachable_and_says_so() -> None:
    exploited = Priority(table="t", tier="x", rank=0, signals=Signals(known_exploited=True))
    malicious = msgspec.structs.replace(dependency(), severity=Severity.MALICIOUS)
    for found in (
        reach(component("pyyaml"), {}, priority=exploited),
        reach(component("pyyaml"), {}, finding=malicious),
    ):
        assert (found.state, found.counts_as) == (Reachability.UNREACHABLE, Reachability.REACHABLE)
        assert "counts as reachable" in found.why


def test_other_findings_and_other_languages_are_left_alone() -> None:
    imports = Imports(languages=BOTH)
    crate = msgspec.structs.replace(dependency(), component=component("serde", "crates.io"))
    judged = with_reach([Judged(finding=secret()), Judged(finding=crate)], imports, [])
    assert [each.reach for each in judged] == [None, None]
    assert languages_of([None, crate.component]) == frozenset()


def test_distributions_are_known_by_any_spelling_and_guesses_are_called_so() -> None:
    assert modules_of("Python_DateUtil") == (("dateutil",), True)
    assert modules_of("beautifulsoup4") == (("bs4",), True)
    assert modules_of("python-unheard-of") == (("python_unheard_of", "unheard_of"), False)


def installed(root: Path, folder: str, name: str, **files: str) -> None:
    info = root / folder / "lib/python3.11/site-packages" / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    for file, content in files.items():
        (info / file.replace("_txt", ".txt")).write_text(content)


def test_an_installed_distribution_says_itself_which_modules_it_has(tmp_path: Path) -> None:
    files = "shop_core/__init__.py", "shop.py", "_fast.cpython-311.so", "Odd_Name-1.0.dist-info/RECORD", "../../bin/x"
    record = "".join(f"{file},sha256=x,1\n" for file in files)
    installed(tmp_path, ".venv", "Odd_Name", RECORD=record)
    installed(tmp_path, "venv", "other", top_level_txt="elsewhere\n")
    installed(tmp_path, "venv", "google_thing", top_level_txt="google\n")
    assert installed_modules(tmp_path) == {"odd-name": ("shop_core", "shop", "_fast"), "other": ("elsewhere",)}
    (tmp_path / "link").mkdir()
    (tmp_path / "link/.venv").symlink_to(tmp_path / ".venv")
    assert installed_modules(tmp_path / "link") == {}


def test_what_is_installed_makes_sure_and_takes_nothing_away() -> None:
    one = component("odd-name")

    def state(fact: str, modules: dict[str, tuple[str, ...]]) -> str:
        imports = Imports(facts={"a.py": (fact,)}, languages=BOTH, modules=modules)
        found = msgspec.structs.replace(dependency(), component=one)
        (judged,) = with_reach([Judged(finding=found)], imports, [one])
        assert judged.reach
        return judged.reach.state.value

    assert state("python:shop_core", {}) == "unknown"
    assert state("python:shop_core", {"odd-name": ("shop_core",)}) == "reachable"
    assert state("python:requests", {"odd-name": ("shop_core",)}) == "unreachable"
    assert state("python:odd_name", {"odd-name": ("shop_core",)}) == "reachable"
