"""``/_emulator/``: how tests drive the emulator. None of this exists in Adobe's service."""

import json
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.emulator.data_prep.schemas import SchemaError
from pulumi_adobe_aep.emulator.databases.stand_ins import StandIn
from pulumi_adobe_aep.emulator.faults import Fault, FaultState
from pulumi_adobe_aep.emulator.flow_service import schemas
from pulumi_adobe_aep.emulator.http.allowed_callers import allowed_only
from pulumi_adobe_aep.emulator.http.depends import WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.request_log import LOGGED_REQUESTS, LoggedRequest
from pulumi_adobe_aep.emulator.store.entities import KINDS, Author, Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.world import World

router = APIRouter(prefix="/_emulator", tags=["Control"], dependencies=[Depends(allowed_only)])


class _Settings(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Seed(_Settings):
    """Where ids and times begin. Times are milliseconds."""

    seed: int = 0
    time: int = Field(default=1_767_225_600_000, ge=0, description="The default is the beginning of 2026.")
    step: int = Field(default=1000, ge=0, description="How far each request moves the time.")


_DEFAULT_SEED = Seed()


class Latency(_Settings):
    """How long every response takes at least."""

    milliseconds: float = Field(ge=0)


class Advance(_Settings):
    """How far the emulator's clock is put forward."""

    seconds: float = Field(ge=0)


class Hidden(_Settings):
    """The clients that do not see a flow."""

    clients: list[str]


class Creation(_Settings):
    """An entity that somebody else creates; nothing about it is checked."""

    fields: JsonObject
    org_id: str
    sandbox: str
    state: str = "enabled"
    by: str = "exc_app"


class Change(_Settings):
    """A change that somebody else makes: in the UI, or Adobe itself.

    Attributes:
        fields: top-level fields to set; null takes one away.
        params: keys of ``auth.params`` to set; null takes one away.
        state: the new state.
        by: who made it; None leaves who and when alone, as when the service rewrites an entity by itself.
    """

    fields: JsonObject = {}
    params: JsonObject = {}
    state: str | None = None
    by: str | None = "exc_app"


@router.post("/reset", status_code=HTTPStatus.NO_CONTENT)
async def reset(world: WorldDep) -> Response:
    """Go back to how the process started."""
    world.reset()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/seed", status_code=HTTPStatus.NO_CONTENT)
async def seed(world: WorldDep, body: Annotated[Seed, Body()] = _DEFAULT_SEED) -> Response:
    """Reset, and make the same requests give the same ids and times."""
    world.seed(body.seed, body.time, body.step)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/state")
async def state(
    world: WorldDep,
    secrets: Annotated[bool, Query(description="Whether secrets are shown.")] = False,
) -> Response:
    """Return every entity of every organization and sandbox, by kind."""
    return Json({kind: [_shown(world, each, secrets=secrets) for each in world.store.all(kind)] for kind in KINDS})


@router.get("/requests", response_model=list[LoggedRequest])
async def requests(
    world: WorldDep,
    method: str | None = None,
    path: Annotated[str | None, Query(description="A part of the path.")] = None,
    after: Annotated[int, Query(description="Only those with a higher sequence number.")] = 0,
) -> Response:
    """Return the requests to the emulated services, oldest first."""
    found = world.log.select(
        lambda entry: (
            entry.sequence > after
            and (method is None or entry.method == method.upper())
            and (path is None or path in entry.path)
        )
    )
    return Json(LOGGED_REQUESTS.dump_python(found, by_alias=True))


@router.delete("/requests", status_code=HTTPStatus.NO_CONTENT)
async def forget_requests(world: WorldDep) -> Response:
    """Empty the request log."""
    world.log.clear()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/faults", response_model=list[FaultState])
async def faults(world: WorldDep) -> Response:
    """Return all faults and how often they have hit."""
    return Json([each.model_dump(by_alias=True) for each in world.faults.all()])


@router.post("/faults", response_model=list[FaultState], status_code=HTTPStatus.CREATED)
async def add_faults(world: WorldDep, body: Fault | list[Fault]) -> Response:
    """Put faults into force."""
    added = world.faults.add(body if isinstance(body, list) else [body])
    return Json([each.model_dump(by_alias=True) for each in added], HTTPStatus.CREATED)


@router.delete("/faults", status_code=HTTPStatus.NO_CONTENT)
async def lift_faults(world: WorldDep) -> Response:
    """Lift all faults."""
    world.faults.clear()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.put("/latency", response_model=Latency)
async def set_latency(world: WorldDep, body: Latency) -> Response:
    """Set how long every response takes at least."""
    world.latency = body.milliseconds
    return Json(body.model_dump())


@router.get("/switches")
async def switches(world: WorldDep) -> Response:
    """Return all switches."""
    return Json(vars(world.rules.switches))


@router.patch("/switches")
async def change_switches(world: WorldDep, body: JsonObject) -> Response:
    """Change some switches."""
    try:
        world.use_switches(world.rules.switches.changed(body))
    except ValueError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    return Json(vars(world.rules.switches))


@router.get("/databases", response_model=StandIn)
@router.get("/databases/{connection_id}", response_model=StandIn)
async def stand_in(world: WorldDep, connection_id: str | None = None) -> Response:
    """Return what simulates the database of a connection, or of all that have none of their own."""
    return Json(world.stand_ins.of(connection_id).model_dump(by_alias=True))


@router.put("/databases", response_model=StandIn)
@router.put("/databases/{connection_id}", response_model=StandIn)
async def use_stand_in(world: WorldDep, body: StandIn, connection_id: str | None = None) -> Response:
    """Set what simulates the database of a connection that is not to PostgreSQL, or of all of those."""
    world.stand_ins.use(body, connection_id)
    return Json(body.model_dump(by_alias=True))


@router.post("/clock/advance", status_code=HTTPStatus.NO_CONTENT)
async def advance(world: WorldDep, body: Advance) -> Response:
    """Put the emulator's clock forward, and carry out the runs that are due by then."""
    world.clock.advance(int(body.seconds * 1000))
    await world.runs.catch_up()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/clock")
async def clock(world: WorldDep) -> Response:
    """Return the emulator's time, in milliseconds."""
    return Json({"time": world.clock.now()})


@router.get("/dataSets/{data_set_id}/batches")
async def batches(world: WorldDep, data_set_id: str) -> Response:
    """Return the batches of a data set, oldest first, with the first rows that failed where the flow diagnoses them."""
    await world.runs.catch_up()
    return Json([each.item() for each in world.data_sets.batches(data_set_id)])


@router.get("/dataSets/{data_set_id}/rows")
async def rows(
    world: WorldDep,
    data_set_id: str,
    offset: Annotated[int, Query(ge=0, description="How many are left out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000, description="How many are returned.")] = 1000,
) -> Response:
    """Return the records of a data set, in the order of their ingestion."""
    await world.runs.catch_up()
    return Json([json.loads(each) for each in world.data_sets.records(data_set_id, offset, limit)])


@router.post("/flows/{flow_id}/runs", status_code=HTTPStatus.CREATED)
async def run_flow(world: WorldDep, flow_id: str) -> Response:
    """Run a flow at once, up to now, whatever its schedule and state."""
    return Json((await world.runs.run_now(_find(world, "flows", flow_id))).item(), HTTPStatus.CREATED)


@router.put("/flows/{flow_id}/hidden", status_code=HTTPStatus.NO_CONTENT)
async def hide_flow(world: WorldDep, flow_id: str, body: Hidden) -> Response:
    """Hide a flow from clients, as an access label does that their roles lack."""
    world.flows.hide(_find(world, "flows", flow_id), body.clients)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/tokens/expire", status_code=HTTPStatus.NO_CONTENT)
async def expire_tokens(world: WorldDep) -> Response:
    """Make all tokens invalid."""
    world.expire_tokens()
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{kind}", status_code=HTTPStatus.CREATED)
async def create(world: WorldDep, kind: Kind, body: Creation) -> Response:
    """Create an entity as somebody else would, without the provider."""
    organization = world.directory.organization(body.org_id)
    sandbox = None if organization is None else organization.sandbox(body.sandbox)
    if organization is None or sandbox is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no sandbox {body.sandbox} in {body.org_id}")
    if kind == "schemas":
        _check_schema(body.fields)
    place = Place(organization.id, sandbox.id_in(organization.id), sandbox.name)
    entity = world.store.add(kind, place, Author(body.by, body.by), body.fields, state=body.state)
    return Json(_shown(world, entity, secrets=False), HTTPStatus.CREATED)


@router.patch("/{kind}/{entity_id}")
async def change(world: WorldDep, kind: Kind, entity_id: str, body: Change) -> Response:
    """Change an entity as somebody else would, past all rules of the service."""
    entity = _find(world, kind, entity_id)
    fields = _merged(entity.fields, body.fields)
    if body.params:
        auth = fields.get("auth")
        auth = auth if isinstance(auth, dict) else {}
        fields["auth"] = {**auth, "params": _merged(auth.get("params", {}), body.params)}
    if body.by is None:
        entity = world.store.overwrite(entity, fields=fields, state=body.state)
    else:
        author = Author(body.by, body.by)
        entity = world.store.update(entity, author, fields=fields, state=body.state)
    return Json(_shown(world, entity, secrets=False))


@router.delete("/{kind}/{entity_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove(world: WorldDep, kind: Kind, entity_id: str) -> Response:
    """Delete an entity as somebody else would."""
    entity = _find(world, kind, entity_id)
    if kind == "dataSets":
        world.data_sets.discard(entity)
    else:
        world.store.remove(entity)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _check_schema(fields: JsonObject) -> None:
    try:
        schemas.check(fields)
    except SchemaError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None


def _find(world: World, kind: Kind, entity_id: str) -> Entity:
    entity = next((each for each in world.store.all(kind) if each.id == entity_id), None)
    if entity is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no entity {entity_id} in {kind}")
    return entity


def _shown(world: World, entity: Entity, *, secrets: bool) -> JsonObject:
    return entity.item() if secrets else world.connections.readable(entity)


def _merged(into: JsonObject, changes: JsonObject) -> JsonObject:
    merged = {**into, **changes}
    return {key: value for key, value in merged.items() if value is not None or key not in changes}
