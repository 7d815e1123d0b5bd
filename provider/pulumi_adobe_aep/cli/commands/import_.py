"""`pulumi-adobe-aep import`: put what exists under the management of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli import import_file, options
from pulumi_adobe_aep.cli.auth_parts import ENCRYPTION_CHOICES, auth_without_secret
from pulumi_adobe_aep.cli.declaration import (
    PASSWORD,
    Declaration,
    ObservedConnection,
    declare,
    declare_entity,
    name_all,
    show,
)
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.import_all import LeftOut, Secret, declare_all
from pulumi_adobe_aep.cli.import_chain import declare_chain, find
from pulumi_adobe_aep.cli.import_options import NO_OPTION, ImportOptions
from pulumi_adobe_aep.cli.import_report import Report
from pulumi_adobe_aep.cli.names import to_resource_name
from pulumi_adobe_aep.cli.questions import can_ask
from pulumi_adobe_aep.cli.secret_input import from_environment, from_person
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.stack_state import read_states
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch
from pulumi_adobe_aep.kinds.base_connection.shown import WHOLE_STRING
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW


@click.command("import", short_help="Take over existing connections and dataflows into a program.")
@click.argument("entity_id", metavar="[ID]", required=False)
@click.option("--name", metavar="NAME", help="The resource's name in the program. Required with ID.")
@click.option("--only", is_flag=True, help="With the ID of a dataflow: import the dataflow alone.")
@click.option("--all", "every", is_flag=True, help="Import every connection of the sandbox.")
@click.option("--password-env", metavar="VAR", help="The environment variable with the password. Default: ask for it.")
@click.option(
    "--connection-string-env",
    metavar="VAR",
    help="The environment variable with the whole connection string, for ConnectionStringAuth.",
)
@click.option(
    "--secret-env",
    metavar="NAME=VAR",
    multiple=True,
    help="The environment variable with another secret, such as private_key=CRM_KEY. Repeatable.",
)
@click.option(
    "--part",
    metavar="NAME=VALUE",
    multiple=True,
    help="A part that the service does not show and that has no other option, such as account=crm. Repeatable.",
)
@options.source
@click.option(
    "--secret-env-prefix",
    metavar="PREFIX",
    help="With --all: the secrets are in environment variables, such as DB_CRM_PASSWORD or DB_CRM_CONNECTION_STRING "
    "for the resource crm and the prefix DB_. Default: ask for each.",
)
@click.option(
    "--reference",
    is_flag=True,
    help="Declare the environment variable (SecretFromEnv) in place of the secret, so that the secret never enters the "
    "state.",
)
@click.option("--server", metavar="HOST", help="The server, if the service does not show it.")
@click.option("--port", metavar="PORT", help="The server's port, if the service does not show it.")
@click.option("--database", metavar="NAME", help="The database, if the service does not show it.")
@click.option("--username", metavar="NAME", help="The database role, if the service does not show it.")
@click.option(
    "--encryption",
    type=click.Choice(ENCRYPTION_CHOICES),
    help=f"The encryption, if the service does not show it. {NO_OPTION}: the connection string has no such option.",
)
@click.option(
    "--ssl-mode",
    metavar="MODE",
    help=f"The SSL mode of BasicAuth, if the service does not show it. {NO_OPTION}: the connection has no SSL mode.",
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
    """Take over the entity with the ID, or all base connections (--all), into a Pulumi program.

    Writes a file for `pulumi import --file`, and prints the program that matches it. The ID of a dataflow also imports
    its base connection, source connection, target connection and mapping set. The service does not show secrets, so the
    command asks for them or takes them from environment variables.
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
            import_options.source,
            import_options.filters,
            managed,
            import_options.secret_env_prefix,
            reference=import_options.reference,
        )
    else:
        declarations, left_out = _declare_one(session, import_options)
    if declarations:
        import_file.write(out, import_file.to_document(declarations), force=import_options.force)
    report = Report(session.sandbox, session.stack, out if declarations else None, name_all(declarations), left_out)
    if import_options.as_json:
        report.print_json()
        report.tell_notes()
    else:
        report.tell()
    return ExitCode.FAILURE if any(each.is_failure for each in left_out) else ExitCode.OK


def _managed(session: Session, states: Sequence[str]) -> Mapping[str, str]:
    """Return what a stack manages already, by id; what two resources manage would be changed by both."""
    if not states and session.stack is None:
        return {}
    state, _ = read_states(states, session.stack)
    return state.managed


def _declare_one(session: Session, import_options: ImportOptions) -> tuple[list[Declaration], Sequence[LeftOut]]:
    entity_id, name = import_options.entity_id or "", import_options.name or ""
    # Read before anything is sent: a variable may be missing.
    given = {
        name: from_environment(variable, reference=import_options.reference)
        for name, variable in import_options.variables.items()
    }
    managed = _managed(session, import_options.states)
    if entity_id in managed:
        raise EntityMismatch(
            f"The state has {managed[entity_id]} {entity_id} already.",
            advice="Nothing is to be imported. Two resources would each undo what the other does.",
        )
    try:
        return [_declare_connection(session, import_options, given, session.connection(entity_id), name)], ()
    except EntityGone as gone:
        found = find(session, entity_id)
        if found is None:
            raise gone.with_context(advice=_where_to_look(session.sandbox)) from None
    lifecycle, observed = found
    if lifecycle.kind is DATAFLOW and not import_options.only:

        def declare_connection(connection_id: str) -> Declaration:
            connection = session.connection(connection_id)
            own_name = to_resource_name(connection.name)
            return _declare_connection(session, import_options, given, connection, own_name)

        return declare_chain(session, observed, name, managed, declare_connection)
    if import_options.are_about_secrets:
        raise click.UsageError(f"{entity_id} is a {lifecycle.kind.noun}, which has no secret.")
    return [declare_entity(lifecycle, observed, name)], ()


def _where_to_look(sandbox: str) -> str:
    return (
        f"Check the id; 'connections' lists them: pulumi-adobe-aep connections --sandbox {sandbox}. 'flows' lists "
        f"those of dataflows: pulumi-adobe-aep flows --sandbox {sandbox}. What is not in the lists is in another "
        "sandbox, was deleted, or is a dataflow with an access label that the role of these credentials lacks."
    )


def _declare_connection(
    session: Session,
    import_options: ImportOptions,
    given: Mapping[str, Secret],
    connection: Connection,
    resource_name: str,
) -> Declaration:
    shown = show(session, connection)
    auth, secrets = auth_without_secret(shown, import_options)
    # A secret that need not be there is given by its name.
    further = tuple(name for name in given if name in shown.secret_properties and name not in secrets)
    for name in (*secrets, *(further if shown.auth.whole is None else ())):
        auth[name] = given[name] if name in given else _ask(shown, name)
    secrets = tuple(name for name in auth if name in shown.secret_properties)
    return declare(session.lifecycle(shown.source), shown, resource_name, auth, secrets)


def _ask(shown: ObservedConnection, secret_property: str) -> str:
    if not can_ask():
        options_of_two = {PASSWORD: "--password-env", WHOLE_STRING: "--connection-string-env"}
        option = options_of_two.get(secret_property, f"--secret-env {to_snake(secret_property)}=VAR")
        raise click.UsageError(
            f"Standard input is not a terminal, so the secret of connection {shown.title} cannot be prompted for; "
            f"pass {option}."
        )
    return from_person(shown, secret_property)
