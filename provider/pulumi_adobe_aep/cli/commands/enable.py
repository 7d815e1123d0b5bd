"""`pulumi-adobe-aep enable`: have a dataflow run by its schedule."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.switching import switch


@click.command("enable", short_help="Enable a dataflow, so that it runs on its schedule.")
@options.flow
@options.as_json
@options.with_session
def command(session: Session, *, flow: str, as_json: bool) -> ExitCode:
    """Enable the dataflow FLOW, so that it runs on its schedule. FLOW is an id or a name.

    Adobe disables a dataflow whose runs have all failed for 30 days. Adobe does not document whether an enabled
    dataflow reads the windows that it missed.
    """
    return switch(session, flow, "enable", "enabled", as_json=as_json)
