"""The time limit of one whole operation."""

from __future__ import annotations

from pulumi_adobe_aep.api.cancellation import LOOK_SECONDS, Cancellation
from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.errors import DeadlineExceeded

OF_SETTINGS = "AEP_TIMEOUT"
"""Where the time limit of an operation is set, unless a program sets one for the resource."""
OF_RESOURCE = "customTimeouts"
"""Where a program sets the time limit of a resource's operations."""


class Deadline:
    """A point in time by which an operation has ended, whatever happens.

    The engine sets no time limits for a dynamic provider and cannot cancel its calls, so every wait asks here.

    Args:
        seconds: The limit from now on.
        clock: The time, and waiting.
        cancellation: What ends every wait before the limit.
        setting: Where the limit is set, for messages.
    """

    def __init__(
        self,
        seconds: float,
        clock: Clock = SYSTEM_CLOCK,
        cancellation: Cancellation | None = None,
        setting: str = OF_SETTINGS,
    ) -> None:
        self.seconds = seconds
        self.clock = clock
        self.cancellation = cancellation or Cancellation()
        self.setting = setting
        self._end = clock.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self._end - self.clock.monotonic())

    def describe(self) -> str:
        """Name the limit as the user set it."""
        return f"the time limit of {self.seconds:g} seconds for one operation ({self.setting})"

    def after_cancellation(self) -> Deadline:
        """Return the limit for finding out what became of a request that was cancelled."""
        return Deadline(LOOK_SECONDS, self.clock, setting="the command was cancelled")

    def sleep(self, seconds: float, waiting_for: str) -> None:
        """Sleep, if there is time for it.

        Args:
            seconds: How long.
            waiting_for: What is waited for, for the message.

        Raises:
            DeadlineExceeded: The limit would pass during the sleep; raised at once.
            Cancelled: The command was cancelled, before or during the sleep.
        """
        self.cancellation.check(waiting_for)
        if seconds >= self.remaining():
            raise DeadlineExceeded(
                f"Waiting for {waiting_for} came to {self.describe()}.",
                advice=f"Run the command again; if the service is that slow, raise {self.setting}.",
            )
        self.clock.sleep(seconds, self.cancellation.event)
        self.cancellation.check(waiting_for)
