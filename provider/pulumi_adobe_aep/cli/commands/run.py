"""`pulumi-adobe-aep run`: have a one-time dataflow read a window of its table now.

Source: Adobe, "Create a flow run for on-demand ingestion", and the codes 1380 to 1386 of "Sources error messages".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import click

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.dataflows import find_dataflow
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.following import Progress, Wait, WaitLimit, follow, print_heading, print_run
from pulumi_adobe_aep.cli.output import print_json, print_line, say
from pulumi_adobe_aep.cli.runs import SUCCESS, Run, latest_runs
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import AepError, Outcome, ServiceError
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import look_up
from pulumi_adobe_aep.kinds.schedule import iso
from pulumi_adobe_aep.kinds.state import State

_ONE_TIME_ONLY = "1386"
_RECENT = 100
"""Runs among which the last window and the new run are looked for."""


@dataclass(frozen=True)
class Window:
    """Which rows a run reads: by their delta column, from the start on and before the end. Seconds since 1970."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"from {iso(self.start)} to {iso(self.end)}"


def _seconds(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise click.BadParameter("a time with its zone is wanted, such as 2026-01-31T06:00:00Z.")
    return int(at.timestamp())


@click.command("run", short_help="Start a run of a one-time dataflow now.")
@options.flow
@click.option(
    "--from",
    "start",
    metavar="TIME",
    callback=_seconds,
    help="The start of the window. Default: the end of the last successful run's window.",
)
@click.option("--to", "end", metavar="TIME", callback=_seconds, help="The end of the window, exclusive. Default: now.")
@click.option(
    "--delta-column",
    metavar="NAME",
    help="The column with the time of a row's last change. Adobe requires it for the first such run.",
)
@click.option("--wait", "is_awaited", is_flag=True, help="Wait for the end of the run. Exit code 1 if it failed.")
@options.waiting
@options.as_json
@options.with_session
def command(
    session: Session,
    *,
    flow: str,
    start: int | None,
    end: int | None,
    delta_column: str | None,
    is_awaited: bool,
    every: float,
    timeout: float,
    as_json: bool,
) -> ExitCode:
    """Start a run of the dataflow FLOW. It reads the rows of a window of time. FLOW is an id or a name.

    Adobe starts such runs only for dataflows with the frequency once.
    """
    dataflow = find_dataflow(session.service(), flow)
    _check_delta_column(dataflow, delta_column)
    window = _window(session, dataflow, start, end)
    run_id = _start(session, dataflow, window, delta_column)
    if not is_awaited:
        _tell(session, dataflow, run_id, window, as_json=as_json)
        return ExitCode.OK
    return _wait(session, dataflow, run_id, Wait(every, WaitLimit(timeout)), as_json=as_json)


def _check_delta_column(dataflow: Entity, given: str | None) -> None:
    if given or "transformations" not in dataflow.shown:
        return
    if DATAFLOW.observe(State(), dataflow.shown).get("deltaColumn") is None:
        raise click.UsageError(
            f"The dataflow '{dataflow.name or dataflow.id}' has no delta column yet, and Adobe wants one for its first "
            "run on demand (1383). Give --delta-column: a column of a date or time type, in UTC."
        )


def _window(session: Session, dataflow: Entity, start: int | None, end: int | None) -> Window:
    if end is None:
        end = int(session.service().now().timestamp())
    if start is None:
        runs = latest_runs(session, dataflow.id, _RECENT)
        ends = [run.window_end for run in runs if run.status in SUCCESS and run.window_end is not None]
        if not ends:
            raise click.UsageError(
                f"No successful run of the dataflow '{dataflow.name or dataflow.id}' shows where its window ended, so "
                "where to begin is not known. Give --from."
            )
        start = max(ends)
    if start > end:
        raise click.UsageError(f"The window ends before it begins: {Window(start, end)}.")
    return Window(start, end)


def _start(session: Session, dataflow: Entity, window: Window, delta_column: str | None) -> str:
    service = session.service()
    params: dict[str, object] = {
        "startTime": str(int(service.now().timestamp())),
        "windowStartTime": str(window.start),
        "windowEndTime": str(window.end),
    }
    if delta_column:
        params["deltaColumn"] = {"name": delta_column}
    try:
        return service.start_run(dataflow.id, params).id
    except ServiceError as error:
        if error.code != _ONE_TIME_ONLY:
            raise _explained(error, service.sandbox, dataflow) from None
        frequency = look_up(dataflow.shown, ("scheduleParams", "frequency"))
        raise error.with_context(
            what=f"Its frequency is {frequency}, and Adobe starts runs on demand for the frequency once only.",
            advice="Wait for the next run of its schedule: "
            f"pulumi-adobe-aep runs {dataflow.id} --follow --sandbox {service.sandbox}. To read a window again, use a "
            "dataflow with the frequency once.",
        ) from None
    except AepError as error:
        raise _explained(error, service.sandbox, dataflow) from None


def _explained(error: AepError, sandbox: str, dataflow: Entity) -> AepError:
    """Say of a request without a whole response where it shows whether the run was started."""
    if error.outcome is not Outcome.UNKNOWN:
        return error
    return error.with_context(
        what="The run may have been started; a second one would bring the same rows again.",
        advice=f"Look whether there is a new run before you try again: pulumi-adobe-aep runs {dataflow.id} "
        f"--sandbox {sandbox}",
    )


def _tell(session: Session, dataflow: Entity, run_id: str, window: Window, *, as_json: bool) -> None:
    if as_json:
        shown = {"id": run_id, "windowStart": iso(window.start), "windowEnd": iso(window.end)}
        print_json({"sandbox": session.sandbox, "flow": dataflow.id, "name": dataflow.name, "run": shown})
        return
    print_line(f"Run {run_id} of the dataflow '{dataflow.name or dataflow.id}' reads the rows {window}.")
    say(f"How it goes: pulumi-adobe-aep runs {dataflow.id} --follow --until-finished --sandbox {session.sandbox}")


def _wait(session: Session, dataflow: Entity, run_id: str, wait: Wait, *, as_json: bool) -> ExitCode:
    def read() -> list[Run]:
        return [run for run in latest_runs(session, dataflow.id, _RECENT) if run.id == run_id]

    status = ""
    if not as_json:
        print_heading()
    for run in follow(
        read,
        lambda runs: bool(runs) and runs[0].has_ended,
        wait,
        Progress(f"Waiting for run {run_id} of the dataflow '{dataflow.name or dataflow.id}'"),
    ):
        print_run(run, as_json=as_json)
        status = run.status
    return ExitCode.OK if status in SUCCESS else ExitCode.FAILURE
