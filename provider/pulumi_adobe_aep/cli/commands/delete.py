"""`pulumi-adobe-aep delete`: delete a connection that no stack manages."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.listing import COLUMNS, to_json, to_row
from pulumi_adobe_aep.cli.output import print_json, print_table, say
from pulumi_adobe_aep.cli.questions import can_ask, confirm
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.kinds.registry import source_of
from pulumi_adobe_aep.lifecycle import delete as deletion


@click.command("delete", short_help="Delete a connection that no stack manages.")
@options.connection_id
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, yes: bool, as_json: bool) -> ExitCode:
    """Delete the base connection ID.

    Use it for orphans, the connections that no stack manages. To delete a connection that a stack manages, run `pulumi
    destroy`, or remove the resource from the program and run `pulumi up`.
    """
    connection = session.connection(connection_id)
    if not yes:
        if as_json or not can_ask():
            raise click.UsageError(
                "Standard input is not a terminal, so whether to delete it cannot be asked; pass --yes."
            )
        print_table(COLUMNS, [to_row(connection)])
        place = f"sandbox {session.sandbox} of organization {session.settings.org_id}"
        if not confirm(f"Delete it from {place}?"):
            say("Nothing was deleted.")
            return ExitCode.FAILURE
    kind = source_of(connection.connection_spec.id)
    deletion.delete(session.service(), kind, connection_id, connection.name or "")
    if as_json:
        print_json({"sandbox": session.sandbox, "deleted": to_json(connection)})
    else:
        say(f"Deleted connection {connection_id} from sandbox {session.sandbox}.")
    return ExitCode.OK
