"""Rate limits."""

import math
from collections import deque

from pulumi_adobe_aep.emulator.organizations import RateLimit


class RateLimiter:
    """Counts requests of each client in a window that slides along with the time."""

    def __init__(self) -> None:
        self._times: dict[str, deque[int]] = {}

    def wait(self, key: str, limit: RateLimit | None, now: int) -> int:
        """Count a request, unless it is one too many.

        Args:
            key: whose request it is.
            limit: the limit, None for none.
            now: milliseconds.

        Returns:
            The whole seconds after which there is room again; 0 when the request was counted.
        """
        if limit is None:
            return 0
        times = self._times.setdefault(key, deque())
        window = int(limit.seconds * 1000)
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= limit.requests:
            return max(1, math.ceil((times[0] + window - now) / 1000))
        times.append(now)
        return 0

    def clear(self) -> None:
        """Forget all requests."""
        self._times.clear()
