"""The door to Kingfisher's live checks, thin enough to be replaced by a fake. Loaded only where the network is allowed.

The engine asks about its own findings only, so the piece of text is scanned again. Of what it finds, only rules of
:mod:`.providers` are kept, and only while the engine's definition still asks the hosts listed there. It follows no
redirect and refuses private addresses by itself; the gate's door to the network does so too.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.secrets import endpoints
from pavedroad.scanning.scanners.secrets.providers import providers
from pavedroad.scanning.verification import Outcome

ASK_SECONDS = 10.0
SCAN_SECONDS = 5.0
MAX_RESPONSE = 1 << 20
CHANGED = "the engine's check is not the one that was reviewed"
UNLISTED = "its provider is not on the list of those that may be asked"
_CUT = "no usable answer from {host}: not reachable, cut off or refused"
_LATE = "no answer from {host} in time"
_UNCLEAR = "no clear yes or no from {host}"
HALF = "the other half of the credential is not beside it, or there are several"


class Item(Noun, frozen=True, kw_only=True):
    """One thing that the engine found and could ask about.

    ``secrets``: the values it consists of, as they stand. ``host``: whom it would ask; empty when ``refusal`` says why
    nobody is. ``handle`` is the engine's own.
    """

    rule: str
    secrets: tuple[bytes, ...]
    host: str = ""
    refusal: str = ""
    handle: Any = None

    def __repr__(self) -> str:
        """Never the values: this text may end up in a crash report."""
        return f"Item(rule={self.rule!r})"

    __str__ = __repr__


class Reply(Noun, frozen=True, kw_only=True):
    """What came of one question. ``why`` is a phrase. ``asked``: a request was made; ``answered``: with a yes or no.
    ``used``: the values that the answer is about."""

    outcome: Outcome
    why: str
    asked: bool = True
    used: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """Never the values."""
        return f"Reply({self.outcome.value}: {self.why})"

    __str__ = __repr__

    @property
    def answered(self) -> bool:
        """Whether the provider said yes or no."""
        return self.outcome is not Outcome.UNKNOWN


class Engine(Protocol):
    """What asks. Called from several threads."""

    def find(self, path: str, text: bytes) -> list[Item]:
        """What stands in a piece of a file."""
        ...

    def ask(self, item: Item) -> Reply:
        """The provider's answer. Opens connections."""
        ...


class KingfisherLive:
    """The real one. ``variables`` and ``private`` are for tests, which lead it to a server on loopback."""

    def __init__(
        self,
        cache: Path,
        *,
        seconds: float = ASK_SECONDS,
        variables: Mapping[str, str] | None = None,
        private: bool = False,
    ) -> None:
        from kingfisher_sdk import DetectionPolicy, Rules, Scanner, Validator

        # The engine's own rules alone: ours have no live checks, and less is matched where the network is.
        self._rules = Rules(confidence="low", cache_dir=str(cache))
        policy = DetectionPolicy(inline_ignores=False, cli_match_semantics=False)
        self._scanner = Scanner(self._rules, policy=policy)
        self._validator = Validator(
            timeout=seconds,
            concurrency=1,
            retries=0,
            max_response_bytes=MAX_RESPONSE,
            allow_internal_ips=private,
            variables=variables,
        )
        self._seconds = seconds

    def find(self, path: str, text: bytes) -> list[Item]:
        """The visible findings with the hidden halves that their rules need."""
        from kingfisher_sdk import ScanInput

        found = self._scanner.scan_input(ScanInput(path=path, data=text), timeout=SCAN_SECONDS)
        hidden = [finding for finding in found if not finding.visible]
        return [self._item(f, hidden) for f in found if f.visible]

    def _item(self, finding: Any, hidden: list[Any]) -> Item:
        detail = self._rules.detail(finding.rule_id)
        needed = {dependency["rule_id"] for dependency in detail.get("depends_on_rule") or ()}
        halves = [half for half in hidden if half.rule_id in needed]
        host, refusal = _whom(finding.rule_id, detail.get("validation"))
        values = tuple(dict.fromkeys(_raw(each) for each in (finding, *halves)))
        return Item(rule=finding.rule_id, secrets=values, host=host, refusal=refusal, handle=[finding, *halves])

    def ask(self, item: Item) -> Reply:
        """One request, or for AWS a few. Never raises for what the world did."""
        try:
            results = self._validator.validate(item.handle, timeout=self._seconds * 2)
        except TimeoutError:
            return Reply(outcome=Outcome.UNKNOWN, why=_LATE.format(host=item.host), used=item.secrets)
        except Exception as error:
            # Only the type: the text could quote an address with the secret in it.
            why = f"the engine failed while asking ({type(error).__name__})"
            return Reply(outcome=Outcome.UNKNOWN, why=why, used=item.secrets)
        return _read(results[0], item)


def _read(result: Any, item: Item) -> Reply:
    credential = result.credential
    # Of several halves beside it the engine chose one; nothing is said about the others.
    used = (item.secrets[0], *map(_raw, credential.components)) if credential else item.secrets[:1]
    if result.outcome == "verified_active":
        return Reply(outcome=Outcome.ACTIVE, why=f"{item.host} accepted it", used=used)
    if result.outcome == "verified_inactive":
        return Reply(outcome=Outcome.INACTIVE, why=f"{item.host} refused it", used=used)
    if result.outcome == "unavailable":
        why = {"request_failed": _CUT, "deadline_exceeded": _LATE}.get(result.reason or "", _UNCLEAR)
        return Reply(outcome=Outcome.UNKNOWN, why=why.format(host=item.host), used=item.secrets)
    return Reply(outcome=Outcome.UNKNOWN, why=HALF, asked=False)


def _raw(finding: Any) -> bytes:
    return str(finding.secret).encode("utf-8", "replace")


def _whom(rule: str, validation: dict[str, Any] | None) -> tuple[str, str]:
    """The host to name (the first, where a provider has several), or why nobody is asked."""
    listed = providers().get(rule)
    now = endpoints.endpoints(validation)
    if listed is None:
        return "", now.refusal or UNLISTED
    return (min(listed), "") if now.hosts == listed else ("", CHANGED)
