"""Queries to a PostgreSQL server."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import psycopg

from pulumi_adobe_aep.emulator.databases.column_types import Column, column
from pulumi_adobe_aep.emulator.databases.tables import Table, table
from pulumi_adobe_aep.emulator.databases.target import Target

_Result = TypeVar("_Result")

PATH: Final = " || '.' || ".join(
    f"CASE WHEN {name} ~ '[.\"]' THEN pg_catalog.quote_ident({name}) ELSE {name}::text END"
    for name in ("n.nspname", "c.relname")
)
"""The path of a table: schema and name, each in quotes only where it holds a dot or a quote itself.

So every table has a path of its own, and no usual name looks other than in Adobe's examples.
"""

_TABLES: Final = f"""
    SELECT {PATH}
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND NOT c.relispartition
       AND n.nspname NOT LIKE 'pg\\_%'
       AND n.nspname <> 'information_schema'
       AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
     ORDER BY 1
"""  # noqa: S608 - our own constant
_COLUMNS: Final = f"""
    WITH RECURSIVE resolved AS (
        SELECT a.attnum, a.attname, t.typname, t.typtype, t.typbasetype
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         WHERE {PATH} = %s
           AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
           AND a.attnum > 0
           AND NOT a.attisdropped
           AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
         UNION ALL
        SELECT r.attnum, r.attname, t.typname, t.typtype, t.typbasetype
          FROM resolved r
          JOIN pg_catalog.pg_type t ON t.oid = r.typbasetype
         WHERE r.typtype = 'd'
    )
    SELECT attname, typname FROM resolved WHERE typtype <> 'd' ORDER BY attnum
"""  # noqa: S608 - our own constant


_SHORTEST_SECRET: Final = 4
"""A shorter one would be found in every word."""


class DatabaseError(Exception):
    """The database's own words for what went wrong, without the password."""


class DatabaseTimeoutError(DatabaseError):
    """The database did not respond in time."""


async def check(target: Target, seconds: float) -> None:
    """Log in and run a query.

    Args:
        target: the database.
        seconds: how long it may take.

    Raises:
        DatabaseError: it did not work.
    """
    await _ask(target, seconds, _select_one)


async def tables(target: Target, seconds: float) -> list[Table]:
    """Return the tables and views that the user may read, in the order of their paths.

    Args:
        target: the database.
        seconds: how long it may take.

    Raises:
        DatabaseError: it did not work.
    """
    names = await _ask(target, seconds, _table_names)
    return [table(name) for name in names]


async def columns(target: Target, table: str, seconds: float) -> list[Column]:
    """Return the columns of a table, none when there is no such table.

    Args:
        target: the database.
        table: its path, as `tables` returns it.
        seconds: how long it may take.

    Raises:
        DatabaseError: it did not work.
    """

    async def ask(connection: "psycopg.AsyncConnection[tuple[str, ...]]") -> list[Column]:
        cursor = await connection.execute(_COLUMNS, (table,))
        return [column(name, postgres_type) for name, postgres_type in await cursor.fetchall()]

    return await _ask(target, seconds, ask)


async def _select_one(connection: "psycopg.AsyncConnection[tuple[str, ...]]") -> None:
    await connection.execute("SELECT 1")


async def _table_names(connection: "psycopg.AsyncConnection[tuple[str, ...]]") -> list[str]:
    cursor = await connection.execute(_TABLES)
    return [name for (name,) in await cursor.fetchall()]


async def _ask(
    target: Target,
    seconds: float,
    question: "Callable[[psycopg.AsyncConnection[tuple[str, ...]]], Awaitable[_Result]]",
) -> _Result:
    async def conversation() -> _Result:
        connection = await psycopg.AsyncConnection.connect(**target.parameters(), autocommit=True)  # type: ignore[arg-type]
        async with connection:
            return await question(connection)

    with explained(target, seconds):
        return await asyncio.wait_for(conversation(), seconds)


@contextmanager
def explained(target: Target, seconds: float) -> Iterator[None]:
    """Turn what goes wrong with a database into its own words, without the password.

    Args:
        target: the database.
        seconds: how long it was waited for.

    Raises:
        DatabaseError: something went wrong.
    """
    try:
        yield
    except (TimeoutError, asyncio.TimeoutError):
        raise DatabaseTimeoutError(f"the database did not respond within {seconds:g} seconds") from None
    except (psycopg.Error, OSError, UnicodeError) as error:
        # No PostgreSQL says a password back, but a server that a connection names need not be PostgreSQL.
        text = str(error).strip()
        text = text.replace(target.password, "***") if len(target.password) >= _SHORTEST_SECRET else text
        raise DatabaseError(text or type(error).__name__) from None
