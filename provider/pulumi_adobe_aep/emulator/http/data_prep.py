"""Data Prep's mapping sets."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pulumi_adobe_aep.emulator.data_prep.mapping import Problem
from pulumi_adobe_aep.emulator.http.bodies import (
    MappingSet,
    MappingSetBody,
    MappingSetPage,
    Preview,
    PreviewBody,
    ValidationResponses,
    documented,
)
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import JsonObject

router = APIRouter(
    prefix="/data/foundation/conversion/mappingSets", tags=["Data Prep"], dependencies=PLATFORM, responses=REFUSALS
)

Version = Annotated[int | None, Query(description="A version that it has or had.")]
ExpandSchema = Annotated[bool, Query(alias="expandSchema", description="Has no effect.")]
_SHORT = ("id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy")


@router.post("", response_model=MappingSet)
async def create_mapping_set(world: WorldDep, caller: CallerDep, body: MappingSetBody) -> Response:
    """Create a mapping set."""
    entity = world.mapping_sets.create(caller, documented(body, world.rules))
    return Json({key: value for key, value in world.mapping_sets.shown(entity, 0).items() if key in _SHORT})


@router.get("", response_model=MappingSetPage)
async def list_mapping_sets(
    world: WorldDep,
    caller: CallerDep,
    limit: Annotated[int, Query(description="Mapping sets in the response.", ge=1)],
    start: Annotated[int, Query(description="How many are left out.", ge=0)],
    name: Annotated[str | None, Query(description="Only the mapping sets with this name.")] = None,
) -> Response:
    """List mapping sets, each in its newest version."""
    found = [each for each in world.mapping_sets.all(caller.place) if name in (None, each.get("name"))]
    return Json({"data": found[start : start + limit]})


@router.post("/validate", response_model=ValidationResponses)
async def validate_mapping_set(world: WorldDep, caller: CallerDep, body: MappingSetBody) -> Response:
    """Check the expressions and the destinations of a mapping set."""
    problems = world.mapping_sets.problems(caller.place, documented(body, world.rules))
    return Json({"validationResponse": [_validation(each) for each in problems]})


@router.post("/preview", response_model=Preview)
async def preview_mapping_set(world: WorldDep, caller: CallerDep, body: PreviewBody) -> Response:
    """Map some data."""
    documented(body, world.rules)
    data = body.data if isinstance(body.data, dict) else next(iter(body.data), {})
    mapping_set = documented(body.mapping_set, world.rules)
    record, problems = world.mapping_sets.preview(caller.place, mapping_set, data)
    errors = {"errors": [each.item() for each in problems]} if problems else {}
    return Json({"data": record, **errors})


@router.get("/{mapping_set_id}", response_model=MappingSet)
async def get_mapping_set(
    world: WorldDep,
    caller: CallerDep,
    mapping_set_id: EntityId,
    version: Version = None,
    *,
    expand_schema: ExpandSchema = False,
) -> Response:
    """Read one version of a mapping set."""
    del expand_schema
    entity = world.mapping_sets.get(caller.place, mapping_set_id)
    return Json(world.mapping_sets.shown(entity, version))


@router.put("/{mapping_set_id}", response_model=MappingSet)
async def replace_mapping_set(
    world: WorldDep, caller: CallerDep, mapping_set_id: EntityId, body: MappingSetBody
) -> Response:
    """Make a new version of a mapping set."""
    entity = world.mapping_sets.replace(caller, mapping_set_id, documented(body, world.rules))
    return Json(world.mapping_sets.newest(entity))


@router.delete("/{mapping_set_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_mapping_set(world: WorldDep, caller: CallerDep, mapping_set_id: EntityId) -> Response:
    """Delete a mapping set, where the switch says that this is possible."""
    world.mapping_sets.delete(caller, mapping_set_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _validation(problem: Problem | None) -> JsonObject:
    if problem is None:
        return {"status": "SUCCESS", "errors": None}
    return {"status": "FAILED", "errors": [problem.item()]}
