"""`pulumi-adobe-aep test`: have Flow Service log in to the database."""

from __future__ import annotations

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, print_line, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.lifecycle import verify


@click.command("test", short_help="Have Flow Service log in to the database.")
@options.connection_id
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, as_json: bool) -> ExitCode:
    """Have Flow Service log in to the database of the base connection ID.

    Exit code 1 when it cannot.
    """
    with session.looking_for_connection():
        result = verify.test(session.service(), connection_id)
    if as_json:
        print_json(
            {
                "sandbox": session.sandbox,
                "id": connection_id,
                "passed": result.passed,
                "reason": result.reason or None,
            }
        )
    elif result.passed:
        print_line(f"Flow Service logged in to the database of connection {connection_id}.")
    else:
        print_line(f"Flow Service could not log in to the database of connection {connection_id}.")
        say(f"Why: {result.reason or 'The service gives no reason (result: false).'}\nWhat to do: {verify.ADVICE}")
    return ExitCode.OK if result.passed else ExitCode.FAILURE
