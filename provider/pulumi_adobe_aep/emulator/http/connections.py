"""``/connections``."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.filters import search_filters
from pulumi_adobe_aep.emulator.flow_service.lists import MAXIMUM_SEARCH_LIMIT, ListQuery
from pulumi_adobe_aep.emulator.flow_service.patches import read_instructions
from pulumi_adobe_aep.emulator.flow_service.sources.filters import require_filters
from pulumi_adobe_aep.emulator.flow_service.spec_references import spec_id
from pulumi_adobe_aep.emulator.http.bodies import (
    ConfigList,
    ConnectionBody,
    Created,
    ExploredSchema,
    ExploredTable,
    ItemList,
    OlderErrorBody,
    PatchBody,
    SearchBody,
    TestResult,
    documented,
)
from pulumi_adobe_aep.emulator.http.depends import (
    PLATFORM,
    REFUSALS,
    CallerDep,
    EntityId,
    IfMatch,
    ListQueryDep,
    Mode,
    Operation,
    WorldDep,
)
from pulumi_adobe_aep.emulator.http.entity_routes import FLOW_SERVICE, created, created_at
from pulumi_adobe_aep.emulator.http.lists import LIST_MODEL, list_response
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import JsonObject

Table = Annotated[str | None, Query(alias="object", description="The table's path, as the root shows it.")]

router = APIRouter(
    prefix=f"{FLOW_SERVICE}/connections", tags=["Connections"], dependencies=PLATFORM, responses=REFUSALS
)


@router.get("", response_model=LIST_MODEL)
async def list_connections(world: WorldDep, caller: CallerDep, query: ListQueryDep) -> Response:
    """List the base connections of a sandbox, the latest first."""
    return list_response(world.connections.all(caller.place), query, "/connections", world.rules)


@router.post(
    "",
    response_model=Created,
    status_code=HTTPStatus.CREATED,
    responses={422: {"model": OlderErrorBody, "description": "The connection spec has no version."}},
)
async def create_connection(
    world: WorldDep,
    caller: CallerDep,
    body: ConnectionBody,
    mode: Mode = None,
) -> Response:
    """Create a base connection."""
    entity = await world.connections.create(caller, documented(body, world.rules), draft=mode == "draft")
    return created_at("/connections", entity)


@router.post("/search", response_model=LIST_MODEL)
async def search_connections(
    world: WorldDep,
    caller: CallerDep,
    body: SearchBody,
    continuation_token: Annotated[
        str | None, Query(alias="continuationToken", description="Continues a list where the last page ended.")
    ] = None,
) -> Response:
    """List the base connections that a query string finds, up to 1000 on a page."""
    documented(body, world.rules)
    query = ListQuery(search_filters(body.query_string), body.orderby, body.limit, continuation_token, body.count)
    found = world.connections.all(caller.place)
    return list_response(found, query, "/connections/search", world.rules, maximum=MAXIMUM_SEARCH_LIMIT)


@router.get("/{connection_id}", response_model=ItemList)
async def get_connection(world: WorldDep, caller: CallerDep, connection_id: EntityId) -> Response:
    """Read one base connection."""
    connections = world.connections
    return Json({"items": [connections.readable(connections.read(caller.place, connection_id))]})


@router.patch("/{connection_id}", response_model=Created)
async def patch_connection(
    world: WorldDep, caller: CallerDep, connection_id: EntityId, body: PatchBody, if_match: IfMatch = None
) -> Response:
    """Change a base connection."""
    return created(await world.connections.patch(caller, connection_id, if_match, read_instructions(body)))


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
    op: Operation,
) -> Response:
    """Publish a draft."""
    match op.lower():
        case "publish":
            return created(await world.connections.publish(caller, connection_id))
        case "finalize" | "finalize_update":
            raise FlowServiceError("1402-400")
    raise FlowServiceError("1435-400", action=op)


@router.get("/{connection_id}/test", response_model=TestResult)
async def check_connection(world: WorldDep, caller: CallerDep, connection_id: EntityId) -> Response:
    """Log in to the database that the connection names."""
    return Json({"result": await world.connections.test(caller.place, connection_id)})


@router.get("/{connection_id}/configs", response_model=ConfigList)
async def configure_connection(
    world: WorldDep, caller: CallerDep, connection_id: EntityId, table: Table = None
) -> Response:
    """List the names and types of a table's columns."""
    if not table:
        world.connections.read(caller.place, connection_id)
        return Json({"items": []})
    columns = await world.connections.columns(caller.place, connection_id, table)
    return Json({"items": [{"columnName": each["name"], "columnType": each["type"]} for each in columns]})


@router.get("/{connection_id}/explore", response_model=list[ExploredTable] | ExploredSchema)
async def explore_connection(
    world: WorldDep,
    caller: CallerDep,
    connection_id: EntityId,
    object_type: Annotated[str | None, Query(alias="objectType", description="`root` or `table`, in any case.")] = None,
    table: Table = None,
    *,
    filters: Annotated[
        str | None, Query(description="A filter in Base64, for the sources that have them; no effect.")
    ] = None,
    preview: Annotated[bool, Query(description="Whether the table's first rows are shown, 100 at most.")] = False,
) -> Response:
    """List the tables of the database, or the columns of one."""
    if filters is not None:
        require_filters(spec_id(world.connections.read(caller.place, connection_id).fields))
    match (object_type or "").lower():
        case "":
            raise ConnectorError("1359-400", parameter="objectType")
        case "root":
            return Json(await world.connections.tables(caller.place, connection_id))
        case "table":
            if not table:
                raise ConnectorError("1337-400", parameter="object", object_type=object_type)
            columns = await world.connections.columns(caller.place, connection_id, table)
            explored: JsonObject = {"format": "flat", "schema": {"columns": columns}}
            if preview:
                explored["data"] = await world.connections.preview(caller.place, connection_id, table)
            return Json(explored)
    raise ConnectorError("1358-400")
