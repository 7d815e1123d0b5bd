"""Runs that a client asks for: on demand, and again after a failure.

Sources: "Create a flow run for on-demand ingestion" and the sources' error messages 1380 to 1388.
"""

from dataclasses import dataclass
from typing import Final

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.flow_service import schedules, transformations
from pulumi_adobe_aep.emulator.flow_service.flows import Flows
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.flow_service.runs import SCHEDULED, Runs
from pulumi_adobe_aep.emulator.ingestion.schedule import whole_number
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

_MILLISECONDS: Final = 10**11
"""A time that is not smaller is in milliseconds: one of Adobe's documents has seconds, the other says milliseconds."""
_LAST: Final = 253_402_300_799_000
"""The end of the year 9999, in milliseconds: no time is later."""
_PARAMETERS: Final = frozenset({"startTime", "windowStartTime", "windowEndTime", "deltaColumn"})


@dataclass(frozen=True)
class _RunRequest:
    """What the parameters of a run ask for. Times are milliseconds."""

    start: int
    window_start: int
    window_end: int
    delta_column: str | None


class RunRequests:
    """What ``POST /runs`` and the actions of a run do."""

    def __init__(self, store: EntityStore, clock: Clock, flows: Flows, runs: Runs) -> None:
        self._store = store
        self._clock = clock
        self._flows = flows
        self._runs = runs

    def use(self, clock: Clock) -> None:
        """Go on with another clock."""
        self._clock = clock

    def create(self, caller: Caller, flow_id: str, parameters: object) -> Entity:
        """Ask for a run of a flow that runs once; it is carried out at its start time.

        Raises:
            FlowServiceError: 1439, or 2120 for a flow that the caller may not see.
            ConnectorError: 1380 for a flow that is not enabled, 1381 for a window that ends before it starts, 1382 or
                1383 for the delta column, 1384 for other parameters, 1386 for a flow with another frequency.
        """
        flow = self._flows.for_change(caller, flow_id)
        frequency = schedules.schedule_of(flow.fields).get("frequency")
        if frequency != "once":
            raise ConnectorError("1386-400", flow=flow_id, frequency=frequency)
        if flow.state != "enabled":
            raise ConnectorError("1380-400", text=f"the flow is {flow.state}")
        request = self._read(parameters)
        self._settle_delta_column(flow, caller, request)
        fields: JsonObject = {
            "flowId": flow.id,
            "flowSpec": flow.fields.get("flowSpec"),
            "params": parameters,
            "metrics": {"statusSummary": {"status": SCHEDULED}},
        }
        notes: JsonObject = {
            "due": request.start,
            "window_start": request.window_start,
            "window_end": request.window_end,
        }
        return self._store.add("runs", caller.place, caller.author, fields, state=SCHEDULED, notes=notes)

    def trigger_again(self, caller: Caller, run_id: str) -> Entity:
        """Ask for a failed run again, for the same window.

        Raises:
            FlowServiceError: 1439, or 2120 for a flow that the caller may not see.
            ConnectorError: 1387 for a run that has not failed, 1388 for a flow that is not enabled.
        """
        run = self._runs.get(caller, run_id)
        flow = self._flows.for_change(caller, str(run.fields.get("flowId")))
        if flow.state != "enabled":
            raise ConnectorError("1388-400", flow=flow.id, state=flow.state)
        if run.state != "failed":
            raise ConnectorError("1387-400", run=run_id, state=run.state)
        fields: JsonObject = {**run.fields, "metrics": {"statusSummary": {"status": SCHEDULED}}}
        notes: JsonObject = {"due": self._clock.now()}
        return self._store.update(run, caller.author, fields=fields, state=SCHEDULED, notes=notes)

    def _read(self, parameters: object) -> _RunRequest:
        if not isinstance(parameters, dict) or not parameters or not parameters.keys() <= _PARAMETERS:
            raise ConnectorError("1384-400", parameters=parameters)
        now = self._clock.now()
        start = _time(parameters, "startTime", now)
        window_start, window_end = _time(parameters, "windowStartTime", 0), _time(parameters, "windowEndTime", start)
        if window_end < window_start:
            raise ConnectorError("1381-400", end=window_end, start=window_start)
        column = parameters.get("deltaColumn")
        name = column.get("name") if isinstance(column, dict) else None
        if column is not None and (not isinstance(name, str) or not name):
            raise ConnectorError("1384-400", parameters=parameters)
        return _RunRequest(max(start, now), window_start, window_end, name)

    def _settle_delta_column(self, flow: Entity, caller: Caller, request: _RunRequest) -> None:
        """Compare the delta column with the flow's; the first run on demand writes it into the flow's copy."""
        known = transformations.delta_column(flow.fields)
        if known is None and request.delta_column is None:
            raise ConnectorError("1383-400")
        if known is not None and request.delta_column not in (None, known):
            raise ConnectorError("1382-400")
        if known is None:
            fields = transformations.with_delta_column(flow.fields, str(request.delta_column))
            self._store.update(flow, caller.author, fields=fields)


def _time(parameters: JsonObject, name: str, default: int) -> int:
    """Return a time in milliseconds."""
    value = parameters.get(name)
    if value is None:
        return default
    number = whole_number(value)
    milliseconds = number if number is None or number >= _MILLISECONDS else number * 1000
    if milliseconds is None or milliseconds > _LAST:
        raise ConnectorError("1384-400", parameters=parameters)
    return milliseconds
