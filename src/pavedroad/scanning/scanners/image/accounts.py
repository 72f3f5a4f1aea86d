"""``etc/passwd`` and ``etc/shadow`` of an image (passwd(5), shadow(5)), read with tolerance and bounds."""

from typing import NamedTuple

MAX_ACCOUNTS = 10_000
_NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown")


class Account(NamedTuple):
    """One account. ``password`` is ``none`` when anyone gets in without one, ``set`` for a hash, ``locked``, or empty
    when the files do not say."""

    name: str
    uid: int
    shell: str
    password: str

    @property
    def may_log_in(self) -> bool:
        """Whether the shell is one: an absent shell means /bin/sh."""
        return self.shell.rpartition("/")[2] not in _NO_LOGIN


def accounts(passwd: bytes | None, shadow: bytes | None) -> tuple[Account, ...]:
    """Every account with a readable line, in order; broken lines are left out, as the C library does."""
    hidden = {fields[0]: fields[1] for fields in _lines(shadow) if len(fields) > 1}
    found = []
    for fields in _lines(passwd):
        if len(fields) < 4 or not fields[2].isascii() or not fields[2].isdigit() or len(fields[2]) > 10:
            continue
        word = hidden.get(fields[0], "") if fields[1] == "x" else fields[1]
        known = fields[1] != "x" or fields[0] in hidden
        shell = fields[6] if len(fields) > 6 else ""
        found.append(Account(fields[0], int(fields[2]), shell, _password(word) if known else ""))
    return tuple(found)


def _lines(content: bytes | None) -> list[list[str]]:
    text = (content or b"").decode("utf-8", "replace")
    lines = [line for line in text.split("\n")[:MAX_ACCOUNTS] if line.strip() and not line.startswith("#")]
    return [[field.strip() for field in line[:2000].split(":")] for line in lines]


def _password(word: str) -> str:
    if not word:
        return "none"
    return "locked" if word[0] in "*!" else "set"
