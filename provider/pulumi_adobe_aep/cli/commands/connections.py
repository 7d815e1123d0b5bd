"""`pulumi-adobe-aep connections`: what a sandbox has, and what of it no stack knows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.listing import COLUMNS, postgres_connections, to_json, to_row
from pulumi_adobe_aep.cli.orphans import CLEAR_COMMAND, Comparison, compare
from pulumi_adobe_aep.cli.output import print_json, print_table, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.stack_state import StateResource, read_states


@click.command("connections", short_help="List connections, or find orphans.")
@options.filters
@click.option("--name", metavar="NAME", help="Only connections with exactly this name.")
@click.option(
    "--orphans",
    is_flag=True,
    help="Compare with the state of the selected stack, of --stack or of --state: print what only one side has. "
    "Exit code 1 when there is something.",
)
@options.states
@options.as_json
@options.with_session
def command(
    session: Session, *, filters: Sequence[str], name: str | None, orphans: bool, states: Sequence[str], as_json: bool
) -> ExitCode:
    """List the PostgreSQL base connections of a sandbox."""
    if orphans:
        if filters or name:
            raise click.UsageError("--orphans compares whole sandboxes; it goes with neither --filter nor --name.")
        return _orphans(session, states, as_json=as_json)
    if states:
        raise click.UsageError("--state goes with --orphans only.")
    found = list(postgres_connections(session.service(), filters))
    # Compared here, because Adobe does not say how a comma or a quote in a filter's value is written.
    found = [each for each in found if name in (None, each.name)]
    if as_json:
        print_json({"sandbox": session.sandbox, "connections": [to_json(each) for each in found]})
    elif found:
        print_table(COLUMNS, [to_row(each) for each in found])
    else:
        say(f"There is no such PostgreSQL connection in sandbox {session.sandbox}.")
    return ExitCode.OK


def _orphans(session: Session, states: Sequence[str], *, as_json: bool) -> ExitCode:
    service = session.service()
    state, sources = read_states(states, session.stack)
    found = compare(list(postgres_connections(service)), state, session.sandbox, session.settings.org_id)
    if as_json:
        print_json(_to_json(found, session.sandbox, sources))
    else:
        _tell(found, session.sandbox, " and ".join(sources))
    return ExitCode.OK if found.agrees else ExitCode.FAILURE


def _to_json(found: Comparison, sandbox: str, sources: Sequence[str]) -> dict[str, object]:
    return {
        "sandbox": sandbox,
        "states": list(sources),
        "orphans": [
            {
                **to_json(each.connection),
                "creating": each.creating.urn if each.creating else None,
                "importCommand": each.import_command,
                "deleteCommand": each.delete_command,
            }
            for each in found.orphans
        ],
        "missing": [{**_named(each), "id": each.id} for each in found.missing],
        "creating": [_named(each) for each in found.creating],
    }


def _named(resource: StateResource) -> dict[str, object]:
    return {"urn": resource.urn, "resource": resource.name, "name": resource.connection_name}


def _tell(found: Comparison, sandbox: str, sources: str) -> None:
    if found.agrees:
        say(f"Sandbox {sandbox} and the state ({sources}) have the same PostgreSQL connections.")
        return
    if found.orphans:
        say(f"In sandbox {sandbox}, but not in the state ({sources}); another stack may manage them:")
        print_table(COLUMNS, [to_row(each.connection) for each in found.orphans])
        for each in found.orphans:
            click.echo()
            if each.creating:
                click.echo(f"# The stack was creating {each.creating.name} under this name when a command ended early.")
            click.echo(each.import_command)
            click.echo(each.delete_command)
    if found.missing:
        say(f"In the state ({sources}), but not in sandbox {sandbox}; `pulumi refresh` forgets them:")
        print_table(
            ("RESOURCE", "ID", "NAME"), [(each.name, each.id, each.connection_name or "") for each in found.missing]
        )
    if found.creating:
        names = ", ".join(each.name for each in found.creating)
        say(f"The state says that these are being created: {names}. When that is settled, clear it:")
        click.echo(CLEAR_COMMAND)
