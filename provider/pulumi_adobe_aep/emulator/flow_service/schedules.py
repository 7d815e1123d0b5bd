"""What a flow's ``scheduleParams`` must be, and what may become of them."""

from typing import Final

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.flow_service.collection import require
from pulumi_adobe_aep.emulator.flow_service.flow_specs import FREQUENCIES
from pulumi_adobe_aep.emulator.ingestion.schedule import whole_number
from pulumi_adobe_aep.emulator.store.entities import JsonObject

SHORTEST_MINUTES: Final = 15


def schedule_of(fields: JsonObject) -> JsonObject:
    """Return the schedule of a flow, an empty one where it has none."""
    schedule = fields.get("scheduleParams")
    return schedule if isinstance(schedule, dict) else {}


def start_time(fields: JsonObject) -> int | None:
    """Return when a flow starts, in seconds since 1970; Adobe's examples write it as a string."""
    return whole_number(schedule_of(fields).get("startTime"))


def check_schedule(fields: JsonObject) -> str:
    """Check a schedule and return its frequency.

    Raises:
        ConnectorError: 1304 or 1317 for what is missing, 1340 or 1397 for a wrong start time or frequency, 1361 to
            1363 for a wrong interval, 1364 for a backfill of a flow that runs once.
    """
    if fields.get("scheduleParams") == {}:
        raise ConnectorError("1317-400")
    schedule = require(fields, "scheduleParams")
    frequency, start = require(schedule, "frequency"), require(schedule, "startTime")
    if frequency not in FREQUENCIES:
        raise ConnectorError("1397-400", frequency=frequency)
    if whole_number(start) is None:
        raise ConnectorError("1340-400", time=start)
    _check_interval(schedule_of(fields), str(frequency))
    return str(frequency)


def check_start(fields: JsonObject, now: int, tolerance_seconds: float) -> None:
    """Refuse a start time in the past.

    Args:
        fields: of the flow.
        now: milliseconds.
        tolerance_seconds: how far in the past is still taken.

    Raises:
        ConnectorError: 1360.
    """
    start = start_time(fields)
    if start is not None and start < int(now / 1000 - tolerance_seconds):
        raise ConnectorError("1360-400")


def check_change(before: JsonObject, after: JsonObject, now: int) -> None:
    """Refuse the changes of a schedule that come too late.

    Raises:
        ConnectorError: 1366 for another start time, or any other schedule of a flow that runs once; 1403 for a
            frequency that becomes once, 1404 for another backfill.
    """
    start, old, new = start_time(before), schedule_of(before), schedule_of(after)
    if start is None or start * 1000 > now or old == new:
        return
    # Adobe's page on updates says that a flow with one-time ingestion cannot be rescheduled.
    if start_time(after) != start or old.get("frequency") == "once":
        raise ConnectorError("1366-400")
    if new.get("frequency") == "once":
        raise ConnectorError("1403-400")
    if _backfill(old) != _backfill(new):
        raise ConnectorError("1404-400")


def _backfill(schedule: JsonObject) -> str:
    return str(schedule.get("backfill", "true")).lower()


def _check_interval(schedule: JsonObject, frequency: str) -> None:
    given = schedule.get("interval")
    if frequency == "once":
        if given is not None:
            raise ConnectorError("1361-400")
        if "backfill" in schedule:
            raise ConnectorError("1364-400")
        return
    interval = whole_number(given)
    if not interval:
        raise ConnectorError("1363-400", interval=given, frequency=frequency)
    if frequency == "minute" and interval < SHORTEST_MINUTES:
        raise ConnectorError("1362-400", minimum=SHORTEST_MINUTES)
