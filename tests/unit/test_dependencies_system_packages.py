"""Packages of the operating system: dpkg, apk and rpm, with the release that advisories speak about."""

import sqlite3

import pytest

from pavedroad.scanning.scanners.dependencies.errors import LockfileError
from pavedroad.scanning.scanners.dependencies.model import ParseResult
from pavedroad.scanning.scanners.dependencies.parsers import _rpm_stores, parser_for
from pavedroad.scanning.scanners.dependencies.parsers._system import read_os_release
from tests.support.rpmdb import as_bdb, as_ndb, as_sqlite, header

DEBIAN = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n'
ALMA = 'ID="almalinux"\nVERSION_ID="9.4"\n'


class Files:
    def __init__(self, **files: str) -> None:
        self.files = {name.replace("__", "/").replace("_", "-"): text.encode() for name, text in files.items()}

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)


def parse(path: str, content: str | bytes, release: str | None = None) -> ParseResult:
    parser = parser_for(path)
    assert parser is not None
    tree = Files(etc__os_release=release) if release is not None else Files()
    return parser.parse(path, content.encode() if isinstance(content, str) else content, tree)


def gaps(result: ParseResult) -> list[str]:
    return [gap.reason for gap in result.gaps]


STATUS = """Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl (3.0.11-1)
Version: 3.0.11-1~deb12u2
Description: library
 Version: this line is text

Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b2

Package: gone
Status: deinstall ok config-files
Version: 1
"""


def test_dpkg_gives_each_package_with_its_source_and_the_release() -> None:
    result = parse("var/lib/dpkg/status", STATUS, DEBIAN)
    found = [(f.component.name, f.component.ecosystem, f.source, f.line) for f in result.components]
    assert found == [
        ("libssl3", "Debian:12", ("openssl", "3.0.11-1"), 1),
        ("bash", "Debian:12", ("bash", "5.2.15-2+b2"), 9),
    ]
    assert result.components[1].component.purl == "pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12"
    assert gaps(result) == ["a package that was removed"]


def test_distroless_keeps_a_file_for_each_package() -> None:
    assert len(parse("var/lib/dpkg/status.d/bash", STATUS.split("\n\n")[1], DEBIAN).components) == 1
    assert parser_for("var/lib/dpkg/status.d/bash.md5sums") is None
    assert parser_for("docs/status") is None


def test_without_os_release_the_release_is_unknown_and_told() -> None:
    result = parse("var/lib/dpkg/status", STATUS)
    assert {f.component.ecosystem for f in result.components} == {"Debian"}
    assert any("os-release" in reason for reason in gaps(result))


def test_apk_gives_origin_and_licence() -> None:
    first = "C:Q1abc=\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\no:openssl\nL:Apache-2.0\nF:lib\nR:libcrypto.so.3\n"
    content = f"{first}\nP:musl\nV:1.2.4-r2\n"
    result = parse("lib/apk/db/installed", content, "ID=alpine\nVERSION_ID=3.19.1\n")
    found = [(f.component.name, f.component.version, f.component.ecosystem, f.source) for f in result.components]
    assert found == [
        ("libcrypto3", "3.1.4-r5", "Alpine:v3.19", ("openssl", "3.1.4-r5")),
        ("musl", "1.2.4-r2", "Alpine:v3.19", ("musl", "1.2.4-r2")),
    ]
    assert result.components[0].component.licenses == ("Apache-2.0",)


BLOBS = [
    header("bash", "5.1.8", "9.el9", arch="x86_64", license="GPL-3.0-or-later"),
    header("openssl", "3.0.7", "27.el9", epoch=1, arch="x86_64"),
    header("gpg-pubkey", "b86b3716", "1"),
    header("long", "1", "1", license="x" * 3000),
]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("var/lib/rpm/rpmdb.sqlite", as_sqlite(BLOBS)),
        ("usr/lib/sysimage/rpm/Packages.db", as_ndb(BLOBS)),
        ("var/lib/rpm/Packages", as_bdb(BLOBS)),
        ("var/lib/rpm/Packages", as_bdb(BLOBS, ">", 4096)),
    ],
    ids=["sqlite", "ndb", "bdb", "bdb-big-endian"],
)
def test_every_kind_of_rpm_database_gives_the_same_packages(path: str, content: bytes) -> None:
    result = parse(path, content, ALMA)
    found = sorted((f.component.name, f.component.version, f.component.ecosystem) for f in result.components)
    assert found == [
        ("bash", "5.1.8-9.el9", "AlmaLinux:9"),
        ("long", "1-1", "AlmaLinux:9"),
        ("openssl", "1:3.0.7-27.el9", "AlmaLinux:9"),
    ]
    purls = {f.component.purl for f in result.components}
    assert "pkg:rpm/almalinux/openssl@3.0.7-27.el9?arch=x86_64&distro=almalinux-9.4&epoch=1" in purls


def test_a_package_that_cannot_be_read_is_told_and_the_others_stay() -> None:
    result = parse("var/lib/rpm/rpmdb.sqlite", as_sqlite([b"\0" * 40, BLOBS[0]]), ALMA)
    assert [f.component.name for f in result.components] == ["bash"]
    assert len(result.gaps) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"RpmP",
        b"RpmP" + b"\xff" * 40,
        b"x" * 5000,
        as_sqlite(BLOBS)[:3000],
        as_ndb(BLOBS)[:4200],
        as_bdb(BLOBS)[:1100],
        b"SQLite format 3\0" + b"\xff" * 99,
    ],
)
def test_a_broken_database_is_an_error_with_words(broken: bytes) -> None:
    with pytest.raises(LockfileError) as caught:
        parse("var/lib/rpm/rpmdb.sqlite", broken, ALMA)
    assert caught.value.next_step


@pytest.mark.parametrize("rows", ["SELECT x AS blob FROM n", "SELECT CAST(x AS BLOB) AS blob FROM n WHERE x < 0"])
def test_a_database_that_is_a_trap_ends(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rpm_stores, "_MAX_STEPS", 3)
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) {rows}")  # noqa: S608
    with pytest.raises(LockfileError):
        parse("var/lib/rpm/rpmdb.sqlite", db.serialize(), ALMA)
    db.close()


@pytest.mark.parametrize(
    ("text", "ecosystem"),
    [
        (DEBIAN, "Debian:12"),
        ("ID=debian\nVERSION_CODENAME=trixie\n", "Debian:13"),
        ("ID=ubuntu\nVERSION_ID='22.04'\n", "Ubuntu:22.04"),
        ("ID=alpine\nVERSION_ID=3.20.0", "Alpine:v3.20"),
        ("ID=rocky\nVERSION_ID=8.9", "Rocky Linux:8"),
        ("ID=wolfi\nVERSION_ID=20230201", "Wolfi"),
        ("ID=homegrown\nVERSION_ID=1", ""),
        ("", ""),
        ("\xff=\n==\nID", ""),
    ],
)
def test_os_release_names_the_ecosystem_of_osv(text: str, ecosystem: str) -> None:
    assert read_os_release(text.encode("latin-1")).ecosystem == ecosystem
