"""`pulumi-adobe-aep disable`: stop a dataflow."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.switching import switch


@click.command("disable", short_help="Stop a dataflow.")
@options.flow
@options.as_json
@options.with_session
def command(session: Session, *, flow: str, as_json: bool) -> ExitCode:
    """Stop the dataflow FLOW, an id or a name, until it is enabled.

    If a stack declares it as enabled, the next `pulumi up` after a refresh enables it again: set enabled=False there.
    """
    return switch(session, flow, "disable", "disabled", as_json=as_json)
