"""Flow runs: each reads the rows of its window and leaves a batch in the data set."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.errors import not_found
from pulumi_adobe_aep.emulator.flow_service.flows import LIVE_SINCE, Flows
from pulumi_adobe_aep.emulator.flow_service.jobs import Jobs, options
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.identifiers import batch_id, derived
from pulumi_adobe_aep.emulator.ingestion import pipeline
from pulumi_adobe_aep.emulator.ingestion.metrics import Report
from pulumi_adobe_aep.emulator.ingestion.outcome import Outcome, RunError
from pulumi_adobe_aep.emulator.ingestion.schedule import Schedule, Window
from pulumi_adobe_aep.emulator.store.entities import Author, Entity, JsonObject
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

MOST_AT_ONCE: Final = 100
"""Runs of one flow that are caught up with after the clock was moved; the first of them reads what came before."""
SCHEDULED: Final = "scheduled"
DISABLED_AFTER: Final = 30 * 86_400_000
"""Milliseconds of failed runs only, after which the service disables a flow: Adobe's release notes of 2026-06."""
_SERVICE: Final = Author("acp_foundation_connectors@AdobeID", "acp_foundation_connectors")
"""Who writes runs in Adobe's examples."""
_BATCHES: Final = "https://platform.adobe.io/data/foundation/export/batches"


@dataclass(frozen=True)
class Plan:
    """One run that is to be carried out.

    Attributes:
        run_id: the run's id.
        due: its time, in milliseconds.
        window: which rows it reads; None for all.
        visible: when its result is there, in milliseconds.
        on_schedule: whether the flow's schedule wants it.
        waiting: the run's entity, for one that a request has made.
    """

    flow: Entity
    run_id: str
    due: int
    window: Window | None
    visible: int
    on_schedule: bool = False
    waiting: Entity | None = None


