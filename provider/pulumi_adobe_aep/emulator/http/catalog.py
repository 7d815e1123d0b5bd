"""Catalog's data sets."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pulumi_adobe_aep.emulator.flow_service.data_sets import DEFAULT_LIMIT, DataSetQuery, shown
from pulumi_adobe_aep.emulator.http.bodies import DataSetBody, documented
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import JsonObject

router = APIRouter(prefix="/data/foundation/catalog", tags=["Catalog"], dependencies=PLATFORM, responses=REFUSALS)

Name = Annotated[str | None, Query(description="Only the data sets with this name.")]
Limit = Annotated[int, Query(description="Data sets in the response, 100 at most.")]
Start = Annotated[int, Query(description="How many are left out.")]
OrderBy = Annotated[str | None, Query(alias="orderBy", description="A field, after `desc:` in descending order.")]
Properties = Annotated[str | None, Query(description="The fields that are shown, separated by commas.")]


@router.post("/dataSets", response_model=list[str], status_code=HTTPStatus.CREATED)
async def create_data_set(
    world: WorldDep,
    caller: CallerDep,
    body: DataSetBody,
    *,
    request_data_source: Annotated[
        bool, Query(alias="requestDataSource", description="Has no effect: data sources have lost their meaning.")
    ] = False,
) -> Response:
    """Create a data set."""
    del request_data_source
    entity = world.data_sets.create(caller, documented(body, world.rules))
    return Json([_reference(entity.id)], HTTPStatus.CREATED, {"location": f"/dataSets/{entity.id}"})


@router.get("/dataSets", response_model=dict[str, JsonObject])
async def list_data_sets(
    world: WorldDep,
    caller: CallerDep,
    name: Name = None,
    *,
    limit: Limit = DEFAULT_LIMIT,
    start: Start = 0,
    order_by: OrderBy = None,
    properties: Properties = None,
) -> Response:
    """List data sets by their ids."""
    wanted = [] if properties is None else properties.split(",")
    return Json(world.data_sets.list(caller.place, DataSetQuery(name, limit, start, order_by, wanted)))


@router.get("/dataSets/{data_set_id}", response_model=dict[str, JsonObject])
async def get_data_set(world: WorldDep, caller: CallerDep, data_set_id: EntityId) -> Response:
    """Read one data set, under its id."""
    entity = world.data_sets.get(caller.place, data_set_id)
    return Json({entity.id: shown(entity)})


@router.patch("/dataSets/{data_set_id}", response_model=list[str])
async def change_data_set(world: WorldDep, caller: CallerDep, data_set_id: EntityId, body: JsonObject) -> Response:
    """Change fields of a data set."""
    return Json([_reference(world.data_sets.change(caller, data_set_id, body, deep=False).id)])


@router.patch("/v2/dataSets/{data_set_id}", response_model=list[str])
async def merge_data_set(world: WorldDep, caller: CallerDep, data_set_id: EntityId, body: JsonObject) -> Response:
    """Change fields of a data set, those of objects one by one."""
    return Json([_reference(world.data_sets.change(caller, data_set_id, body, deep=True).id)])


@router.delete("/dataSets/{data_set_id}", response_model=list[str])
async def delete_data_set(world: WorldDep, caller: CallerDep, data_set_id: EntityId) -> Response:
    """Delete a data set with all of its data. The response is an empty array where there was none."""
    return Json([_reference(data_set_id)] if world.data_sets.delete(caller.place, data_set_id) else [])


def _reference(data_set_id: str) -> str:
    return f"@/dataSets/{data_set_id}"
