"""`pulumi-adobe-aep disable`: stop a dataflow."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.switching import switch


@click.command("disable", short_help="Disable a dataflow, so that it does not run.")
@options.flow
@options.as_json
@options.with_session
def command(session: Session, *, flow: str, as_json: bool) -> ExitCode:
    """Disable the dataflow FLOW. FLOW is an id or a name. It does not run until you enable it again.

    If a stack declares the dataflow as enabled, the next `pulumi up` after a refresh enables it again. To prevent this,
    set enabled=False in the program.
    """
    return switch(session, flow, "disable", "disabled", as_json=as_json)
