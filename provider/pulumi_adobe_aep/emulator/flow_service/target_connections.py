"""Target connections: a data set in the data lake."""

from typing import ClassVar

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.flow_service.collection import Collection, require
from pulumi_adobe_aep.emulator.flow_service.connection_specs import DATA_LAKE_ID
from pulumi_adobe_aep.emulator.flow_service.spec_references import require_spec
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind, Place


class TargetConnections(Collection):
    """The collection ``/targetConnections``."""

    kind: ClassVar[Kind] = "targetConnections"
    patchable: ClassVar[frozenset[str]] = frozenset({"name", "description", "data", "params"})

    def validate(self, place: Place, fields: JsonObject, *, complete: bool) -> None:
        """Check a body: its spec, the schema, and the data set, which must be in this sandbox."""
        spec_id = require_spec(fields, self._rules)
        if spec_id != DATA_LAKE_ID:
            raise ConnectorError("1307-400", id=spec_id)
        if not complete:
            return
        require(fields, "name")
        require(require(require(fields, "data"), "schema"), "id")
        params = require(fields, "params")
        data_set = params.get("dataSetId") if isinstance(params, dict) else None
        if not data_set:
            raise ConnectorError("1325-400", target=fields["name"])
        if self._store.get("dataSets", place, str(data_set)) is None:
            raise ConnectorError("1312-400", value=data_set, field="dataSetId")

    def inherited(self, entity: Entity) -> JsonObject:
        """Return nothing: the target is the lake itself."""
        del entity
        return {}
