"""The server's side of a TCP connection."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from pulumi_adobe_aep.emulator.http.protocol import TRANSPORT, EmulatorProtocol
from pulumi_adobe_aep.emulator.server import listen


def test_nagles_algorithm_is_off_and_the_application_gets_the_transport() -> None:
    found: list[int] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        del receive
        connection = scope["extensions"][TRANSPORT].get_extra_info("socket")
        found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> bytes:
        config = uvicorn.Config(application, ws="none", lifespan="off", log_config=None)
        config.load()
        loop = asyncio.get_running_loop()
        with listen("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
            server = await loop.create_server(lambda: EmulatorProtocol(config, ServerState(), {}), sock=listener)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            response = await reader.read()
            writer.close()
            server.close()
        return response

    assert asyncio.run(run()).startswith(b"HTTP/1.1 204")
    assert found == [1]
