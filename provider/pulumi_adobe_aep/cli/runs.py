"""A dataflow's runs as the commands show them.

Source of the fields: Adobe, "Monitor dataflows using the Flow Service API".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.cli.output import say
from pulumi_adobe_aep.cli.run_advice import RUN_ADVICE
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.kinds.kind import look_up
from pulumi_adobe_aep.kinds.schedule import iso
from pulumi_adobe_aep.kinds.values import whole_number
from pulumi_adobe_aep.redaction import excerpt, mask

COLUMNS = ("STARTED", "STATUS", "FROM", "TO", "READ", "WRITTEN", "FAILED", "ERRORS", "ID")
SUCCESS = frozenset({"success", "partialSuccess"})
FAILED = "failed"
_ENDED = SUCCESS | {FAILED}
_SUMMARY = ("metrics", "recordSummary")
_MILLISECONDS = 100_000_000_000
"""A time that is not smaller is in milliseconds: Adobe's documents have runs with either unit."""
_LAST = 253_402_300_799
"""The end of the year 9999, in seconds: no time is later."""


def to_seconds(value: object) -> int | None:
    """Return a time of the service's in seconds since 1970; None if it is not a time."""
    number = whole_number(value)
    if number is None or number < 0:
        return None
    seconds = number // 1000 if number >= _MILLISECONDS else number
    return seconds if seconds <= _LAST else None


def to_time(value: object) -> str | None:
    """Return a time of the service's as `2026-01-31T23:59:59Z`; None if it is not a time."""
    seconds = to_seconds(value)
    return None if seconds is None else iso(seconds)


@dataclass(frozen=True)
class RunError:
    """What the service says about rows or a whole run that failed."""

    code: str
    message: str


@dataclass(frozen=True)
class Run:
    """A run of a dataflow."""

    entity: Entity

    @property
    def id(self) -> str:
        """Its id."""
        return self.entity.id

    @property
    def status(self) -> str:
        """Its state: `scheduled`, `success`, `failed`, or whatever else the service says."""
        shown = look_up(self.entity.shown, ("metrics", "statusSummary", "status"))
        return shown if isinstance(shown, str) else self.entity.state or ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED or bool(self._time("completedAtUTC"))

    @property
    def window_end(self) -> int | None:
        """The end of what it has read, in seconds since 1970; the end itself is not in it."""
        return self._window("windowEnd")

    @property
    def errors(self) -> list[RunError]:
        """What went wrong, of the whole and of each activity, everything once."""
        found = dict.fromkeys(self._errors())
        return list(found)

    def to_row(self) -> list[str]:
        """Return its cells below `COLUMNS`."""
        shown = self.to_json()
        counts = [shown[key] for key in ("recordsRead", "recordsWritten", "recordsFailed")]
        return [
            str(shown["startedAt"] or shown["createdAt"] or ""),
            self.status,
            *(str(shown[key] or "") for key in ("windowStart", "windowEnd")),
            *("" if count is None else str(count) for count in counts),
            " ".join(dict.fromkeys(error.code for error in self.errors)),
            self.id,
        ]

    def to_json(self) -> dict[str, object]:
        """Return it under the documented keys; what the service does not say is null."""
        shown = self.entity.shown
        return {
            "id": self.id,
            "status": self.status or None,
            "createdAt": to_time(shown.get("createdAt")),
            "startedAt": self._time("startedAtUTC"),
            "completedAt": self._time("completedAtUTC"),
            "windowStart": _maybe(self._window("windowStart")),
            "windowEnd": _maybe(self.window_end),
            "recordsRead": whole_number(look_up(shown, (*_SUMMARY, "inputRecordCount"))),
            "recordsWritten": whole_number(look_up(shown, (*_SUMMARY, "outputRecordCount"))),
            "recordsFailed": whole_number(look_up(shown, (*_SUMMARY, "failedRecordCount"))),
            "errors": [{"code": error.code, "message": error.message} for error in self.errors],
        }

    def _time(self, key: str) -> str | None:
        value = look_up(self.entity.shown, ("metrics", "durationSummary", key))
        return to_time(value) if value else None

    def _window(self, key: str) -> int | None:
        for activity in _objects(self.entity.shown.get("activities")):
            found = to_seconds(look_up(activity, ("durationSummary", "extensions", key)))
            if found is not None:
                return found
        return None

    def _errors(self) -> Iterator[RunError]:
        summaries = [look_up(self.entity.shown, ("metrics", "statusSummary"))]
        for activity in _objects(self.entity.shown.get("activities")):
            summary = activity.get("statusSummary")
            summaries += [summary, look_up(summary, ("extensions",))]
        for summary in summaries:
            for error in _objects(look_up(summary, ("errors",))):
                yield RunError(mask(str(error.get("code") or "")), excerpt(mask(str(error.get("message") or ""))))


def latest_runs(session: Session, flow_id: str, most: int) -> list[Run]:
    """Return the latest runs of a dataflow, newest first, within a time limit that begins now."""
    return [Run(each) for each in session.service().runs(flow_id, most)]


def print_errors(runs: Sequence[Run]) -> None:
    """Print what the service says went wrong and what to do, everything once."""
    found = dict.fromkeys(error for run in runs for error in run.errors)
    for error in found:
        say(f"{error.code}: {error.message}".strip(": "))
    for code in dict.fromkeys(error.code for error in found if error.code in RUN_ADVICE):
        say(f"What to do about {code}: {COMMAND_LINE.of(RUN_ADVICE[code])}")


def _objects(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _maybe(seconds: int | None) -> str | None:
    return None if seconds is None else iso(seconds)
