"""The neighbours of Flow Service: Catalog's data sets, Data Prep's mapping sets, and the Sandbox API."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.http.answers import Json
from pulumi_adobe_aep.emulator.http.bodies import DataSetBody, MappingSet, MappingSetBody, SandboxItem, documented
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, WorldDep
from pulumi_adobe_aep.emulator.store.entities import Entity

router = APIRouter(prefix="/data/foundation", dependencies=PLATFORM, responses=REFUSALS)


@router.post("/catalog/dataSets", tags=["Catalog"], response_model=list[str], status_code=HTTPStatus.CREATED)
async def create_data_set(world: WorldDep, caller: CallerDep, body: DataSetBody) -> Response:
    """Create a data set."""
    entity = world.neighbours.create_data_set(caller, documented(body, world.rules))
    return Json([f"@/dataSets/{entity.id}"], HTTPStatus.CREATED)


@router.get("/catalog/dataSets/{data_set_id}", tags=["Catalog"], response_model=dict[str, dict[str, object]])
async def get_data_set(world: WorldDep, caller: CallerDep, data_set_id: EntityId) -> Response:
    """Read one data set, under its id."""
    entity = world.neighbours.get("dataSets", caller.place, data_set_id)
    return Json({entity.id: {"imsOrg": entity.place.org_id, "created": entity.created_at, **entity.fields}})


@router.post("/conversion/mappingSets", tags=["Data Prep"], response_model=MappingSet)
async def create_mapping_set(world: WorldDep, caller: CallerDep, body: MappingSetBody) -> Response:
    """Create a mapping set."""
    return Json(_mapping_set(world.neighbours.create_mapping_set(caller, documented(body, world.rules))))


@router.get("/conversion/mappingSets/{mapping_set_id}", tags=["Data Prep"], response_model=MappingSet)
async def get_mapping_set(world: WorldDep, caller: CallerDep, mapping_set_id: EntityId) -> Response:
    """Read one mapping set."""
    entity = world.neighbours.get("mappingSets", caller.place, mapping_set_id)
    return Json({**_mapping_set(entity), **{key: each for key, each in entity.fields.items() if key != "version"}})


@router.get("/sandbox-management/sandboxes/{name}", tags=["Sandboxes"], response_model=SandboxItem)
async def get_sandbox(world: WorldDep, caller: CallerDep, name: EntityId) -> Response:
    """Read one sandbox."""
    organization = world.directory.organization(caller.place.org_id)
    sandbox = None if organization is None else organization.sandbox(name)
    if organization is None or sandbox is None:
        raise FlowServiceError("2100-404", name=name)
    return Json({"id": sandbox.id_in(organization.id), **sandbox.model_dump(by_alias=True)})


def _mapping_set(entity: Entity) -> dict[str, object]:
    return {
        "id": entity.id,
        "version": entity.fields.get("version", 0),
        "createdDate": entity.created_at,
        "modifiedDate": entity.updated_at,
        "createdBy": entity.created.person,
        "modifiedBy": entity.updated.person,
    }
