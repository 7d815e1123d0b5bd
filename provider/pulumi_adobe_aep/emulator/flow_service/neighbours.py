"""The two neighbours of Flow Service that a flow refers to: Catalog's data sets and Data Prep's mapping sets."""

from pulumi_adobe_aep.emulator.errors import ConnectorError, not_found
from pulumi_adobe_aep.emulator.flow_service.collection import require
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore


class Neighbours:
    """Data sets and mapping sets, to the depth that creating a flow needs."""

    def __init__(self, store: EntityStore, identifiers: Identifiers) -> None:
        self._store = store
        self._identifiers = identifiers

    def use(self, identifiers: Identifiers) -> None:
        """Go on with another source of ids."""
        self._identifiers = identifiers

    def create_data_set(self, caller: Caller, body: JsonObject) -> Entity:
        """Create a data set.

        Raises:
            ConnectorError: 1304 without a name or schema.
        """
        require(body, "name")
        require(require(body, "schemaRef"), "id")
        entity_id = self._identifiers.hexadecimal(24)
        return self._store.add("dataSets", caller.place, caller.author, body, entity_id=entity_id)

    def create_mapping_set(self, caller: Caller, body: JsonObject) -> Entity:
        """Create a mapping set.

        Raises:
            ConnectorError: 1304 without a schema or mappings, 1312 for an id, which only the service gives.
        """
        require(body, "xdmSchema")
        require(body, "mappings")
        if body.pop("id", None) is not None:
            raise ConnectorError("1312-400", value="id", field="id")
        entity_id = self._identifiers.hexadecimal(32)
        return self._store.add("mappingSets", caller.place, caller.author, body, entity_id=entity_id)

    def get(self, kind: Kind, place: Place, entity_id: str) -> Entity:
        """Return a data set or mapping set.

        Raises:
            FlowServiceError: 1439.
        """
        entity = self._store.read(kind, place, entity_id)
        if entity is None:
            raise not_found(kind, entity_id)
        return entity
