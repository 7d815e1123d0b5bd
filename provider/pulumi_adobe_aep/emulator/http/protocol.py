"""uvicorn's HTTP protocol, with the hold on the TCP connection that faults need."""

import asyncio
import socket
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT: Final = "pulumi_adobe_aep.emulator.transport"
"""The ASGI extension that holds a request's transport."""


class EmulatorProtocol(HttpToolsProtocol):
    """Passes each connection's transport on to the application, and turns Nagle's algorithm off."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        # asyncio does this only for sockets whose protocol number it knows: an accepted one may have 0. With Nagle
        # on, a response in two writes waits for the client's delayed acknowledgement, 40 ms.
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {TRANSPORT: transport}
            await application(scope, receive, send)

        self.app = with_transport
