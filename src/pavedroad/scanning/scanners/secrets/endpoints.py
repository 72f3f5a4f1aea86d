"""What a live check of the engine would ask, read from its definition without running it. Pure.

A definition is a tree: an expression that calls ``http.get`` and ``http.post``, or one request with a template. The
hosts are known when every address starts with a literal ``https://host/``; else a file could choose whom we ask.
"""

import re
from typing import Any

from pavedroad.core.noun import Noun
from pavedroad.scanning.scanners.secrets.providers import ASKING_POSTS, NATIVE

FROM_FILE = "whom to ask would come from the file itself"
DOES = "its provider offers no question that only asks"
NONE = "no provider can be asked about this type of secret"
_MAX_DEPTH = 200
_HOST = re.compile(r"https://([a-z0-9.-]+)(?=(/|\?)|$)")
_OPENS = re.compile(r"(?:aws|gcp|azure|http)\.")

_TAKES_HOST = ("CredentialUri", "JWT", "MongoDB", "Http")

# The beginning of a text, and whether it is the whole text.
_Start = tuple[str, bool]
_UNKNOWN: list[_Start] = [("", False)]


class Endpoints(Noun, frozen=True, kw_only=True):
    """``hosts`` that would be asked; or why nobody should be: ``refusal`` is a phrase."""

    hosts: frozenset[str] = frozenset()
    refusal: str = ""


def endpoints(validation: dict[str, Any] | None) -> Endpoints:
    """What a rule's ``validation`` definition would ask."""
    if not validation:
        return Endpoints(refusal=NONE)
    content = validation.get("content")
    if validation.get("type") == "Betterleaks":
        requests: list[tuple[str, _Start]] = []
        _walk(content, {}, requests, 0)
    elif validation.get("type") == "Http" and isinstance(content, dict):
        requests = [_template(content.get("request") or {})]
    else:
        return Endpoints(refusal=FROM_FILE if validation.get("type") in _TAKES_HOST else NONE)
    return _judge(requests)


def _judge(requests: list[tuple[str, _Start]]) -> Endpoints:
    hosts = set()
    for method, (text, whole) in requests:
        if method in NATIVE:
            hosts.add(NATIVE[method])
            continue
        match = _HOST.match(text)
        if method not in ("get", "post") or not match or not (match[2] or whole):
            return Endpoints(refusal=FROM_FILE)
        if method == "post" and not (whole and text in ASKING_POSTS):
            return Endpoints(refusal=DOES)
        hosts.add(match[1])
    return Endpoints(hosts=frozenset(hosts)) if hosts else Endpoints(refusal=NONE)


def _template(request: dict[str, Any]) -> tuple[str, _Start]:
    start, mark, _ = str(request.get("url", "")).partition("{{")
    return str(request.get("method", "")).lower(), (start, not mark)


def _walk(node: Any, known: dict[str, list[_Start]], found: list[tuple[str, _Start]], depth: int) -> None:
    """Gather (method, beginning of the address) of all requests; ``known`` holds the variables in scope."""
    if depth > _MAX_DEPTH:
        found.append(("too deep", ("", False)))
    elif isinstance(node, list):
        for part in node:
            _walk(part, known, found, depth + 1)
    elif isinstance(node, dict):
        if node.get("kind") == "variable_declarator":
            _walk(node.get("value"), known, found, depth + 1)
            inner = {**known, str(node.get("name")): _starts(node.get("value"), known, depth)}
            _walk(node.get("expr"), inner, found, depth + 1)
            return
        if node.get("kind") == "call":
            _note_call(node, known, found, depth)
        for part in node.values():
            _walk(part, known, found, depth + 1)


def _note_call(
    node: dict[str, Any], known: dict[str, list[_Start]], found: list[tuple[str, _Start]], depth: int
) -> None:
    name = _name(node.get("callee"))
    arguments = node.get("arguments") or [None]
    if name in ("http.get", "http.post"):
        found += [(name.removeprefix("http."), start) for start in _starts(arguments[0], known, depth)]
    elif _OPENS.match(name):
        found.append((name, ("", False)))


def _name(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    if node.get("kind") == "identifier":
        return str(node.get("value"))
    if node.get("kind") == "member":
        prop = node.get("property")
        return f"{_name(node.get('node'))}.{prop.get('value') if isinstance(prop, dict) else ''}"
    return ""


def _starts(node: Any, known: dict[str, list[_Start]], depth: int) -> list[_Start]:
    """How the text of an expression may begin, one entry per branch."""
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return _UNKNOWN
    kind = node.get("kind")
    if kind == "string":
        return [(str(node.get("value")), True)]
    if kind == "identifier":
        return known.get(str(node.get("value")), _UNKNOWN)
    if kind == "binary" and node.get("operator") == "+":
        return _joined(node, known, depth)
    if kind == "conditional":
        return _starts(node.get("exp1"), known, depth + 1) + _starts(node.get("exp2"), known, depth + 1)
    if kind == "call" and _name(node.get("callee")) == "env.getOrDefault" and len(node.get("arguments") or []) == 2:
        return _starts(node["arguments"][1], known, depth + 1)  # the worker's environment names none of these
    return _UNKNOWN


def _joined(node: dict[str, Any], known: dict[str, list[_Start]], depth: int) -> list[_Start]:
    found: list[_Start] = []
    for text, whole in _starts(node.get("left"), known, depth + 1):
        if whole:
            found += [(text + more, end) for more, end in _starts(node.get("right"), known, depth + 1)]
        else:
            found.append((text, False))
    return found
