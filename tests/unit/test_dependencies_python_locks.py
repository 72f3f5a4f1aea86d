"""requirements.txt, poetry.lock and uv.lock."""

import pytest

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Found, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parser_for, parsers


def parse(path: str, text: str | bytes) -> ParseResult:
    parser = parser_for(path)
    assert parser
    return parser.parse(path, text.encode() if isinstance(text, str) else text)


def named(result: ParseResult) -> dict[str, Found]:
    return {found.component.name: found for found in result.components}


def gaps(result: ParseResult, *, harmless: bool = False) -> dict[str, int]:
    return {gap.reason: gap.count for gap in result.gaps if gap.harmless is harmless}


class TestRequirements:
    @pytest.mark.parametrize(
        "path",
        [
            "requirements.txt",
            "a/requirements-dev.txt",
            "dev-requirements.txt",
            "requirements/base.txt",
            "requirements_dev.txt",
        ],
    )
    def test_usual_names_are_read(self, path: str) -> None:
        assert parsers()["requirements"].selects(path)

    @pytest.mark.parametrize("path", ["constraints.txt", "notes.txt", "notes.in", "requirements.txt.bak"])
    def test_other_names_are_not(self, path: str) -> None:
        assert not parsers()["requirements"].selects(path)

    def test_pins_are_read_with_extras_markers_hashes_and_continuations(self) -> None:
        result = parse(
            "requirements.txt",
            "# top\n"
            "Django[bcrypt] == 4.2.1 ; python_version >= '3.8' \\\n"
            "    --hash=sha256:aa \\\n"
            "    --hash=sha256:bb\n"
            "six===1.16.0   # why\n"
            "\n"
            "b.c==1.0,>=0.9\n",
        )
        assert [(f.component.purl, f.line) for f in result.components] == [
            ("pkg:pypi/django@4.2.1", 2),
            ("pkg:pypi/six@1.16.0", 5),
            ("pkg:pypi/b.c@1.0", 7),
        ]
        assert [(gap.harmless, gap.examples) for gap in result.gaps] == [
            (True, ('Django==4.2.1 ; python_version >= "3.8"',))
        ]

    def test_what_is_not_pinned_is_counted_as_a_gap(self) -> None:
        result = parse("requirements.txt", "flask\nclick>=8\nattrs==23.*\nok==1\n")
        assert [f.component.name for f in result.components] == ["ok"]
        assert gaps(result) == {"a requirement without an exact version": 3}

    def test_urls_editables_and_odd_lines_are_gaps_that_quote_nothing_secret(self) -> None:
        word = "hunter" + "2"
        result = parse(
            "requirements.txt",
            f"--index-url https://u:{word}@example.org/simple\n"
            f"-e git+https://u:{word}@example.org/x.git#egg=x\n"
            f"git+https://u:{word}@example.org/y.git\n"
            f"z @ https://u:{word}@example.org/z.whl\n"
            "./local\n"
            f"?? {word}\n",
        )
        assert gaps(result) == {
            "an editable requirement": 1,
            "a requirement by URL or path": 3,
            "a line that is no requirement": 1,
        }
        assert word not in repr(result)

    def test_other_files_are_read_on_their_own_where_their_name_says_so(self) -> None:
        result = parse(
            "a/requirements.txt", "-r requirements-base.txt\n--requirement=odd.txt\n-c https://example.org/c.txt\n"
        )
        assert gaps(result, harmless=True) == {"another requirements file, read on its own": 1}
        assert sum(gaps(result).values()) == 2

    def test_via_comments_give_the_path_and_what_is_direct(self) -> None:
        result = parse(
            "requirements.txt",
            "a==1.0\n    # via -r requirements.in\n"
            "b==1.0\n    # via\n    #   a\n    #   other\n"
            "c==1.0  # via b\n"
            "d==1.0\n",
        )
        found = named(result)
        assert found["c"].component.path == ("a", "b", "c")
        assert (found["a"].component.direct, found["b"].component.direct, found["d"].component.direct) == (
            True,
            False,
            None,
        )

    def test_files_for_development_are_of_scope_dev(self) -> None:
        assert named(parse("requirements-dev.txt", "a==1"))["a"].component.scope == "dev"
        assert named(parse("requirements/test.txt", "a==1"))["a"].component.scope == "dev"
        assert named(parse("requirements.txt", "a==1"))["a"].component.scope == ""

    def test_utf_16_as_some_shells_write_it_is_read(self) -> None:
        assert named(parse("requirements.txt", "a==1\n".encode("utf-16")))["a"].component.version == "1"

    def test_text_that_is_no_unicode_is_an_error(self) -> None:
        with pytest.raises(LockfileError, match="UTF-8"):
            parse("requirements.txt", b"caf\xe9==1\n")


