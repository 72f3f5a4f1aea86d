"""Reads the waiver ledger, ``.paved/waivers.yaml``. Fails closed: an entry that is not whole waives nothing and becomes
a finding; a file that is not a ledger stops the program.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from pavedroad.core.waiver import BECAUSE, Waiver, WaiverScope
from pavedroad.infra.marks import Mark
from pavedroad.policy.config import Setting, WaiverPolicy, canonical
from pavedroad.policy.errors import PolicyError
from pavedroad.policy.globs import MAX_PATTERN, name_glob, path_glob
from pavedroad.policy.loading import KeyPath, complaint, line_of, read_as, read_document
from pavedroad.policy.wording import plain

MAX_LEDGER_BYTES = 4 << 20
MAX_WAIVERS = 10_000

_FINGERPRINT = re.compile(r"pr1-[0-9a-f]{32}", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_Pattern = Annotated[str, Meta(max_length=MAX_PATTERN)]
_Text = Annotated[str, Meta(max_length=2000)]


class _File(Setting, frozen=True, kw_only=True):
    """The ledger's outer shape."""

    version: Literal[1]
    waivers: list[Any] | None = None


class _Scope(Setting, frozen=True, kw_only=True):
    """As written; core's WaiverScope tolerates unknown keys, a ledger must not."""

    fingerprint: _Pattern = ""
    rule: _Pattern = ""
    path: Annotated[str, Meta(max_length=4096)] = ""
    component: _Pattern = ""
    asset: _Pattern = ""


class _Entry(Setting, frozen=True, kw_only=True):
    """One entry, all of it required but ``because``."""

    id: Annotated[str, Meta(pattern=_ID)]
    scope: _Scope
    owner: _Text
    reason: _Text
    ticket: _Text
    created: date
    expires: date
    because: Literal["", *BECAUSE] = ""  # type: ignore[valid-type]


class LedgerEntry(msgspec.Struct, frozen=True):
    """A whole entry and its line in the file."""

    waiver: Waiver
    line: int


class LedgerProblem(msgspec.Struct, frozen=True):
    """An entry that waives nothing. ``rule`` is ``waivers/<why>``, ``anchor`` survives moving the entry about."""

    rule: str
    sentence: str
    line: int
    anchor: str


