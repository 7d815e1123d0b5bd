"""Flows, which Adobe's UI calls dataflows."""

import re
from typing import ClassVar, Final

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.collection import Collection, require
from pulumi_adobe_aep.emulator.flow_service.flow_specs import CRM_TO_AEP_ID, FREQUENCIES
from pulumi_adobe_aep.emulator.flow_service.rules import Caller, Rules
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore

SHORTEST_MINUTES: Final = 15
_WHOLE: Final = re.compile(r"[0-9]{1,15}")


class Flows(Collection):
    """The collection ``/flows``."""

    kind: ClassVar[Kind] = "flows"
    patchable: ClassVar[frozenset[str]] = frozenset(
        {"name", "description", "scheduleParams", "transformations", "labels"}
    )

    def __init__(self, store: EntityStore, rules: Rules, clock: Clock) -> None:
        super().__init__(store, rules)
        self._clock = clock

    def use(self, clock: Clock) -> None:
        """Go on with another clock."""
        self._clock = clock

    def create(self, caller: Caller, body: JsonObject, *, draft: bool = False) -> Entity:
        """Create a flow.

        Raises:
            FlowServiceError: 1410 for a body with a state, and what `validate` raises.
        """
        if "state" in body:
            raise FlowServiceError("1410-400")
        return super().create(caller, body, draft=draft)

    def check_change(self, before: Entity, fields: JsonObject) -> None:
        """Refuse another start time once it has passed.

        Raises:
            ConnectorError: 1366.
        """
        started = start_time(before.fields)
        if started is not None and started * 1000 <= self._clock.now() and start_time(fields) != started:
            raise ConnectorError("1366-400")

    def act(self, caller: Caller, flow_id: str, action: str) -> Entity:
        """Enable or disable a flow.

        Raises:
            FlowServiceError: 1422 when it already is, or is a draft.
        """
        entity = self.get(caller.place, flow_id)
        wanted = {"enable": "enabled", "disable": "disabled"}[action]
        if entity.state not in {"enabled", "disabled"} or entity.state == wanted:
            raise FlowServiceError("1422-400", action=action, state=entity.state)
        return self._store.update(entity, caller.author, state=wanted)

    def validate(self, place: Place, fields: JsonObject, *, complete: bool) -> None:
        """Check a body: its spec, connections, transformations and schedule."""
        reference = fields.get("flowSpec")
        if not isinstance(reference, dict) or reference.get("id") != CRM_TO_AEP_ID:
            raise FlowServiceError("1413-400")
        for name, kind in _CONNECTIONS:
            ids = fields.get(name)
            if complete and not ids:
                raise ConnectorError("1320-400", id_type=name)
            if isinstance(ids, list):
                if complete and len(ids) != 1:
                    raise ConnectorError("1321-400", id_type=name, size=len(ids))
                for each in ids:
                    self._referenced(kind, place, each, published=complete)
        if complete:
            require(fields, "name")
            frequency = _check_schedule(require(fields, "scheduleParams"))
            self._check_transformations(place, fields, frequency)

    def inherited(self, entity: Entity) -> JsonObject:
        """Return the connections' specs, so that a reader can tell a source flow from a destination's."""
        described: JsonObject = {"properties": {"isSourceFlow": True, "isDestinationFlow": False}}
        for name, kind in _CONNECTIONS:
            described[kind] = [self._describe(entity.place, kind, each) for each in _ids(entity, name)]
        return {"inheritedAttributes": described}

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

    def _check_transformations(self, place: Place, fields: JsonObject, frequency: str) -> None:
        given = fields.get("transformations")
        by_name = {
            str(each.get("name")): each.get("params")
            for each in (given if isinstance(given, list) else [])
            if isinstance(each, dict)
        }
        has_delta_column = isinstance(copy := by_name.get("Copy"), dict) and "deltaColumn" in copy
        if has_delta_column and frequency == "once":
            raise ConnectorError("1369-400")
        if not has_delta_column and frequency != "once":
            raise ConnectorError("1367-400")
        mapping = by_name.get("Mapping")
        if mapping is not None:
            self._check_mapping(place, fields, mapping)

    def _check_mapping(self, place: Place, fields: JsonObject, params: object) -> None:
        mapping_id = str(require(params, "mappingId"))
        version = str(params.get("mappingVersion", "0")) if isinstance(params, dict) else "0"
        mapping = self._store.get("mappingSets", place, mapping_id)
        if mapping is None:
            raise FlowServiceError("1419-400", id=mapping_id, version=version)
        if version != str(mapping.fields.get("version", 0)):
            raise FlowServiceError("1412-400")
        ids = fields.get("targetConnectionIds")
        target = self._referenced("targetConnections", place, ids[0] if isinstance(ids, list) else "", published=True)
        params = target.fields.get("params")
        data_set_id = str(params.get("dataSetId")) if isinstance(params, dict) else ""
        data_set = self._store.get("dataSets", place, data_set_id)
        schema = data_set.fields.get("schemaRef") if data_set is not None else None
        if isinstance(schema, dict) and schema.get("id") != mapping.fields.get("xdmSchema"):
            raise FlowServiceError("1425-400", data_set=data_set_id, mapping=mapping_id)


_CONNECTIONS: Final[tuple[tuple[str, Kind], ...]] = (
    ("sourceConnectionIds", "sourceConnections"),
    ("targetConnectionIds", "targetConnections"),
)


def start_time(fields: JsonObject) -> int | None:
    """Return when a flow starts, in seconds since 1970; Adobe's examples write it as a string."""
    schedule = fields.get("scheduleParams")
    value = schedule.get("startTime") if isinstance(schedule, dict) else None
    return _whole(value)


def _whole(value: object) -> int | None:
    """Return a whole number that may be written as a string; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if _WHOLE.fullmatch(str(value)) else None


def _ids(flow: Entity, name: str) -> list[str]:
    value = flow.fields.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def _check_schedule(schedule: object) -> str:
    """Return the frequency of a schedule."""
    frequency = require(schedule, "frequency")
    start = require(schedule, "startTime")
    if frequency not in FREQUENCIES:
        raise ConnectorError("1312-400", value=frequency, field="frequency")
    if not isinstance(schedule, dict) or _whole(start) is None:
        raise ConnectorError("1312-400", value=start, field="startTime")
    given = schedule.get("interval")
    if frequency == "once":
        if given is not None:
            raise ConnectorError("1361-400")
        if str(schedule.get("backfill", "false")).lower() == "true":
            raise ConnectorError("1364-400")
        return "once"
    interval = _whole(given)
    if not interval:
        raise ConnectorError("1363-400", interval=given, frequency=frequency)
    if frequency == "minute" and interval < SHORTEST_MINUTES:
        raise ConnectorError("1362-400", minimum=SHORTEST_MINUTES)
    return str(frequency)
