"""``/runs``."""

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.http.answers import Json
from pulumi_adobe_aep.emulator.http.bodies import ItemList
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, ListQueryDep, WorldDep
from pulumi_adobe_aep.emulator.http.entity_routes import FLOW_SERVICE
from pulumi_adobe_aep.emulator.http.lists import LIST_MODEL, answer_list

router = APIRouter(prefix=f"{FLOW_SERVICE}/runs", tags=["Runs"], dependencies=PLATFORM, responses=REFUSALS)


@router.get("", response_model=LIST_MODEL)
async def list_runs(world: WorldDep, caller: CallerDep, query: ListQueryDep) -> Response:
    """List the runs of all flows."""
    return answer_list(world.runs.all(caller.place), query, "/runs", world.rules)


@router.get("/{run_id}", response_model=ItemList)
async def get_run(world: WorldDep, caller: CallerDep, run_id: EntityId) -> Response:
    """Read one run."""
    return Json({"items": [world.runs.get(caller.place, run_id)]})
