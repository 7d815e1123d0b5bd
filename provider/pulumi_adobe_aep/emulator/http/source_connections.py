"""``/sourceConnections``."""

from http import HTTPStatus

from fastapi import Response

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.http.bodies import Created, SourceConnectionBody, documented
from pulumi_adobe_aep.emulator.http.depends import CallerDep, EntityId, Mode, Operation, WorldDep
from pulumi_adobe_aep.emulator.http.entity_routes import created, created_at, entity_router

router = entity_router("/sourceConnections", "Source connections", lambda world: world.source_connections)


@router.post("", response_model=Created, status_code=HTTPStatus.CREATED)
async def create_source_connection(
    world: WorldDep, caller: CallerDep, body: SourceConnectionBody, mode: Mode = None
) -> Response:
    """Create a source connection."""
    fields = documented(body, world.rules)
    entity = world.source_connections.create(caller, fields, draft=mode == "draft")
    return created_at("/sourceConnections", entity)


@router.post("/{entity_id}/action", response_model=Created)
async def act_on_source_connection(world: WorldDep, caller: CallerDep, entity_id: EntityId, op: Operation) -> Response:
    """Publish a draft."""
    if op.lower() != "publish":
        raise FlowServiceError("1435-400", action=op)
    return created(world.source_connections.publish(caller, entity_id))
