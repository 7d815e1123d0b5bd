"""`pulumi-adobe-aep import`: put connections that exist under the management of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pulumi_adobe_aep.cli import import_file, options
from pulumi_adobe_aep.cli.declaration import (
    PASSWORD,
    REQUIRED_PARTS,
    WHOLE_STRING,
    Declaration,
    ObservedConnection,
    declare,
    name_all,
    show,
)
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.import_all import LeftOut, declare_all
from pulumi_adobe_aep.cli.import_report import Report
from pulumi_adobe_aep.cli.questions import ask, can_ask
from pulumi_adobe_aep.cli.secret_input import from_environment, from_person
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.stack_state import read_states
from pulumi_adobe_aep.errors import EntityMismatch
from pulumi_adobe_aep.kinds.base_connection.postgresql import BASIC, DEFAULT_PORT, ENCRYPTION


@dataclass(frozen=True)
class Answers:
    """What the options say about the secret and about what the service does not show."""

    password_env: str | None
    connection_string_env: str | None
    reference: bool
    parts: Mapping[str, object]


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
@click.option("--port", metavar="PORT", help=f"Its port, where the service does not show it. Default: {DEFAULT_PORT}.")
@click.option("--database", metavar="NAME", help="The database, where the service does not show it.")
@click.option("--username", metavar="NAME", help="The database role, where the service does not show it.")
@click.option(
    "--encryption", type=click.Choice(list(ENCRYPTION)), help="The encryption, where the service does not show it."
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
    _check_usage(given)
    out: Path = given["out"]
    import_file.refuse_to_overwrite(out, force=given["force"])
    left_out: Sequence[LeftOut] = ()
    if given["every"]:
        managed = _managed(session, given["states"])
        declarations, left_out = declare_all(
            session, given["filters"], managed, given["secret_env_prefix"], reference=given["reference"]
        )
    else:
        declarations = [_declare_one(session, given)]
    if declarations:
        import_file.write(out, import_file.to_document(declarations), force=given["force"])
    report = Report(session.sandbox, session.stack, out if declarations else None, name_all(declarations), left_out)
    if given["as_json"]:
        report.print_json()
    else:
        report.tell()
    return ExitCode.FAILURE if any(each.is_failure for each in left_out) else ExitCode.OK


_OF_ONE = (
    "name", "password_env", "connection_string_env", "server", "port", "database", "username", "encryption",
)  # fmt: skip
_OF_ALL = ("filters", "secret_env_prefix")


def _check_usage(given: Mapping[str, Any]) -> None:
    """Refuse what does not go together, before anything is asked or sent."""
    if given["every"] == (given["connection_id"] is not None):
        raise click.UsageError("Give either ID or --all.")
    misplaced = [key for key in (_OF_ONE if given["every"] else _OF_ALL) if given[key] not in (None, ())]
    if misplaced:
        where = "without --all" if given["every"] else "with --all"
        raise click.UsageError(f"{', '.join(map(_option, misplaced))} is for an import {where}.")
    if not given["every"] and not (given["name"] or "").strip():
        raise click.UsageError("Give the resource's name: --name crm")
    if given["password_env"] and given["connection_string_env"]:
        raise click.UsageError("Give either --password-env or --connection-string-env.")
    if given["connection_string_env"] and _parts(given):
        raise click.UsageError("--connection-string-env has all parts; leave out the options for single ones.")
    named = (given["password_env"], given["connection_string_env"], given["secret_env_prefix"])
    if given["reference"] and not any(each is not None for each in named):
        raise click.UsageError("--reference needs to know the variable: --password-env or --connection-string-env.")


def _option(key: str) -> str:
    return "--filter" if key == "filters" else f"--{key.replace('_', '-')}"


def _parts(given: Mapping[str, Any]) -> dict[str, object]:
    keys = ("server", "port", "database", "username", "encryption")
    return {key: given[key] for key in keys if given[key] is not None}


def _managed(session: Session, states: Sequence[str]) -> frozenset[str]:
    """Return the connections that a stack manages already; one that two resources manage would be changed by both."""
    if not states and session.stack is None:
        return frozenset()
    state, _ = read_states(states, session.stack)
    return frozenset(each.id for each in state.resources)


def _declare_one(session: Session, given: Mapping[str, Any]) -> Declaration:
    answers = Answers(given["password_env"], given["connection_string_env"], given["reference"], _parts(given))
    connection_id = given["connection_id"]
    # Read before anything is sent: a variable may be missing.
    named = answers.password_env or answers.connection_string_env
    secret = from_environment(named, reference=answers.reference) if named else None
    if connection_id in _managed(session, given["states"]):
        raise EntityMismatch(
            f"The state has connection {connection_id} already.",
            advice="Nothing is to be imported. Two resources would each undo what the other does.",
        )
    shown = show(session.lifecycle, session.connection(connection_id), session.sandbox)
    auth, secret_property = _auth(shown, answers)
    auth[secret_property] = secret if secret is not None else _ask(shown, secret_property)
    return declare(session.lifecycle, shown, given["name"], auth, secret_property)


def _auth(shown: ObservedConnection, answers: Answers) -> tuple[dict[str, Any], str]:
    """Return the auth but for its secret, and which property that is."""
    kind: dict[str, Any] = {"specName": shown.spec_name}
    if answers.connection_string_env:
        if shown.spec_name == BASIC:
            raise click.UsageError(f"Connection {shown.title} has no connection string; give --password-env.")
        return kind, WHOLE_STRING
    if shown.can_be_parts or answers.parts or answers.password_env:
        return {**kind, **shown.parts, **_missing_parts(shown, answers)}, PASSWORD
    return kind, WHOLE_STRING


def _missing_parts(shown: ObservedConnection, answers: Answers) -> Mapping[str, object]:
    """Return what the service does not show: from the options, or from the person at the terminal."""
    if "encryption" in answers.parts and shown.spec_name == BASIC:
        raise click.UsageError(
            "--encryption is for ConnectionStringAuth; this connection has an SSL mode, which is shown."
        )
    given = dict(answers.parts)
    _refuse_contradictions(shown, given)
    missing = [part for part in REQUIRED_PARTS if part not in given and part not in shown.parts]
    if missing and not can_ask():
        raise click.UsageError(
            f"The service does not show the {', '.join(missing)} of connection {shown.title}. Give "
            f"{', '.join(map(_option, missing))}, or the whole connection string with --connection-string-env."
        )
    given.update({part: ask(part.capitalize()) for part in missing})
    if missing and "port" not in given:
        given["port"] = ask("Port", str(DEFAULT_PORT))
    return given


def _refuse_contradictions(shown: ObservedConnection, given: Mapping[str, object]) -> None:
    """Refuse a part that the service shows otherwise: the state would not be what the service has."""
    for part, value in given.items():
        # Of a connection that is shown whole, a part that is not there is shown, too.
        if part in shown.parts or shown.can_be_parts:
            has = shown.parts.get(part)
            if str(has) != str(value):
                shows = f"no {part}" if has is None else f"{part} '{has}'"
                raise click.UsageError(
                    f"Connection {shown.title} has {shows}; leave {_option(part)} out, and change the connection with "
                    "the program after the import."
                )


def _ask(shown: ObservedConnection, secret_property: str) -> str:
    if not can_ask():
        option = "--password-env" if secret_property == PASSWORD else "--connection-string-env"
        raise click.UsageError(
            f"Nobody can be asked for the secret of connection {shown.title}; name the variable that holds it: {option}"
        )
    return from_person(shown, secret_property)
