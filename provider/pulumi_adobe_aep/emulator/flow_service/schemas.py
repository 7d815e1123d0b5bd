"""The Schema Registry's tenant schemas. They are put there by tests: nothing here writes one."""

from collections.abc import Iterator

from pulumi_adobe_aep.emulator.data_prep.schemas import SchemaError, XdmSchema, schema_version
from pulumi_adobe_aep.emulator.errors import not_found
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore


class Schemas:
    """The schemas of each sandbox, found by their ``$id`` or ``meta:altId``."""

    def __init__(self, store: EntityStore) -> None:
        self._store = store
        self._understood: dict[str, tuple[Entity, XdmSchema]] = {}

    def all(self, place: Place) -> Iterator[Entity]:
        """Return all schemas of a sandbox."""
        return iter(self._store.all("schemas", place))

    def get(self, place: Place, schema_id: str) -> Entity:
        """Return one schema.

        Raises:
            FlowServiceError: 1439 when this sandbox has none with that id.
        """
        found = self._find(place, schema_id)
        if found is None:
            raise not_found("schemas", schema_id)
        return found

    def known(self, place: Place, schema_id: object) -> XdmSchema | None:
        """Return the fields of a schema, None where the sandbox does not know it."""
        entity = self._find(place, str(schema_id))
        if entity is None:
            return None
        held = self._understood.get(entity.id)
        if held is not None and held[0] is entity:
            return held[1]
        schema = XdmSchema(entity.fields)
        self._understood[entity.id] = (entity, schema)
        return schema

    def _find(self, place: Place, schema_id: str) -> Entity | None:
        return next((each for each in self.all(place) if schema_id in _names(each.fields)), None)


def check(fields: JsonObject) -> None:
    """Check what a test wants to be a schema.

    Raises:
        SchemaError: it has no ``$id`` or version, or cannot be used; the message says why.
    """
    if not isinstance(fields.get("$id"), str):
        raise SchemaError("a schema has an $id")
    if schema_version(fields.get("version")) is None:
        raise SchemaError("a schema has a version, such as 1.0")
    XdmSchema(fields)


def _names(fields: JsonObject) -> tuple[object, object]:
    return fields.get("$id"), fields.get("meta:altId")
