"""The Schema Registry: the tenant's schemas, read only."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from pulumi_adobe_aep.emulator.errors import AcceptError
from pulumi_adobe_aep.emulator.http.bodies import SchemaPage
from pulumi_adobe_aep.emulator.http.depends import PLATFORM, REFUSALS, CallerDep, EntityId, WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import JsonObject

router = APIRouter(
    prefix="/data/foundation/schemaregistry/tenant",
    tags=["Schema Registry"],
    dependencies=PLATFORM,
    responses=REFUSALS,
)

Accept = Annotated[str | None, Header(description="`application/vnd.adobe.xed...+json`, which says what is shown.")]
_SHORT = ("$id", "meta:altId", "version", "title")


@router.get("/schemas", response_model=SchemaPage)
async def list_schemas(world: WorldDep, caller: CallerDep, accept: Accept = None) -> Response:
    """List the schemas of a sandbox."""
    _require(accept)
    found = [each.fields for each in world.schemas.all(caller.place)]
    if "xed-id" in (accept or ""):
        found = [{key: each[key] for key in _SHORT if key in each} for each in found]
    return Json({"results": found, "_page": {"orderby": "updated", "next": None, "count": len(found)}, "_links": {}})


@router.get("/schemas/{schema_id:path}", response_model=JsonObject)
async def get_schema(world: WorldDep, caller: CallerDep, schema_id: EntityId, accept: Accept = None) -> Response:
    """Read one schema by its `$id`, percent-encoded, or by its `meta:altId`."""
    _require(accept)
    return Json(world.schemas.get(caller.place, schema_id).fields)


def _require(accept: str | None) -> None:
    if not (accept or "").startswith("application/vnd.adobe.xed"):
        raise AcceptError
