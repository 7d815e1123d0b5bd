"""``/flows``."""

from http import HTTPStatus

from fastapi import Response

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.http.bodies import Created, FlowBody, documented
from pulumi_adobe_aep.emulator.http.depends import CallerDep, EntityId, Mode, Operation, WorldDep
from pulumi_adobe_aep.emulator.http.entity_routes import created, created_at, entity_router

router = entity_router("/flows", "Flows", lambda world: world.flows)


@router.post("", response_model=Created, status_code=HTTPStatus.CREATED)
async def create_flow(world: WorldDep, caller: CallerDep, body: FlowBody, mode: Mode = None) -> Response:
    """Create a flow."""
    extra = body.model_extra or {}
    if "state" in extra:
        raise FlowServiceError("1410-400")
    if "mode" in extra:
        raise ConnectorError("1368-400")
    return created_at("/flows", world.flows.create(caller, documented(body, world.rules), draft=mode == "draft"))


@router.post("/{entity_id}/action", response_model=Created)
async def act_on_flow(world: WorldDep, caller: CallerDep, entity_id: EntityId, op: Operation) -> Response:
    """Enable or disable a flow, or publish a draft."""
    match op.lower():
        case "publish":
            return created(world.flows.publish(caller, entity_id))
        case "enable" | "disable":
            return created(world.flows.act(caller, entity_id, op.lower()))
    raise FlowServiceError("1435-400", action=op)
