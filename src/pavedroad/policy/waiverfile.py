"""Adds an entry to the text of a waiver ledger, keeping what people wrote: comments, order, spelling. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from pavedroad.core.waiver import Waiver
from pavedroad.infra.marks import Mark
from pavedroad.policy.config import OverBroad, WaiverPolicy
from pavedroad.policy.errors import PolicyError
from pavedroad.policy.hygiene import over_broad
from pavedroad.policy.ledger import MAX_LEDGER_BYTES, Ledger, load_ledger, scope_flaws
from pavedroad.policy.loading import KeyPath, read_document

_HEADER = """\
# Exceptions to the gate: each with owner, reason, ticket and end date. Protect this file with code review.
# 'paved waive' adds one; docs/how-to/waive-a-finding.md explains the rest.
version: 1
waivers:
"""
_EMPTY_LIST = re.compile(r"(waivers[ ]*:)[ ]*\[[ ]*\]")
_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def next_id(ledger: Ledger, today: date) -> str:
    """``W-<year>-<number>``, one above the highest of the year, broken entries included."""
    taken = [*(waiver.id for waiver in ledger.waivers), *(problem.anchor for problem in ledger.problems)]
    pattern = re.compile(rf"W-{today.year}-(\d{{1,9}})", re.ASCII)
    numbers = [int(match[1]) for name in taken if (match := pattern.fullmatch(name))]
    return f"W-{today.year}-{max(numbers, default=0) + 1:03d}"


def check_new(waiver: Waiver, policy: WaiverPolicy, today: date) -> None:
    """Raise PolicyError, in plain words, when the policy does not allow ``waiver`` to be added today."""
    for name, next_step in (
        ("owner", "say who answers for it: --owner, or PAVED_OWNER in the environment"),
        ("reason", "say why the risk can be taken: --reason"),
        ("ticket", "name where it was agreed: --ticket"),
    ):
        value = getattr(waiver, name)
        if not value.strip():
            raise PolicyError(
                f"a waiver needs a {name}" if name != "owner" else "a waiver needs an owner", next_step=next_step
            )
        if not value.isprintable():
            raise PolicyError(f"the {name} must be one line of printable text", next_step="write it anew")
    for flaw in scope_flaws(waiver.scope):
        raise PolicyError(f"the waiver cannot be added: {flaw}", next_step="see docs/how-to/waive-a-finding.md")
    _check_days(waiver, policy, today)
    if policy.over_broad is OverBroad.REFUSE and (why := over_broad(waiver)):
        raise PolicyError(f"the waiver would waive nothing: {why}", next_step="name the rule, and narrow the place")


def _check_days(waiver: Waiver, policy: WaiverPolicy, today: date) -> None:
    if waiver.expires is None:
        raise PolicyError("a waiver needs an end", next_step="--days N, or --expires YYYY-MM-DD")
    days = (waiver.expires - today).days
    if days < 0:
        raise PolicyError(f"{waiver.expires} has passed", next_step="choose a later end date")
    if days > policy.max_days:
        raise PolicyError(
            f"the waiver would hold for {days} days; the policy allows {policy.max_days}",
            next_step=f"choose an earlier end date: --days {policy.max_days} at most",
        )


def append_waiver(content: bytes, waiver: Waiver, where: str, policy: WaiverPolicy) -> bytes:
    """``content`` with ``waiver`` as its last entry. Every other entry reads as before, which is checked by reading the
    result. Raises PolicyError when that cannot be had without rewriting the file, or when the file is broken.
    """
    before = load_ledger(content, where, policy)
    fresh = _insert(content, waiver, where)
    try:
        after = load_ledger(fresh, where, policy)
        kept = after.waivers == (*before.waivers, waiver) and _told(after) == _told(before)
    except PolicyError:
        kept = False
    if not kept:
        raise PolicyError(
            "an entry cannot be added to this file without rewriting it",
            where=where,
            next_step="write 'waivers:' as a block list ('- id: ...'), or add this yourself:\n" + _entry(waiver, 2),
        )
    return fresh


def _told(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(problem.rule, problem.anchor, problem.sentence) for problem in ledger.problems]


def _insert(content: bytes, waiver: Waiver, where: str) -> bytes:
    text = content.decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    data, marks = read_document(content, where, MAX_LEDGER_BYTES)
    # Split at what YAML counts as a line only; splitlines() would also break at form feeds inside of text.
    lines = re.split(r"(?<=\n)", text)
    if lines[-1] == "":
        lines.pop()
    elif lines:
        lines[-1] += newline
    at, entry = _where_to(lines, marks, data or {}, waiver)
    return "".join([*lines[:at], entry.replace("\n", newline), *lines[at:]]).encode("utf-8")


def _where_to(lines: list[str], marks: dict[KeyPath, Mark], data: dict[str, Any], waiver: Waiver) -> tuple[int, str]:
    """The index of the line to insert before, and what. May change ``lines`` where an empty list must be opened."""
    listed = marks.get(("waivers",))
    if () not in marks:
        return len(lines), _HEADER + _entry(waiver, 2)
    if listed is None:
        return len(lines), "waivers:\n" + _entry(waiver, 2)
    if listed.flow:
        lines[listed.line - 1] = _EMPTY_LIST.sub(r"\1", lines[listed.line - 1])
        return listed.line, _entry(waiver, 2)
    if data["waivers"] is None:
        return listed.line, _entry(waiver, 2)
    return min(listed.end_line - 1, len(lines)), _entry(waiver, listed.column)


def _entry(waiver: Waiver, indent: int) -> str:
    """The entry as YAML, every text quoted, so that none is read as something else."""
    scope = waiver.scope
    fields = {name: getattr(scope, name) for name in ("fingerprint", "rule", "path", "component", "asset")}
    lines = [
        f"- id: {waiver.id}",
        "  scope:",
        *(f"    {name}: {_quoted(value)}" for name, value in fields.items() if value),
        *(f"  {name}: {_quoted(getattr(waiver, name))}" for name in ("owner", "reason", "ticket")),
        f"  created: {waiver.created}",
        f"  expires: {waiver.expires}",
        *([f"  because: {_quoted(waiver.because)}"] if waiver.because else []),
    ]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(text)) + '"'


def _escaped(text: str) -> Iterable[str]:
    """Double-quoted style of YAML 1.1, section 5.6: unprintable characters by number."""
    for char in text:
        if char in _ESCAPES:
            yield _ESCAPES[char]
        elif char.isprintable():
            yield char
        else:
            number = ord(char)
            yield f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
