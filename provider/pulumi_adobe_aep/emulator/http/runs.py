"""``/runs``."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.http.bodies import Created, ItemList, RunBody, documented
from pulumi_adobe_aep.emulator.http.depends import (
    PLATFORM,
    REFUSALS,
    CallerDep,
    EntityId,
    ListQueryDep,
    Operation,
    WorldDep,
)
from pulumi_adobe_aep.emulator.http.entity_routes import FLOW_SERVICE, created, created_at
from pulumi_adobe_aep.emulator.http.lists import LIST_MODEL, list_response
from pulumi_adobe_aep.emulator.http.responses import Json

router = APIRouter(prefix=f"{FLOW_SERVICE}/runs", tags=["Runs"], dependencies=PLATFORM, responses=REFUSALS)


@router.get("", response_model=LIST_MODEL)
async def list_runs(world: WorldDep, caller: CallerDep, query: ListQueryDep) -> Response:
    """List the runs of all flows."""
    await world.runs.catch_up()
    return list_response(world.runs.all(caller), query, "/runs", world.rules)


@router.post("", response_model=Created, status_code=HTTPStatus.CREATED)
async def create_run(world: WorldDep, caller: CallerDep, body: RunBody) -> Response:
    """Run a flow on demand that is scheduled to run once."""
    fields = documented(body, world.rules)
    run = world.run_requests.create(caller, body.flow_id, fields.get("params"))
    if world.rules.switches.run_created == "flat":
        return created_at("/runs", run)
    return Json({"items": [{"id": run.id, "etag": run.etag}]}, HTTPStatus.CREATED, {"location": f"/runs/{run.id}"})


@router.get("/{run_id}", response_model=ItemList)
async def get_run(world: WorldDep, caller: CallerDep, run_id: EntityId) -> Response:
    """Read one run."""
    await world.runs.catch_up()
    return Json({"items": [world.runs.read(caller, run_id)]})


@router.post("/{run_id}/action", response_model=Created)
async def act_on_run(world: WorldDep, caller: CallerDep, run_id: EntityId, op: Operation) -> Response:
    """Run the window of a failed run again."""
    if op.upper() != "RE_TRIGGER":
        raise ConnectorError("1401-400", action=op)
    return created(world.run_requests.trigger_again(caller, run_id))
