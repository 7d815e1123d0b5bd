"""``/connectionSpecs``."""

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.errors import not_found
from pulumi_adobe_aep.emulator.flow_service.connection_specs import connection_spec, connection_specs
from pulumi_adobe_aep.emulator.http.answers import Json
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, EntityId, ListQueryDep, WorldDep
from pulumi_adobe_aep.emulator.http.lists import answer_list

router = APIRouter(prefix="/data/foundation/flowservice", dependencies=PLATFORM)


@router.get("/connectionSpecs", tags=["Connection specs"])
async def list_connection_specs(world: WorldDep, query: ListQueryDep) -> Response:
    """List the connection specs."""
    return answer_list(connection_specs(world.rules.switches), query, "/connectionSpecs", world.rules)


@router.get("/connectionSpecs/{spec_id}", tags=["Connection specs"])
async def get_connection_spec(world: WorldDep, spec_id: EntityId) -> Response:
    """Read one connection spec."""
    spec = connection_spec(spec_id, world.rules.switches)
    if spec is None:
        raise not_found("connectionSpecs", spec_id)
    return Json({"items": [spec]})
