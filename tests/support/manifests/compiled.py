"""Files of Go and Rust, and programs built by them (made here, byte by byte)."""

import json
import struct
import zlib

from tests.support.manifests import Sample

MARK = "0w\xaf\f\x92t\b\x02A\xe1\xc1\a\xe6\xd6\x18\xe6"
"""Sixteen bytes before and after: their values do not matter to a reader."""


def varint(text: str) -> bytes:
    """A text behind its length."""
    data, length = text.encode("latin-1"), b""
    number = len(data)
    while number >= 0x80:
        length += bytes([number & 0x7F | 0x80])
        number >>= 7
    return length + bytes([number]) + data


def go_program(version: str, modules: str, *, flags: int = 2) -> bytes:
    """An ELF file's first bytes and Go's build information."""
    header = b"\x7fELF".ljust(64, b"\0")
    return (
        header + b"\xff Go buildinf:" + bytes([8, flags]) + b"\0" * 16 + varint(version) + varint(MARK + modules + MARK)
    )


def elf_program(section: str, content: bytes) -> bytes:
    """A 64-bit ELF file with one section."""
    names = b"\0" + section.encode() + b"\0.shstrtab\0"
    body = content + names
    start = 64 + len(body)
    header = b"\x7fELF\x02\x01\x01".ljust(40, b"\0") + struct.pack("<QIHHHHHH", start, 0, 64, 0, 0, 64, 3, 2)
    entries = [(0, 0, 0), (1, 64, len(content)), (2 + len(section), 64 + len(content), len(names))]
    table = b"".join(struct.pack("<II8x8xQQ24x", label, 1, offset, size) for label, offset, size in entries)
    return header + body + table


def pe_program(section: str, content: bytes) -> bytes:
    """A PE file with one section."""
    header = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    pe = b"PE\0\0" + struct.pack("<HH12xHH", 0x8664, 1, 0, 0)
    entry = struct.pack("<8sI4xII16x", section.encode(), len(content), len(content), 64 + len(pe) + 40)
    return header + pe + entry + content


def macho_program(section: str, content: bytes) -> bytes:
    """A 64-bit Mach-O file with one segment and one section."""
    offset = 32 + 72 + 80
    header = b"\xcf\xfa\xed\xfe" + struct.pack("<IIIIIII", 0, 0, 2, 1, 152, 0, 0)
    segment = struct.pack("<II16s8x8x8x8x4x4xI4x", 0x19, 152, b"__DATA", 1)
    entry = struct.pack("<16s16s8xQI28x", section.encode(), b"__DATA", len(content), offset)
    return header + segment + entry + content


CRATES = {
    "packages": [
        {"name": "me", "version": "0.1.0", "source": "local", "dependencies": [1, 2], "root": True},
        {"name": "serde", "version": "1.0.0", "source": "crates.io", "dependencies": [3]},
        {"name": "cc", "version": "1.1.0", "source": "crates.io", "kind": "build"},
        {"name": "itoa", "version": "1.0.5", "source": "crates.io"},
    ]
}
AUDIT = zlib.compress(json.dumps(CRATES).encode())
CRATE_LINES = ("serde 1.0.0 runtime direct", "cc 1.1.0 dev direct", "itoa 1.0.5 runtime indirect")
SHA = "ab" * 32

SAMPLES = [
    Sample(
        "go-mod",
        "go.mod",
        "module example.org/me\n\ngo 1.22.1\n\n"
        "require (\n\texample.org/a v1.0.0\n\texample.org/b v1.2.0 // indirect\n)\n",
        finds=("example.org/a v1.0.0 - direct", "example.org/b v1.2.0 - indirect", "stdlib 1.22.1 - direct"),
        gaps=("a module that go.sum does not confirm",),
        beside={"go.sum": "example.org/a v1.0.0 h1:x=\nexample.org/a v1.0.0/go.mod h1:x=\n"},
    ),
    Sample(
        "go-mod",
        "go.work",
        "go 1.22.1\n\nuse (\n\t./here\n\t./gone\n)\n\nreplace example.org/a => example.org/b v1.0.0\n",
        finds=("stdlib 1.22.1 - direct",),
        gaps=(
            "a module of the workspace that is not in the tree",
            "replaced by go.work for every module of the workspace",
        ),
        harmless=("a module of the workspace, read on its own",),
        beside={"here/go.mod": "module example.org/here\n"},
    ),
    Sample(
        "executable",
        "usr/bin/server",
        go_program(
            "go1.22.1",
            "path\texample.org/me/cmd\nmod\texample.org/me\t(devel)\t\ndep\texample.org/a\tv1.0.0\th1:x=\n"
            "dep\texample.org/b\tv1.0.0\n=>\texample.org/fork\tv1.0.1\th1:y=\ndep\texample.org/c\tv1.0.0\n=>\t./c\t\n"
            "build\tCGO_ENABLED=0\n",
        ),
        finds=("stdlib 1.22.1 runtime direct", "example.org/a v1.0.0 runtime -", "example.org/fork v1.0.1 runtime -"),
        harmless=("the program's own module", "replaced by a local folder"),
    ),
    Sample(
        "executable",
        "usr/bin/old",
        go_program("", "", flags=0),
        gaps=("a Go program of a version before 1.18: its modules cannot be read",),
    ),
    Sample(
        "executable",
        "target/release/tool",
        elf_program(".dep-v0", AUDIT),
        finds=CRATE_LINES,
        harmless=("a local package, not from a registry",),
    ),
    Sample(
        "executable",
        "dist/tool.exe",
        pe_program(".dep-v0", AUDIT),
        finds=CRATE_LINES,
        harmless=("a local package, not from a registry",),
    ),
    Sample(
        "executable",
        "sbin/tool",
        macho_program(".dep-v0", AUDIT),
        finds=CRATE_LINES,
        harmless=("a local package, not from a registry",),
    ),
    Sample(
        "executable",
        "bin/odd",
        elf_program(".dep-v0", zlib.compress(b"\0" * (17 << 20))),
        gaps=("a list of cargo-auditable that cannot be read",),
    ),
    Sample("executable", "bin/script", b"#!/bin/sh\n"),
    Sample(
        "cargo",
        "Cargo.lock",
        'version = 4\n[[package]]\nname = "me"\nversion = "0.1.0"\ndependencies = ["serde"]\n'
        '[[package]]\nname = "serde"\n'
        f'version = "1.0.0"\nsource = "registry+https://crates.example"\nchecksum = "{SHA}"\n',
        finds=("serde 1.0.0 - direct",),
        harmless=("the project's own package",),
    ),
    Sample(
        "cargo-toml",
        "Cargo.toml",
        '[package]\nname = "me"\n[dependencies]\nserde = "=1.0.0"\nrange = "1.2.3"\nown = { path = "../own" }\n'
        'shared = { workspace = true }\nforked = { git = "https://git.example/x" }\n[dev-dependencies.check]\n'
        'version = "=2.0.0"\n[target.\'cfg(unix)\'.dependencies]\nnix = { version = "=0.27.1", package = "nix" }\n',
        finds=("serde 1.0.0 runtime direct", "check 2.0.0 dev direct", "nix 0.27.1 runtime direct"),
        gaps=(
            "a declared dependency that no lock file pins",
            "a package by URL or from a repository of source code: its version is not known",
        ),
        harmless=("a local package, not from a registry", "declared by the workspace"),
    ),
    Sample(
        "cargo-toml",
        "member/Cargo.toml",
        '[dependencies]\nserde = "1"\n',
        harmless=("declared here; a lock file says the version",),
        beside={"Cargo.lock": "version = 4\n"},
    ),
]
