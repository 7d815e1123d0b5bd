"""What is known of a request that got no response: whether it left this machine, and that it never does afterwards."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from pulumi_adobe_aep.api.cancellation import Cancellation
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.exchange import Exchange, GivenUp
from pulumi_adobe_aep.api.transport import HttpClient, Request
from pulumi_adobe_aep.errors import NotSent, ResponseLost
from tests.faults.messages import assert_plain
from tests.support.raw_server import Behaviour, RawServer, response, sends


@pytest.fixture
def client() -> Iterator[HttpClient]:
    client = HttpClient(4)
    yield client
    client.close()


class SlowHandshake:
    """A TLS server that takes its time for the handshake, and then notes what it is sent.

    Attributes:
        go_on: lets the handshake begin.
        received: everything that was sent after it; None while that is not known.
    """

    def __init__(self, listener: socket.socket, context: ssl.SSLContext) -> None:
        self.address = f"https://localhost:{listener.getsockname()[1]}"
        self.go_on = threading.Event()
        self.received: bytes | None = None
        self._listener = listener
        self._context = context

    def serve(self) -> None:
        client, _ = self._listener.accept()
        self.go_on.wait(30)
        received = b""
        with contextlib.suppress(OSError), self._context.wrap_socket(client, server_side=True) as connection:
            connection.settimeout(30)
            while piece := connection.recv(65536):
                received += piece
        self.received = received


@contextlib.contextmanager
def slow_handshake(folder: Path) -> Iterator[SlowHandshake]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = SlowHandshake(listener, context)
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server
        server.go_on.set()
        thread.join()


def test_a_request_that_was_given_up_before_it_was_sent_never_goes_out(
    client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with slow_handshake(tmp_path) as server:
        with pytest.raises(NotSent, match="no connection to the server"):
            client.send(Request("POST", server.address, body=b"create"), Deadline(1))
        server.go_on.set()
    assert server.received == b""


def test_a_proxy_that_breaks_off_has_passed_nothing_on(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")

        def break_off() -> None:
            connection, _ = proxy.accept()
            with connection:
                assert connection.recv(65536).startswith(b"CONNECT")

        thread = threading.Thread(target=break_off)
        thread.start()
        with pytest.raises(NotSent, match="no connection to the server through the proxy"):
            client.send(Request("POST", "https://aep.invalid", body=b"create"), Deadline(10))
        thread.join()


@pytest.mark.parametrize("port", ["notaport", "99999", "1"])
def test_the_proxys_password_is_in_no_message(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:canary-of-the-proxy@127.0.0.1:{port}")
    client = HttpClient(1)
    with pytest.raises(NotSent) as caught:
        client.send(Request("POST", "https://aep.invalid", body=b"create"), Deadline(10))
    assert_plain(str(caught.value), ["canary-of-the-proxy"])
    client.close()


def test_the_socket_of_a_request_that_was_given_up_is_closed(client: HttpClient) -> None:
    closed, over = threading.Event(), threading.Event()

    def send_a_byte_now_and_then(connection: socket.socket) -> None:
        # Often enough for the time-outs of requests, which count from byte to byte.
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not over.wait(0.02):
                connection.sendall(b" ")
        except OSError:
            closed.set()

    with RawServer(send_a_byte_now_and_then) as server:
        with pytest.raises(ResponseLost, match="got no response within"):
            client.send(Request("POST", server.url, body=b"create"), Deadline(1))
        was_closed = closed.wait(10)
        over.set()
    assert was_closed


def test_a_socket_that_went_back_to_its_pool_is_no_more_closed_with_the_exchange() -> None:
    """It may be another exchange's in a moment."""
    kept, other = socket.socketpair()
    over = threading.Event()

    def call(exchange: Exchange[None]) -> None:
        exchange.mark_sent(kept)
        exchange.release_socket()
        over.wait(30)

    with kept, other:
        with pytest.raises(GivenUp):
            Exchange(call).run(0.05, Cancellation())
        kept.sendall(b"still open")
        assert other.recv(10) == b"still open"
        over.set()


def test_a_connection_goes_back_to_its_pool_and_carries_the_next_request(client: HttpClient) -> None:
    def response_twice(connection: socket.socket) -> None:
        kept = response().replace(b"Connection: close\r\n", b"")
        connection.sendall(kept)
        assert connection.recv(65536).startswith(b"POST /second")
        connection.sendall(kept)

    with RawServer(response_twice) as server:
        for path in ("/first", "/second"):
            assert client.send(Request("POST", server.url + path, body=b""), Deadline(10)).status == 200
        assert len(server.requests) == 1


@contextlib.contextmanager
def socks_proxy(target: tuple[str, int]) -> Iterator[tuple[str, list[str]]]:
    """Run a SOCKS 5 proxy for one connection, to wherever a test says; yield its URL and the hosts it is asked for."""
    asked: list[str] = []

    def copy(source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                to.sendall(piece)
            to.shutdown(socket.SHUT_WR)

    def serve(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.settimeout(30)
            client.recv(262)
            client.sendall(b"\x05\x00")
            wanted = client.recv(262)
            asked.append(wanted[5 : 5 + wanted[4]].decode())
            client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            with socket.create_connection(target) as server:
                server.settimeout(30)
                back = threading.Thread(target=copy, args=(server, client))
                back.start()
                copy(client, server)
                back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"socks5h://127.0.0.1:{listener.getsockname()[1]}", asked
        thread.join()


@pytest.mark.parametrize(("behaviour", "lost"), [(sends(response()), False), (sends(), True)], ids=["response", "none"])
def test_what_was_sent_through_a_socks_proxy_is_known_as_sent(
    behaviour: Behaviour, lost: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("aep.invalid").configure_cert(context)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with (
        RawServer(behaviour, context) as server,
        socks_proxy(("127.0.0.1", int(server.url.rpartition(":")[2]))) as (url, asked),
        contextlib.closing(HttpClient(1)) as client,
    ):
        monkeypatch.setenv("HTTPS_PROXY", url)
        with pytest.raises(ResponseLost) if lost else contextlib.nullcontext():
            client.send(Request("POST", "https://aep.invalid", body=b"create"), Deadline(10))
        client.close()
        assert asked == ["aep.invalid"]
        assert len(server.requests) == 1
