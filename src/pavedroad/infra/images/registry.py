"""Images from a registry: the pull side of the OCI distribution specification, with anonymous, basic and bearer access.

Documents and layers are checked against their digests, whatever the server says. A name that is a tag is resolved once.
Credentials come from the user's own ``config.json`` of docker or podman, or from PAVED_REGISTRY_USERNAME and
PAVED_REGISTRY_PASSWORD; they go to the registry and to the token server it names over https, and to nobody else.
Credential helper programs are not run.
"""

import base64
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urljoin, urlsplit

from pavedroad import __version__
from pavedroad.infra.errors import FileError, NetworkError
from pavedroad.infra.files import read_file
from pavedroad.infra.http import STALL_SECONDS, check_url, is_loopback
from pavedroad.infra.images import blobs
from pavedroad.infra.images.errors import ImageError, LayerError
from pavedroad.infra.images.model import Image, ImageLimits, Layer
from pavedroad.infra.images.reference import Reference
from pavedroad.infra.images.stores import verified

MAX_REDIRECTS = 5
_MAX_TOKEN = 1 << 20
_MAX_CONFIG = 1 << 20
_CHALLENGE = re.compile(r'([a-z_]+)="([^"]{0,2000})"', re.IGNORECASE)
_TRIES = 3
_FAILED = (OSError, HTTPException, ValueError)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand, without credentials once the host is another one."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Registry:
    """One repository of one registry."""

    def __init__(self, host: str, repository: str, seconds: float) -> None:
        scheme = "http" if is_loopback(urlsplit(f"//{host}").hostname or "") else "https"
        self._base = f"{scheme}://{host}/v2/{repository}/"
        self._host = host
        self._repository = repository
        self._deadline = time.monotonic() + seconds
        self._authorization = ""
        self._opener = urllib.request.build_opener(_NoRedirects())

    def manifest(self, name: str) -> bytes:
        """The manifest or index of a tag or digest. Raises ImageError."""
        accept = ", ".join((*blobs.INDEX_TYPES, *blobs.MANIFEST_TYPES))
        return self._small(f"manifests/{name}", accept)

    def document(self, digest: str) -> bytes:
        """A manifest or configuration by digest, verified. Manifests and blobs are two name spaces of a registry; the
        caller does not know which, so both are asked."""
        try:
            content = self._small(f"blobs/{digest}", "*/*")
        except ImageError as error:
            try:
                content = self.manifest(digest)
            except ImageError:
                raise error from None
        return verified(content, digest)

    @contextmanager
    def stream(self, layer: Layer) -> Iterator[IO[bytes]]:
        """A layer. Raises LayerError."""
        try:
            response = self._open(f"blobs/{layer.digest}", "*/*")
        except ImageError as error:
            raise LayerError(error.what, where=error.where, next_step=error.next_step) from error
        with response:
            yield _Told(response, self._host)  # type: ignore[misc]

    def _small(self, path: str, accept: str) -> bytes:
        with self._open(path, accept) as response:
            try:
                content: bytes = response.read(blobs.MAX_DOCUMENT + 1)
            except _FAILED as error:
                raise self._broken(error) from error
        if len(content) > blobs.MAX_DOCUMENT:
            raise ImageError("the registry sent a manifest that is too large", where=self._host)
        return content

    def _broken(self, error: Exception) -> ImageError:
        reason = getattr(error, "reason", None) or error
        return ImageError(
            f"the registry did not answer as it should: {type(error).__name__}: {str(reason)[:200]}",
            where=self._host,
            next_step="check the address, the network and the proxy settings, or try again later",
        )

    def _open(self, path: str, accept: str) -> Any:
        """The answer, after signing in where that is asked for."""
        url = urljoin(self._base, path)
        for attempt in range(_TRIES):
            status, answer = self._ask(url, accept, self._authorization)
            if status == 200:
                return answer
            if status == 401 and attempt == 0 and isinstance(answer, str):
                self._authorization = self._sign_in(answer)
            elif status in (429, 502, 503, 504) and attempt < _TRIES - 1 and time.monotonic() + 2 < self._deadline:
                time.sleep(1.0)
            else:
                break
        raise ImageError(_words(status, self._repository), where=self._host, next_step=_advice(status))

    def _ask(self, url: str, accept: str, authorization: str) -> tuple[int, Any]:
        """Status and response; for 401 the challenge."""
        for _ in range(MAX_REDIRECTS):
            if time.monotonic() > self._deadline:
                raise ImageError("fetching the image took too long", where=self._host, next_step="try again later")
            try:
                check_url(url)
                same = urlsplit(url).netloc == self._host
                headers = {"User-Agent": f"pavedroad/{__version__}", "Accept": accept}
                if same and authorization:
                    headers["Authorization"] = authorization
                request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked
                return 200, self._opener.open(request, timeout=STALL_SECONDS)
            except urllib.error.HTTPError as error:
                with error:
                    place = error.headers.get("Location")
                    if error.code not in (301, 302, 303, 307, 308) or not place:
                        return error.code, str(error.headers.get("WWW-Authenticate") or "")
                    url = urljoin(url, place)
            except NetworkError as error:
                raise ImageError(error.what, where=error.where, next_step=error.next_step) from error
            except _FAILED as error:
                raise self._broken(error) from error
        raise ImageError("the registry redirects without end", where=self._host)

    def _sign_in(self, challenge: str) -> str:
        """The Authorization header for a challenge (RFC 7235, distribution specification "token authentication")."""
        scheme, _, rest = challenge.partition(" ")
        own = credentials(self._host)
        if scheme.lower() == "basic" and own:
            return f"Basic {own}"
        parts = {name.lower(): value for name, value in _CHALLENGE.findall(rest[:8000])}
        realm = parts.get("realm", "")
        if scheme.lower() != "bearer" or not realm:
            raise ImageError(
                "the registry wants credentials",
                where=self._host,
                next_step="docker login, or podman login, there first",
            )
        query = {"scope": parts.get("scope") or f"repository:{self._repository}:pull"}
        if parts.get("service"):
            query["service"] = parts["service"]
        return f"Bearer {self._token(realm, query, own)}"

    def _token(self, realm: str, query: Mapping[str, str], own: str) -> str:
        url = f"{realm}{'&' if '?' in realm else '?'}{urlencode(query)}"
        headers = {"User-Agent": f"pavedroad/{__version__}"} | ({"Authorization": f"Basic {own}"} if own else {})
        try:
            check_url(url)
            request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked
            with self._opener.open(request, timeout=STALL_SECONDS) as response:
                answer = json.loads(response.read(_MAX_TOKEN))
            token = answer.get("token") or answer.get("access_token")
        except NetworkError as error:
            raise ImageError(error.what, where=error.where, next_step=error.next_step) from error
        except (*_FAILED, AttributeError, RecursionError) as error:
            raise ImageError(
                "the registry's token server refused or did not answer",
                where=urlsplit(realm).hostname or "",
                next_step="check your credentials: docker login",
            ) from error
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ImageError("the registry's token server gave no token", where=urlsplit(realm).hostname or "")
        return token


