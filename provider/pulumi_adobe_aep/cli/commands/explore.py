"""`pulumi-adobe-aep explore`: the tables behind a connection, and their columns."""

from __future__ import annotations

from typing import Any

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, print_table, say
from pulumi_adobe_aep.cli.session import Session


@click.command("explore", short_help="List tables, or the columns of one.")
@options.connection_id
@click.argument("table", required=False)
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, table: str | None, as_json: bool) -> ExitCode:
    """List the tables that the base connection ID reaches, or the columns of TABLE.

    TABLE is a table's PATH as the list has it.
    """
    with session.looking_for_connection():
        answer = session.service().explore(connection_id, table)
    place = {"sandbox": session.sandbox, "id": connection_id}
    if table is None:
        tables = [_pick(each, "name", "path", "type") for each in _objects(answer)]
        if as_json:
            print_json({**place, "tables": tables})
        elif tables:
            print_table(("PATH", "TYPE"), [(each["path"] or each["name"] or "", each["type"] or "") for each in tables])
        else:
            say("The connection's database role can read no table.")
        return ExitCode.OK
    schema = answer.get("schema") if isinstance(answer, dict) else None
    columns = [_column(each) for each in _objects(schema.get("columns") if isinstance(schema, dict) else None)]
    if as_json:
        print_json({**place, "table": table, "columns": columns})
    else:
        print_table(
            ("COLUMN", "TYPE", "FORMAT"), [[each[key] or "" for key in ("name", "type", "format")] for each in columns]
        )
    return ExitCode.OK


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _pick(item: dict[str, Any], *keys: str) -> dict[str, str | None]:
    return {key: item[key] if isinstance(item.get(key), str) else None for key in keys}


def _column(item: dict[str, Any]) -> dict[str, str | None]:
    xdm = item.get("xdm")
    return {**_pick(item, "name", "type"), "format": _pick(xdm if isinstance(xdm, dict) else {}, "format")["format"]}
