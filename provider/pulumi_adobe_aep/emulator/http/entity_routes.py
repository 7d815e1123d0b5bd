"""The routes that source connections, target connections and flows share."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Response

from pulumi_adobe_aep.emulator.flow_service.collection import Collection
from pulumi_adobe_aep.emulator.flow_service.patches import read_instructions
from pulumi_adobe_aep.emulator.http.bodies import Created, ItemList, PatchBody
from pulumi_adobe_aep.emulator.http.depends import (
    PLATFORM,
    REFUSALS,
    CallerDep,
    EntityId,
    IfMatch,
    ListQueryDep,
    WorldDep,
)
from pulumi_adobe_aep.emulator.http.lists import LIST_MODEL, list_response
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import Entity
from pulumi_adobe_aep.emulator.world import World

FLOW_SERVICE = "/data/foundation/flowservice"


def created(entity: Entity) -> Json:
    """Return the response to a change or an action."""
    return Json({"id": entity.id, "etag": entity.etag})


def created_at(path: str, entity: Entity) -> Json:
    """Return the response to a create, with the entity's place relative to the base of Flow Service."""
    response = created(entity)
    response.status_code = HTTPStatus.CREATED
    response.headers["location"] = f"{path}/{entity.id}"
    return response


def entity_router(path: str, tag: str, collection: Callable[[World], Collection]) -> APIRouter:
    """Return a router that lists, reads, changes and deletes.

    Args:
        path: of the collection, relative to the base of Flow Service.
        tag: the heading on the OpenAPI page.
        collection: finds the collection.
    """
    router = APIRouter(prefix=FLOW_SERVICE + path, tags=[tag], dependencies=PLATFORM, responses=REFUSALS)

    @router.get("", response_model=LIST_MODEL, summary="List")
    async def list_entities(world: WorldDep, caller: CallerDep, query: ListQueryDep) -> Response:
        return list_response(collection(world).all(caller), query, path, world.rules)

    @router.get("/{entity_id}", response_model=ItemList, summary="Read one")
    async def get_entity(world: WorldDep, caller: CallerDep, entity_id: EntityId) -> Response:
        return Json({"items": [collection(world).read(caller, entity_id)]})

    @router.patch("/{entity_id}", response_model=Created, summary="Change")
    async def patch_entity(
        world: WorldDep, caller: CallerDep, entity_id: EntityId, body: PatchBody, if_match: IfMatch = None
    ) -> Response:
        return created(collection(world).patch(caller, entity_id, if_match, read_instructions(body)))

    @router.delete("/{entity_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete")
    async def delete_entity(world: WorldDep, caller: CallerDep, entity_id: EntityId) -> Response:
        collection(world).delete(caller, entity_id)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router
