"""``/connections``."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.patches import read_instructions
from pulumi_adobe_aep.emulator.http.answers import Json
from pulumi_adobe_aep.emulator.http.bodies import (
    ConnectionBody,
    Created,
    ExploredSchema,
    ExploredTable,
    ItemList,
    PatchBody,
    TestResult,
    documented,
)
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, CallerDep, EntityId, IfMatch, ListQueryDep, WorldDep
from pulumi_adobe_aep.emulator.http.lists import LIST_MODEL, answer_list
from pulumi_adobe_aep.emulator.store.entities import Entity

router = APIRouter(prefix="/data/foundation/flowservice/connections", tags=["Connections"], dependencies=PLATFORM)


def created(entity: Entity) -> dict[str, str]:
    """Return what a create, a change or an action answers."""
    return {"id": entity.id, "etag": entity.etag}


@router.get("", response_model=LIST_MODEL)
async def list_connections(world: WorldDep, caller: CallerDep, query: ListQueryDep) -> Response:
    """List the base connections of a sandbox, the latest first."""
    return answer_list(world.connections.all(caller.place), query, "/connections", world.rules)


@router.post("", response_model=Created, status_code=HTTPStatus.CREATED)
async def create_connection(
    world: WorldDep,
    caller: CallerDep,
    body: ConnectionBody,
    mode: Annotated[Literal["draft"] | None, Query(description="`draft` makes a draft.")] = None,
) -> Response:
    """Create a base connection."""
    entity = await world.connections.create(caller, documented(body, world.rules), draft=mode == "draft")
    return Json(created(entity), HTTPStatus.CREATED, {"location": f"/connections/{entity.id}"})


@router.get("/{connection_id}", response_model=ItemList)
async def get_connection(world: WorldDep, caller: CallerDep, connection_id: EntityId) -> Response:
    """Read one base connection."""
    connections = world.connections
    return Json({"items": [connections.readable(connections.get(caller.place, connection_id))]})


@router.patch("/{connection_id}", response_model=Created)
async def patch_connection(
    world: WorldDep, caller: CallerDep, connection_id: EntityId, body: PatchBody, if_match: IfMatch = None
) -> Response:
    """Change a base connection."""
    return Json(created(await world.connections.patch(caller, connection_id, if_match, read_instructions(body))))


@router.delete("/{connection_id}", status_code=HTTPStatus.NO_CONTENT, responses={202: {"description": "Accepted"}})
async def delete_connection(world: WorldDep, caller: CallerDep, connection_id: EntityId) -> Response:
    """Delete a base connection."""
    world.connections.delete(caller, connection_id)
    return Response(status_code=int(world.rules.switches.delete_mode))


@router.post("/{connection_id}/action", response_model=Created)
async def act_on_connection(
    world: WorldDep,
    caller: CallerDep,
    connection_id: EntityId,
    op: Annotated[str, Query(description="`publish` makes a draft a connection in use.")],
) -> Response:
    """Publish a draft."""
    match op.lower():
        case "publish":
            return Json(created(await world.connections.publish(caller, connection_id)))
        case "finalize" | "finalize_update":
            raise FlowServiceError("1402-400")
    raise FlowServiceError("1435-400", action=op)


@router.get("/{connection_id}/test", response_model=TestResult)
async def check_connection(world: WorldDep, caller: CallerDep, connection_id: EntityId) -> Response:
    """Log in to the database that the connection names."""
    return Json({"result": await world.connections.test(caller.place, connection_id)})


@router.get("/{connection_id}/explore", response_model=list[ExploredTable] | ExploredSchema)
async def explore_connection(
    world: WorldDep,
    caller: CallerDep,
    connection_id: EntityId,
    object_type: Annotated[str | None, Query(alias="objectType", description="`root` or `table`, in any case.")] = None,
    table: Annotated[str | None, Query(alias="object", description="The table's path, as the root shows it.")] = None,
) -> Response:
    """List the tables of the database, or the columns of one."""
    match (object_type or "").lower():
        case "":
            raise ConnectorError("1359-400", parameter="objectType")
        case "root":
            return Json(await world.connections.tables(caller.place, connection_id))
        case "table":
            if not table:
                raise ConnectorError("1337-400", parameter="object", object_type=object_type)
            columns = await world.connections.columns(caller.place, connection_id, table)
            return Json({"format": "flat", "schema": {"columns": columns}})
    raise ConnectorError("1358-400")
