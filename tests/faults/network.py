"""What a network can do to a client beyond what the emulator does: no listener, a wrong certificate, another host."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import trustme

_POLL = 0.02


@contextlib.contextmanager
def closed_port() -> Iterator[socket.socket]:
    """Hold a port on which nobody listens, so that nobody else gets it; listening on it opens it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


@contextlib.contextmanager
def opened_when(held: socket.socket, port: int, condition: Callable[[], bool]) -> Iterator[None]:
    """Listen on a held port as soon as a condition holds, and pass every connection on to `port` of this machine."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:

        def wait_and_open() -> None:
            while not over.wait(_POLL):
                if condition():
                    held.listen()
                    stack.enter_context(_serving(held, lambda client: _pass_on(client, port)))
                    return

        thread = threading.Thread(target=wait_and_open, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@contextlib.contextmanager
def untrusted_server(folder: Path) -> Iterator[str]:
    """Serve TLS with a certificate of an authority that nobody knows; yields the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = trustme.CA().issue_cert("localhost")
    with issued.private_key_and_cert_chain_pem.tempfile(str(folder)) as file:
        context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse(client: socket.socket) -> None:
            with contextlib.suppress(OSError), context.wrap_socket(client, server_side=True):
                pass

        with _serving(listener, refuse):
            yield f"https://localhost:{listener.getsockname()[1]}"


class Trap:
    """Another host, which must never be called.

    Attributes:
        address: where it listens.
        callers: how many came.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.callers = 0

    def catch(self, client: socket.socket) -> None:
        """Count a caller."""
        self.callers += 1
        client.close()


@contextlib.contextmanager
def trap() -> Iterator[Trap]:
    """Listen where a redirect leads."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trap = Trap(listener)
        with _serving(listener, trap.catch):
            yield trap


@contextlib.contextmanager
def _serving(listener: socket.socket, serve: Callable[[socket.socket], None]) -> Iterator[None]:
    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Closing alone would leave the thread in its accept.
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _pass_on(client: socket.socket, port: int) -> None:
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        _copy(client, server)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
