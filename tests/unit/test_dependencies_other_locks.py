"""package-lock.json, go.mod and Cargo.lock."""

import json
from typing import Any

import pytest

from pavedroad.core.ecosystems import purl
from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import Found, ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import parser_for


def parse(path: str, content: str | dict[str, Any]) -> ParseResult:
    parser = parser_for(path)
    assert parser
    return parser.parse(path, (content if isinstance(content, str) else json.dumps(content, indent=2)).encode())


def named(result: ParseResult) -> dict[str, Found]:
    return {found.component.purl: found for found in result.components}


def gaps(result: ParseResult, *, harmless: bool = False) -> dict[str, int]:
    return {gap.reason: gap.count for gap in result.gaps if gap.harmless is harmless}


NPM3 = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "shop", "dependencies": {"web": "^1", "old": "npm:real@1"}, "devDependencies": {"check": "^1"}},
        "lib": {"name": "lib", "version": "0.1.0", "dependencies": {"only-lib": "1"}},
        "node_modules/lib": {"resolved": "lib", "link": True},
        "node_modules/web": {
            "version": "1.0.0",
            "resolved": "https://example.org/web.tgz",
            "dependencies": {"core": "^2"},
        },
        "node_modules/core": {"version": "1.0.0", "dev": True},
        "node_modules/web/node_modules/core": {"version": "2.0.0", "dependencies": {"web": "*"}},
        "node_modules/old": {"name": "real", "version": "1.2.3"},
        "node_modules/check": {"version": "1.0.0", "dev": True, "dependencies": {"core": "^1"}},
        "node_modules/@scope/part": {"version": "1.0.0", "optional": True, "inBundle": True},
        "node_modules/forked": {"version": "1.0.0", "resolved": "git+ssh://git@example.org/x.git#abc"},
        "node_modules/nover": {"resolved": "https://example.org/x.tgz"},
        "lib/node_modules/only-lib": {"version": "1.0.0"},
    },
}


class TestNpm:
    def test_folders_are_resolved_as_node_does(self) -> None:
        found = named(parse("package-lock.json", NPM3))
        assert found["pkg:npm/core@2.0.0"].component.path == ("shop", "web", "core")
        assert found["pkg:npm/core@1.0.0"].component.path == ("shop", "check", "core")
        assert found["pkg:npm/only-lib@1.0.0"].component.path == ("lib", "only-lib")
        assert found["pkg:npm/real@1.2.3"].component.path == ("shop", "real")

    def test_flags_become_scope_direct_and_origin(self) -> None:
        found = named(parse("package-lock.json", NPM3))
        assert found["pkg:npm/web@1.0.0"].component.scope == "runtime"
        assert found["pkg:npm/web@1.0.0"].component.direct is True
        assert found["pkg:npm/core@2.0.0"].component.direct is False
        assert found["pkg:npm/check@1.0.0"].component.scope == "dev"
        assert found["pkg:npm/%40scope/part@1.0.0"].component.scope == "optional"
        assert found["pkg:npm/forked@1.0.0"].origin == "git"

    def test_links_are_local_and_a_missing_version_is_a_gap(self) -> None:
        result = parse("npm-shrinkwrap.json", NPM3)
        assert gaps(result) == {"a package without a version": 1}
        assert gaps(result, harmless=True) == {"a local package, not from a registry": 2}

    def test_each_entry_has_its_own_line(self) -> None:
        text = json.dumps(NPM3, indent=2)
        lines = text.split("\n")
        for found in parse("package-lock.json", text).components:
            assert found.component.name.rpartition("/")[2] in lines[found.line - 1] or found.component.name == "real"

    def test_version_2_reads_the_same_packages(self) -> None:
        two = {**NPM3, "lockfileVersion": 2, "dependencies": {"ignored": {"version": "9.9.9"}}}
        assert set(named(parse("package-lock.json", two))) == set(named(parse("package-lock.json", NPM3)))

    def test_version_1_nests_and_tells_lines_scopes_and_aliases(self) -> None:
        text = json.dumps(
            {
                "lockfileVersion": 1,
                "dependencies": {
                    "web": {
                        "version": "1.0.0",
                        "requires": {"core": "^2"},
                        "dependencies": {"core": {"version": "2.0.0", "bundled": True}},
                    },
                    "core": {"version": "1.0.0", "dev": True},
                    "alias": {"version": "npm:@s/real@3.0.0"},
                    "byurl": {"version": "git+https://example.org/x.git#abc"},
                    "local": {"version": "file:../x"},
                },
            },
            indent=2,
        )
        result = parse("package-lock.json", text)
        found = named(result)
        assert found["pkg:npm/core@2.0.0"].component.path == ("web", "core")
        assert found["pkg:npm/core@1.0.0"].component.scope == "dev"
        assert "pkg:npm/%40s/real@3.0.0" in found
        assert gaps(result) == {"a package by URL: its version is not in the lock file": 1}
        lines = text.split("\n")
        assert found["pkg:npm/core@2.0.0"].line < found["pkg:npm/core@1.0.0"].line
        assert '"core": {' in lines[found["pkg:npm/core@1.0.0"].line - 1]

    @pytest.mark.parametrize("version", [0, 4, "3", None, True])
    def test_an_unknown_version_is_an_error(self, version: object) -> None:
        with pytest.raises(LockfileError, match="version"):
            parse("package-lock.json", {"lockfileVersion": version, "packages": {}})


