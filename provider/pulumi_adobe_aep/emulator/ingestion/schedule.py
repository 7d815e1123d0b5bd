"""When a flow runs, and which window each run has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_SECONDS: Final[Mapping[str, int]] = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_WHOLE: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Window:
    """From when on and up to when the delta column's values are read, in milliseconds; the end is not in it.

    Attributes:
        start: None is the beginning of all times.
    """

    start: int | None
    end: int


@dataclass(frozen=True)
class Schedule:
    """A flow's ``scheduleParams``. Times are milliseconds.

    Attributes:
        start: when the first run is.
        period: between two runs; 0 for a flow that runs once.
        backfill: whether the first run reads what was there before the start.
    """

    start: int
    period: int
    backfill: bool = True

    @classmethod
    def read(cls, parameters: object) -> "Schedule | None":
        """Return a schedule, None where the parameters do not make one, as in a draft."""
        if not isinstance(parameters, dict):
            return None
        start, frequency = whole_number(parameters.get("startTime")), str(parameters.get("frequency"))
        if start is None or (frequency != "once" and frequency not in _SECONDS):
            return None
        interval = whole_number(parameters.get("interval")) or 1
        backfill = str(parameters.get("backfill", "true")).lower() != "false"
        return cls(start * 1000, _SECONDS.get(frequency, 0) * interval * 1000, backfill)

    def next(self, last: int | None, live_since: int) -> int | None:
        """Return when the next run is, None when there is none.

        Args:
            last: when the last run was, None for none.
            live_since: since when the flow is enabled; it does not run for the time before.
        """
        if last is None:
            return max(self.start, live_since)
        if not self.period:
            return None
        # The times keep to the grid of the last one, however long the flow was disabled.
        missed = max(0, -(-(live_since - last) // self.period))
        return last + max(1, missed) * self.period

    def window(self, due: int, last_end: int | None, *, keeps_missed: bool) -> Window | None:
        """Return the window of a run, None when it reads everything: a flow that runs once has no delta column.

        Args:
            due: when the run is.
            last_end: the end of the last run's window, None when there was none.
            keeps_missed: whether a window begins where the last one ended, even if runs in between were missed.
        """
        if not self.period:
            return None
        if last_end is None:
            return Window(None if self.backfill else self.start, due)
        return Window(last_end if keeps_missed else max(due - self.period, last_end), due)


def whole_number(value: object) -> int | None:
    """Return a whole number that may be written as a string, as in Adobe's examples; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if _WHOLE.fullmatch(str(value)) else None
