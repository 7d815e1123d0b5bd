"""The time limit of one whole operation."""

from __future__ import annotations

from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.errors import DeadlineExceeded


class Deadline:
    """A point in time by which an operation has ended, whatever happens.

    The engine sets no time limits for a dynamic provider and cannot cancel a call, so every wait asks here.

    Args:
        seconds: The limit from now on (`AEP_TIMEOUT`).
        clock: What tells the time and waits.
    """

    def __init__(self, seconds: float, clock: Clock = SYSTEM_CLOCK) -> None:
        self.seconds = seconds
        self.clock = clock
        self._end = clock.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self._end - self.clock.monotonic())

    def describe(self) -> str:
        """Name the limit as the user set it."""
        return f"the time limit of {self.seconds:g} seconds for one operation (AEP_TIMEOUT)"

    def sleep(self, seconds: float, waiting_for: str) -> None:
        """Sleep, if there is time for it.

        Args:
            seconds: How long.
            waiting_for: What is waited for, for the message.

        Raises:
            DeadlineExceeded: The limit would pass during the sleep; raised at once.
        """
        if seconds >= self.remaining():
            raise DeadlineExceeded(
                f"Waiting for {waiting_for} came to {self.describe()}.",
                advice="Run the command again; if the service is that slow, raise AEP_TIMEOUT.",
            )
        self.clock.sleep(seconds)
