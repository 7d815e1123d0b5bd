"""When a dataflow runs.

Source: Adobe, "Create a dataflow for database sources" (frequency, interval, start time, backfill) and the JSON schema
of the schedule in the flow spec CRMToAEP. Adobe's examples write every scalar as a string.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, model_validator
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from pulumi_adobe_aep.kinds.model import Model, Properties, default_is, needed
from pulumi_adobe_aep.kinds.values import Switch, bad_value, new_error, validate_with, whole_number

ONCE = "once"
FREQUENCIES = (ONCE, "minute", "hour", "day", "week")
SHORTEST_MINUTES = 15
"""The shortest interval of the frequency `minute`."""


def _check_frequency(value: object) -> object:
    if not isinstance(value, str) or value not in FREQUENCIES:
        given = f", not '{value}'" if isinstance(value, str) else ""
        raise bad_value(f"must be one of {', '.join(FREQUENCIES)}{given}")
    return value


def _check_interval(value: object) -> object:
    if value is None:
        return None
    number = whole_number(value)
    if number is None or number < 1:
        raise bad_value("must be a whole number, 1 or more")
    return number


def _check_start(value: object) -> object:
    """Take a time with its zone, or seconds since 1970, and return it as the state has it."""
    if value is None:
        return None
    seconds = whole_number(value)
    if seconds is not None:
        return iso(seconds)
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise bad_value("must be a time with its zone, such as 2026-01-31T06:00:00Z, or seconds since 1970")
    return iso(int(at.timestamp()))


class ScheduleModel(Model):
    """When a dataflow runs."""

    frequency: Annotated[Literal["once", "minute", "hour", "day", "week"], BeforeValidator(_check_frequency)] = Field(
        description="`once`, `minute`, `hour`, `day` or `week`. From or to `once` replaces the dataflow."
    )
    interval: Annotated[int | None, BeforeValidator(_check_interval), needed("unless `once`")] = Field(
        default=None, description="Every how many minutes (15 at least), hours, days or weeks; none for `once`."
    )
    start_time: Annotated[str | None, BeforeValidator(_check_start), default_is("5 minutes after the create")] = Field(
        default=None,
        description="When it runs first: a time with its zone, or seconds since 1970. Once it has passed, another one "
        "has no effect.",
    )
    backfill: Annotated[Switch | None, default_is("`True`")] = Field(
        default=None,
        description="Whether the first run reads all rows that are there, instead of only those from the start on; "
        "none for `once`. After the start, a change replaces the dataflow.",
    )

    @model_validator(mode="wrap")
    @classmethod
    def _check_together(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check the fields and how they go together, so that all failures are reported at once."""
        details = [*_together(value)] if isinstance(value, Mapping) else []
        return validate_with(details, value, handler, title=cls.__name__)

    def to_state(self) -> Properties:
        """Return the object for the state, with the default of `backfill`: leaving it out is the same as writing it."""
        wire = super().to_state()
        if self.frequency == ONCE:
            wire.pop("backfill", None)
            return wire
        return {**wire, "backfill": wire.get("backfill", True)}

    def to_adobe(self, environment: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG002 - other models have secrets
        """Return `scheduleParams`; without a start time, which is filled in when it is sent."""
        return adobe_form(self.to_state())


def _together(value: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
    frequency, interval = value.get("frequency"), value.get("interval")
    number = whole_number(interval)
    if frequency == ONCE:
        if interval is not None:
            yield new_error("has no meaning with the frequency once; leave it out", "interval")
        if value.get("backfill") is False:
            yield new_error("has no meaning with the frequency once; leave it out", "backfill")
    elif frequency in FREQUENCIES and interval is None:
        yield new_error(f"is missing: every how many {frequency}s does it run?", "interval")
    elif frequency == "minute" and number is not None and 0 < number < SHORTEST_MINUTES:
        yield new_error(f"must be {SHORTEST_MINUTES} minutes at least, not {number}", "interval")


def adobe_form(schedule: Properties) -> dict[str, str]:
    """Return a schedule of the state as Adobe takes it: strings, the start in seconds since 1970."""
    form = {"frequency": str(schedule["frequency"])}
    if schedule.get("startTime"):
        form["startTime"] = str(seconds_of(schedule["startTime"]))
    if schedule.get("interval") is not None:
        form["interval"] = str(whole_number(schedule["interval"]))
    if isinstance(schedule.get("backfill"), bool):
        form["backfill"] = str(schedule["backfill"]).lower()
    return form


def state_form(shown: Mapping[str, Any]) -> Properties:
    """Return `scheduleParams` as the state has them, however Adobe writes them."""
    frequency = shown.get("frequency")
    form: Properties = {"frequency": frequency, "interval": whole_number(shown.get("interval"))}
    if frequency != ONCE:
        form["backfill"] = str(shown.get("backfill", True)).lower() == "true"
    start = whole_number(shown.get("startTime"))
    form["startTime"] = None if start is None else iso(start)
    return {key: value for key, value in form.items() if value is not None}


def iso(seconds: int) -> str:
    """Return seconds since 1970 as a time: `2026-01-31T23:59:59Z`."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(time: object) -> int | None:
    """Return a time of the state in seconds since 1970; None if it is not a time."""
    try:
        return int(datetime.fromisoformat(str(time).replace("Z", "+00:00")).timestamp())
    except ValueError:
        return None
