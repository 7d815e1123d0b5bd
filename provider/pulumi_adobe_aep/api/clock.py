"""The time, and waiting: one object, so that a test can pass another one."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone


class Clock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow; the difference of two is how long something took."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float, until: threading.Event) -> None:
        """Wait.

        Args:
            seconds: How long at most.
            until: Ends it as soon as it is set.
        """
        until.wait(seconds)


SYSTEM_CLOCK = Clock()
"""The default clock."""
