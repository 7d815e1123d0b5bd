"""`pulumi-adobe-aep test`: have Flow Service log in to the database."""

from __future__ import annotations

import click

from pulumi_adobe_aep.api.flow_service import FlowService, TestResult
from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import ServiceError
from pulumi_adobe_aep.lifecycle.verify import ADVICE, LOGIN_FAILED


@click.command("test", short_help="Have Flow Service log in to the database.")
@options.connection_id
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, as_json: bool) -> ExitCode:
    """Have Flow Service log in to the database of the base connection ID.

    Exit code 1 when it cannot.
    """
    result = _test(session.service(), connection_id)
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
        click.echo(f"Flow Service logged in to the database of connection {connection_id}.")
    else:
        click.echo(f"Flow Service could not log in to the database of connection {connection_id}.")
        say(f"Why: {result.reason or 'The service gives no reason (result: false).'}\nWhat to do: {ADVICE}")
    return ExitCode.OK if result.passed else ExitCode.FAILURE


def _test(service: FlowService, connection_id: str) -> TestResult:
    try:
        return service.test_connection(connection_id)
    except ServiceError as error:
        # A failed login comes as a result or as the connector's error, depending on the connector.
        if error.code in LOGIN_FAILED:
            return TestResult(passed=False, reason=error.why)
        raise
