"""What source connections, target connections and flows have in common."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError, not_found
from pulumi_adobe_aep.emulator.flow_service.patches import Instruction, apply
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.flow_service.versions import require_match
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore


class Collection:
    """One kind of entity. Subclasses say what its body must hold and what the service adds when it is read."""

    kind: ClassVar[Kind]
    patchable: ClassVar[frozenset[str]]
    """The first parts of the paths that PATCH may change."""

    def __init__(self, store: EntityStore, rules: Rules) -> None:
        self._store = store
        self._rules = rules

    def validate(self, place: Place, fields: JsonObject, *, complete: bool) -> None:
        """Check a body.

        Args:
            place: the sandbox that its references are looked up in.
            fields: the body.
            complete: whether everything must be there; a draft may lack some of it.
        """
        raise NotImplementedError

    def check_start_of_use(self, fields: JsonObject) -> None:
        """Check what holds only when an entity is taken into use: created, or published as a draft."""

    def check_change(self, before: Entity, fields: JsonObject) -> None:
        """Check what a change may do to an entity that is there."""

    def inherited(self, entity: Entity) -> JsonObject:
        """Return what the service adds to the entity when it is read."""
        raise NotImplementedError

    def item(self, entity: Entity) -> JsonObject:
        """Return the entity as a reader sees it."""
        return {**entity.item(), **self.inherited(entity)}

    def is_visible(self, caller: Caller, entity: Entity) -> bool:
        """Return whether a caller of the entity's sandbox may see it."""
        del caller, entity
        return True

    def all(self, caller: Caller) -> Iterator[JsonObject]:
        """Return all entities of a sandbox as a reader sees them."""
        found = self._store.read_all(self.kind, caller.place)
        return (self.item(entity) for entity in found if self.is_visible(caller, entity))

    def read(self, caller: Caller, entity_id: str) -> JsonObject:
        """Return one entity as a reader sees it.

        Raises:
            FlowServiceError: 1439 when this sandbox has none with that id, or none that the caller may see.
        """
        entity = self._store.read(self.kind, caller.place, entity_id)
        if entity is None or not self.is_visible(caller, entity):
            raise not_found(self.kind, entity_id)
        return self.item(entity)

    def get(self, place: Place, entity_id: str) -> Entity:
        """Return one entity as it was written last, for a change of it.

        Raises:
            FlowServiceError: 1439 when this sandbox has none with that id.
        """
        entity = self._store.get(self.kind, place, entity_id)
        if entity is None:
            raise not_found(self.kind, entity_id)
        return entity

    def create(self, caller: Caller, body: JsonObject, *, draft: bool = False) -> Entity:
        """Create an entity."""
        self.validate(caller.place, body, complete=not draft)
        if not draft:
            self.check_start_of_use(body)
        return self._store.add(self.kind, caller.place, caller.author, body, state="draft" if draft else "enabled")

    def patch(
        self, caller: Caller, entity_id: str, if_match: str | None, instructions: Sequence[Instruction]
    ) -> Entity:
        """Change an entity.

        Raises:
            FlowServiceError: 1439, 1403, 1404, 1414, 1455 or 2120.
            ConnectorError: a path that cannot be changed, or a body that does not fit.
        """
        entity = self.for_change(caller, entity_id)
        require_match(entity, if_match, self._rules)
        for instruction in instructions:
            if instruction.path[0] == "connectionSpec":
                raise FlowServiceError("1414-400")
            if instruction.path[0] not in self.patchable and not self._rules.loose:
                raise ConnectorError("1365-400", path=instruction.pointer)
        fields = apply(instructions, entity.fields)
        self.check_change(entity, fields)
        self.validate(caller.place, fields, complete=entity.state != "draft")
        return self._write(entity, caller, fields, instructions)

    def delete(self, caller: Caller, entity_id: str) -> None:
        """Delete an entity. No document says that one in use cannot be deleted, but for base connections.

        Raises:
            FlowServiceError: 1439 or 2120.
        """
        self._store.remove(self.for_change(caller, entity_id))

    def publish(self, caller: Caller, entity_id: str) -> Entity:
        """Take a draft into use.

        Raises:
            FlowServiceError: 1422 when it is not a draft, or what it refers to still is one.
        """
        entity = self.for_change(caller, entity_id)
        if entity.state != "draft":
            raise FlowServiceError("1422-400", action="publish", state=entity.state)
        self.validate(caller.place, entity.fields, complete=True)
        self.check_start_of_use(entity.fields)
        return self._store.update(entity, caller.author, state="enabled")

    def for_change(self, caller: Caller, entity_id: str) -> Entity:
        """Return an entity that a caller wants to change.

        Raises:
            FlowServiceError: 1439, or 2120 for one that the caller may not see.
        """
        entity = self.get(caller.place, entity_id)
        if not self.is_visible(caller, entity):
            raise FlowServiceError("2120-403")
        return entity

    def _write(self, entity: Entity, caller: Caller, fields: JsonObject, instructions: Sequence[Instruction]) -> Entity:
        """Write a changed entity."""
        del instructions
        return self._store.update(entity, caller.author, fields=fields)

    def _referenced(self, kind: Kind, place: Place, entity_id: object, *, published: bool) -> Entity:
        """Return an entity that a body refers to."""
        entity = self._store.get(kind, place, str(entity_id))
        if entity is None:
            raise not_found(kind, str(entity_id))
        if published and entity.state == "draft":
            raise FlowServiceError("1422-400", action="publish", state="draft")
        return entity


def require(holder: object, name: str) -> object:
    """Return a member of a JSON object that must be there and not be empty.

    Raises:
        ConnectorError: 1304 when it is not.
    """
    value = holder.get(name) if isinstance(holder, dict) else None
    if value in (None, "", [], {}):
        raise ConnectorError("1304-400", field=name)
    return value
