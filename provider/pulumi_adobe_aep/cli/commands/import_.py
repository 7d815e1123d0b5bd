"""`pulumi-adobe-aep import`: put connections that exist under the management of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pulumi_adobe_aep.cli import import_file, options
from pulumi_adobe_aep.cli.auth_parts import ENCRYPTION_CHOICES, auth_without_secret
from pulumi_adobe_aep.cli.declaration import PASSWORD, Declaration, ObservedConnection, declare, name_all, show
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.import_all import LeftOut, declare_all
from pulumi_adobe_aep.cli.import_options import NO_OPTION, ImportOptions
from pulumi_adobe_aep.cli.import_report import Report
from pulumi_adobe_aep.cli.questions import can_ask
from pulumi_adobe_aep.cli.secret_input import from_environment, from_person
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.stack_state import read_states
from pulumi_adobe_aep.errors import EntityMismatch


@click.command("import", short_help="Take over connections that exist into a program.")
@click.argument("connection_id", metavar="[ID]", required=False)
@click.option("--name", metavar="NAME", help="The resource's name in the program. Required with ID.")
@click.option("--all", "every", is_flag=True, help="Take every PostgreSQL connection of the sandbox.")
@click.option("--password-env", metavar="VAR", help="The environment variable with the password. Default: ask for it.")
@click.option(
    "--connection-string-env",
    metavar="VAR",
    help="The environment variable with the whole connection string, for ConnectionStringAuth.",
)
@click.option(
    "--secret-env-prefix",
    metavar="PREFIX",
    help="With --all: the secrets are in variables named PREFIX, the resource's name, and _PASSWORD or "
    "_CONNECTION_STRING. Default: ask for each.",
)
@click.option(
    "--reference",
    is_flag=True,
    help="Let the provider read the secret from that variable (SecretFromEnv), so that it never enters the state.",
)
@click.option("--server", metavar="HOST", help="The server, where the service does not show it.")
@click.option("--port", metavar="PORT", help="Its port, where the service does not show it.")
@click.option("--database", metavar="NAME", help="The database, where the service does not show it.")
@click.option("--username", metavar="NAME", help="The database role, where the service does not show it.")
@click.option(
    "--encryption",
    type=click.Choice(ENCRYPTION_CHOICES),
    help=f"The encryption of a connection string that the service does not show; {NO_OPTION}: it says nothing of it.",
)
@click.option(
    "--ssl-mode",
    metavar="MODE",
    help=f"The SSL mode of BasicAuth, where the service does not show it; {NO_OPTION}: there is none.",
)
@options.filters
@options.states
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("import.json"),
    show_default=True,
    help="The import file. Only you can read it.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@options.as_json
@options.with_session
def command(session: Session, /, **given: Any) -> ExitCode:
    """Take over the base connection ID, or --all, into a Pulumi program.

    Writes a file for `pulumi import --file` and prints the program that matches it. The service does not show secrets,
    so they are asked for, or taken from the environment.
    """
    import_options = ImportOptions(**given)
    import_options.check()
    out = import_options.out
    import_file.refuse_to_overwrite(out, force=import_options.force)
    left_out: Sequence[LeftOut] = ()
    if import_options.every:
        managed = _managed(session, import_options.states)
        declarations, left_out = declare_all(
            session,
            import_options.filters,
            managed,
            import_options.secret_env_prefix,
            reference=import_options.reference,
        )
    else:
        declarations = [_declare_one(session, import_options)]
    if declarations:
        import_file.write(out, import_file.to_document(declarations), force=import_options.force)
    report = Report(session.sandbox, session.stack, out if declarations else None, name_all(declarations), left_out)
    if import_options.as_json:
        report.print_json()
        report.tell_notes()
    else:
        report.tell()
    return ExitCode.FAILURE if any(each.is_failure for each in left_out) else ExitCode.OK


def _managed(session: Session, states: Sequence[str]) -> frozenset[str]:
    """Return the connections that a stack manages already; one that two resources manage would be changed by both."""
    if not states and session.stack is None:
        return frozenset()
    state, _ = read_states(states, session.stack)
    return frozenset(each.id for each in state.resources)


def _declare_one(session: Session, import_options: ImportOptions) -> Declaration:
    connection_id = import_options.connection_id or ""
    # Read before anything is sent: a variable may be missing.
    variable = import_options.secret_env
    secret = from_environment(variable, reference=import_options.reference) if variable else None
    if connection_id in _managed(session, import_options.states):
        raise EntityMismatch(
            f"The state has connection {connection_id} already.",
            advice="Nothing is to be imported. Two resources would each undo what the other does.",
        )
    shown = show(session.lifecycle, session.spec, session.connection(connection_id), session.sandbox)
    auth, secret_property = auth_without_secret(shown, import_options)
    auth[secret_property] = secret if secret is not None else _ask(shown, secret_property)
    return declare(session.lifecycle, shown, import_options.name or "", auth, secret_property)


def _ask(shown: ObservedConnection, secret_property: str) -> str:
    if not can_ask():
        option = "--password-env" if secret_property == PASSWORD else "--connection-string-env"
        raise click.UsageError(
            f"Standard input is not a terminal, so the secret of connection {shown.title} cannot be prompted for; "
            f"pass {option}."
        )
    return from_person(shown, secret_property)