class _Told:
    """A response whose failures are told as failures of the layer."""

    def __init__(self, response: Any, host: str) -> None:
        self._response = response
        self._host = host

    def read(self, size: int = -1) -> bytes:
        try:
            chunk: bytes = self._response.read(size if size > 0 else 1 << 18)
        except _FAILED as error:
            raise LayerError(
                f"the registry stopped sending: {type(error).__name__}", where=self._host, next_step="try again"
            ) from error
        return chunk


def _words(status: int, repository: str) -> str:
    if status == 404:
        return f"the registry has no such image: {repository}"
    if status in (401, 403):
        return f"the registry does not let us read {repository}"
    return f"the registry answered {status}"


def _advice(status: int) -> str:
    if status == 404:
        return "check name and tag"
    if status in (401, 403):
        return "docker login, or podman login, there first; or check name and tag"
    return "try again later"


def credentials(host: str) -> str:
    """``user:password`` in base64 for ``host``, empty when there are none."""
    user, password = os.environ.get("PAVED_REGISTRY_USERNAME", ""), os.environ.get("PAVED_REGISTRY_PASSWORD", "")
    if user and password:
        return base64.b64encode(f"{user}:{password}".encode()).decode()
    for path in _config_files():
        entry = _auths(path).get(host)
        if isinstance(entry, dict) and isinstance(entry.get("auth"), str) and entry["auth"].isascii():
            return str(entry["auth"])
    return ""


def _config_files() -> Iterator[Path]:
    if given := os.environ.get("REGISTRY_AUTH_FILE"):
        yield Path(given)
    yield Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "containers" / "auth.json"


def _auths(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_file(path, _MAX_CONFIG) or b"{}")
    except (FileError, ValueError, RecursionError):
        return {}
    auths = content.get("auths") if isinstance(content, dict) else None
    return auths if isinstance(auths, dict) else {}


def from_registry(reference: Reference, *, shown: str, platform: str, limits: ImageLimits) -> Image:
    """The image of a registry. Raises ImageError."""
    host, _, repository = reference.place.partition("/")
    registry = Registry(host, repository, limits.seconds)
    digest = reference.digest
    if not digest:
        digest = _digest_of(registry.manifest(reference.tag))
    return blobs.read_image(registry, digest, name=reference.name, reference=shown, platform=platform, limits=limits)


def _digest_of(content: bytes) -> str:
    import hashlib

    return f"sha256:{hashlib.sha256(content).hexdigest()}"
