"""What a flow's run has to do, put together from everything that the flow refers to."""

from dataclasses import dataclass

from pulumi_adobe_aep.emulator.data_prep.mapping import RecordMapping
from pulumi_adobe_aep.emulator.databases.rows import Selection
from pulumi_adobe_aep.emulator.errors import ResponseError
from pulumi_adobe_aep.emulator.flow_service import transformations
from pulumi_adobe_aep.emulator.flow_service.flows import connection_ids
from pulumi_adobe_aep.emulator.flow_service.mapping_sets import MappingSets
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.flow_service.source_databases import SourceDatabases
from pulumi_adobe_aep.emulator.ingestion.outcome import BATCH_FAILED, COPY_FAILED, PROMOTION_FAILED, RunError
from pulumi_adobe_aep.emulator.ingestion.pipeline import Job
from pulumi_adobe_aep.emulator.ingestion.schedule import Window
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore


@dataclass(frozen=True)
class Destination:
    """Where a run's records go."""

    data_set_id: str
    target_id: str
    source_id: str


class Jobs:
    """Finds what a run needs; what is gone by now is the run's failure, not an error of a request."""

    def __init__(self, store: EntityStore, rules: Rules, mapping_sets: MappingSets, databases: SourceDatabases) -> None:
        self._store = store
        self._rules = rules
        self._databases = databases
        self._mapping_sets = mapping_sets

    def destination(self, flow: Entity) -> Destination:
        """Return where the flow's records go; empty ids for what is not there."""
        target_id, source_id = _only(flow, "targetConnectionIds"), _only(flow, "sourceConnectionIds")
        entity = self._store.get("targetConnections", flow.place, target_id)
        data_set_id = "" if entity is None else str(_parameters(entity).get("dataSetId", ""))
        return Destination(data_set_id, target_id, source_id)

    def job(self, flow: Entity, window: Window | None) -> Job:
        """Return what the flow's run has to do.

        Args:
            flow: the flow.
            window: which rows are read; None for all.

        Raises:
            RunError: something that the run needs is gone, or cannot be used.
        """
        source = self._needed("sourceConnections", flow, _only(flow, "sourceConnectionIds"), COPY_FAILED)
        base = self._needed("connections", flow, str(source.fields.get("baseConnectionId")), COPY_FAILED)
        data_set = self._needed("dataSets", flow, self.destination(flow).data_set_id, BATCH_FAILED)
        del data_set
        column = transformations.delta_column(flow.fields)
        selection = Selection(
            table=str(_parameters(source).get("tableName")),
            columns=_columns(source, column),
            delta_column=None if window is None else column,
            start=None if window is None else window.start,
            end=None if window is None else window.end,
        )
        percent = options(flow).get("partialIngestionPercent")
        tolerated = float(percent) if isinstance(percent, int | float) else self._rules.switches.tolerated_percent
        return Job(self._databases.rows(base, selection), self._mapping(flow), tolerated)

    def _mapping(self, flow: Entity) -> RecordMapping:
        try:
            mapping_id, version = transformations.mapping_reference(flow.fields)
        except ResponseError as error:
            raise RunError(PROMOTION_FAILED, f"Error occurred at promotion activity: {error}") from None
        entity = self._needed("mappingSets", flow, mapping_id, PROMOTION_FAILED)
        content = self._mapping_sets.version(entity, version or 0)
        mapping, problems = self._mapping_sets.understand(flow.place, content or {"mappings": []})
        if content is None or problems:
            reason = problems[0].reason if problems else f"the mapping set has no version {version}"
            raise RunError(PROMOTION_FAILED, f"Error occurred at promotion activity: {reason}")
        return mapping

    def _needed(self, kind: Kind, flow: Entity, entity_id: str, code: str) -> Entity:
        entity = self._store.get(kind, flow.place, entity_id)
        if entity is None:
            raise RunError(code, f"The {kind} resource {entity_id} that the flow refers to is not found.")
        return entity


def options(flow: Entity) -> JsonObject:
    """Return a flow's options, none where it has none."""
    value = flow.fields.get("options")
    return value if isinstance(value, dict) else {}


def _columns(source: Entity, delta_column: str | None) -> list[str]:
    """Return the columns that are read, the delta column among them; none means all."""
    given = _parameters(source).get("columns")
    names = [str(each["name"]) for each in (given if isinstance(given, list) else []) if _has_name(each)]
    return [*names, delta_column] if names and delta_column and delta_column not in names else names


def _has_name(column: object) -> bool:
    return isinstance(column, dict) and bool(column.get("name"))


def _parameters(entity: Entity) -> JsonObject:
    value = entity.fields.get("params")
    return value if isinstance(value, dict) else {}


def _only(flow: Entity, name: str) -> str:
    return next(iter(connection_ids(flow, name)), "")
