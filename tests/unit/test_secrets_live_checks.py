"""Live checks of secrets: each secret is found again by its hash, asked about once, within bounds, and never shown."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pavedroad.core.finding import Evidence, Finding
from pavedroad.core.identity import Observation, identify
from pavedroad.core.location import Location, Region
from pavedroad.core.severity import Confidence, Severity
from pavedroad.scanning.model import Blob, ScanSettings
from pavedroad.scanning.scanners.secrets import SCANNER
from pavedroad.scanning.scanners.secrets.asking import GIVE_UP, LINES, REACH, Asking, around
from pavedroad.scanning.scanners.secrets.endpoints import FROM_FILE, NONE
from pavedroad.scanning.scanners.secrets.live import HALF, Item, KingfisherLive, Reply
from pavedroad.scanning.scanners.secrets.session import SecretsSession
from pavedroad.scanning.verification import Check, Outcome, Verifies
from tests.support.http_server import Server, serving
from tests.support.projects import fake_secret

KEY = b"k" * 32
TOKEN = "gh" + "p_" + (fake_secret("a") + fake_secret("b"))[:36]
ACTIVE = Reply(outcome=Outcome.ACTIVE, why="api.example.com accepted it")
NO_ANSWER = Reply(outcome=Outcome.UNKNOWN, why="no answer from api.example.com in time")


class FakeEngine:
    """Finds words that begin with ``tok-``; a pair is ``tok-x+tok-y``. Answers as it is told to."""

    def __init__(self, reply: Callable[[Item], Reply], refusal: str = "") -> None:
        self.reply, self.refusal = reply, refusal
        self.asked: list[str] = []
        self.lock = threading.Lock()

    def find(self, path: str, text: bytes) -> list[Item]:
        words = [word for word in text.split() if word.startswith(b"tok-")]
        host = "" if self.refusal else "api.example.com"
        return [Item(rule="r", secrets=tuple(w.split(b"+")), host=host, refusal=self.refusal) for w in words]

    def ask(self, item: Item) -> Reply:
        with self.lock:
            self.asked.append(b"+".join(item.secrets).decode())
        reply = self.reply(item)
        return reply if reply.used else msgspec.structs.replace(reply, used=item.secrets)


class Seconds:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def real() -> Observation:
    """An observation as the scanner makes them."""
    finding = Finding(
        rule="secrets/kingfisher.github-pat", kind="secrets", title="t", message="A token.", severity=Severity.HIGH,
        confidence=Confidence.MEDIUM, scanner="secrets", evidence=(Evidence(name="witness", value="kingfisher"),),
        location=Location(path="f", region=Region(start_line=1, start_column=1, end_line=1, end_column=2)),
    )  # fmt: skip
    return Observation(anchor=("credential", hashed(TOKEN)), finding=finding)


See = Callable[..., Observation]


@pytest.fixture
def see(real: Observation) -> See:
    """Makes an observation of a secret on a line, as the scanner does."""

    def make(secret: str, line: int = 1, rule: str = "secrets/kingfisher.github-pat") -> Observation:
        place = Region(start_line=line, start_column=1, end_line=line, end_column=2)
        location = msgspec.structs.replace(real.finding.location, region=place)
        finding = msgspec.structs.replace(real.finding, rule=rule, location=location)
        return Observation(anchor=("credential", hashed(secret)), finding=finding)

    return make


def hashed(secret: str) -> str:
    return hmac.new(KEY, secret.encode(), hashlib.sha256).hexdigest()


def asking(engine: FakeEngine, seconds: Seconds | None = None, **more: int) -> Asking:
    clock = seconds or Seconds()
    return Asking(engine, KEY, clock=clock.read, sleep=clock.sleep, **more)


def outcomes(checks: tuple[Check, ...]) -> list[str]:
    return [check.outcome.value for check in checks]


def test_each_finding_is_found_again_by_its_hash_and_gets_its_own_verdict(see: See) -> None:
    engine = FakeEngine(lambda item: ACTIVE if b"tok-a" in item.secrets else Reply(outcome=Outcome.INACTIVE, why="no"))
    blob = Blob("f", b"tok-a\ntok-b\nword\n")
    checks = asking(engine).verify(blob, (see("tok-b", 2), see("tok-a", 1), see("word", 3)))
    assert outcomes(checks) == ["inactive", "active", "unknown"]
    assert (checks[2].why, checks[2].host) == (NONE, "")


def test_a_secret_in_many_places_is_asked_about_once(see: See) -> None:
    engine = FakeEngine(lambda item: ACTIVE)
    live = asking(engine)
    assert outcomes(live.verify(Blob("f", b"tok-a\ntok-a\n"), (see("tok-a", 1), see("tok-a", 2)))) == ["active"] * 2
    assert outcomes(live.verify(Blob("g", b"tok-a\n"), (see("tok-a"),))) == ["active"]
    assert engine.asked == ["tok-a"]


def test_a_value_that_changed_since_it_was_found_is_not_asked_about(see: See) -> None:
    engine = FakeEngine(lambda item: ACTIVE)
    assert outcomes(asking(engine).verify(Blob("f", b"tok-new\n"), (see("tok-old"),))) == ["unknown"]
    assert engine.asked == []


def test_a_refused_type_is_unknown_with_the_reason_and_nobody_is_asked(see: See) -> None:
    engine = FakeEngine(lambda item: ACTIVE, refusal=FROM_FILE)
    (check,) = asking(engine).verify(Blob("f", b"tok-a\n"), (see("tok-a"),))
    assert (check.outcome, check.why, check.host, engine.asked) == (Outcome.UNKNOWN, FROM_FILE, "", [])


@pytest.mark.parametrize("rule", ["secrets/url-password", "secrets/connection-string"])
def test_a_password_beside_its_server_says_why_nobody_is_asked(see: See, rule: str) -> None:
    (check,) = asking(FakeEngine(lambda item: ACTIVE)).verify(Blob("f", b"word"), (see("word", rule=rule),))
    assert check.why == FROM_FILE


def test_the_half_that_the_engine_did_not_use_gets_no_verdict(see: See) -> None:
    engine = FakeEngine(lambda item: msgspec.structs.replace(ACTIVE, used=item.secrets[:1]))
    checks = asking(engine).verify(Blob("f", b"tok-id+half\n"), (see("tok-id"), see("half")))
    assert outcomes(checks) == ["active", "unknown"]
    assert checks[1].why == HALF


def test_a_host_that_does_not_answer_is_left_alone_after_a_few_questions(see: See) -> None:
    engine = FakeEngine(lambda item: NO_ANSWER)
    names = [f"tok-{n}" for n in range(GIVE_UP + 3)]
    blob = Blob("f", "\n".join(names).encode())
    checks = asking(engine).verify(blob, tuple(see(name, n + 1) for n, name in enumerate(names)))
    assert len(engine.asked) == GIVE_UP
    assert "not asked again" in checks[-1].why


def test_questions_are_bounded_in_number_and_paced_by_host(see: See) -> None:
    engine, seconds = FakeEngine(lambda item: ACTIVE), Seconds()
    names = [f"tok-{n}" for n in range(6)]
    blob = Blob("f", "\n".join(names).encode())
    checks = asking(engine, seconds, most=4).verify(blob, tuple(see(name, n + 1) for n, name in enumerate(names)))
    assert outcomes(checks) == ["active"] * 4 + ["unknown"] * 2
    assert seconds.slept == [0.0, 0.25, 0.25, 0.25]


def test_the_time_of_a_file_ends(see: See) -> None:
    seconds = Seconds()

    def slow(item: Item) -> Reply:
        seconds.now += 61
        return ACTIVE

    checks = asking(FakeEngine(slow), seconds).verify(Blob("f", b"tok-a\ntok-b\n"), (see("tok-a"), see("tok-b", 2)))
    assert outcomes(checks) == ["active", "unknown"]
    assert "time" in checks[1].why


def test_only_a_bounded_piece_around_the_finding_is_read_again() -> None:
    lines = [f"line {n}".encode() for n in range(1000)]
    piece = around(b"\n".join(lines), Region(start_line=500, start_column=3, end_line=500, end_column=4))
    assert b"line 499" in piece
    assert len(piece.split(b"\n")) <= 2 * LINES + 1
    long = b"x" * 1_000_000 + b"needle" + b"y" * 1_000_000
    piece = around(long, Region(start_line=1, start_column=1_000_001, end_line=1, end_column=1_000_002))
    assert b"needle" in piece
    assert len(piece) <= 3 * REACH
    wide = "é".encode() * 50_000 + b"needle"
    assert b"needle" in around(wide, Region(start_line=1, start_column=50_001, end_line=1, end_column=50_002))
    assert around(b"short", Region(start_line=90, start_column=1, end_line=90, end_column=2))[-5:] == b"short"


def told(observation: Observation, outcome: Outcome, host: str = "api.example.com") -> Observation:
    why = "the network is not allowed" if not host else f"{host} said so"
    at = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    assert isinstance(SCANNER, Verifies)
    return SCANNER.told(observation, Check(outcome=outcome, why=why, host=host, at=at))


def test_an_active_secret_becomes_critical_and_certain_and_says_why(real: Observation) -> None:
    finding = told(real, Outcome.ACTIVE).finding
    assert (finding.severity, finding.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert "It works: api.example.com said so on 2026-11-24 at 10:05 UTC" in finding.message
    assert finding.evidence[0].name == "live check"
    assert finding.evidence[0].value.startswith("active: ")


@pytest.mark.parametrize("outcome", [Outcome.INACTIVE, Outcome.UNKNOWN])
def test_any_other_verdict_changes_no_severity_and_is_shown(real: Observation, outcome: Outcome) -> None:
    finding = told(real, outcome).finding
    assert (finding.severity, finding.confidence) == (real.finding.severity, real.finding.confidence)
    assert finding.evidence[0].value.startswith(f"{outcome.value}: ")
    assert "api.example.com" in finding.message


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_verdict_changes_the_fingerprint(real: Observation, outcome: Outcome) -> None:
    assert identify([told(real, outcome)])[0].fingerprint == identify([real])[0].fingerprint


def test_what_holds_a_secret_does_not_show_it() -> None:
    item = Item(rule="r", secrets=(TOKEN.encode(),), host="h", handle=[TOKEN])
    reply = Reply(outcome=Outcome.ACTIVE, why="w", used=(TOKEN.encode(),))
    assert TOKEN not in f"{item!r}{item}{reply!r}{reply}"


def test_what_the_scanner_finds_is_found_again_in_its_place(shared_cache: Path) -> None:
    class OnlyFinds(KingfisherLive):
        def ask(self, item: Item) -> Reply:
            return Reply(outcome=Outcome.ACTIVE, why="w", used=item.secrets)

    settings = ScanSettings(key=KEY, user_cache=str(shared_cache), data=str(shared_cache))
    blob = Blob("src/é.py", ("é = 1\n" * 5000 + f'x = "é"; token = "{TOKEN}"\n').encode("utf-16"))
    found = tuple(SecretsSession(settings).scan(blob).observations)
    checks = Asking(OnlyFinds(shared_cache / "kingfisher"), KEY).verify(blob, found)
    assert [(check.outcome, check.host) for check in checks] == [(Outcome.ACTIVE, "api.github.com")]


# --- the real engine, with a provider on loopback ---


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ask_real(cache: Path, server: Server, *, private: bool = True) -> Reply:
    """Ask the real engine about a token, whose provider's address is replaced by the fake one's."""
    engine = KingfisherLive(cache / "kingfisher", seconds=1, variables={"GITHUB_BASE_URL": server.url}, private=private)
    (item,) = [item for item in engine.find("a.env", f"TOKEN={TOKEN}\n".encode()) if item.host]
    assert (item.rule, item.secrets, item.host) == ("betterleaks.github-pat", (TOKEN.encode(),), "api.github.com")
    return engine.ask(item)


JSON = {"Content-Type": "application/json"}
GOOD = (200, JSON | {"X-OAuth-Scopes": "repo"}, b'{"login":"somebody","name":"n"}')
BAD = (401, JSON, b'{"message":"Bad credentials"}')


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled", "no_proxies")
@pytest.mark.parametrize(("reply", "outcome"), [(GOOD, "active"), (BAD, "inactive"), ((500, {}, b"x"), "unknown")])
def test_the_engine_reads_a_providers_answer(
    shared_cache: Path, reply: tuple[int, dict[str, str], bytes], outcome: str
) -> None:
    with serving() as server:
        server.replies["/user"] = reply
        answer = ask_real(shared_cache, server)
        assert (answer.outcome.value, len(server.asked)) == (outcome, 1)
        assert {k.lower(): v for k, v in server.asked[0].items()}["authorization"] == f"token {TOKEN}"


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled", "no_proxies")
def test_the_engine_follows_no_redirect(shared_cache: Path) -> None:
    with serving() as server, serving() as elsewhere:
        elsewhere.replies["/user"] = GOOD
        server.replies["/user"] = (302, {"Location": f"{elsewhere.url}/user"}, b"")
        assert ask_real(shared_cache, server).outcome is Outcome.UNKNOWN
        assert elsewhere.asked == []


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled", "no_proxies")
def test_the_engine_reads_no_answer_without_end(shared_cache: Path) -> None:
    with serving() as server:
        server.replies["/user"] = (200, JSON, b"x" * (2 << 20))
        answer = ask_real(shared_cache, server)
        assert (answer.outcome, answer.why.split(" from ")[0]) == (Outcome.UNKNOWN, "no usable answer")


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled", "no_proxies")
def test_the_engine_gives_up_on_a_silent_provider(shared_cache: Path) -> None:
    done = threading.Event()
    with serving() as server:

        def silent(_: object) -> tuple[int, dict[str, str], bytes]:
            done.wait(30)
            return 200, {}, b""

        server.replies["/user"] = silent
        answer = ask_real(shared_cache, server)
        done.set()
    assert answer.outcome is Outcome.UNKNOWN
    assert TOKEN not in repr(answer)


@pytest.mark.loopback
@pytest.mark.usefixtures("socket_enabled", "no_proxies")
def test_the_engine_itself_refuses_private_addresses(shared_cache: Path) -> None:
    with serving() as server:
        server.replies["/user"] = GOOD
        assert ask_real(shared_cache, server, private=False).outcome is Outcome.UNKNOWN
        assert server.asked == []
