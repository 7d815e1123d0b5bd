"""Flow runs. They are worked out from the flows' schedules whenever somebody looks."""

import uuid
from collections.abc import Iterator
from typing import Final

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.errors import not_found
from pulumi_adobe_aep.emulator.flow_service.flows import start_time
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

DELAY_SECONDS: Final = 150
"""Between a run's time and its appearance; Adobe's pages say two to three minutes."""
DURATION_SECONDS: Final = 30
SHOWN_PER_FLOW: Final = 10
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}


class Runs:
    """The collection ``/runs``. Nothing is read from the database: every run succeeds with no records."""

    def __init__(self, store: EntityStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def use(self, clock: Clock) -> None:
        """Go on with another clock."""
        self._clock = clock

    def all(self, place: Place) -> Iterator[JsonObject]:
        """Return the latest runs of all enabled flows of a sandbox."""
        for flow in self._store.read_all("flows", place):
            if flow.state == "enabled":
                yield from self._of(flow)

    def get(self, place: Place, run_id: str) -> JsonObject:
        """Return one run.

        Raises:
            FlowServiceError: 1439.
        """
        found = next((run for run in self.all(place) if run["id"] == run_id), None)
        if found is None:
            raise not_found("runs", run_id)
        return found

    def _of(self, flow: Entity) -> Iterator[JsonObject]:
        start, schedule = start_time(flow.fields), flow.fields.get("scheduleParams")
        if start is None or not isinstance(schedule, dict):
            return
        latest = (self._clock.now() // 1000) - DELAY_SECONDS
        # A flow does not run for the time before it was made.
        first = max(start, flow.created_at // 1000)
        if latest < first:
            return
        period = _SECONDS.get(str(schedule.get("frequency")), 0) * int(str(schedule.get("interval") or 1))
        count = 1 if not period else (latest - first) // period + 1
        for number in range(max(0, count - SHOWN_PER_FLOW), count):
            yield _run(flow, number, (first + number * period) * 1000)


def _run(flow: Entity, number: int, started: int) -> JsonObject:
    completed = started + DURATION_SECONDS * 1000
    run_id = str(uuid.uuid5(uuid.UUID(flow.id), str(number)))
    etag = f'"{number:08x}-0000-0200-0000-{completed // 1000:08x}0000"'
    author = flow.created
    return {
        "id": run_id,
        "createdAt": started,
        "updatedAt": completed,
        "createdBy": author.person,
        "updatedBy": author.person,
        "createdClient": author.client,
        "updatedClient": author.client,
        "sandboxId": flow.place.sandbox_id,
        "sandboxName": flow.place.sandbox_name,
        "imsOrgId": flow.place.org_id,
        "flowId": flow.id,
        "flowSpec": flow.fields.get("flowSpec"),
        "providerRefId": run_id,
        "state": "success",
        "metrics": {
            "durationSummary": {"startedAtUTC": started, "completedAtUTC": completed},
            "sizeSummary": {"inputBytes": 0, "outputBytes": 0},
            "recordSummary": {"inputRecordCount": 0, "outputRecordCount": 0, "failedRecordCount": 0},
            "statusSummary": {"status": "success"},
        },
        "version": etag,
        "etag": etag,
        "lastOperation": {"started": 0, "updated": 0, "operation": "create"},
    }
