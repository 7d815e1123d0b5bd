"""Sending the response to the client, whole or broken as a fault demands."""

import asyncio
import socket
import struct
from http import HTTPStatus

from starlette.types import Message, Receive, Scope, Send

from pulumi_adobe_aep.emulator.http.protocol import TRANSPORT
from pulumi_adobe_aep.emulator.http.responses import BufferedResponse


class Wire:
    """The connection to the client of one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._is_read = False
        self._transport: asyncio.Transport = scope["extensions"][TRANSPORT]

    async def receive(self) -> Message:
        """Return the next part of the request's body."""
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            self._is_read = True
        return message

    async def send(self, response: BufferedResponse) -> None:
        """Send the whole response and keep the connection."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        body = response.body
        if response.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            headers.append((b"content-length", str(len(body)).encode()))
        else:
            body = b""
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def drop(self, *, reset: bool) -> None:
        """End the connection without a response."""
        await self._read_all()
        if reset:
            connection: socket.socket = self._transport.get_extra_info("socket")
            # Closing with a linger time of zero sends RST in place of FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()
        await self._until_closed()

    async def send_part(self, response: BufferedResponse, keep: int | None) -> None:
        """Announce the whole body, send the beginning of it, and end the connection."""
        await self._read_all()
        kept = len(response.body) // 2 if keep is None else keep
        self._transport.write(_head(response) + response.body[:kept])
        self._transport.close()
        await self._until_closed()

    async def send_slowly(self, response: BufferedResponse, size: int, interval: float) -> None:
        """Send the body a few bytes at a time, then end the connection."""
        await self._read_all()
        self._transport.write(_head(response))
        for start in range(0, len(response.body), size):
            if self._transport.is_closing():
                break
            self._transport.write(response.body[start : start + size])
            await asyncio.sleep(interval)
        self._transport.close()
        await self._until_closed()

    async def _read_all(self) -> None:
        # To close with unread input would reset the connection, and a client that still sends would see that instead.
        while not self._is_read:
            await self.receive()

    async def _until_closed(self) -> None:
        # uvicorn takes an application that returns before the connection has ended for a broken one.
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _head(response: BufferedResponse) -> bytes:
    """Return the status line and headers, past the server's own rules for them."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in response.headers)]
    lines += [f"content-length: {len(response.body)}", "connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")
