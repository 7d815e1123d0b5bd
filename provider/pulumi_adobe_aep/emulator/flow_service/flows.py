"""Flows, which Adobe's UI calls dataflows."""

from collections.abc import Sequence
from typing import ClassVar, Final

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.data_prep.schemas import schema_version
from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service import schedules, transformations
from pulumi_adobe_aep.emulator.flow_service.collection import Collection, require
from pulumi_adobe_aep.emulator.flow_service.flow_specs import CRM_TO_AEP_ID
from pulumi_adobe_aep.emulator.flow_service.mapping_sets import MappingSets, schema_reference
from pulumi_adobe_aep.emulator.flow_service.patches import Instruction
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

LIVE_SINCE: Final = "live_since"
"""The note of when a flow was enabled last, in milliseconds."""
_OPTIONAL: Final = ("options", "labels", "recordTypes")
_PASSING: Final = {"disabling": "1420-400", "updating": "1421-400"}
_MAXIMUM_PERCENT: Final = 100


class Flows(Collection):
    """The collection ``/flows``."""

    kind: ClassVar[Kind] = "flows"
    patchable: ClassVar[frozenset[str]] = frozenset(
        {"name", "description", "scheduleParams", "transformations", "labels"}
    )

    def __init__(self, store: EntityStore, rules: Rules, clock: Clock, mapping_sets: MappingSets) -> None:
        super().__init__(store, rules)
        self._clock = clock
        self._mapping_sets = mapping_sets

    def use(self, clock: Clock) -> None:
        """Go on with another clock."""
        self._clock = clock

    def is_visible(self, caller: Caller, entity: Entity) -> bool:
        """Return whether no access label hides the flow from the caller."""
        hidden_from = entity.notes.get("hidden_from")
        return not isinstance(hidden_from, list) or caller.author.client not in hidden_from

    def hide(self, entity: Entity, clients: Sequence[str]) -> Entity:
        """Hide a flow from clients, as an access label does that their roles lack."""
        return self._store.overwrite(entity, notes={"hidden_from": list(clients)})

    def create(self, caller: Caller, body: JsonObject, *, draft: bool = False) -> Entity:
        """Create a flow.

        Raises:
            FlowServiceError: what `validate` raises.
            ConnectorError: 1318 for options that the switch refuses, 1360 for a start time in the past.
        """
        refused = [name for name in _OPTIONAL if name in body]
        if refused and self._rules.switches.flow_options == "refuse":
            raise ConnectorError("1318-400", text=f"unknown fields: {', '.join(refused)}")
        return super().create(caller, body, draft=draft)

    def check_start_of_use(self, fields: JsonObject) -> None:
        """Refuse a start time in the past.

        Raises:
            ConnectorError: 1360.
        """
        schedules.check_start(fields, self._clock.now(), self._rules.switches.start_tolerance_seconds)

    def check_change(self, before: Entity, fields: JsonObject) -> None:
        """Refuse what comes too late.

        Raises:
            FlowServiceError: 1420 or 1421 while another change goes on.
            ConnectorError: 1360, 1366, 1403 or 1404.
        """
        if before.state in _PASSING:
            raise FlowServiceError(_PASSING[before.state])
        now, started = self._clock.now(), schedules.start_time(before.fields)
        schedules.check_change(before.fields, fields, now)
        if schedules.start_time(fields) != started:
            schedules.check_start(fields, now, self._rules.switches.start_tolerance_seconds)
        is_once = schedules.schedule_of(before.fields).get("frequency") == "once"
        changes_mapping = before.fields.get("transformations") != fields.get("transformations")
        # Adobe's page on updates says that a flow with one-time ingestion cannot have its mapping sets updated.
        if is_once and changes_mapping and started is not None and started * 1000 <= now:
            raise ConnectorError("1366-400")

    def act(self, caller: Caller, flow_id: str, action: str) -> Entity:
        """Enable or disable a flow.

        Raises:
            FlowServiceError: 1420, 1421, or 1422 when it already is, or is a draft.
        """
        entity = self.for_change(caller, flow_id)
        if entity.state in _PASSING:
            raise FlowServiceError(_PASSING[entity.state])
        wanted = {"enable": "enabled", "disable": "disabled"}[action]
        if entity.state not in {"enabled", "disabled"} or entity.state == wanted:
            raise FlowServiceError("1422-400", action=action, state=entity.state)
        notes: JsonObject = {LIVE_SINCE: self._clock.now()} if wanted == "enabled" else {}
        return self._store.update(entity, caller.author, state=wanted, notes=notes)

    def publish(self, caller: Caller, entity_id: str) -> Entity:
        """Take a draft into use; it runs from now on.

        Raises:
            FlowServiceError: 1422 when it is not a draft, or what it refers to still is one.
            ConnectorError: 1360 for a start time that has passed, and what `validate` raises.
        """
        published = super().publish(caller, entity_id)
        return self._store.overwrite(published, notes={LIVE_SINCE: self._clock.now()})

    def validate(self, place: Place, fields: JsonObject, *, complete: bool) -> None:
        """Check a body: its spec, connections, transformations and schedule."""
        reference = fields.get("flowSpec")
        if not isinstance(reference, dict) or reference.get("id") != CRM_TO_AEP_ID:
            raise FlowServiceError("1413-400")
        for name, kind, word in _CONNECTIONS:
            self._check_connections(place, fields, name, kind, word, complete=complete)
        _check_options(fields.get("options"))
        if complete:
            require(fields, "name")
            frequency = schedules.check_schedule(fields)
            transformations.check_delta_column(fields, frequency)
            self._check_source(place, fields)
            self._check_mapping(place, fields)

    def item(self, entity: Entity) -> JsonObject:
        """Return a flow as a reader sees it: with the whole last operation, and where its runs are."""
        item = super().item(entity)
        item["runs"] = f"/runs?property=flowId=={entity.id}"
        item.setdefault("labels", [])
        changed = entity.notes.get("changed")
        if entity.operation == "update" and isinstance(changed, dict):
            item["lastOperation"] = {
                **changed,
                "percentCompleted": 100.0,
                "status": {"value": "completed", "errors": []},
                "operation": "update",
            }
        return item

    def inherited(self, entity: Entity) -> JsonObject:
        """Return the connections' specs, so that a reader can tell a source flow from a destination's."""
        described: JsonObject = {"properties": {"isSourceFlow": True, "isDestinationFlow": False}}
        for name, kind, _ in _CONNECTIONS:
            described[kind] = [self._describe(entity.place, kind, each) for each in connection_ids(entity, name)]
        return {"inheritedAttributes": described}

    def _write(self, entity: Entity, caller: Caller, fields: JsonObject, instructions: Sequence[Instruction]) -> Entity:
        now, seconds = self._clock.now(), self._rules.switches.flow_update_seconds
        operations = [{"op": each.operation, "path": each.pointer, "value": each.value} for each in instructions]
        changed = {"started": now, "updated": now + int(seconds * 1000), "ops": operations}
        return self._store.update(
            entity,
            caller.author,
            fields=fields,
            state=entity.state if seconds else None,
            settle_after=int(seconds * 1000),
            passing_state="updating",
            notes={"changed": changed},
        )

    def _describe(self, place: Place, kind: Kind, entity_id: str) -> JsonObject:
        entity = self._store.get(kind, place, entity_id)
        described: JsonObject = {"id": entity_id}
        if entity is None:
            return described
        described["connectionSpec"] = entity.fields.get("connectionSpec")
        base = self._store.get("connections", place, str(entity.fields.get("baseConnectionId")))
        if base is not None:
            described["baseConnection"] = {"id": base.id, "connectionSpec": base.fields.get("connectionSpec")}
        return described

    def _check_connections(
        self, place: Place, fields: JsonObject, name: str, kind: Kind, word: str, *, complete: bool
    ) -> None:
        ids = fields.get(name)
        if complete and not ids:
            raise ConnectorError("1320-400", id_type=name)
        if not isinstance(ids, list):
            return
        if complete and len(ids) != 1:
            raise ConnectorError("1321-400", id_type=name, size=len(ids))
        for each in ids:
            if not each:
                raise ConnectorError("1338-400", connection=word)
            by_connector = self._rules.switches.unknown_connection == "connector"
            if by_connector and self._store.get(kind, place, str(each)) is None:
                raise ConnectorError("1322-400" if word == "source" else "1306-400")
            self._referenced(kind, place, each, published=complete)

    def _check_source(self, place: Place, fields: JsonObject) -> None:
        source = self._connection(place, fields, "sourceConnectionIds", "sourceConnections")
        parameters = source.fields.get("params")
        if not isinstance(parameters, dict) or not parameters.get("tableName"):
            raise ConnectorError("1323-400", entity="tableName", source=source.id)

    def _check_mapping(self, place: Place, fields: JsonObject) -> None:
        mapping_id, number = transformations.mapping_reference(fields)
        mapping = self._store.get("mappingSets", place, mapping_id)
        if mapping is None:
            raise FlowServiceError("1419-400", id=mapping_id, version=number or 0)
        content = self._mapping_sets.version(mapping, number or 0)
        if content is None or transformations.has_unreadable_version(fields):
            raise FlowServiceError("1412-400")
        if self._mapping_sets.understand(place, content)[1]:
            raise FlowServiceError("1419-400", id=mapping_id, version=number or 0)
        self._check_schemas(place, fields, mapping_id, schema_reference(content))

    def _check_schemas(self, place: Place, fields: JsonObject, mapping_id: str, reference: JsonObject) -> None:
        """Refuse a flow whose mapping, data set and target connection are not of one schema in one version."""
        target = self._connection(place, fields, "targetConnectionIds", "targetConnections")
        parameters, data = target.fields.get("params"), target.fields.get("data")
        data_set_id = str(parameters.get("dataSetId")) if isinstance(parameters, dict) else ""
        data_set = self._store.get("dataSets", place, data_set_id)
        wanted = (reference.get("id"), reference.get("contentType"))
        others = [_pair(data.get("schema") if isinstance(data, dict) else None, "version")]
        if data_set is not None:
            others.append(_pair(data_set.fields.get("schemaRef"), "contentType"))
        if any(each is not None and not _is_same(wanted, each) for each in others):
            raise FlowServiceError("1425-400", data_set=data_set_id, mapping=mapping_id)

    def _connection(self, place: Place, fields: JsonObject, name: str, kind: Kind) -> Entity:
        ids = fields.get(name)
        return self._referenced(kind, place, ids[0] if isinstance(ids, list) else "", published=True)


