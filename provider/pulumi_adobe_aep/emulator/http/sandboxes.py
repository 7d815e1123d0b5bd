"""The Sandbox API."""

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.http.bodies import SandboxItem
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json

router = APIRouter(
    prefix="/data/foundation/sandbox-management", tags=["Sandboxes"], dependencies=PLATFORM, responses=REFUSALS
)


@router.get("/sandboxes/{name}", response_model=SandboxItem)
async def get_sandbox(world: WorldDep, caller: CallerDep, name: EntityId) -> Response:
    """Read one sandbox."""
    organization = world.directory.organization(caller.place.org_id)
    sandbox = None if organization is None else organization.sandbox(name)
    if organization is None or sandbox is None:
        raise FlowServiceError("2100-404", name=name)
    return Json({"id": sandbox.id_in(organization.id), **sandbox.model_dump(by_alias=True)})
