"""`pulumi-adobe-aep flows`: the dataflows of a sandbox, as a list or as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from pulumi_adobe_aep.cli import mermaid, options, svg
from pulumi_adobe_aep.cli.dataflows import COLUMNS, dataflows, sources
from pulumi_adobe_aep.cli.errors import FileInTheWay
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.graph import Graph, graph_of
from pulumi_adobe_aep.cli.output import print_json, print_line, print_table, say
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import Forbidden


@click.command("flows", short_help="List dataflows, or draw them.")
@options.filters
@click.option("--graph", is_flag=True, help="Draw accounts, tables, dataflows and datasets as a Mermaid chart.")
@click.option(
    "--svg",
    "picture",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --graph: also write the chart to this file, as SVG.",
)
@options.as_json
@options.with_session
def command(session: Session, *, filters: Sequence[str], graph: bool, picture: Path | None, as_json: bool) -> ExitCode:
    """List the dataflows of a sandbox that bring tables into datasets."""
    if picture and not graph:
        raise click.UsageError("--svg goes with --graph only.")
    service = session.service()
    tables = sources(service)
    found = dataflows(service, tables, _dataset_names(session), filters)
    if graph:
        accounts = {each.id: each.name or each.id for each in service.connections.list()}
        return _draw(session, graph_of(accounts, tables, found), picture, as_json=as_json)
    if as_json:
        print_json({"sandbox": session.sandbox, "flows": [each.to_json() for each in found]})
    elif found:
        print_table(COLUMNS, [each.to_row() for each in found])
    else:
        say(f"There is no such dataflow from a table in sandbox {session.sandbox}.")
    return ExitCode.OK


def _dataset_names(session: Session) -> Mapping[str, str]:
    """Return the names of datasets; none where the credentials may not read them, which their ids make up for."""
    try:
        return session.api.catalog(session.sandbox, session.deadline()).names()
    except Forbidden as error:
        say(f"Datasets are shown by their ids: {error.what} Their names need the permission 'View Datasets'.")
        return {}


def _draw(session: Session, graph: Graph, picture: Path | None, *, as_json: bool) -> ExitCode:
    if picture:
        try:
            picture.write_text(svg.draw(graph, f"Dataflows of sandbox {session.sandbox}"), encoding="utf-8")
        except OSError as error:
            raise FileInTheWay(
                f"{picture} cannot be written: {error.strerror}.", advice="Name another file with --svg."
            ) from None
    if as_json:
        nodes = [{"id": each.key, "kind": each.layer.value, "name": each.label} for each in graph.nodes]
        edges = [{"from": start, "to": end} for start, end in graph.edges]
        print_json({"sandbox": session.sandbox, "nodes": nodes, "edges": edges, "mermaid": mermaid.draw(graph)})
    else:
        print_line(mermaid.draw(graph), newline=False)
    return ExitCode.OK
