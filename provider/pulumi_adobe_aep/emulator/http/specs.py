"""``/connectionSpecs`` and ``/flowSpecs``."""

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.errors import ConnectorError, not_found
from pulumi_adobe_aep.emulator.flow_service.connection_specs import SPEC_IDS, connection_specs
from pulumi_adobe_aep.emulator.flow_service.flow_specs import flow_specs
from pulumi_adobe_aep.emulator.http.bodies import SpecList, SpecPage
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, EntityId, ListQueryDep, WorldDep
from pulumi_adobe_aep.emulator.http.entity_routes import FLOW_SERVICE
from pulumi_adobe_aep.emulator.http.lists import list_response
from pulumi_adobe_aep.emulator.http.responses import Json

router = APIRouter(prefix=FLOW_SERVICE, dependencies=PLATFORM, responses=REFUSALS)


@router.get("/connectionSpecs", tags=["Connection specs"], response_model=SpecPage)
async def list_connection_specs(world: WorldDep, query: ListQueryDep) -> Response:
    """List the connection specs."""
    return list_response(connection_specs(world.rules.switches).values(), query, "/connectionSpecs", world.rules)


@router.get("/connectionSpecs/{spec_id}", tags=["Connection specs"], response_model=SpecList)
async def get_connection_spec(world: WorldDep, spec_id: EntityId) -> Response:
    """Read one connection spec."""
    spec = connection_specs(world.rules.switches).get(spec_id)
    if spec is None:
        raise not_found("connectionSpecs", spec_id)
    return Json({"items": [spec]})


@router.get("/connectionSpecs/{spec_id}/explore", tags=["Connection specs"], response_model=None)
@router.get("/connectionSpecs/{spec_id}/configs", tags=["Connection specs"], response_model=None)
async def explore_connection_spec(spec_id: EntityId) -> Response:
    """Refuse: there is nothing to explore without the credentials of a connection."""
    if spec_id not in SPEC_IDS:
        raise not_found("connectionSpecs", spec_id)
    raise ConnectorError("1336-400", id=spec_id)


@router.get("/flowSpecs", tags=["Flow specs"], response_model=SpecPage)
async def list_flow_specs(world: WorldDep, query: ListQueryDep) -> Response:
    """List the flow specs."""
    return list_response(flow_specs(), query, "/flowSpecs", world.rules)


@router.get("/flowSpecs/{spec_id}", tags=["Flow specs"], response_model=SpecList)
async def get_flow_spec(spec_id: EntityId) -> Response:
    """Read one flow spec."""
    spec = next((each for each in flow_specs() if each["id"] == spec_id), None)
    if spec is None:
        raise not_found("flowSpecs", spec_id)
    return Json({"items": [spec]})
