"""Reading soon after a write: a service that keeps several copies may read from one that has not seen it yet.

Adobe promises nothing about it. So within a short time after a write neither a 404 nor an older version is believed at
once: the read is repeated, with increasing waits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Service
from pulumi_adobe_aep.errors import EntityGone

VISIBILITY_SECONDS = 10.0
"""Seconds in which a write may not be seen by a read. Adobe names no limit. In Adobe's own examples the service has
written a new connection for the last time 2 to 5 seconds after it was asked to create it, so this is twice as long."""
CLOCK_STEP = timedelta(seconds=2)
"""What the clocks of the gateway, which writes `Date`, and of the service, which writes times of entities, may differ
by."""
FIRST_WAIT = 0.5
"""Seconds before the first repeated read; each further wait is twice as long."""
LONGEST_WAIT = 2.0
"""Seconds that a wait is at most, so that what appears is not overlooked for long."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"

T = TypeVar("T")


class RecentWrite:
    """When an entity was written last, as far as it matters to who reads it now.

    Args:
        service: The sandbox, with the time limit.
        at: When, by the service's clock; None if it is not known, which counts as long ago.
    """

    def __init__(self, service: Service, at: datetime | None) -> None:
        self._service = service
        self._at = at
        self._until: float | None = None

    @classmethod
    def recorded(cls, service: Service, *times: str) -> RecentWrite:
        """Return the last of the times that a state has.

        Args:
            service: The sandbox, with the time limit.
            times: As in the state; empty for none.
        """
        return cls(service, max((found for found in map(parse_time, times) if found is not None), default=None))

    @classmethod
    def now(cls, service: Service) -> RecentWrite:
        """Return the write that the service has just confirmed."""
        return cls(service, service.time_at(service.deadline.clock.monotonic()))

    def is_recent(self) -> bool:
        """Return whether the write may not be visible yet."""
        now = self._service.deadline.clock.monotonic()
        if self._until is None:
            service_time = self._service.time_at(now)
            if self._at is None or service_time is None:
                return False
            self._until = now + VISIBILITY_SECONDS - (service_time - self._at).total_seconds()
        return now < self._until

    def wait_and_see(
        self, call: Callable[[], T], waiting_for: str, *, is_stale: Callable[[T], bool] = lambda _: False
    ) -> T:
        """Make a call, and repeat it as long as its response may be one from before the write.

        Args:
            call: Asks the service.
            waiting_for: What is waited for, for the message.
            is_stale: Returns whether a response is from before the write; a 404 always counts as one.

        Raises:
            EntityGone: The service says so, and the write is long enough ago.
            DeadlineExceeded: There is no time left for another read.
        """
        wait = FIRST_WAIT
        while True:
            try:
                found = call()
            except EntityGone:
                if not self.is_recent():
                    raise
            else:
                if not is_stale(found) or not self.is_recent():
                    return found
            self._service.deadline.sleep(wait, waiting_for)
            wait = min(2 * wait, LONGEST_WAIT)

    def is_older(self, entity: Entity) -> bool:
        """Return whether an entity is shown as it was before the write."""
        return self._at is not None and entity.updated_at is not None and entity.updated_at < self._at - CLOCK_STEP


def parse_time(text: str) -> datetime | None:
    """Return a time as the state has it; None if it is not a time."""
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def format_time(at: datetime | None) -> str | None:
    """Return a time as the state has it: UTC, to the second, so that it reads the same from every response."""
    return None if at is None else at.astimezone(timezone.utc).strftime(_TIME)
