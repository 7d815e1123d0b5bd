"""`pulumi-adobe-aep runs`: how a dataflow's runs went, and waiting for the next ones."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import click

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.dataflows import find_dataflow
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.following import Progress, Wait, WaitLimit, follow, print_heading, print_run
from pulumi_adobe_aep.cli.output import print_json, print_table, say
from pulumi_adobe_aep.cli.runs import COLUMNS, SUCCESS, Run, latest_runs, print_errors
from pulumi_adobe_aep.cli.session import Session


@click.command("runs", short_help="List a dataflow's runs, or wait for them.")
@options.flow
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="The number of runs to list, newest first.",
)
@click.option("--follow", "is_followed", is_flag=True, help="Print the runs, oldest first, then new ones until Ctrl-C.")
@click.option(
    "--until-finished",
    is_flag=True,
    help="With --follow: end when there is a run and no run is in progress. Exit code 1 if the newest run failed.",
)
@options.waiting
@options.as_json
@options.with_session
def command(
    session: Session,
    *,
    flow: str,
    limit: int,
    is_followed: bool,
    until_finished: bool,
    every: float,
    timeout: float,
    as_json: bool,
) -> ExitCode:
    """List the runs of the dataflow FLOW: status, window, counts and errors. FLOW is an id or a name."""
    if until_finished and not is_followed:
        raise click.UsageError("--until-finished goes with --follow only.")
    dataflow = find_dataflow(session.service(), flow)
    if not is_followed:
        _list(session, dataflow, latest_runs(session, dataflow.id, limit), as_json=as_json)
        return ExitCode.OK
    newest: Run | None = None
    if not as_json:
        print_heading()
    for run in follow(
        functools.partial(latest_runs, session, dataflow.id, limit),
        _is_nothing_under_way if until_finished else _never,
        Wait(every, WaitLimit(timeout)),
        Progress(f"Waiting for runs of the dataflow '{dataflow.name or dataflow.id}'"),
    ):
        print_run(run, as_json=as_json)
        newest = run
    return ExitCode.OK if newest is not None and newest.status in SUCCESS else ExitCode.FAILURE


def _is_nothing_under_way(runs: Sequence[Run]) -> bool:
    return bool(runs) and all(run.has_ended for run in runs)


def _never(_runs: Sequence[Run]) -> bool:
    return False


def _list(session: Session, dataflow: Entity, runs: Sequence[Run], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "sandbox": session.sandbox,
                "flow": dataflow.id,
                "name": dataflow.name,
                "runs": [run.to_json() for run in runs],
            }
        )
    elif runs:
        print_table(COLUMNS, [run.to_row() for run in runs])
        print_errors(runs)
    else:
        say(
            f"The dataflow '{dataflow.name or dataflow.id}' has no runs. A run shows two to three minutes after its "
            "start; wait for it with --follow."
        )
