"""What is behind a connection for tests, explore and runs: a PostgreSQL, or what simulates another database."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from pulumi_adobe_aep.emulator.databases import postgresql
from pulumi_adobe_aep.emulator.databases.column_types import Column, typed_column
from pulumi_adobe_aep.emulator.databases.postgresql import DatabaseError
from pulumi_adobe_aep.emulator.databases.rows import Row, Selection, read
from pulumi_adobe_aep.emulator.databases.stand_ins import StandIn, StandIns
from pulumi_adobe_aep.emulator.databases.tables import Table, table
from pulumi_adobe_aep.emulator.databases.target import Target, TargetError, target
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.flow_service.sources.relational import POSTGRESQL_ID
from pulumi_adobe_aep.emulator.flow_service.spec_references import spec_id
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject


class SourceDatabases:
    """The databases behind the connections."""

    def __init__(self, rules: Rules, stand_ins: StandIns) -> None:
        self._rules = rules
        self._stand_ins = stand_ins

    async def check(self, fields: JsonObject, connection_id: str | None = None) -> None:
        """Log in.

        Args:
            fields: what the connection's body says.
            connection_id: its id, None before it has one.

        Raises:
            DatabaseError: it did not work.
        """
        if _is_postgresql(fields):
            await postgresql.check(_target(fields), self._seconds)
        else:
            self._stand_in(connection_id)

    async def tables(self, connection: Entity) -> list[Table]:
        """Return the tables of the connection's database.

        Raises:
            DatabaseError: it did not work.
        """
        if _is_postgresql(connection.fields):
            return await postgresql.tables(_target(connection.fields), self._seconds)
        return [table(each.path) for each in self._stand_in(connection.id).tables]

    async def columns(self, connection: Entity, path: str) -> list[Column]:
        """Return the columns of one table of the connection's database, none when there is no such table.

        Raises:
            DatabaseError: it did not work.
        """
        if _is_postgresql(connection.fields):
            return await postgresql.columns(_target(connection.fields), path, self._seconds)
        found = self._stand_in(connection.id).table(path)
        return [] if found is None else [typed_column(each.name, each.type) for each in found.columns]

    async def rows(self, connection: Entity, selection: Selection) -> AsyncGenerator[list[Row], None]:
        """Return rows of the connection's database, in parts. A simulated database has none.

        Raises:
            DatabaseError: it did not work, or there is no such table.
        """
        if _is_postgresql(connection.fields):
            async with aclosing(read(_target(connection.fields), selection, self._seconds)) as parts:
                async for part in parts:
                    yield part
        elif self._stand_in(connection.id).table(selection.table) is None:
            raise DatabaseError(f"no columns were found for table {selection.table}")

    @property
    def _seconds(self) -> float:
        return self._rules.switches.database_seconds

    def _stand_in(self, connection_id: str | None) -> StandIn:
        stand_in = self._stand_ins.of(connection_id)
        reachable = stand_in.reachable
        if reachable is None:
            reachable = self._rules.switches.other_databases == "reachable"
        if not reachable:
            raise DatabaseError("the emulator is set up so that this database cannot be reached")
        return stand_in


def _is_postgresql(fields: JsonObject) -> bool:
    return spec_id(fields) == POSTGRESQL_ID


def _target(fields: JsonObject) -> Target:
    auth = fields.get("auth")
    if not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        raise DatabaseError("the connection has no credentials")
    try:
        return target(str(auth.get("specName")), auth["params"])
    except TargetError as error:
        raise DatabaseError(str(error)) from None
