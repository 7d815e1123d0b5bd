"""What is known of a request that got no answer: whether it left this machine, and that it never does afterwards."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.transport import HttpClient, Request
from pulumi_adobe_aep.errors import NotSent
from tests.faults.messages import assert_plain


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
        with pytest.raises(NotSent, match="no connection to the server"):
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
