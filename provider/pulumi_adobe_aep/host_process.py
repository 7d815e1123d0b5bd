"""The end of a process that the engine has started: after the engine's, but not before its own operations'.

The engine kills neither a plugin nor the host of a dynamic provider when it is itself killed, so this process has to
notice. Its parent may be a shell or a language host that outlives the engine, so it watches a connection to the engine.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import grpc  # type: ignore[import-untyped]

_ADDRESS = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+")


class Operations:
    """The operations that are under way. One for all threads of a process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count an operation as long as it lasts."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def wait_until_none(self, seconds: float | None = None) -> bool:
        """Wait until no operation is under way.

        Args:
            seconds: How long at most; None for as long as it takes. Each operation has its own time limit.

        Returns:
            Whether there is none any more.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)


def engine_address(arguments: Sequence[str]) -> str:
    """Return the address that the engine passes to the processes it starts; empty if there is none.

    Args:
        arguments: The command line, without the program.
    """
    return next((each for each in reversed(arguments) if _ADDRESS.fullmatch(each)), "")


def engine_channel(address: str) -> grpc.Channel:
    """Return a channel to the engine.

    Args:
        address: The engine's, on this machine: no proxy of the environment is between.
    """
    return grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])


class EngineWatch:
    """Watches a connection to the engine.

    Args:
        address: The engine's.
        gone: Called once, in a thread of its own, when the engine was there and is no more.
    """

    def __init__(self, address: str, gone: Callable[[], None]) -> None:
        self._gone = gone
        self._was_there = False
        self._changed = threading.Condition()
        self._is_gone = False
        self._channel = engine_channel(address)
        threading.Thread(target=self._wait, name="aep-engine-watch", daemon=True).start()
        self._channel.subscribe(self._note, try_to_connect=True)

    def _note(self, state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            self._was_there = True
        elif state is grpc.ChannelConnectivity.IDLE and self._was_there:
            # A connection that was not used for long is closed, and so is one to an engine that has ended: the next
            # attempt distinguishes them.
            self._channel.unsubscribe(self._note)
            self._channel.subscribe(self._note, try_to_connect=True)
        elif state is grpc.ChannelConnectivity.TRANSIENT_FAILURE and self._was_there:
            with self._changed:
                self._is_gone = True
                self._changed.notify_all()

    def _wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_gone)
        self._gone()


_watches: list[EngineWatch] = []
_watches_lock = threading.Lock()


def end_with_engine(arguments: Sequence[str], operations: Operations) -> None:
    """End this process when its engine has ended and nothing is under way. Called again, it does nothing.

    Args:
        arguments: The command line, without the program; without an engine's address in it, nothing is watched.
        operations: What is waited for.
    """

    def end() -> None:
        operations.wait_until_none()
        os._exit(0)  # No caller is left, and the threads of a gRPC server would be waited for.

    address = engine_address(arguments)
    with _watches_lock:
        if address and not _watches:
            _watches.append(EngineWatch(address, end))
