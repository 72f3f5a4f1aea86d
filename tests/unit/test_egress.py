"""The door to the network leads to listed hosts, at public addresses, so many times, and nowhere else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from pavedroad.infra.egress import Egress, is_public

pytestmark = [pytest.mark.loopback, pytest.mark.usefixtures("socket_enabled")]
HOST = "localhost"


@contextmanager
def echo(greeting: bytes = b"") -> Iterator[int]:
    """A server that says back what it hears; with a greeting, it first reads a request and answers with that."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                if greeting:
                    client.recv(4096)
                    client.sendall(greeting)
                while chunk := client.recv(4096):
                    client.sendall(chunk)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def say(door: Egress, head: str) -> tuple[str, socket.socket]:
    """The status line that the door gives, and the connection."""
    stream = socket.create_connection(("127.0.0.1", urlsplit(door.environment["https_proxy"]).port or 0), timeout=10)
    stream.sendall(head.encode() + b"\r\n\r\n")
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += stream.recv(1)
    return answer.decode().split("\r\n")[0].removeprefix("HTTP/1.1 "), stream


def refused(door: Egress, head: str) -> str:
    status, stream = say(door, head)
    stream.close()
    return status


def test_a_listed_host_is_reached_and_counted() -> None:
    with echo() as port, Egress([HOST], most=5, port=port, allowed=lambda _: True, proxy="") as door:
        status, stream = say(door, f"CONNECT LocalHost:{port} HTTP/1.1")
        with stream:
            stream.sendall(b"hello")
            assert (status[:3], stream.recv(5)) == ("200", b"hello")
        assert (door.connections[HOST], door.refused.total()) == (1, 0)


def test_other_hosts_ports_and_methods_are_refused() -> None:
    with Egress(["api.example.com"], most=5, proxy="") as door:
        assert refused(door, "CONNECT evil.example.com:443 HTTP/1.1").startswith("403")
        assert refused(door, "CONNECT 169.254.169.254:443 HTTP/1.1").startswith("403")
        assert refused(door, "CONNECT api.example.com:22 HTTP/1.1").startswith("403")
        assert refused(door, "GET http://api.example.com/ HTTP/1.1").startswith("405")
        assert refused(door, "CONNECT api.example.com:443@evil HTTP/1.1").startswith("405")
        assert door.connections.total() == 0
        assert door.refused == {"other hosts": 2, "api.example.com": 1}


def test_a_listed_name_that_leads_to_this_machine_is_refused() -> None:
    with echo() as port, Egress([HOST], most=5, port=port, proxy="") as door:
        assert refused(door, f"CONNECT {HOST}:{port} HTTP/1.1").startswith("502")
        assert door.refused[HOST] == 1


def test_connections_are_bounded() -> None:
    with echo() as port, Egress([HOST], most=1, port=port, allowed=lambda _: True, proxy="") as door:
        say(door, f"CONNECT {HOST}:{port} HTTP/1.1")[1].close()
        assert refused(door, f"CONNECT {HOST}:{port} HTTP/1.1").startswith("429")


def test_the_callers_own_proxy_is_used() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(echo(b"HTTP/1.1 200 ok\r\n\r\n"))
        door = stack.enter_context(Egress(["api.example.com"], most=5, proxy=f"http://user:word@127.0.0.1:{port}"))
        status, stream = say(door, "CONNECT api.example.com:443 HTTP/1.1")
        with stream:
            stream.sendall(b"hello")
            assert (status[:3], stream.recv(5)) == ("200", b"hello")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 no\r\n\r\n", b"\r\n\r\n", b"x" * 9000])
def test_a_proxy_that_refuses_or_babbles_is_no_way(answer: bytes) -> None:
    with echo(answer) as port, Egress(["api.example.com"], most=5, proxy=f"127.0.0.1:{port}") as door:
        assert refused(door, "CONNECT api.example.com:443 HTTP/1.1").startswith("502")


def test_a_door_that_is_shut_ends_its_connections() -> None:
    with echo() as port:
        with Egress([HOST], most=5, port=port, allowed=lambda _: True, proxy="") as door:
            stream = say(door, f"CONNECT {HOST}:{port} HTTP/1.1")[1]
        with stream:
            assert stream.recv(1) == b""


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
     "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "not an address"],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_neighbours_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)
