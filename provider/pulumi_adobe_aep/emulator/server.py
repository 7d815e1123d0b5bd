"""The server's process: it listens, writes the ready file, serves and ends."""

import asyncio
import contextlib
import gc
import ipaddress
import json
import logging
import os
import signal
import socket
import ssl
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from pulumi_adobe_aep.emulator.http.application import application
from pulumi_adobe_aep.emulator.http.protocol import EmulatorProtocol
from pulumi_adobe_aep.emulator.settings import Settings
from pulumi_adobe_aep.emulator.world import World

_BACKLOG: Final = 2048
_IPV4: Final = 4
_LOGGER: Final = logging.getLogger(__name__)
_RUN_SECONDS: Final = 1.0
"""Seconds between two checks for flows that are due."""


class ListenError(Exception):
    """The address cannot be listened on; the message says why."""


class CertificateError(Exception):
    """The certificate cannot be used; the message says why."""


class ReadyFileError(Exception):
    """The ready file cannot be written; the message says why."""


def serve(world: World, announce: Callable[[str], None]) -> None:
    """Serve a world until SIGINT or SIGTERM.

    Args:
        world: the emulator.
        announce: called with a line for people when requests are taken.

    Raises:
        CertificateError: the certificate cannot be used.
        ListenError: the address cannot be listened on.
        ReadyFileError: the ready file cannot be written.
    """
    settings = world.settings
    _check_certificate(settings)
    listener = listen(settings.host, settings.port)
    base_url = _base_url(settings, listener)

    def ready() -> None:
        # What was imported stays; without this each full collection walks all of it while a request waits.
        gc.freeze()
        if settings.ready_file is not None:
            write_ready_file(settings.ready_file, world, base_url)
        announce(f"Flow Service emulator at {base_url}")

    config = uvicorn.Config(
        application(world),
        http=EmulatorProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        # All that uvicorn has to say concerns connections that a fault has broken on purpose.
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # The emulator sets its own, by its own clock.
        date_header=False,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
    )
    try:
        _Server(config, ready, world).run(sockets=[listener])
    finally:
        if settings.ready_file is not None:
            settings.ready_file.unlink(missing_ok=True)


def _base_url(settings: Settings, listener: socket.socket) -> str:
    """Return an address at which this computer reaches the emulator."""
    address, port = listener.getsockname()[:2]
    scheme = "http" if settings.tls_certificate is None else "https"
    return f"{scheme}://{_reachable(settings.host, ipaddress.ip_address(address))}:{port}"


def _reachable(host: str, bound: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Return a host for a URL: where all addresses are listened on, the loopback's."""
    if bound.is_unspecified:
        return "127.0.0.1" if bound.version == _IPV4 else "[::1]"
    return f"[{host}]" if ":" in host else host


def _check_certificate(settings: Settings) -> None:
    if settings.tls_certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
    except OSError as error:
        # An ssl.SSLError is an OSError whose strerror is a code for who knows OpenSSL.
        reason = "it is not a PEM file with a key" if isinstance(error, ssl.SSLError) else error.strerror
        raise CertificateError(f"the certificate {settings.tls_certificate} cannot be used: {reason}") from None


def write_ready_file(path: Path, world: World, base_url: str) -> None:
    """Write how to reach the emulator as one line of JSON, at once and readable by its owner only.

    Raises:
        ReadyFileError: it cannot be written.
    """
    client = world.directory.clients[0]
    line = json.dumps(
        {
            "baseUrl": base_url,
            "imsUrl": base_url,
            "clientId": client.client_id,
            "clientSecret": client.client_secrets[0],
            "orgId": client.organizations[0],
        }
    )
    try:
        # mkstemp makes the file with mode 0600.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        Path(temporary).replace(path)
    except OSError as error:
        raise ReadyFileError(f"the ready file {path} cannot be written: {error.strerror}") from None


async def _run_flows(world: World) -> None:
    """Carry out the flows' runs as they become due."""
    while True:
        await asyncio.sleep(_RUN_SECONDS)
        try:
            await world.runs.catch_up()
        except Exception as error:  # noqa: BLE001 - one flow must not end the others' runs
            # Only where it happened: the exception's own words may hold a value of a row.
            where = "".join(traceback.format_tb(error.__traceback__))
            _LOGGER.error("a run failed inside the emulator with %s\n%s", type(error).__name__, where)  # noqa: TRY400


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and takes a signal for a reason to end, not for a failure."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], world: World) -> None:
        super().__init__(config)
        self._ready = ready
        self._world = world
        self._running: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and let flows run."""
        await super().startup(sockets)
        self._running = asyncio.create_task(_run_flows(self._world))
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, whatever flows are about."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in order on SIGINT and SIGTERM. uvicorn would send itself the signal again afterwards."""

        def end(signal_number: int, frame: FrameType | None) -> None:
            del frame
            self.force_exit = self.should_exit and signal_number == signal.SIGINT
            self.should_exit = True

        earlier = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in earlier.items():
                signal.signal(each, handler)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        ListenError: the address cannot be listened on.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # With the protocol named, asyncio knows a TCP socket and turns Nagle's algorithm off.
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise ListenError(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return listener
