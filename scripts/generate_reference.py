#!/usr/bin/env python3
"""Writes docs/reference and the index of all pages from the code; with ``--check`` only says what differs.

Called by ``make docs`` and ``make docs-check``. A page that no longer has a source is named, never deleted.
"""

import difflib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pavedroad.policy import config_schema
from pavedroad.reports import run_schema

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import reference_pages as pages  # noqa: E402 - the folder above is put on the path first

REFERENCE = "docs/reference"
INDEX = "docs/README.md"
SECTIONS = (
    ("docs/tutorial", "Tutorial"),
    ("docs/how-to", "How to"),
    ("docs/reference", "Reference"),
    ("docs/explain", "Explanation"),
    ("docs/explain/adr", "Decisions (ADRs)"),
    ("docs/explain/threat-model", "Our own threat model"),
)


def _schema(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": pages.commands_page,
    "exit-codes.md": pages.exit_codes_page,
    "settings.md": pages.settings_page,
    "formats.md": pages.formats_page,
    "scanners.md": pages.scanners_page,
    "rules.md": pages.rules_page,
    "plugins.md": pages.plugins_page,
    "paved.schema.json": lambda: _schema(config_schema()),
    "run.schema.json": lambda: _schema(run_schema()),
}


def title_of(text: str) -> str:
    """The first heading of a page."""
    match = re.search(r"^# (.+)$", text, re.MULTILINE)
    return match[1].strip() if match else ""


def _lead(text: str) -> str:
    """The first sentence below the title, without links; empty when the page starts otherwise."""
    body = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split("\n", 1)[-1].strip()
    paragraph = " ".join(body.split("\n\n", 1)[0].split())
    if not re.match(r"[A-Z`*]", paragraph):
        return ""
    plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", paragraph)
    sentence = re.match(r".+?[.:](?=\s|$)", plain)
    # A list of fields such as "Status: accepted" is no sentence.
    return sentence[0].rstrip(":") if sentence and sentence[0].count(" ") > 1 and len(sentence[0]) < 200 else ""


def index_page(root: Path, fresh: dict[str, str]) -> str:
    """Every page of docs/, by section, with its first sentence. ``fresh`` holds pages not yet on disk."""
    parts = [
        "# Documentation\n\n",
        pages.NOTE,
        "Start with the tutorial; the [README](../README.md) says what this is.\n",
    ]
    placed = {name for name, _ in SECTIONS}
    extra = sorted({p.parent.relative_to(root).as_posix() for p in (root / "docs").rglob("*.md")} - placed - {"docs"})
    for folder, title in (*SECTIONS, *((name, name.rpartition("/")[2].capitalize()) for name in extra)):
        found = {p.relative_to(root).as_posix(): p for p in sorted((root / folder).glob("*.md"))}
        names = sorted(
            {*found, *(name for name in fresh if name.endswith(".md") and Path(name).parent.as_posix() == folder)}
        )
        if names:
            parts.append(f"\n## {title}\n\n")
        for name in names:
            text = fresh[name] if name in fresh else found[name].read_text(encoding="utf-8")
            lead = _lead(text)
            parts.append(
                f"- [{title_of(text) or Path(name).stem}]({name.removeprefix('docs/')}){f': {lead}' if lead else ''}\n"
            )
    return "".join(parts)


def generate(root: Path) -> dict[str, str]:
    """Every generated file, by its path relative to ``root``."""
    fresh = {f"{REFERENCE}/{name}": make() for name, make in PAGES.items()}
    return {**fresh, INDEX: index_page(root, fresh)}


def differences(root: Path) -> list[str]:
    """A short diff for each file that is not as the code says."""
    found = []
    for name, text in generate(root).items():
        path = root / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old != text:
            lines = difflib.unified_diff(
                old.splitlines(), text.splitlines(), name, f"{name} (generated)", "", "", 1, ""
            )
            found.append("\n".join(list(lines)[:30]))
    return found


def main(arguments: list[str]) -> int:
    """Write everything, or with ``--check`` compare and end with 1 when something differs."""
    if arguments == ["--check"]:
        found = differences(ROOT)
        for diff in found:
            print(diff)
        if found:
            print("\nthe reference is older than the code; next: make docs")
        return 1 if found else 0
    for name, text in generate(ROOT).items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
