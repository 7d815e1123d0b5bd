"""Data Prep's mapping sets, each version of which stays."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_adobe_aep.emulator.data_prep.mapping import (
    MappingError,
    Problem,
    RecordMapping,
    destination,
    source,
    understand,
)
from pulumi_adobe_aep.emulator.errors import ConnectorError, MethodError, not_found
from pulumi_adobe_aep.emulator.flow_service.collection import require
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.flow_service.schemas import Schemas
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore


class MappingSets:
    """The mapping sets of each sandbox."""

    def __init__(self, store: EntityStore, rules: Rules, identifiers: Identifiers, schemas: Schemas) -> None:
        self._store = store
        self._rules = rules
        self._identifiers = identifiers
        self._schemas = schemas

    def use(self, identifiers: Identifiers) -> None:
        """Go on with another source of ids."""
        self._identifiers = identifiers

    def create(self, caller: Caller, body: JsonObject) -> Entity:
        """Create a mapping set from a body in either of Adobe's two forms.

        Raises:
            ConnectorError: 1304 without a schema or mappings, 1312 for an id, which only the service sets.
        """
        if body.get("id") is not None:
            raise ConnectorError("1312-400", value="id", field="id")
        fields = {**_content(body), "version": 0}
        entity_id = self._identifiers.hexadecimal(32)
        return self._store.add("mappingSets", caller.place, caller.author, fields, entity_id=entity_id)

    def replace(self, caller: Caller, mapping_set_id: str, body: JsonObject) -> Entity:
        """Make a new version of a mapping set.

        Raises:
            FlowServiceError: 1439.
            ConnectorError: as in `create`, and 1312 for another id.
        """
        entity = self.get(caller.place, mapping_set_id)
        if body.get("id") not in (None, mapping_set_id):
            raise ConnectorError("1312-400", value=body.get("id"), field="id")
        earlier = _earlier(entity)
        fields: JsonObject = {**_content(body), "version": len(earlier) + 1}
        notes: JsonObject = {"earlier": [*earlier, entity.fields]}
        return self._store.update(entity, caller.author, fields=fields, notes=notes)

    def get(self, place: Place, mapping_set_id: str) -> Entity:
        """Return a mapping set.

        Raises:
            FlowServiceError: 1439.
        """
        entity = self._store.get("mappingSets", place, mapping_set_id)
        if entity is None:
            raise not_found("mappingSets", mapping_set_id)
        return entity

    def all(self, place: Place) -> list[JsonObject]:
        """Return the mapping sets of a sandbox, each in its newest version."""
        return [self.newest(each) for each in self._store.all("mappingSets", place)]

    def version(self, entity: Entity, version: int | None) -> JsonObject | None:
        """Return the content of one version, None where there is no such version.

        Args:
            entity: the mapping set.
            version: which one; None for the one that the switch says.
        """
        versions = [*_earlier(entity), entity.fields]
        if version is None:
            return versions[0 if self._rules.switches.mapping_version == "first" else -1]
        return versions[version] if 0 <= version < len(versions) else None

    def shown(self, entity: Entity, version: int | None) -> JsonObject:
        """Return a version of a mapping set as Data Prep shows it: in both of its spellings.

        Raises:
            FlowServiceError: 1439 for a version that is not there.
        """
        content = self.version(entity, version)
        if content is None:
            raise not_found("mappingSets", f"{entity.id} version {version}")
        times = {"createdDate": entity.created_at, "modifiedDate": entity.updated_at}
        people = {"createdBy": entity.created.person, "modifiedBy": entity.updated.person}
        mappings = content["mappings"] if isinstance(content["mappings"], list) else []
        return {
            "id": entity.id,
            **times,
            **people,
            "status": "PUBLISHED",
            "strictMapping": False,
            "allowNullValues": False,
            "supportVersion": "1.1",
            **content,
            "xdmSchema": schema_reference(content)["id"],
            "schemaRef": schema_reference(content),
            "mappings": [{**_spelled(each), **times, **people} for each in mappings],
        }

    def newest(self, entity: Entity) -> JsonObject:
        """Return the newest version of a mapping set as Data Prep shows it."""
        return self.shown(entity, len(_earlier(entity)))

    def delete(self, caller: Caller, mapping_set_id: str) -> None:
        """Delete a mapping set, if the switch says that it is possible: no document of Adobe's does.

        Raises:
            FlowServiceError: 1439, also where there is no such operation.
            MethodError: 405 where the switch says so.
        """
        entity = self.get(caller.place, mapping_set_id)
        match self._rules.switches.mapping_delete:
            case "missing":
                raise not_found("mappingSets", mapping_set_id)
            case "refused":
                raise MethodError
        self._store.remove(entity)

    def problems(self, place: Place, body: JsonObject) -> list[Problem | None]:
        """Return what is wrong with each mapping of a body, None where nothing is.

        Raises:
            ConnectorError: 1304 without a schema or mappings.
        """
        return self._understand(place, _content(body))[1]

    def understand(self, place: Place, content: JsonObject) -> tuple[RecordMapping, list[Problem]]:
        """Return the mapping of one version, and what is wrong with it."""
        mapping, problems = self._understand(place, content)
        return mapping, [each for each in problems if each is not None]

    def preview(self, place: Place, body: JsonObject, data: Mapping[str, Any]) -> tuple[JsonObject, list[Problem]]:
        """Return the record that a mapping set makes of some data, and what is wrong.

        Raises:
            ConnectorError: 1304 without a schema or mappings.
        """
        mapping, problems = self.understand(place, _content(body))
        try:
            return mapping.record(data), problems
        except MappingError as error:
            return {}, [*problems, error.problem]

    def _understand(self, place: Place, content: JsonObject) -> tuple[RecordMapping, list[Problem | None]]:
        mappings = content["mappings"]
        return understand(
            mappings if isinstance(mappings, list) else [],
            self._schemas.known(place, schema_reference(content)["id"]),
            keeps_null=content.get("allowNullValues") is True,
        )


def schema_reference(content: JsonObject) -> JsonObject:
    """Return the ``schemaRef`` of a mapping set's content."""
    output = content.get("outputSchema")
    reference = output.get("schemaRef") if isinstance(output, dict) else None
    return reference if isinstance(reference, dict) else {"id": None}


def _earlier(entity: Entity) -> list[JsonObject]:
    earlier = entity.notes.get("earlier")
    return earlier if isinstance(earlier, list) else []


def _content(body: JsonObject) -> JsonObject:
    """Return what a body in either form says, in the newer one."""
    reference = schema_reference(body)
    if reference.get("id") is None and isinstance(body.get("schemaRef"), dict):
        reference = dict(body["schemaRef"])  # type: ignore[call-overload]
    if reference.get("id") is None:
        reference = {"id": require(body, "xdmSchema"), "contentType": str(body.get("xdmVersion", "1.0"))}
    require(body, "mappings")
    kept = {key: value for key, value in body.items() if key in _KEPT}
    return {**kept, "outputSchema": {"schemaRef": reference}}


_KEPT: Final = frozenset(
    {"name", "xdmVersion", "inputSchema", "allowNullValues", "strictMapping", "supportVersion", "tags", "mappings"}
)


def _spelled(mapping: JsonObject) -> JsonObject:
    origin, target = source(mapping), destination(mapping)
    return {
        "version": 0,
        "identity": False,
        "sourceType": "ATTRIBUTE",
        **mapping,
        "source": origin,
        "sourceAttribute": origin,
        "destination": target,
        "destinationXdmPath": target,
    }
