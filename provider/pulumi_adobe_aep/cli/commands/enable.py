"""`pulumi-adobe-aep enable`: have a dataflow run by its schedule."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.switching import switch


@click.command("enable", short_help="Have a dataflow run by its schedule.")
@options.flow
@options.as_json
@options.with_session
def command(session: Session, *, flow: str, as_json: bool) -> ExitCode:
    """Have the dataflow FLOW, an id or a name, run by its schedule.

    Adobe disables a dataflow whose runs have all failed for 30 days. No page says what is read of the time in between.
    """
    return switch(session, flow, "enable", "enabled", as_json=as_json)
