"""``/``: a page to look at. It shows accounts, dataflows, runs and the records of a data set, and changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pulumi_adobe_aep.emulator.flow_service.flows import connection_ids
from pulumi_adobe_aep.emulator.flow_service.schedules import schedule_of
from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.emulator.flow_service.spec_references import spec_id
from pulumi_adobe_aep.emulator.http.allowed_callers import allowed_only
from pulumi_adobe_aep.emulator.http.depends import WorldDep
from pulumi_adobe_aep.emulator.store.entities import Entity, JsonObject, Kind
from pulumi_adobe_aep.emulator.world import World

SECONDS: Final = 2
"""Seconds between two refreshes of the page."""
SHOWN: Final = 50
"""Of runs and of records, the latest ones."""
_HEADERS: Final = {
    # Nothing of the page may come from elsewhere, nor may another page show it.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

router = APIRouter(tags=["Page"], dependencies=[Depends(allowed_only)])


@dataclass(frozen=True)
class _Records:
    """The latest records of one data set, as JSON."""

    name: str
    total: int
    rows: list[str]


@router.get("/", response_class=HTMLResponse)
async def look(
    world: WorldDep,
    data_set: Annotated[
        str | None, Query(alias="dataSet", description="Whose records are shown; the one written to last if not given.")
    ] = None,
) -> Response:
    """Show what there is, read only."""
    await world.runs.catch_up()
    store = world.store
    text = _template().render(
        seconds=SECONDS,
        time=_time(world.clock.now()),
        accounts=[_account(each) for each in store.all("connections")],
        dataflows=[_dataflow(world, each) for each in store.all("flows")],
        runs=[_run(world, each) for each in sorted(store.all("runs"), key=_created, reverse=True)[:SHOWN]],
        records=_records(world, data_set),
    )
    return HTMLResponse(text, headers=_HEADERS)


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("pulumi_adobe_aep.emulator", "http")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


def _account(connection: Entity) -> dict[str, str]:
    spec = spec_id(connection.fields)
    source = TABLE_SOURCES.get(str(spec))
    return {**_named(connection), "source": str(spec or "") if source is None else source.title}


def _dataflow(world: World, flow: Entity) -> dict[str, str]:
    source = _referenced(world, flow, "sourceConnectionIds", "sourceConnections")
    target = _referenced(world, flow, "targetConnectionIds", "targetConnections")
    data_set_id = str(target.get("dataSetId", ""))
    data_set = world.store.get("dataSets", flow.place, data_set_id)
    return {
        **_named(flow),
        "table": str(source.get("tableName", "")),
        "data_set_id": data_set_id,
        "data_set": data_set_id if data_set is None else str(data_set.fields.get("name")),
        "frequency": str(schedule_of(flow.fields).get("frequency", "")),
    }


def _run(world: World, run: Entity) -> dict[str, object]:
    flow = world.store.get("flows", run.place, str(run.fields.get("flowId")))
    metrics = _object(run.fields.get("metrics"))
    counts, status = _object(metrics.get("recordSummary")), _object(metrics.get("statusSummary"))
    errors = status.get("errors")
    return {
        "flow": run.fields.get("flowId") if flow is None else flow.fields.get("name"),
        "time": _time(run.created_at),
        "status": status.get("status"),
        "read": counts.get("inputRecordCount", ""),
        "kept": counts.get("outputRecordCount", ""),
        "failed": counts.get("failedRecordCount", ""),
        "errors": ", ".join(str(_object(each).get("code")) for each in errors) if isinstance(errors, list) else "",
    }


def _records(world: World, wanted: str | None) -> _Records:
    """Return the latest records of the wanted data set, or of the one that a run has written to last."""
    batches = [each for each in world.store.all("batches") if wanted in (None, each.fields.get("dataSetId"))]
    data_set_id = str(batches[-1].fields.get("dataSetId")) if batches else str(wanted or "")
    data_set = next((each for each in world.store.all("dataSets") if each.id == data_set_id), None)
    if data_set is None:
        return _Records("", 0, [])
    total = world.data_sets.count(data_set_id)
    rows = list(world.data_sets.records(data_set_id, max(0, total - SHOWN), SHOWN))
    return _Records(str(data_set.fields.get("name")), total, rows[::-1])


def _named(entity: Entity) -> dict[str, str]:
    return {
        "name": str(entity.fields.get("name", entity.id)),
        "sandbox": entity.place.sandbox_name,
        "state": entity.state,
    }


def _referenced(world: World, flow: Entity, name: str, kind: Kind) -> Mapping[str, object]:
    """Return the parameters of a flow's source or target connection."""
    entity = world.store.get(kind, flow.place, next(iter(connection_ids(flow, name)), ""))
    return {} if entity is None else _object(entity.fields.get("params"))


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _created(entity: Entity) -> int:
    return entity.created_at


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
