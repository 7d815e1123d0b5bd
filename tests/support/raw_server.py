"""A server that sends whatever bytes a test says, as slowly or brokenly as it says."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

from typing_extensions import Self

Behaviour = Callable[[socket.socket], None]
"""Called with the connection after a whole request was read; the connection is closed afterwards."""


def sends(*parts: bytes) -> Behaviour:
    """Send these bytes."""

    def behave(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return behave


def response(status: str = "200 OK", body: bytes = b"{}", *headers: str) -> bytes:
    """Write a whole response."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
    # The server does close: a client that does not know it might send the next request into the connection's end.
    head.append("Connection: close")
    return "\r\n".join([*head, "", ""]).encode() + body


def resets(connection: socket.socket) -> None:
    """Break the connection without a response."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


class RawServer:
    """Listens on a free port of this machine.

    Args:
        behave: what to do with each request.
        tls: the certificate to show; None for plain HTTP.

    Attributes:
        requests: what was received, heads and bodies.
        over: set when the server is closed, so that a behaviour can end.
    """

    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._behave = behave
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._connections: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """The server's address without a path."""
        return f"{'https' if self._tls else 'http'}://localhost:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        # Wakes the thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for thread in self._connections:
            thread.join()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,))
            self._connections.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        # A client that goes away in the middle is what some tests are about.
        with contextlib.suppress(OSError), connection:
            spoken = connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True)
            with spoken:
                request = _read_request(spoken)
                if request:
                    self.requests.append(request)
                    self._behave(spoken)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        received += chunk
        if not chunk or received.startswith(b"\x16\x03"):  # a TLS handshake to a server that speaks none
            return b""
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
