"""`pulumi-adobe-aep disable`: have a dataflow run no more."""

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
    """Have the dataflow FLOW, an id or a name, run no more until it is enabled.

    What a stack declares otherwise, the next `pulumi up` after a refresh changes back: set enabled=False there.
    """
    return switch(session, flow, "disable", "disabled", as_json=as_json)
