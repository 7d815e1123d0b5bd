"""The rows of a PostgreSQL table, read in parts."""

import asyncio
import math
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Final

import psycopg
from psycopg import sql

from pulumi_adobe_aep.emulator.databases import postgresql
from pulumi_adobe_aep.emulator.databases.column_types import Column
from pulumi_adobe_aep.emulator.databases.target import Target

Row = dict[str, object]

PART: Final = 500
"""Rows that are in memory at a time."""

_TABLE: Final = f"""
    SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE {postgresql.PATH} = %s
       AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""  # noqa: S608 - our own constant
# A type that XDM lacks is text as PostgreSQL writes it; times are written in UTC, which the session's time zone is.
_AS_IT_IS: Final = sql.SQL("{}")
_SELECTED: Final[Mapping[str, sql.SQL]] = {
    "string": sql.SQL("{}::text"),
    "number": sql.SQL("{}::float8"),
    "date": sql.SQL("to_char({}, 'YYYY-MM-DD')"),
    "date-time": sql.SQL('to_char({}, \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')'),
}


@dataclass(frozen=True)
class Selection:
    """What is read of a table.

    Attributes:
        table: its path, as explore shows it.
        columns: which columns; none of them means all.
        delta_column: the column whose times are compared with the window; it is of a date or time type.
        start: from when on, in milliseconds; None for no limit.
        end: up to when, in milliseconds; None for no limit.
        limit: at most so many rows.
    """

    table: str
    columns: Sequence[str] = ()
    delta_column: str | None = None
    start: int | None = None
    end: int | None = None
    limit: int | None = None


async def read(target: Target, selection: Selection, seconds: float) -> AsyncGenerator[list[Row], None]:
    """Return the rows in parts, with values that JSON can hold.

    Args:
        target: the database.
        selection: what is read.
        seconds: how long the database may take for each part.

    Raises:
        DatabaseError: there is no such table or column, the delta column cannot be compared, or it did not work.
    """
    columns = _chosen(await postgresql.columns(target, selection.table, seconds), selection)
    parts = _parts(target, selection, columns)
    async with aclosing(parts):
        while True:
            with postgresql.explained(target, seconds):
                part = await asyncio.wait_for(anext(parts, None), seconds)
            if part is None:
                return
            yield [_row(columns, values) for values in part]


def _chosen(columns: Sequence[Column], selection: Selection) -> list[Column]:
    if not columns:
        raise postgresql.DatabaseError(f"no columns were found for table {selection.table}")
    if not selection.columns:
        return list(columns)
    by_name = {column["name"]: column for column in columns}
    missing = [name for name in selection.columns if name not in by_name]
    if missing:
        raise postgresql.DatabaseError(f'column "{missing[0]}" does not exist in table {selection.table}')
    return [by_name[name] for name in selection.columns]


async def _parts(
    target: Target, selection: Selection, columns: Sequence[Column]
) -> AsyncGenerator[list[tuple[object, ...]], None]:
    connection = await psycopg.AsyncConnection.connect(**target.parameters())  # type: ignore[arg-type]
    async with connection:
        await connection.execute("SET TRANSACTION READ ONLY")
        await connection.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor = await connection.execute(_TABLE, (selection.table,))
        found = await cursor.fetchone()
        if found is None:
            raise postgresql.DatabaseError(f"no columns were found for table {selection.table}")
        # A cursor of the server's: the client never holds more than a part of a large table.
        async with connection.cursor(name="rows") as rows:
            await rows.execute(_query(found, selection, columns), _limits(selection))
            while part := await rows.fetchmany(PART):
                yield part


def _query(table: tuple[str, ...], selection: Selection, columns: Sequence[Column]) -> sql.Composed:
    selected = sql.SQL(", ").join(
        _SELECTED.get(_type(column), _AS_IT_IS).format(sql.Identifier(column["name"])) for column in columns
    )
    query = sql.SQL("SELECT {} FROM {}").format(selected, sql.Identifier(*table))
    if selection.delta_column is not None and selection.end is not None:
        delta = sql.Identifier(selection.delta_column)
        # A column without a time zone is compared as UTC, which the session's time zone is.
        query += sql.SQL(" WHERE {} < %(end)s").format(delta)
        if selection.start is not None:
            query += sql.SQL(" AND {} >= %(start)s").format(delta)
        query += sql.SQL(" ORDER BY {}").format(delta)
    if selection.limit is not None:
        query += sql.SQL(" LIMIT %(limit)s")
    return query


def _limits(selection: Selection) -> dict[str, object]:
    return {"start": _moment(selection.start), "end": _moment(selection.end), "limit": selection.limit}


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def _type(column: Column) -> str:
    return column.get("meta:xdmType", column["type"])


def _row(columns: Sequence[Column], values: Sequence[object]) -> Row:
    return {column["name"]: _plain(value) for column, value in zip(columns, values, strict=True)}


def _plain(value: object) -> object:
    """Return a value that JSON can hold: it has no infinity and no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
