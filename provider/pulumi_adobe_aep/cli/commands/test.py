"""`pulumi-adobe-aep test`: have Flow Service log in to the database."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.listing import source_title
from pulumi_adobe_aep.cli.output import print_json, print_line, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.lifecycle import verify


@click.command("test", short_help="Have Flow Service log in to the database.")
@options.connection_id
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, as_json: bool) -> ExitCode:
    """Have Flow Service log in to the database of the base connection ID.

    Exit code 1 if the login fails.
    """
    service = session.service()
    with session.looking_for_connection():
        source = source_title(service.connections.get(connection_id))
        result = verify.test(service, connection_id)
    database = f"the database of connection {connection_id}" + (f" ({source})" if source else "")
    if as_json:
        print_json(
            {
                "sandbox": session.sandbox,
                "id": connection_id,
                "source": source or None,
                "passed": result.passed,
                "reason": result.reason or None,
            }
        )
    elif result.passed:
        print_line(f"Flow Service logged in to {database}.")
    else:
        print_line(f"Flow Service could not log in to {database}.")
        say(f"Why: {result.reason or 'The service gives no reason (result: false).'}\nWhat to do: {verify.ADVICE}")
    return ExitCode.OK if result.passed else ExitCode.FAILURE
