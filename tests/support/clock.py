"""A clock for tests: what is waited for passes in a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pulumi_adobe_aep.api.clock import Clock

MOMENT = 0.02
"""Seconds that a sleep really takes, so that another process gets its turn."""


class FastClock(Clock):
    """A clock on which every sleep takes a moment, and that can be set forward.

    Args:
        moment: Seconds that a sleep really takes.
    """

    def __init__(self, moment: float = MOMENT) -> None:
        self._moment = moment
        self._lock = threading.Lock()
        self._ahead = 0.0
        self.slept: list[float] = []
        """The sleeps that were asked for, in seconds."""

    def monotonic(self) -> float:
        """Return the time with what was slept and set forward."""
        return time.monotonic() + self._ahead

    def sleep(self, seconds: float, until: threading.Event) -> None:  # noqa: ARG002 - it takes a moment only
        """Advance the time without waiting."""
        time.sleep(min(seconds, self._moment))
        self.slept.append(seconds)
        self.forward(max(0.0, seconds - self._moment))

    def forward(self, seconds: float) -> None:
        """Set the clock forward."""
        with self._lock:
            self._ahead += seconds


class StandingClock(FastClock):
    """A clock that only what is slept moves, so that a test can say how often and how long.

    Args:
        meanwhile: What happens during each sleep.
    """

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__(moment=0)
        self.meanwhile = meanwhile

    def monotonic(self) -> float:
        """Return the seconds that were slept and set forward."""
        return self._ahead

    def sleep(self, seconds: float, until: threading.Event) -> None:
        """Let the time pass at once."""
        super().sleep(seconds, until)
        self.meanwhile()
