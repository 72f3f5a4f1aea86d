"""Asks providers whether found secrets work: finds each one again by its keyed hash, asks once, keeps within bounds.

Runs in the process with the network. A secret reaches it neither from the parent nor over a pipe: the process reads a
piece of the file around the finding, and the hash proves that it is the same value. What comes out is a verdict.
"""

import hashlib
import hmac
import threading
import time
from collections import Counter
from collections.abc import Callable

from pavedroad.core.identity import Observation
from pavedroad.core.location import Region
from pavedroad.scanning.model import Blob
from pavedroad.scanning.scanners.secrets.endpoints import FROM_FILE, NONE
from pavedroad.scanning.scanners.secrets.live import HALF, Engine, Item
from pavedroad.scanning.scanners.secrets.text import normalise
from pavedroad.scanning.verification import Check, Outcome

MAX_ASKED = 200
PACE_SECONDS = 0.25  # between two questions to one host
GIVE_UP = 3  # questions in a row that a host did not answer
FILE_SECONDS = 60.0
LINES = 30  # the farthest that the engine looks for the other half of a credential
REACH = 8192  # bytes either side of the finding's line
_CONTINUATION = bytes(range(0x80, 0xC0))
# Types whose server stands beside the secret.
_WITH_HOST = ("secrets/url-password", "secrets/connection-string")

# A check, and the values it is about.
_Answer = tuple[Check, tuple[bytes, ...]]


class Asking:
    """Thread-safe. ``key`` is the key of the hashes, ``clock`` and ``sleep`` count seconds."""

    threads = 4

    def __init__(
        self,
        engine: Engine,
        key: bytes,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        most: int = MAX_ASKED,
    ) -> None:
        self._engine, self._key = engine, key
        self._clock, self._sleep, self._most = clock, sleep, most
        self._lock = threading.Lock()
        self._known: dict[tuple[str, bytes], _Answer] = {}
        self._alone: dict[tuple[str, bytes], threading.Lock] = {}
        self._next: dict[str, float] = {}
        self._silent: Counter[str] = Counter()
        self._asked = 0

    def verify(self, blob: Blob, asked: tuple[Observation, ...]) -> tuple[Check, ...]:
        """One check per observation, in their order."""
        content = normalise(blob.content)
        end = self._clock() + FILE_SECONDS
        return tuple(self._check(blob.path, content, observation, end) for observation in asked)

    def _check(self, path: str, content: bytes, observation: Observation, end: float) -> Check:
        region = observation.finding.location.region
        if region is None or len(observation.anchor) != 2:
            return _unknown("it has no place in a file")
        items = self._engine.find(path, around(content, region))
        same = [item for item in items if self._among(observation.anchor[1], item.secrets)]
        if not same:
            return _unknown(FROM_FILE if observation.finding.rule in _WITH_HOST else NONE)
        failed = _unknown(same[0].refusal or HALF)
        for item in same:
            if not item.refusal:
                check, used = self._once(item, end)
                if not check.host or self._among(observation.anchor[1], used):
                    return check
        return failed

    def _among(self, mark: str, secrets: tuple[bytes, ...]) -> bool:
        """Whether one of the values has this keyed hash."""
        return any(self._is(secret, mark) for secret in secrets)

    def _is(self, secret: bytes, mark: str) -> bool:
        return hmac.compare_digest(hmac.new(self._key, secret, hashlib.sha256).hexdigest(), mark)

    def _once(self, item: Item, end: float) -> _Answer:
        """The same credential is asked about once a run, in however many places it stands."""
        digest = hashlib.sha256(b"".join(hashlib.sha256(secret).digest() for secret in sorted(item.secrets))).digest()
        credential = (item.rule, digest)
        with self._lock:
            alone = self._alone.setdefault(credential, threading.Lock())
        with alone:
            if credential not in self._known:
                answer = self._ask(item, end)
                if not answer[0].host:
                    return answer  # a bound was reached, or the other half was missing here; elsewhere it may be there
                self._known[credential] = answer
            return self._known[credential]

    def _ask(self, item: Item, end: float) -> _Answer:
        with self._lock:
            refusal = self._refusal(item.host, end)
            if refusal:
                return _unknown(refusal), ()
            self._asked += 1
            wait = self._turn(item.host)
        self._sleep(wait)
        reply = self._engine.ask(item)
        if not reply.asked:
            return _unknown(reply.why), ()
        with self._lock:
            self._silent[item.host] = 0 if reply.answered else self._silent[item.host] + 1
        return Check(outcome=reply.outcome, why=reply.why, host=item.host), reply.used

    def _refusal(self, host: str, end: float) -> str:
        if self._silent[host] >= GIVE_UP:
            return f"{host} was not asked again after {GIVE_UP} questions without an answer"
        if self._asked >= self._most:
            return f"more than {self._most} secrets to ask about in one run"
        return "the time for live checks of this file was over" if self._clock() > end else ""

    def _turn(self, host: str) -> float:
        """Seconds to wait for this host's next turn, which is now taken."""
        now = self._clock()
        turn = max(now, self._next.get(host, now))
        self._next[host] = turn + PACE_SECONDS
        return turn - now


def around(content: bytes, region: Region) -> bytes:
    """The finding's line with its neighbours: at most ``LINES`` lines and ``REACH`` bytes either side."""
    at = _offset(content, region.start_line, region.start_column)
    low, high = max(0, at - REACH), min(len(content), at + 2 * REACH)
    before = content[low:at].split(b"\n")
    after = content[at:high].split(b"\n")
    return b"\n".join(before[-LINES - 1 :]) + b"\n".join(after[: LINES + 1])


def _offset(content: bytes, line: int, column: int) -> int:
    """The byte offset of a place; the content's end when there is none any more."""
    at = 0
    for _ in range(line - 1):
        at = content.find(b"\n", at) + 1
        if not at:
            return len(content)
    # A code point takes one to four bytes: step by what is missing, until enough of them have begun.
    left = column - 1
    while left > 0 and at < len(content):
        step = content[at : at + left]
        at += len(step)
        left -= len(step.translate(None, _CONTINUATION))
    return at


def _unknown(why: str) -> Check:
    return Check(outcome=Outcome.UNKNOWN, why=why)
