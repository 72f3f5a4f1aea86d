"""The download door: one bounded GET of a file over https, conditional where an earlier answer is known.

Plain http is allowed to loopback only (tests, a mirror on the same machine). Redirects are few and stay on https.
Proxies of the environment are honoured. No cookies, no credentials, no other schemes.
"""

import hashlib
import ipaddress
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from pavedroad import __version__
from pavedroad.core.noun import Noun
from pavedroad.infra.errors import NetworkError

MAX_REDIRECTS = 5
CHUNK = 1 << 18
STALL_SECONDS = 30.0
MAX_HEADER = 1024

Progress = Callable[[int, int | None], None]
"""Called with the bytes so far and the total, None when the server does not say."""


class Validators(Noun, frozen=True, kw_only=True):
    """What a server said about a version of a file, to ask later whether it changed (RFC 9110 section 8.8)."""

    etag: str = ""
    last_modified: str = ""


class Download(Noun, frozen=True, kw_only=True):
    """One answer. ``unchanged``: the server says the earlier version still holds, and nothing was written."""

    unchanged: bool
    validators: Validators
    size: int = 0
    sha256: str = ""


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this machine by itself, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(url: str) -> None:
    """Raises NetworkError unless ``url`` is https without credentials, or http to loopback."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise NetworkError("this is not a URL", next_step="give one that starts with https://") from error
    if parts.username is not None or parts.password is not None:
        raise NetworkError("the URL carries credentials", where=host, next_step="use a mirror that needs none")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise NetworkError(
            "only https is allowed (plain http to loopback only)", where=host, next_step="give a URL with https://"
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Few redirects, each checked like the first URL; http to loopback may not be reached from elsewhere."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        check_url(newurl)
        if urlsplit(newurl).scheme == "http" and urlsplit(req.full_url).scheme == "https":
            raise NetworkError("the server redirects from https to http", where=_host(req.full_url))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Only these handlers: no ``file:``, no ``ftp:``, no ``data:``."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _request(url: str, known: Validators) -> urllib.request.Request:
    request = urllib.request.Request(url, headers={"User-Agent": f"pavedroad/{__version__}"})  # noqa: S310 - checked
    if known.etag:
        request.add_header("If-None-Match", known.etag)
    if known.last_modified:
        request.add_header("If-Modified-Since", known.last_modified)
    return request


def _validators(headers: Message) -> Validators:
    def header(name: str) -> str:
        value = str(headers.get(name, ""))
        return value if len(value) <= MAX_HEADER and value.isprintable() else ""

    return Validators(etag=header("ETag"), last_modified=header("Last-Modified"))


def _total(headers: Message) -> int | None:
    text = str(headers.get("Content-Length", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _copy(
    response: HTTPResponse, target: Path, max_bytes: int, deadline: float, progress: Progress | None
) -> tuple[int, str]:
    total = _total(response.headers)
    where = _host(response.url)
    if total is not None and total > max_bytes:
        raise NetworkError(f"the file has {total} bytes; at most {max_bytes} are read", where=where)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := response.read1(CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise NetworkError(f"the file has more than {max_bytes} bytes", where=where)
            if time.monotonic() > deadline:
                raise NetworkError("the download took too long", where=where, next_step="try again later")
            digest.update(chunk)
            out.write(chunk)
            if progress:
                progress(size, total)
    if total is not None and size != total:
        raise NetworkError(f"the download ended after {size} of {total} bytes", where=where, next_step="try again")
    return size, digest.hexdigest()


def _open(url: str, known: Validators) -> Any:
    """The response, or None for 304."""
    try:
        return _opener().open(_request(url, known), timeout=STALL_SECONDS)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304:
                return None
            raise NetworkError(
                f"the server answered {error.code}", where=url, next_step="check the URL, or try again later"
            ) from None


def download(
    url: str,
    target: Path,
    *,
    known: Validators | None = None,
    max_bytes: int,
    seconds: float,
    progress: Progress | None = None,
) -> Download:
    """GET ``url`` into ``target`` (overwritten), or nothing when ``known`` still holds.

    At most ``max_bytes`` bytes and about ``seconds`` of wall clock (a silent server is given up after STALL_SECONDS).
    Raises NetworkError; ``target`` may then hold a part.
    """
    check_url(url)
    known = known or Validators()
    deadline = time.monotonic() + seconds
    try:
        response = _open(url, known)
        if response is None:
            return Download(unchanged=True, validators=known)
        with response:
            if response.status != 200:
                raise NetworkError(f"the server answered {response.status}", where=url)
            size, sha256 = _copy(response, target, max_bytes, deadline, progress)
            return Download(unchanged=False, validators=_validators(response.headers), size=size, sha256=sha256)
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NetworkError(
            f"the download failed: {reason}", where=url, next_step="check the network and the proxy settings"
        ) from error
