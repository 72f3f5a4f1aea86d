"""A container registry on 127.0.0.1: the pull side of the distribution specification, as good or bad as wanted."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.support.http_server import Reply, Server, serving
from tests.support.images import INDEX, MANIFEST, Built

USER = "reader"
WORD = "only" + "-for-tests"


class FakeRegistry:
    """``access`` is ``anonymous``, ``basic`` or ``bearer``. ``replaced`` answers a path in place of the true answer."""

    def __init__(self, server: Server, repository: str, image: Built, access: str) -> None:
        self.server = server
        self.host = server.url.removeprefix("http://")
        self.repository = repository
        self.access = access
        self.replaced: dict[str, Reply] = {}
        self.tokens_asked: list[dict[str, list[str]]] = []
        base = f"/v2/{repository}"
        for name, content in image.blobs.items():
            for kind in ("blobs", "manifests"):
                if (kind == "manifests") == (b'"schemaVersion"' in content):
                    self._serve(f"{base}/{kind}/{name}", content)
        self._serve(f"{base}/manifests/1.0", image.blobs[image.manifest])

    @property
    def reference(self) -> str:
        return f"{self.host}/{self.repository}:1.0"

    def _serve(self, path: str, content: bytes) -> None:
        def answer(request: BaseHTTPRequestHandler) -> Reply:
            if path in self.replaced:
                return self.replaced[path]
            if not self._allowed(request.headers.get("Authorization") or ""):
                return 401, {"WWW-Authenticate": self._challenge()}, b""
            media = INDEX if b'"manifests"' in content else MANIFEST
            return 200, {"Content-Type": media}, content

        self.server.replies[path] = answer

    def _allowed(self, header: str) -> bool:
        if self.access == "basic":
            return header == f"Basic {credentials()}"
        return header == "Bearer pass" if self.access == "bearer" else True

    def _challenge(self) -> str:
        if self.access == "basic":
            return 'Basic realm="registry"'
        return f'Bearer realm="{self.server.url}/token",service="here",scope="repository:{self.repository}:pull"'

    def offer_tokens(self, scope: str) -> None:
        """Answer at /token for the scope that a puller should ask for."""
        path = f"/token?scope={scope}&service=here"

        def answer(request: BaseHTTPRequestHandler) -> Reply:
            self.tokens_asked.append(parse_qs(urlsplit(request.path).query))
            return 200, {}, b'{"token": "pass"}'

        self.server.replies[path] = answer


def credentials() -> str:
    return base64.b64encode(f"{USER}:{WORD}".encode()).decode()


@contextmanager
def registry(image: Built, access: str = "anonymous", repository: str = "team/app") -> Iterator[FakeRegistry]:
    """A running registry with one image, tagged 1.0."""
    with serving() as server:
        yield FakeRegistry(server, repository, image, access)
