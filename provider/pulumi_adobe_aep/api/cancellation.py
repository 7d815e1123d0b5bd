"""Cancellation of every wait, because a person or the engine has asked for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pulumi_adobe_aep.errors import Cancelled

GRACE_SECONDS = 0.5
"""Seconds in which the response to a request that was sent may still come: most do within that time, and what was
created is recorded then."""
LOOK_SECONDS = 0.4
"""Seconds in which a create whose response did not come is looked for. With the grace, it is less than a second."""


class Cancellation:
    """Whether the operations of a process are to end. One for all threads; once requested, it stays."""

    def __init__(self) -> None:
        self.event = threading.Event()
        """Set when it is requested."""
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_requested(self) -> bool:
        """Whether what waits is to stop."""
        return self.event.is_set()

    def request(self) -> None:
        """End every wait, and let none begin."""
        with self._lock:
            self.event.set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def check(self, waiting_for: str) -> None:
        """Check that a wait may begin.

        Args:
            waiting_for: What would be waited for, for the message.

        Raises:
            Cancelled: It may not.
        """
        if self.is_requested:
            raise Cancelled(
                f"Waiting for {waiting_for} was cancelled.", advice="Run the command again to finish what is left."
            )

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call a function as soon as the cancellation is requested; at once, if it was already.

        Args:
            callback: Must not wait.
        """
        with self._lock:
            is_late = self.event.is_set()
            self._callbacks.append(callback)
        try:
            if is_late:
                callback()
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