_CONNECTIONS: Final[tuple[tuple[str, Kind, str], ...]] = (
    ("sourceConnectionIds", "sourceConnections", "source"),
    ("targetConnectionIds", "targetConnections", "target"),
)


def connection_ids(flow: Entity, name: str) -> list[str]:
    """Return the ids of a flow's source or target connections."""
    value = flow.fields.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def _check_options(options: object) -> None:
    """Check what the flow spec's ``optionSpec`` says.

    Raises:
        ConnectorError: 1312.
    """
    if not isinstance(options, dict):
        return
    diagnostics, percent = options.get("errorDiagnosticsEnabled"), options.get("partialIngestionPercent")
    if diagnostics is not None and not isinstance(diagnostics, bool):
        raise ConnectorError("1312-400", value=diagnostics, field="errorDiagnosticsEnabled")
    is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
    if percent is not None and not (is_number and 0 < percent <= _MAXIMUM_PERCENT):
        raise ConnectorError("1312-400", value=percent, field="partialIngestionPercent")


def _pair(reference: object, version: str) -> tuple[object, object] | None:
    return (reference.get("id"), reference.get(version)) if isinstance(reference, dict) else None


def _is_same(one: tuple[object, object], other: tuple[object, object]) -> bool:
    """Return whether two references name one schema in one major version; a version that is not said is any."""
    versions = {schema_version(one[1]), schema_version(other[1])} - {None}
    return one[0] == other[0] and len(versions) <= 1