GO = """\
module example.org/shop // the shop

go 1.22.3

require github.com/one/direct v1.2.3
require (
	github.com/two/indirect v0.0.0-20240101000000-abcdef123456 // indirect
	github.com/three/replaced v1.0.0
	github.com/four/local v1.0.0
	github.com/five/gone v1.0.0 // indirect; a comment
	"github.com/six/quoted" v2.0.0+incompatible
)

replace github.com/three/replaced => github.com/fork/replaced v1.0.1
replace (
	github.com/four/local v1.0.0 => ../local
)
exclude github.com/five/gone v1.0.0
retract [v1.0.0, v1.9.9] // mistakes
tool example.org/tool
"""


class TestGoMod:
    def test_requirements_after_replace_and_exclude(self) -> None:
        result = parse("go.mod", GO)
        assert [(f.component.name, f.component.version, f.line, f.component.direct) for f in result.components] == [
            ("github.com/one/direct", "v1.2.3", 5, True),
            ("github.com/two/indirect", "v0.0.0-20240101000000-abcdef123456", 7, False),
            ("github.com/fork/replaced", "v1.0.1", 8, True),
            ("github.com/six/quoted", "v2.0.0+incompatible", 11, True),
            ("stdlib", "1.22.3", 3, True),
        ]
        assert gaps(result) == {"an excluded version: Go picks another one": 1}
        assert gaps(result, harmless=True) == {
            "replaced by a local folder": 1,
            "no go.sum stands beside: nothing confirms what is downloaded": 1,
        }

    def test_the_toolchain_line_goes_before_the_go_line(self) -> None:
        result = parse("go.mod", "module x\ngo 1.21\ntoolchain go1.22.5\n")
        assert [(f.component.version, f.line, f.minimum) for f in result.components] == [("1.22.5", 3, True)]

    def test_before_go_1_17_indirect_modules_are_missing_and_that_is_said(self) -> None:
        result = parse("go.mod", "module x\ngo 1.16\nrequire a.b/c v1.0.0\n")
        assert gaps(result) == {"before Go 1.17 go.mod leaves out indirect modules": 1}

    @pytest.mark.parametrize(
        "text",
        ["nonsense\n", "require (\n a v1\n", "require a\n", "replace a b\n", "replace => b v1\n"],
    )
    def test_what_is_no_go_mod_is_an_error(self, text: str) -> None:
        with pytest.raises(LockfileError):
            parse("go.mod", text)


CARGO = """\
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "web",
 "core 1.0.0",
]

[[package]]
name = "web"
version = "2.0.0"
source = "registry+https://example.org/index"
dependencies = ["core 2.0.0 (registry+https://example.org/index)", "app"]

[[package]]
name = "core"
version = "1.0.0"
source = "git+https://example.org/core?rev=1#abc"

[[package]]
name = "core"
version = "2.0.0"
source = "registry+https://example.org/index"
"""


class TestCargo:
    def test_packages_paths_lines_and_origins(self) -> None:
        result = parse("Cargo.lock", CARGO)
        assert [(f.component.purl, f.line, f.component.direct, f.component.path) for f in result.components] == [
            ("pkg:cargo/web@2.0.0", 12, True, ("app", "web")),
            ("pkg:cargo/core@1.0.0", 18, True, ("app", "core")),
            ("pkg:cargo/core@2.0.0", 23, False, ("app", "web", "core")),
        ]
        assert [f.origin for f in result.components] == ["", "git", ""]

    @pytest.mark.parametrize("head", ["", "version = 3\n"])
    def test_older_versions_read_the_same(self, head: str) -> None:
        assert len(parse("Cargo.lock", CARGO.replace("version = 4\n", head, 1)).components) == 3

    def test_the_oldest_layout_keeps_the_project_apart(self) -> None:
        text = CARGO.replace("version = 4\n", "", 1).replace('[[package]]\nname = "app"', '[root]\nname = "app"', 1)
        assert parse("Cargo.lock", text).components[0].component.path == ("app", "web")

    @pytest.mark.parametrize("version", ["5", "0", '"4"', "true"])
    def test_an_unknown_version_is_an_error(self, version: str) -> None:
        with pytest.raises(LockfileError, match="version"):
            parse("Cargo.lock", CARGO.replace("version = 4\n", f"version = {version}\n", 1))

    @pytest.mark.parametrize("text", ["package = 3\n", "package = [1]\n", '[[package]]\nname = "a"\n', "[[package]]\n"])
    def test_wrong_shapes_are_errors(self, text: str) -> None:
        with pytest.raises(LockfileError):
            parse("Cargo.lock", text)


@pytest.mark.parametrize("ecosystem", ["PyPI", "npm", "Go", "crates.io", "Elsewhere"])
@pytest.mark.parametrize("name", ["/", "//", "a/", "/a", "@", "@/x", "", " ", "a//b"])
def test_every_name_has_a_purl(ecosystem: str, name: str) -> None:
    assert purl(ecosystem, name, "1.0.0").startswith("pkg:")
