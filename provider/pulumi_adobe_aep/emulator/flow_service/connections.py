"""Base connections."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from typing import Final

from pulumi_adobe_aep.emulator.databases.column_types import Column
from pulumi_adobe_aep.emulator.databases.postgresql import DatabaseError, DatabaseTimeoutError
from pulumi_adobe_aep.emulator.databases.rows import Row, Selection
from pulumi_adobe_aep.emulator.databases.tables import Table
from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError, not_found
from pulumi_adobe_aep.emulator.flow_service.credentials import readable, validate
from pulumi_adobe_aep.emulator.flow_service.patches import Instruction, apply
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.flow_service.source_databases import SourceDatabases
from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.emulator.flow_service.spec_references import require_spec
from pulumi_adobe_aep.emulator.flow_service.versions import require_match
from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

CHANGEABLE_STATES: Final = ("enabled", "disabled", "initializing")
PREVIEWED_ROWS: Final = 100
"""Adobe's page on databases in the UI: "up to 100 rows"."""
_STATE_ERRORS: Final = {"disabling": "1420-400", "updating": "1421-400"}


class Connections:
    """The collection ``/connections``."""

    def __init__(self, store: EntityStore, rules: Rules, databases: SourceDatabases) -> None:
        self._store = store
        self._rules = rules
        self._databases = databases
        self._shown: dict[str, tuple[Entity, Switches, JsonObject]] = {}

    def forget(self) -> None:
        """Forget what was shown to readers; the store has been emptied."""
        self._shown.clear()

    def all(self, place: Place) -> Iterator[JsonObject]:
        """Return all connections of a sandbox as a reader sees them."""
        return map(self.readable, self._store.read_all("connections", place))

    def read(self, place: Place, connection_id: str) -> Entity:
        """Return one connection as a reader finds it.

        Raises:
            FlowServiceError: 1439 when this sandbox has none with that id.
        """
        entity = self._store.read("connections", place, connection_id)
        if entity is None:
            raise not_found("connections", connection_id)
        return entity

    def get(self, place: Place, connection_id: str) -> Entity:
        """Return one connection as it was written last, for a change of it.

        Raises:
            FlowServiceError: 1439 when this sandbox has none with that id.
        """
        entity = self._store.get("connections", place, connection_id)
        if entity is None:
            raise not_found("connections", connection_id)
        return entity

    def readable(self, entity: Entity) -> JsonObject:
        """Return a connection as a reader sees it: the secrets as the switch says. The result is not to be changed."""
        switches = self._rules.switches
        known = self._shown.get(entity.id)
        # An entity at one revision never changes, and lists ask for thousands of them again and again.
        if known is not None and known[0] is entity and known[1] is switches:
            return known[2]
        item = readable(entity.item(), switches)
        self._shown[entity.id] = (entity, switches, item)
        return item

    async def create(self, caller: Caller, body: JsonObject, *, draft: bool = False) -> Entity:
        """Create a connection. Names need not be unique: no document of Adobe's says so.

        Args:
            caller: who creates it, and where.
            body: the request's body, already of the right types.
            draft: whether it is a draft, which may lack credentials.

        Raises:
            FlowServiceError: 1413 for an unknown spec, 1415 for an unknown auth spec, 1422 when drafts are not
                supported.
            ConnectorError: the credentials do not fit the spec, or the database refused them.
        """
        if require_spec(body, self._rules) not in TABLE_SOURCES:
            raise FlowServiceError("1413-400")
        if not body.get("name"):
            raise ConnectorError("1304-400", field="name")
        if draft and self._rules.switches.drafts == "unsupported":
            raise FlowServiceError("1422-400", action="draft", state="none")
        await self._check_auth(body, complete=not draft)
        body = self._with_server_keys(body)
        if draft:
            return self._store.add("connections", caller.place, caller.author, body, state="draft")
        return self._store.add("connections", caller.place, caller.author, body, settle_after=self._settle_after)

    async def patch(
        self, caller: Caller, connection_id: str, if_match: str | None, instructions: Sequence[Instruction]
    ) -> Entity:
        """Change a connection.

        Raises:
            FlowServiceError: 1439, 1403, 1404, 1414, 1445, 1455, 1456 or one that the connection's state calls for.
            ConnectorError: a path that cannot be changed, or credentials that do not fit.
        """
        if self._rules.switches.patch == "disabled":
            raise FlowServiceError("1445-400")
        entity = self.get(caller.place, connection_id)
        require_match(entity, if_match, self._rules)
        self._require_changeable(entity, caller, "update")
        for instruction in instructions:
            self._require_allowed(instruction)
        fields = apply(instructions, {**entity.fields, "state": entity.state})
        state = str(fields.pop("state", entity.state))
        if state != entity.state and state not in CHANGEABLE_STATES:
            raise FlowServiceError("1456-400", state=state)
        name, description = fields.get("name"), fields.get("description", "")
        if not isinstance(name, str) or not name:
            raise ConnectorError("1304-400", field="name")
        if not isinstance(description, str):
            raise ConnectorError("1312-400", value=description, field="description")
        if fields.get("auth") != entity.fields.get("auth"):
            await self._check_auth(fields, complete=entity.state != "draft")
            # The check may have let another request in.
            require_match(self.get(caller.place, connection_id), if_match, self._rules)
            fields = self._with_server_keys(fields)
        return self._store.update(entity, caller.author, fields=fields, state=None if state == entity.state else state)

    def delete(self, caller: Caller, connection_id: str) -> None:
        """Delete a connection, at once or within the time that the switches say.

        Raises:
            FlowServiceError: 1439, 1418 when flows use it, or one that its state calls for.
        """
        entity = self.get(caller.place, connection_id)
        self._require_changeable(entity, caller, "delete")
        if self._is_used(entity):
            raise FlowServiceError("1418-400", id=connection_id)
        switches = self._rules.switches
        self._shown.pop(connection_id, None)
        self._store.remove(entity, after=0 if switches.delete_mode == "204" else int(switches.delete_seconds * 1000))

    async def publish(self, caller: Caller, connection_id: str) -> Entity:
        """Make a draft a connection in use.

        Raises:
            FlowServiceError: 1439, or 1422 when it is not a draft.
            ConnectorError: its credentials are not complete.
        """
        entity = self.get(caller.place, connection_id)
        if entity.state != "draft":
            raise FlowServiceError("1422-400", action="publish", state=entity.state)
        await self._check_auth(entity.fields)
        # The check may have let another request in.
        entity = self.get(caller.place, connection_id)
        return self._store.update(entity, caller.author, state="enabled", settle_after=self._settle_after)

    async def test(self, place: Place, connection_id: str) -> bool:
        """Log in to the connection's database and return whether that worked.

        Raises:
            FlowServiceError: 1439.
            ConnectorError: 1308 with the database's own text, when the switch says so.
        """
        entity = self.read(place, connection_id)
        try:
            await self._databases.check(entity.fields, entity.id)
        except DatabaseError as error:
            if self._rules.switches.test_failure == "error":
                raise ConnectorError("1308-400", text=error) from None
            return False
        return True

    async def tables(self, place: Place, connection_id: str) -> list[Table]:
        """Return the tables of the connection's database.

        Raises:
            FlowServiceError: 1439.
            ConnectorError: 1308 with the database's own text, 1006 when it does not response in time.
        """
        entity = self.read(place, connection_id)
        try:
            return await self._databases.tables(entity)
        except DatabaseError as error:
            raise _connector_error(error) from None

    async def columns(self, place: Place, connection_id: str, table: str) -> list[Column]:
        """Return the columns of one table of the connection's database.

        Raises:
            FlowServiceError: 1439.
            ConnectorError: as in `tables`, and 1330 when there is no such table.
        """
        entity = self.read(place, connection_id)
        try:
            columns = await self._databases.columns(entity, table)
        except DatabaseError as error:
            raise _connector_error(error) from None
        if not columns:
            raise ConnectorError("1330-400", table=table)
        return columns

    async def preview(self, place: Place, connection_id: str, table: str) -> list[Row]:
        """Return the first rows of one table of the connection's database.

        Raises:
            FlowServiceError: 1439.
            ConnectorError: as in `tables`.
        """
        entity = self.read(place, connection_id)
        try:
            async with aclosing(self._databases.rows(entity, Selection(table, limit=PREVIEWED_ROWS))) as parts:
                return [row async for part in parts for row in part]
        except DatabaseError as error:
            raise _connector_error(error) from None

    @property
    def _settle_after(self) -> int:
        return int(self._rules.switches.settle_seconds * 1000)

    def _with_server_keys(self, fields: JsonObject) -> JsonObject:
        auth = fields.get("auth")
        if self._rules.switches.server_keys == "none" or not isinstance(auth, dict):
            return fields
        return {**fields, "auth": {**auth, "params": {**auth["params"], "authorizedDate": self._store.now()}}}

    async def _check_auth(self, fields: JsonObject, *, complete: bool = True) -> None:
        validate(fields, self._rules, complete=complete)
        if complete and self._rules.switches.create_check == "refuse":
            try:
                await self._databases.check(fields)
            except DatabaseError as error:
                raise _connector_error(error) from None

    def _require_changeable(self, entity: Entity, caller: Caller, operation: str) -> None:
        if entity.state == "initializing" and caller.is_user:
            raise FlowServiceError("1417-400")
        if entity.state == "delete-finalizing":
            raise FlowServiceError("1457-400" if operation == "update" else "1458-400")
        if entity.state in _STATE_ERRORS:
            raise FlowServiceError(_STATE_ERRORS[entity.state])
        # Adobe's tutorial on drafts changes and deletes them, although the error's text does not name their state.
        if entity.state not in {*CHANGEABLE_STATES, "draft"}:
            raise FlowServiceError("1416-400")

    def _require_allowed(self, instruction: Instruction) -> None:
        first, depth = instruction.path[0], len(instruction.path)
        if first == "connectionSpec":
            raise FlowServiceError("1414-400")
        allowed = (first in {"name", "description", "state"} and depth == 1) or instruction.path == ("auth", "params")
        if first == "auth" and (self._rules.switches.patch_auth == "parts" or self._rules.loose):
            allowed = True
        if not allowed and instruction.operation != "add" and first not in {"auth", "id", "version", "etag"}:
            raise FlowServiceError("1455-400", text=f'Missing field "{instruction.path[-1]}".')
        if not allowed:
            raise ConnectorError("1365-400", path=instruction.pointer)

    def _is_used(self, entity: Entity) -> bool:
        sources = {
            each.id
            for each in self._store.all("sourceConnections", entity.place)
            if each.fields.get("baseConnectionId") == entity.id
        }
        if self._rules.switches.in_use_by == "source-connections" and sources:
            return True
        return any(
            sources.intersection(map(str, used))
            for flow in self._store.all("flows", entity.place)
            if isinstance(used := flow.fields.get("sourceConnectionIds"), list)
        )


def _connector_error(error: DatabaseError) -> ConnectorError:
    if isinstance(error, DatabaseTimeoutError):
        return ConnectorError("1006-408")
    return ConnectorError("1308-400", text=error)