POETRY = """\
[[package]]
name = "app-lib"
version = "1.0"
optional = false
groups = ["main"]

[package.dependencies]
Inner_Lib = ">=1"

[[package]]
name = "inner-lib"
version = "2.0"
optional = true
groups = ["main"]

[package.dependencies]
app-lib = "*"
deep = {version = "*", markers = "x"}

[[package]]
name = "deep"
version = "3.0"
groups = ["dev"]

[[package]]
name = "forked"
version = "0.1"

[package.source]
type = "git"
url = "https://example.org/x.git"

[[package]]
name = "mine"
version = "0.1"

[package.source]
type = "directory"
url = "../mine"

[metadata]
lock-version = "2.1"
"""


class TestPoetry:
    def test_packages_come_with_lines_scopes_and_origins(self) -> None:
        result = parse("poetry.lock", POETRY)
        found = named(result)
        assert [(f.component.name, f.line) for f in result.components] == [
            ("app-lib", 2),
            ("inner-lib", 11),
            ("deep", 21),
            ("forked", 26),
        ]
        assert [f.component.scope for f in result.components] == ["runtime", "optional", "dev", ""]
        assert found["forked"].origin == "git"
        assert gaps(result, harmless=True) == {"a local package, not from a registry": 1}

    def test_a_cycle_without_a_root_leaves_paths_unknown(self) -> None:
        found = named(parse("poetry.lock", POETRY))
        assert found["deep"].component.path == ()
        assert found["deep"].component.direct is None

    def test_a_chain_gives_the_path(self) -> None:
        text = POETRY.replace('app-lib = "*"\n', "")
        assert named(parse("poetry.lock", text))["deep"].component.path == ("app-lib", "inner-lib", "deep")

    @pytest.mark.parametrize("metadata", ['lock-version = "3.0"', "lock-version = 2", ""])
    def test_an_unknown_version_is_an_error(self, metadata: str) -> None:
        with pytest.raises(LockfileError, match="version"):
            parse("poetry.lock", f"[metadata]\n{metadata}\n" if metadata else "")

    def test_old_categories_are_understood(self) -> None:
        text = '[[package]]\nname = "a"\nversion = "1"\ncategory = "dev"\n[metadata]\nlock-version = "1.1"\n'
        assert named(parse("poetry.lock", text))["a"].component.scope == "dev"


UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "web" }]

[package.optional-dependencies]
fast = [{ name = "speed" }]

[package.dev-dependencies]
dev = [{ name = "check" }]

[[package]]
name = "web"
version = "2.0"
source = { registry = "https://example.org/simple" }
dependencies = [{ name = "core", version = "1.0" }]

[[package]]
name = "core"
version = "1.0"
source = { registry = "https://example.org/simple" }

[[package]]
name = "core"
version = "2.0"
source = { registry = "https://example.org/simple" }

[[package]]
name = "speed"
version = "3.0"
source = { git = "https://example.org/speed.git" }

[[package]]
name = "check"
version = "4.0"
source = { registry = "https://example.org/simple" }
dependencies = [{ name = "core", version = "2.0" }]
"""


class TestUv:
    def test_scopes_paths_and_directness_are_exact(self) -> None:
        result = parse("uv.lock", UV)
        rows = [
            (f.component.name, f.component.version, f.component.scope, f.component.direct, f.component.path)
            for f in result.components
        ]
        assert rows == [
            ("web", "2.0", "runtime", True, ("app", "web")),
            ("core", "1.0", "runtime", False, ("app", "web", "core")),
            ("core", "2.0", "dev", False, ("app", "check", "core")),
            ("speed", "3.0", "optional", True, ("app", "speed")),
            ("check", "4.0", "dev", True, ("app", "check")),
        ]
        assert named(result)["speed"].origin == "git"

    @pytest.mark.parametrize("text", ["version = 2\n", "", 'version = "1"\n'])
    def test_an_unknown_version_is_an_error(self, text: str) -> None:
        with pytest.raises(LockfileError, match="version"):
            parse("uv.lock", text)

    def test_a_heading_inside_a_string_gives_no_line_rather_than_a_wrong_one(self) -> None:
        text = UV + '\n[package.metadata]\nnote = """\n[[package]]\nname = "x"\n"""\n'
        assert {f.line for f in parse("uv.lock", text).components} == {0}
