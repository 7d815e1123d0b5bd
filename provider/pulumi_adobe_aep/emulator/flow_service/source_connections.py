"""Source connections: a table of a base connection's database."""

from typing import ClassVar, Final

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.collection import Collection, require
from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.emulator.flow_service.sources.filters import require_filters
from pulumi_adobe_aep.emulator.flow_service.spec_references import require_spec
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place

_FORMATS: Final = ("tabular",)


class SourceConnections(Collection):
    """The collection ``/sourceConnections``."""

    kind: ClassVar[Kind] = "sourceConnections"
    patchable: ClassVar[frozenset[str]] = frozenset({"name", "description", "data", "params"})

    def validate(self, place: Place, fields: JsonObject, *, complete: bool) -> None:
        """Check a body: its spec, its base connection, and the table with its columns."""
        source = TABLE_SOURCES.get(require_spec(fields, self._rules))
        if source is None:
            raise FlowServiceError("1413-400")
        base_id = fields.get("baseConnectionId")
        if not base_id:
            raise ConnectorError("1320-400", id_type="baseConnectionId")
        self._referenced("connections", place, base_id, published=complete)
        data = fields.get("data")
        form = data.get("format") if isinstance(data, dict) else None
        if form is not None and form not in _FORMATS:
            raise ConnectorError("1327-400", form=form, values=list(_FORMATS))
        params = fields.get("params")
        if isinstance(params, dict) and params.get("filters") is not None:
            require_filters(source.id)
        if complete:
            require(fields, "name")
            params = require(fields, "params")
            require(params, "tableName")
            if self._rules.switches.source_columns == "required":
                require(params, "columns")

    def inherited(self, entity: Entity) -> JsonObject:
        """Return the base connection's id and spec."""
        base = self._store.get("connections", entity.place, str(entity.fields.get("baseConnectionId")))
        if base is None:
            return {}
        described = {"id": base.id, "connectionSpec": base.fields.get("connectionSpec")}
        return {"inheritedAttributes": {"baseConnection": described}}
