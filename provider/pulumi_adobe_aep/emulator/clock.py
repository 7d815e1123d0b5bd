"""The time as the emulated service sees it."""

import time
from typing import Protocol


class Clock(Protocol):
    """The time in milliseconds since 1970."""

    def now(self) -> int:
        """Return the time in milliseconds."""

    def begin_request(self) -> None:
        """Note that a request begins."""

    def advance(self, milliseconds: int) -> None:
        """Move on by so many milliseconds."""


class SystemClock:
    """The computer's clock, which can be moved forward."""

    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> int:
        """Return the computer's time plus all advances, in milliseconds."""
        return time.time_ns() // 1_000_000 + self._ahead

    def begin_request(self) -> None:
        """Do nothing: time passes by itself."""

    def advance(self, milliseconds: int) -> None:
        """Move on by so many milliseconds."""
        self._ahead += milliseconds


class SteppedClock:
    """A clock that moves only with the requests, so that the same requests meet the same times."""

    def __init__(self, start: int, step: int = 1000) -> None:
        self._now = start
        self._step = step

    def now(self) -> int:
        """Return the time in milliseconds; it is the same during one request."""
        return self._now

    def begin_request(self) -> None:
        """Move on by one step."""
        self._now += self._step

    def advance(self, milliseconds: int) -> None:
        """Move on by so many milliseconds."""
        self._now += milliseconds
