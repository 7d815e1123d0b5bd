"""Catalog's data sets, and the batches that runs leave in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi_adobe_aep.emulator.errors import FlowServiceError, not_found
from pulumi_adobe_aep.emulator.flow_service.collection import require
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

DEFAULT_LIMIT: Final = 20
MAXIMUM_LIMIT: Final = 100
_CHANGEABLE: Final = frozenset(
    {"name", "description", "tags", "enableErrorDiagnostics", "observableSchema", "fileDescription"}
)


@dataclass(frozen=True)
class DataSetQuery:
    """What a list of data sets asks for.

    Attributes:
        properties: which fields are shown; none of them means all.
        order: a field, with ``desc:`` or ``asc:`` before it or ``-`` for descending.
    """

    name: str | None = None
    limit: int = DEFAULT_LIMIT
    start: int = 0
    order: str | None = None
    properties: Sequence[str] = ()


class DataSets:
    """The data sets of each sandbox."""

    def __init__(self, store: EntityStore, identifiers: Identifiers) -> None:
        self._store = store
        self._identifiers = identifiers

    def use(self, identifiers: Identifiers) -> None:
        """Go on with another source of ids."""
        self._identifiers = identifiers

    def create(self, caller: Caller, body: JsonObject) -> Entity:
        """Create a data set.

        Raises:
            ConnectorError: 1304 without a name or schema.
        """
        require(body, "name")
        require(require(body, "schemaRef"), "id")
        entity_id = self._identifiers.hexadecimal(24)
        return self._store.add("dataSets", caller.place, caller.author, body, entity_id=entity_id)

    def get(self, place: Place, data_set_id: str) -> Entity:
        """Return a data set.

        Raises:
            FlowServiceError: 1439.
        """
        entity = self._store.get("dataSets", place, data_set_id)
        if entity is None:
            raise not_found("dataSets", data_set_id)
        return entity

    def list(self, place: Place, query: DataSetQuery) -> dict[str, JsonObject]:
        """Return data sets by their ids.

        Raises:
            FlowServiceError: 1452 for a limit or start that is not possible.
        """
        if not 1 <= query.limit <= MAXIMUM_LIMIT:
            raise FlowServiceError("1452-400", value=query.limit, field="limit")
        if query.start < 0:
            raise FlowServiceError("1452-400", value=query.start, field="start")
        found = [each for each in self._store.all("dataSets", place) if query.name in (None, each.fields.get("name"))]
        if query.order is not None:
            field = query.order.removeprefix("desc:").removeprefix("asc:").removeprefix("-")
            descending = query.order.startswith(("desc:", "-"))
            found.sort(key=lambda each: str(shown(each).get(field, "")), reverse=descending)
        page = found[query.start : query.start + query.limit]
        return {each.id: _only(shown(each), query.properties) for each in page}

    def change(self, caller: Caller, data_set_id: str, changes: Mapping[str, object], *, deep: bool) -> Entity:
        """Change a data set.

        Args:
            caller: who changes it.
            data_set_id: which one.
            changes: the new values of fields; null takes a field away.
            deep: whether objects are merged instead of replaced, as in version 2 of the API.

        Raises:
            FlowServiceError: 1439, or 1455 for a field that cannot be changed.
        """
        entity = self.get(caller.place, data_set_id)
        wrong = [name for name in changes if name not in _CHANGEABLE]
        if wrong:
            raise FlowServiceError("1455-400", text=f'Invalid field "{wrong[0]}".')
        return self._store.update(entity, caller.author, fields=_merged(entity.fields, changes, deep=deep))

    def delete(self, place: Place, data_set_id: str) -> bool:
        """Delete a data set with everything in it; return whether there was one, which Catalog's response also says."""
        entity = self._store.get("dataSets", place, data_set_id)
        if entity is None:
            return False
        self.discard(entity)
        return True

    def discard(self, entity: Entity) -> None:
        """Remove a data set with its batches and their records."""
        for batch in list(self.batches(entity.id)):
            self._store.remove(batch)
        self._store.remove(entity)

    def batches(self, data_set_id: str) -> Iterator[Entity]:
        """Return the batches of a data set, oldest first."""
        return (each for each in self._store.all("batches") if each.fields.get("dataSetId") == data_set_id)

    def count(self, data_set_id: str) -> int:
        """Return how many records a data set has."""
        return sum(_size(batch) for batch in self.batches(data_set_id))

    def records(self, data_set_id: str, offset: int, limit: int) -> Iterator[str]:
        """Return the records of a data set as JSON, in the order of their ingestion.

        Args:
            data_set_id: which data set.
            offset: how many are left out.
            limit: how many are returned.
        """
        for batch in self.batches(data_set_id):
            size = _size(batch)
            if offset >= size:
                offset -= size
                continue
            found = list(self._store.rows.of(batch.id, offset, limit))
            yield from found
            offset, limit = 0, limit - len(found)
            if not limit:
                return


def shown(entity: Entity) -> JsonObject:
    """Return a data set as Catalog shows it."""
    return {
        **entity.fields,
        "imsOrg": entity.place.org_id,
        "sandboxId": entity.place.sandbox_id,
        "version": f"1.0.{entity.revision - 1}",
        "created": entity.created_at,
        "updated": entity.updated_at,
        "createdClient": entity.created.client,
        "createdUser": entity.created.person,
        "updatedUser": entity.updated.person,
    }


def _size(batch: Entity) -> int:
    count = batch.fields.get("recordCount")
    return count if isinstance(count, int) else 0


def _only(fields: JsonObject, properties: Sequence[str]) -> JsonObject:
    return {key: value for key, value in fields.items() if not properties or key in properties}


def _merged(into: JsonObject, changes: Mapping[str, object], *, deep: bool) -> JsonObject:
    merged = dict(into)
    for key, value in changes.items():
        held = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif deep and isinstance(held, dict) and isinstance(value, dict):
            merged[key] = _merged(held, value, deep=True)
        else:
            merged[key] = value
    return merged