class Runs:
    """The collection ``/runs``.

    Nothing else happens in the background: runs that are due are carried out by `catch_up`, which the process calls
    again and again, and which whoever looks at runs calls before looking.
    """

    def __init__(self, store: EntityStore, rules: Rules, clock: Clock, flows: Flows, jobs: Jobs) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock
        self._flows = flows
        self._jobs = jobs
        self._lock = asyncio.Lock()

    def use(self, clock: Clock) -> None:
        """Go on with another clock."""
        self._clock = clock

    def all(self, caller: Caller) -> Iterator[JsonObject]:
        """Return the runs of all flows of a sandbox that the caller may see."""
        return (run.item() for run in self._store.read_all("runs", caller.place) if self._is_visible(caller, run))

    def read(self, caller: Caller, run_id: str) -> JsonObject:
        """Return one run.

        Raises:
            FlowServiceError: 1439.
        """
        return self.get(caller, run_id).item()

    def get(self, caller: Caller, run_id: str) -> Entity:
        """Return one run's entity.

        Raises:
            FlowServiceError: 1439.
        """
        found = self._store.get("runs", caller.place, run_id)
        if found is None or not self._is_visible(caller, found):
            raise not_found("runs", run_id)
        return found

    async def catch_up(self) -> None:
        """Carry out all runs whose results should be there by now."""
        async with self._lock:
            for waiting in self._store.all("runs"):
                plan = self._requested(waiting)
                if plan is not None and plan.visible <= self._clock.now():
                    await self._carry_out(plan)
            for flow in self._store.all("flows"):
                await self._catch_up_with(flow)

    async def run_now(self, flow: Entity) -> Entity:
        """Carry out one more run of a flow, up to now, whatever its schedule; return the run.

        Raises:
            FlowServiceError: 1439 when the flow has gone meanwhile.
        """
        async with self._lock:
            flow = self._flows.get(flow.place, flow.id)
            now, run_id = self._clock.now(), derived(flow.id, f"requested {flow.revision}")
            await self._carry_out(Plan(flow, run_id, now, self._window_until(flow, now), now))
            found = self._store.get("runs", flow.place, run_id)
            if found is None:
                raise not_found("runs", run_id)
            return found

    def _window_until(self, flow: Entity, now: int) -> Window | None:
        """Return the window from the end of the last one up to now."""
        schedule = Schedule.read(flow.fields.get("scheduleParams"))
        if schedule is None or not schedule.period:
            return None
        return schedule.window(now, _number(flow.notes.get("window_end")), keeps_missed=True)

    async def _catch_up_with(self, flow: Entity) -> None:
        plans = 0
        while (current := self._store.get("flows", flow.place, flow.id)) is not None:
            plan = self._scheduled(current)
            if plan is None:
                return
            await self._carry_out(self._skipping(plan) if plans == 0 else plan)
            plans += 1

    def _scheduled(self, flow: Entity) -> Plan | None:
        """Return the next run of a flow's schedule, if its result should be there by now."""
        schedule = Schedule.read(flow.fields.get("scheduleParams"))
        if schedule is None or flow.state != "enabled":
            return None
        due = schedule.next(_number(flow.notes.get("last_due")), _live_since(flow))
        delay = int(self._rules.switches.run_delay_seconds * 1000)
        if due is None or due + delay > self._clock.now():
            return None
        keeps_missed = self._rules.switches.missed_windows == "read"
        window = schedule.window(due, _number(flow.notes.get("window_end")), keeps_missed=keeps_missed)
        return Plan(flow, derived(flow.id, str(due)), due, window, due + delay, on_schedule=True)

    def _skipping(self, plan: Plan) -> Plan:
        """Return the run with which to begin when very many are due: it has the windows of those before it."""
        schedule = Schedule.read(plan.flow.fields.get("scheduleParams"))
        if schedule is None or not schedule.period or plan.window is None:
            return plan
        skipped = (self._clock.now() - plan.visible) // schedule.period - (MOST_AT_ONCE - 1)
        if skipped <= 0:
            return plan
        later = skipped * schedule.period
        due, window = plan.due + later, Window(plan.window.start, plan.window.end + later)
        return replace(
            plan, run_id=derived(plan.flow.id, str(due)), due=due, visible=plan.visible + later, window=window
        )

    def _requested(self, run: Entity) -> Plan | None:
        """Return the run that a request has asked for, None for one that has been carried out."""
        flow = self._store.get("flows", run.place, str(run.fields.get("flowId")))
        if run.state != SCHEDULED or flow is None:
            return None
        due, start, end = (_number(run.notes.get(name)) for name in ("due", "window_start", "window_end"))
        window = None if end is None else Window(start, end)
        due = run.created_at if due is None else due
        return Plan(flow, run.id, due, window, due, waiting=run)

    async def _carry_out(self, plan: Plan) -> None:
        flow = plan.flow
        batch = batch_id(plan.due, f"{plan.run_id} {0 if plan.waiting is None else plan.waiting.revision}")
        kept = 0

        def keep(records: Sequence[str]) -> None:
            nonlocal kept
            self._store.rows.add(batch, kept, records)
            kept += len(records)

        try:
            outcome = await pipeline.run(self._jobs.job(flow, plan.window), keep)
        except RunError as error:
            outcome = Outcome()
            outcome.fail(error)
        current = self._store.get("flows", flow.place, flow.id)
        if current is None or outcome.error is not None:
            self._store.rows.remove(batch)
        if current is not None:
            self._write(current, plan, batch, outcome)

    def _write(self, flow: Entity, plan: Plan, batch: str, outcome: Outcome) -> None:
        """Write down what came of a run: the batch, the run, and what the flow says of it."""
        destination = self._jobs.destination(flow)
        report = Report(
            outcome=outcome,
            started=plan.due,
            completed=max(plan.visible, plan.due),
            window=plan.window,
            source_id=destination.source_id,
            target_id=destination.target_id,
            batch_id=batch,
            copy_id=derived(plan.run_id, "copy"),
            partial_status=self._rules.switches.partial_status,
            diagnostics=options(flow).get("errorDiagnosticsEnabled") is True,
            batch_url=_BATCHES,
        )
        self._write_batch(flow, report, plan.run_id, destination.data_set_id)
        self._write_run(flow, plan, report)
        self._write_flow(flow, plan, report)

    def _write_batch(self, flow: Entity, report: Report, run_id: str, data_set_id: str) -> None:
        outcome = report.outcome
        fields: JsonObject = {
            "dataSetId": data_set_id,
            "flowId": flow.id,
            "runId": run_id,
            "recordCount": outcome.output_rows,
            "failedRecordCount": outcome.failed_rows,
            "errors": [each.item() for each in outcome.samples] if report.diagnostics else [],
        }
        batch, at = report.batch_id, report.completed
        self._store.add("batches", flow.place, _SERVICE, fields, state=outcome.status, entity_id=batch, at=at)

    def _write_run(self, flow: Entity, plan: Plan, report: Report) -> None:
        fields: JsonObject = {
            "flowId": flow.id,
            "flowSpec": flow.fields.get("flowSpec"),
            "providerRefId": derived(plan.run_id, "provider"),
            "metrics": report.metrics(),
            "activities": report.activities(),
        }
        if plan.waiting is not None:
            fields = {**plan.waiting.fields, **fields}
            self._store.update(plan.waiting, _SERVICE, fields=fields, state=report.status)
            return
        window = plan.window
        self._store.add(
            "runs",
            flow.place,
            _SERVICE,
            fields,
            state=report.status,
            entity_id=plan.run_id,
            at=plan.due,
            notes={} if window is None else {"window_start": window.start, "window_end": window.end},
        )

    def _write_flow(self, flow: Entity, plan: Plan, report: Report) -> None:
        details = {
            "id": plan.run_id,
            "state": report.status,
            "startedAtUTC": report.started,
            "completedAtUTC": report.completed,
        }
        since = _failing_since(flow, report)
        notes: JsonObject = {"failing_since": since}
        if plan.window is not None:
            notes["window_end"] = max(plan.window.end, _number(flow.notes.get("window_end")) or 0)
        if plan.on_schedule:
            notes["last_due"] = plan.due
        self._store.update(
            flow,
            # In Adobe's examples a run moves a flow's time and etag, not who wrote it last, nor its last operation.
            flow.updated,
            fields={**flow.fields, "lastRunDetails": details},
            state="disabled" if since is not None and report.started - since >= DISABLED_AFTER else None,
            operation=flow.operation,
            notes=notes,
        )

    def _is_visible(self, caller: Caller, run: Entity) -> bool:
        flow = self._store.get("flows", caller.place, str(run.fields.get("flowId")))
        return flow is None or self._flows.is_visible(caller, flow)


def _live_since(flow: Entity) -> int:
    return _number(flow.notes.get(LIVE_SINCE)) or flow.created_at


def _failing_since(flow: Entity, report: Report) -> int | None:
    """Return since when the flow has failed, without a success and without having been enabled again."""
    if report.status != "failed":
        return None
    earlier = _number(flow.notes.get("failing_since"))
    return report.started if earlier is None else max(earlier, min(_live_since(flow), report.started))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
