"""`pulumi-adobe-aep connections`: what a sandbox has, and what of it no stack knows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.listing import COLUMNS, source_connections, to_json, to_row
from pulumi_adobe_aep.cli.orphans import CLEAR_COMMAND, Comparison, compare
from pulumi_adobe_aep.cli.output import print_json, print_line, print_table, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.stack_state import StackState, StateResource, read_states
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.registry import TITLES


@click.command("connections", short_help="List connections, or find orphans.")
@options.source
@options.filters
@click.option("--name", metavar="NAME", help="Only connections with exactly this name.")
@click.option(
    "--orphans",
    is_flag=True,
    help="Compare the sandbox with the state of the selected stack, of --stack or of --state. Print the connections "
    "that only one of them has. Exit code 1 if there are any.",
)
@options.states
@options.as_json
@options.with_session
def command(
    session: Session,
    *,
    source: str | None,
    filters: Sequence[str],
    name: str | None,
    orphans: bool,
    states: Sequence[str],
    as_json: bool,
) -> ExitCode:
    """List the base connections of a sandbox."""
    if orphans:
        if filters or name:
            raise click.UsageError("--orphans compares whole sandboxes; it goes with neither --filter nor --name.")
        return _orphans(session, source, states, as_json=as_json)
    if states:
        raise click.UsageError("--state goes with --orphans only.")
    return _list(session, source, filters, name, as_json=as_json)


def _list(session: Session, source: str | None, filters: Sequence[str], name: str | None, *, as_json: bool) -> ExitCode:
    # Names are compared here, because Adobe does not say how a comma or a quote in a filter's value is written.
    found = {
        sandbox: [
            each for each in source_connections(session.service(sandbox), source, filters) if name in (None, each.name)
        ]
        for sandbox in session.sandboxes()
    }
    if as_json:
        _print_json(
            session,
            [{"sandbox": sandbox, "connections": [to_json(each) for each in here]} for sandbox, here in found.items()],
        )
        return ExitCode.OK
    for sandbox, here in found.items():
        if not here:
            say(f"There is no such connection in sandbox {sandbox}.")
            continue
        if not session.settings.sandbox_name:
            say(f"Sandbox {sandbox}:")
        print_table(COLUMNS, [to_row(each) for each in here])
    return ExitCode.OK


def _print_json(session: Session, results: Sequence[dict[str, object]]) -> None:
    """Print the result for the sandbox that was named, or a list with one for each of the stack's sandboxes."""
    if session.settings.sandbox_name:
        (result,) = results
        print_json(result)
    else:
        print_json({"sandboxes": results})


def _orphans(session: Session, source: str | None, states: Sequence[str], *, as_json: bool) -> ExitCode:
    named = session.settings.sandbox_name
    state, sources = read_states(states, session.stack)
    found = {
        sandbox: _compare(session, source, state, sandbox)
        for sandbox in ([named] if named else state.sandboxes or [session.sandbox])
    }
    if as_json:
        _print_json(session, [_to_json(here, sandbox, sources) for sandbox, here in found.items()])
    else:
        for sandbox, here in found.items():
            _tell(here, sandbox, " and ".join(sources))
    return ExitCode.OK if all(here.agrees for here in found.values()) else ExitCode.FAILURE


def _compare(session: Session, source: str | None, state: StackState, sandbox: str) -> Comparison:
    """Compare all that there is, of which orphans are only those of the source, or of any source with tables."""
    connections = list(session.service(sandbox).connections.list())
    spec_ids = {KNOWN_SPECS[source].id} if source else TITLES.keys()
    return compare(
        connections,
        state.of(source),
        sandbox,
        session.settings.org_id,
        lambda each: each.connection_spec.id in spec_ids,
        stack=session.stack,
    )


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
        say(f"Sandbox {sandbox} and the state ({sources}) have the same connections.")
        return
    if found.orphans:
        say(f"In sandbox {sandbox}, but not in the state ({sources}); another stack may manage them:")
        print_table(COLUMNS, [to_row(each.connection) for each in found.orphans])
        for each in found.orphans:
            print_line()
            if each.creating:
                print_line(f"# The stack was creating {each.creating.name} under this name when a command ended early.")
            print_line(each.import_command)
            print_line(each.delete_command)
    if found.missing:
        say(f"In the state ({sources}), but not in sandbox {sandbox}; `pulumi refresh` forgets them:")
        print_table(
            ("RESOURCE", "ID", "NAME"), [(each.name, each.id, each.connection_name or "") for each in found.missing]
        )
    if found.creating:
        names = ", ".join(each.name for each in found.creating)
        say(f"The state says that these are being created: {names}. When that is settled, clear it:")
        print_line(CLEAR_COMMAND)
