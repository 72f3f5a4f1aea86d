"""The list of providers says what the engine would really ask: read from the definitions of every one of its rules."""

from pathlib import Path
from typing import Any

import pytest

from pavedroad.scanning.scanners.secrets import SCANNER
from pavedroad.scanning.scanners.secrets.endpoints import DOES, FROM_FILE, NONE, Endpoints, endpoints
from pavedroad.scanning.scanners.secrets.providers import all_hosts, providers

# Known to ask one provider only, and left out on purpose: package registries, and one that tries nine hosts.
LEFT_OUT = 4


@pytest.fixture(scope="module")
def definitions(shared_cache: Path) -> dict[str, Any]:
    from kingfisher_sdk import Rules

    rules = Rules(confidence="low", cache_dir=str(shared_cache))
    return {entry["id"]: rules.detail(entry["id"])["validation"] for entry in rules.metadata()}


def test_every_listed_rule_asks_the_listed_hosts_and_no_others(definitions: dict[str, Any]) -> None:
    wrong = {rule: endpoints(definitions[rule]) for rule, hosts in providers().items() if rule not in definitions}
    wrong |= {rule: endpoints(definitions[rule]) for rule, hosts in providers().items()
              if endpoints(definitions[rule]).hosts != hosts}  # fmt: skip
    assert wrong == {}
    assert len(providers()) > 150


def test_what_could_be_asked_and_is_not_listed_is_known(definitions: dict[str, Any]) -> None:
    unlisted = [rule for rule, each in definitions.items() if endpoints(each).hosts and rule not in providers()]
    assert len(unlisted) == LEFT_OUT


def test_every_host_is_a_plain_name_below_a_public_suffix() -> None:
    assert all(host.count(".") >= 1 and host == host.lower() and not host.endswith(".local") for host in all_hosts())


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        ("betterleaks.generic-credential-uri", FROM_FILE),
        ("betterleaks.mongodb-connection-string", FROM_FILE),
        ("betterleaks.jwt", FROM_FILE),
        ("betterleaks.gcp-service-account", FROM_FILE),
        ("betterleaks.auth0-client-secret.1", FROM_FILE),
        ("betterleaks.azure-storage-account-key", FROM_FILE),
        ("betterleaks.perplexity-api-key", DOES),
        ("betterleaks.paypal-client-secret.1", DOES),
        ("betterleaks.private-key", NONE),
    ],
)
def test_a_check_that_a_file_could_aim_or_that_does_something_is_refused(
    definitions: dict[str, Any], rule: str, refusal: str
) -> None:
    assert endpoints(definitions[rule]) == Endpoints(refusal=refusal)
    assert rule not in providers()


def test_the_page_of_a_rule_says_who_is_asked() -> None:
    pages = {rule.id: rule.page for rule in SCANNER.rules()}
    assert "api.github.com is asked whether it works" in pages["secrets/kingfisher.github-pat"]
    assert "Live check: none" in pages["secrets/kingfisher.jwt"]


def call(address: object, method: str = "get") -> dict[str, Any]:
    """A definition that makes one request."""
    callee = {"kind": "member", "node": {"kind": "identifier", "value": "http"}, "property": {"value": method}}
    expression = {"kind": "call", "callee": callee, "arguments": [address]}
    return {"type": "Betterleaks", "content": {"expression": expression}}


def text(value: str) -> dict[str, Any]:
    return {"kind": "string", "value": value}


SECRET = {"kind": "member", "node": {"kind": "identifier", "value": "finding"}, "property": text("secret")}


def plus(left: object, right: object) -> dict[str, Any]:
    return {"kind": "binary", "operator": "+", "left": left, "right": right}


@pytest.mark.parametrize(
    "address",
    [
        SECRET,
        plus(text("https://"), SECRET),
        plus(text("https://api.example.com"), SECRET),
        plus(text("https://api.example.com"), plus(SECRET, text("/x"))),
        text("http://api.example.com/"),
        text("https://user@api.example.com/"),
        text("https://api.example.com:8443/"),
        {"kind": "conditional", "exp1": text("https://api.example.com/"), "exp2": SECRET},
        {"kind": "call", "callee": {"kind": "identifier", "value": "decode"}, "arguments": [SECRET]},
        None,
    ],
)
def test_an_address_that_a_secret_can_change_is_refused(address: object) -> None:
    assert endpoints(call(address)) == Endpoints(refusal=FROM_FILE)


@pytest.mark.parametrize(
    "address", [text("https://api.example.com"), plus(text("https://api.example.com/u?t="), SECRET)]
)
def test_a_fixed_host_is_read(address: object) -> None:
    assert endpoints(call(address)) == Endpoints(hosts=frozenset({"api.example.com"}))


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_only_known_questions_may_be_posted(method: str) -> None:
    assert endpoints(call(text("https://api.example.com/thing"), method)).refusal


def test_a_definition_nested_without_end_is_refused() -> None:
    deep: dict[str, Any] = call(text("https://api.example.com/"))["content"]["expression"]
    for _ in range(400):
        deep = {"kind": "array", "nodes": [deep]}
    assert endpoints({"type": "Betterleaks", "content": {"expression": deep}}).refusal
