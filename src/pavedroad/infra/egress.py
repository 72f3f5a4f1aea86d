"""The narrow door out: an HTTP CONNECT proxy on loopback that reaches a fixed list of hosts, and nothing else.

The gate opens it for a scanner process that may ask providers something (live checks of secrets). Whatever the process
or its library is talked into, this door leads only to listed hosts, on one port, at public addresses, and only so
often. It sees names and encrypted bytes, never what is said. Proxies of the caller's environment are honoured.
"""

import contextlib
import ipaddress
import re
import selectors
import socket
import socketserver
import threading
import time
import urllib.request
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from pavedroad.infra.errors import NetworkError

HTTPS = 443
CONNECT_SECONDS = 8.0
STALL_SECONDS = 20.0
CONNECTION_SECONDS = 60.0
CONNECTION_BYTES = 8 << 20
_CHUNK = 1 << 16
_MAX_HEAD = 8192
_CONNECT = re.compile(rb"CONNECT ([A-Za-z0-9.-]{1,253}):(\d{1,5}) HTTP/1\.[01]\r?\n")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet: not private, loopback, link-local, shared or reserved."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


class Egress:
    """A context manager: the door is open between enter and exit.

    ``hosts`` are lower-case names; ``most`` bounds the connections of its whole life. ``allowed`` judges an address
    after the name was looked up, and that very address is then used, so a second answer of the name server changes
    nothing. ``connections`` counts those that were opened, ``refused`` those that were not, by host.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        most: int,
        port: int = HTTPS,
        allowed: Callable[[str], bool] = is_public,
        proxy: str | None = None,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._most = most
        self._port = port
        self._allowed = allowed
        self._proxy = proxy
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.connections: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._server = _Server(self.serve)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="egress", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a program's requests here, plain http included (which is then refused)."""
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {name: url for lower in ("https_proxy", "http_proxy", "all_proxy") for name in (lower, lower.upper())}

    def serve(self, client: socket.socket) -> None:
        """One connection, from its first line to its end."""
        client.settimeout(STALL_SECONDS)
        host, refusal = self._admit(_head(client))
        if refusal:
            return _answer(client, refusal)
        try:
            far = self._reach(host)
        except (OSError, NetworkError):
            return _answer(client, "502 Bad Gateway")
        with self._lock:
            self._open |= {client, far}
        try:
            _answer(client, "200 Connection established")
            _relay(client, far)
        finally:
            with self._lock:
                self._open -= {client, far}
            far.close()

    def _admit(self, head: bytes) -> tuple[str, str]:
        """The host that is asked for, and why not (empty: it may be reached)."""
        match = _CONNECT.match(head)
        if not match:
            return "", "405 Method Not Allowed"
        host, port = match[1].decode("ascii").lower(), int(match[2])
        with self._lock:
            if host not in self._hosts or port != self._port:
                self.refused[host if host in self._hosts else "other hosts"] += 1
                return host, "403 Forbidden"
            if self.connections.total() >= self._most:
                self.refused[host] += 1
                return host, "429 Too Many Requests"
            self.connections[host] += 1
        return host, ""

    def _reach(self, host: str) -> socket.socket:
        """A connection to ``host``. Raises OSError and NetworkError."""
        proxy = self._proxy if self._proxy is not None else _proxy_for(host)
        if proxy:
            return _through(proxy, host, self._port)
        for *_, address in socket.getaddrinfo(host, self._port, type=socket.SOCK_STREAM):
            if self._allowed(str(address[0])):
                return socket.create_connection((str(address[0]), self._port), timeout=CONNECT_SECONDS)
        with self._lock:
            self.refused[host] += 1
        raise NetworkError("the name leads to no public address", where=host)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    serve(self.request)

        super().__init__(("127.0.0.1", 0), Handler)


def _head(stream: socket.socket) -> bytes:
    """Bytes up to and with the empty line; cut at ``_MAX_HEAD``. Nothing behind it may have been sent yet."""
    head = b""
    end = time.monotonic() + STALL_SECONDS
    while b"\r\n\r\n" not in head and len(head) < _MAX_HEAD and time.monotonic() < end:
        chunk = stream.recv(_MAX_HEAD - len(head))
        if not chunk:
            break
        head += chunk
    return head


def _answer(client: socket.socket, status: str) -> None:
    client.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode("ascii"))


def _proxy_for(host: str) -> str:
    """The proxy that the environment names for https to ``host``; empty for none."""
    return "" if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get("https", "")


def _through(proxy: str, host: str, port: int) -> socket.socket:
    """A tunnel through the caller's own proxy, which looks the name up. Raises OSError and NetworkError."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or not parts.hostname:
        raise NetworkError("only http:// proxies can be used for live checks")
    request = f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request += f"Proxy-Authorization: Basic {b64encode(login).decode('ascii')}\r\n"
    far = socket.create_connection((parts.hostname, parts.port or 80), timeout=CONNECT_SECONDS)
    with contextlib.ExitStack() as unless_agreed:
        unless_agreed.callback(far.close)
        far.settimeout(STALL_SECONDS)
        far.sendall(f"{request}\r\n".encode("latin-1"))
        if not re.match(rb"HTTP/1\.[01] 200\b", _head(far)):
            raise NetworkError("the proxy refused", where=host)
        unless_agreed.pop_all()
    return far


def _relay(client: socket.socket, far: socket.socket) -> None:
    """Carry bytes both ways until either side ends, nothing is said for long, or a bound is reached."""
    end, size = time.monotonic() + CONNECTION_SECONDS, 0
    far.settimeout(STALL_SECONDS)
    other = {client: far, far: client}
    with selectors.DefaultSelector() as selector:
        for side in other:
            selector.register(side, selectors.EVENT_READ, side)
        while size < CONNECTION_BYTES and time.monotonic() < end:
            ready = selector.select(STALL_SECONDS)
            if not ready:
                return
            for key, _ in ready:
                chunk = key.data.recv(_CHUNK)
                if not chunk:
                    return
                size += len(chunk)
                other[key.data].sendall(chunk)