class Ledger(msgspec.Struct, frozen=True):
    """The whole entries, the broken ones, and the digest of what the file says (comments and order of keys aside)."""

    entries: tuple[LedgerEntry, ...] = ()
    problems: tuple[LedgerProblem, ...] = ()
    digest: str = ""
    where: str = ".paved/waivers.yaml"

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The whole entries."""
        return tuple(entry.waiver for entry in self.entries)


def load_ledger(content: bytes, where: str, policy: WaiverPolicy) -> Ledger:
    """The ledger in ``content``; an empty one when it is empty. ``where`` names the file in messages and findings.

    Raises PolicyError (a UsageError) when the file as a whole is broken: not YAML, not version 1, unknown keys.
    """
    data, marks = read_document(content, where, MAX_LEDGER_BYTES)
    if data is None:
        return Ledger(where=where)
    raw = read_as(_File, data, marks, where).waivers or []
    if len(raw) > MAX_WAIVERS:
        raise PolicyError(f"the ledger has {len(raw)} waivers; at most {MAX_WAIVERS} are read", where=where)
    entries, problems = _judge_all(raw, marks, policy)
    return Ledger(tuple(entries), tuple(problems), _digest(data), where)


def _digest(data: Any) -> str:
    return hashlib.sha256(canonical(_plain_data(data))).hexdigest()


def _plain_data(value: Any) -> Any:
    """YAML's values as JSON ones: keys become text, dates are written out."""
    if isinstance(value, dict):
        return {str(key): _plain_data(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain_data(inner) for inner in value]
    return value if isinstance(value, bool | int | str | None) else str(value)


def _judge_all(
    raw: list[Any], marks: dict[KeyPath, Mark], policy: WaiverPolicy
) -> tuple[list[LedgerEntry], list[LedgerProblem]]:
    entries: list[LedgerEntry] = []
    problems: list[LedgerProblem] = []
    taken: set[str] = set()
    for index, value in enumerate(raw):
        line = line_of(marks, ("waivers", index))
        judged = _judge_one(value, line, taken, policy)
        if isinstance(judged, Waiver):
            entries.append(LedgerEntry(judged, line))
            taken.add(judged.id)
        else:
            problems.append(judged)
    return entries, problems


def _judge_one(value: Any, line: int, taken: set[str], policy: WaiverPolicy) -> Waiver | LedgerProblem:
    name = _name(value)

    def problem(rule: str, what: str) -> LedgerProblem:
        anchor = name or hashlib.sha256(canonical(_plain_data(value))).hexdigest()
        return LedgerProblem(f"waivers/{rule}", plain(f"{name or 'an entry without id'}: {what}", 400), line, anchor)

    if isinstance(value, dict) and not str(value.get("owner") or "").strip():
        return problem("unowned", "it has no owner")
    try:
        entry = msgspec.convert(_with_days(value), _Entry)
    except msgspec.ValidationError as error:
        return problem("invalid", complaint(_Entry, str(error))[0])
    if entry.id in taken:
        return problem("invalid", "another waiver has the same id; the first one counts")
    for what in _flaws(entry):
        return problem("invalid", what)
    if (entry.expires - entry.created).days > policy.max_days:
        days = (entry.expires - entry.created).days
        return problem("expires-too-late", f"it would hold for {days} days; the policy allows {policy.max_days}")
    return _waiver(entry)


def _name(value: Any) -> str:
    name = value.get("id") if isinstance(value, dict) else None
    return name if isinstance(name, str) and re.fullmatch(_ID, name) else ""


def _with_days(value: Any) -> Any:
    """The entry with quoted days read as days; YAML already did so with the unquoted."""
    if not isinstance(value, dict):
        return value
    days = {}
    for key in ("created", "expires"):
        text = value.get(key)
        if isinstance(text, str) and _ISO_DAY.fullmatch(text):
            try:
                days[key] = date.fromisoformat(text)
            except ValueError:
                continue
    return {**value, **days}


def _flaws(entry: _Entry) -> Iterator[str]:
    for name in ("owner", "reason", "ticket"):
        if not getattr(entry, name).strip():
            yield f"'{name}' is empty"
    if entry.expires < entry.created:
        yield "it expires before it was created"
    yield from scope_flaws(entry.scope)


def scope_flaws(scope: _Scope | WaiverScope) -> Iterator[str]:
    """What is wrong with a scope, in words; nothing when it is whole."""
    if bool(scope.fingerprint) == bool(scope.rule):
        yield "its scope needs either a fingerprint or a rule"
        return
    if scope.fingerprint:
        if not _FINGERPRINT.fullmatch(scope.fingerprint):
            yield "its fingerprint is not one: pr1- and 32 digits or letters a to f"
        if scope.component or scope.asset:
            yield "a fingerprint goes with nothing but the path where the finding was"
        return
    if not (scope.path or scope.component or scope.asset):
        yield "a rule needs at least one of path, component and asset beside it"
    for name, check in (("rule", name_glob), ("path", path_glob), ("component", name_glob), ("asset", name_glob)):
        pattern = getattr(scope, name)
        try:
            if pattern:
                check(pattern)
        except ValueError as error:
            yield f"{name}: {error}"


def _waiver(entry: _Entry) -> Waiver:
    return Waiver(
        id=entry.id,
        scope=WaiverScope(**msgspec.structs.asdict(entry.scope)),
        owner=entry.owner,
        reason=entry.reason,
        ticket=entry.ticket,
        created=entry.created,
        expires=entry.expires,
        because=entry.because,
    )
