"""`pulumi-adobe-aep explore`: the tables behind a connection, their columns and their rows."""

from __future__ import annotations

import json
from typing import Any

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, print_table, say
from pulumi_adobe_aep.cli.session import Session

_MOST_ROWS = 100
"""Adobe's interface shows as many; a service that sends more is not a reason to fill a terminal."""
_WIDEST_CELL = 60


@click.command("explore", short_help="List tables, or the columns or rows of one table.")
@options.connection_id
@click.argument("table", required=False)
@click.option("--preview", is_flag=True, help="Print up to 100 rows of TABLE instead of its columns.")
@options.as_json
@options.with_session
def command(session: Session, *, connection_id: str, table: str | None, preview: bool, as_json: bool) -> ExitCode:
    """List the tables of the base connection ID, or the columns or some rows of TABLE.

    TABLE is the PATH of a table in the list of tables.
    """
    if preview and table is None:
        raise click.UsageError("--preview prints the rows of one table: name it after the id.")
    with session.looking_for_connection():
        response = session.service().explore(connection_id, table, preview=preview)
    place = {"sandbox": session.sandbox, "id": connection_id}
    if table is None:
        tables = [_pick(each, "name", "path", "type") for each in _objects(response)]
        if as_json:
            print_json({**place, "tables": tables})
        elif tables:
            print_table(("PATH", "TYPE"), [(each["path"] or each["name"] or "", each["type"] or "") for each in tables])
        else:
            say("The connection's database role can read no table.")
        return ExitCode.OK
    schema = response.get("schema") if isinstance(response, dict) else None
    columns = [_column(each) for each in _objects(schema.get("columns") if isinstance(schema, dict) else None)]
    if preview:
        rows = _objects(response.get("data") if isinstance(response, dict) else None)[:_MOST_ROWS]
        _print_rows({**place, "table": table}, [str(each["name"]) for each in columns], rows, as_json=as_json)
    elif as_json:
        print_json({**place, "table": table, "columns": columns})
    else:
        print_table(
            ("COLUMN", "TYPE", "FORMAT"), [[each[key] or "" for key in ("name", "type", "format")] for each in columns]
        )
    return ExitCode.OK


def _print_rows(place: dict[str, object], columns: list[str], rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({**place, "rows": rows})
    elif rows:
        # A column that the schema does not name is shown all the same.
        names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
        print_table(names, [[_cell(row.get(name)) for name in names] for row in rows])
    else:
        say(f"{place['table']} has no rows that the connection's database role can read.")


def _cell(value: Any) -> str:
    """Return a value as a row of a table has it: what is long is cut off, nothing is an empty cell."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST_CELL else f"{text[: _WIDEST_CELL - 1]}…"


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _pick(item: dict[str, Any], *keys: str) -> dict[str, str | None]:
    return {key: item[key] if isinstance(item.get(key), str) else None for key in keys}


def _column(item: dict[str, Any]) -> dict[str, str | None]:
    xdm = item.get("xdm")
    return {**_pick(item, "name", "type"), "format": _pick(xdm if isinstance(xdm, dict) else {}, "format")["format"]}
