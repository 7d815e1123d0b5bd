"""Flows: what is taken, what changes may come when, and who sees them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.api import UNKNOWN_ID, Api, code
from tests.emulator.test_chain import (
    COPY,
    SCHEMA,
    Chain,
    make,
    make_data_set,
    neighbour,
    patch,
    schedule,
    source_body,
    target_body,
)

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

MYSQL = {"id": "26d738e0-8963-47ea-aadf-c60de735468a", "version": "1.0"}
OTHER_VERSION = "application/vnd.adobe.xed-full+json;version=2"


@pytest.fixture
def chain(api: Api) -> Chain:
    return Chain.make(api)


def once(**changes: Any) -> dict[str, Any]:
    return schedule(frequency="once", interval=None, **changes)


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def test_a_connection_that_is_not_there_can_be_the_connectors_error(emulator: Emulator, chain: Chain) -> None:
    assert chain.refused(sourceConnectionIds=[UNKNOWN_ID]) == "1439-404"
    emulator.switch(unknown_connection="connector")
    assert chain.refused(sourceConnectionIds=[UNKNOWN_ID]) == "1322-400"
    assert chain.refused(targetConnectionIds=[UNKNOWN_ID]) == "1306-400"


def test_a_source_connection_without_a_table_makes_no_flow(emulator: Emulator, chain: Chain) -> None:
    emulator.change(chain.source, kind="sourceConnections", fields={"params": None})
    assert chain.refused() == "1323-400"


def test_columns_of_a_source_connection_may_be_left_out_unless_the_switch_requires_them(
    emulator: Emulator, chain: Chain
) -> None:
    body = source_body(chain.base, params={"tableName": "public.customers"})
    assert (
        chain.api.item(f"/sourceConnections/{make(chain.api, '/sourceConnections', body)}")["params"] == body["params"]
    )
    emulator.switch(source_columns="required")
    assert code(chain.api.post("/sourceConnections", body)) == "1304-400"


def test_options_labels_and_record_types_are_kept(emulator: Emulator, chain: Chain) -> None:
    given = {
        "options": {"errorDiagnosticsEnabled": True, "partialIngestionPercent": 5},
        "labels": ["core/C1"],
        "recordTypes": [{"type": "profile", "extensions": {}}],
    }
    item = chain.api.item(f"/flows/{chain.flow(**given)}")
    assert {key: item[key] for key in given} == given
    assert chain.api.item(f"/flows/{chain.flow()}")["labels"] == []
    emulator.switch(flow_options="refuse")
    for key, value in given.items():
        assert chain.refused(**{key: value}) == "1318-400"


def test_a_flow_says_where_its_runs_are(chain: Chain) -> None:
    flow = chain.flow()
    path = chain.api.item(f"/flows/{flow}")["runs"]
    assert path == f"/runs?property=flowId=={flow}"
    assert chain.api.get(path).json()["items"] == []


def test_a_start_time_may_be_in_the_past_as_far_as_the_switch_says(emulator: Emulator, chain: Chain) -> None:
    late = {"scheduleParams": schedule(startTime=int(time.time()) - 100)}
    assert chain.refused(**late) == "1360-400"
    emulator.switch(start_tolerance_seconds=1000)
    assert chain.flow(**late)


def test_a_draft_may_have_any_start_time_until_it_is_published(chain: Chain) -> None:
    body = chain.flow_body(scheduleParams=schedule(startTime=1))
    path = f"/flows/{make(chain.api, '/flows', body, params={'mode': 'draft'})}"
    assert chain.api.item(path)["lastOperation"]["operation"] == "draft_create"
    assert code(chain.api.post(f"{path}/action", params={"op": "publish"})) == "1360-400"
    assert code(patch(chain, path, replace("/scheduleParams/startTime", 2))) == "1366-400"


def test_a_draft_of_a_source_connection_says_that_it_was_created_as_one(chain: Chain) -> None:
    draft = make(chain.api, "/sourceConnections", source_body(chain.base), params={"mode": "draft"})
    item = chain.api.item(f"/sourceConnections/{draft}")
    assert (item["state"], item["lastOperation"]["operation"]) == ("draft", "draft_create")


def test_a_change_of_a_flow_is_an_operation_that_can_be_looked_at(chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    before = chain.api.item(path)["lastOperation"]
    assert before["operation"] == "create"
    change = {"op": "add", "path": "/description", "value": "x"}
    assert patch(chain, path, change).status_code == 200
    operation = chain.api.item(path)["lastOperation"]
    assert operation.pop("started") <= operation.pop("updated")
    assert operation == {
        "ops": [change],
        "percentCompleted": 100.0,
        "status": {"value": "completed", "errors": []},
        "operation": "update",
    }


def test_a_changed_flow_can_be_updating_for_a_while(emulator: Emulator, chain: Chain) -> None:
    emulator.switch(flow_update_seconds=8)
    path = f"/flows/{chain.flow()}"
    assert patch(chain, path, replace("/name", "changed")).status_code == 200
    assert chain.api.item(path)["state"] == "updating"
    assert code(patch(chain, path, replace("/name", "again"))) == "1421-400"
    assert code(chain.api.post(f"{path}/action", params={"op": "disable"})) == "1421-400"
    emulator.advance(9)
    assert chain.api.item(path)["state"] == "enabled"
    assert patch(chain, path, replace("/name", "again")).status_code == 200


def test_the_whole_schedule_can_be_replaced(chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    value = schedule(frequency="week")
    assert patch(chain, path, replace("/scheduleParams", value)).status_code == 200
    assert chain.api.item(path)["scheduleParams"] == value


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replace("/scheduleParams/startTime", 1), "1360-400"),
        (replace("/scheduleParams/frequency", "yearly"), "1397-400"),
        (replace("/scheduleParams/interval", 0), "1363-400"),
        (replace("/transformations/7", COPY), "1455-400"),
        (replace("/transformations/1", COPY), "1370-400"),
        (replace("/options", {}), "1365-400"),
        (replace("/sourceConnectionIds", []), "1365-400"),
        (replace("/state", "disabled"), "1365-400"),
    ],
)
def test_a_change_that_makes_no_flow_is_refused(chain: Chain, change: dict[str, Any], expected: str) -> None:
    assert code(patch(chain, f"/flows/{chain.flow()}", change)) == expected


def test_before_its_start_a_flow_may_change_its_schedule_as_it_likes(chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    assert patch(chain, path, replace("/scheduleParams/backfill", "false")).status_code == 200
    mapping = chain.api.item(path)["transformations"][1]
    changes = [replace("/scheduleParams", once()), replace("/transformations", [mapping])]
    assert patch(chain, path, *changes).status_code == 200
    back = [replace("/scheduleParams", schedule()), replace("/transformations", [COPY, mapping])]
    assert patch(chain, path, *back).status_code == 200


def test_after_its_start_neither_backfill_nor_once_can_be_set(emulator: Emulator, chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    mapping = chain.api.item(path)["transformations"][1]
    emulator.advance(4000)
    assert code(patch(chain, path, replace("/scheduleParams/backfill", "false"))) == "1404-400"
    assert patch(chain, path, replace("/scheduleParams/backfill", True)).status_code == 200, "it is what it was"
    start = chain.api.item(path)["scheduleParams"]["startTime"]
    changes = [replace("/scheduleParams", once(startTime=start)), replace("/transformations", [mapping])]
    assert code(patch(chain, path, *changes)) == "1403-400"
    assert patch(chain, path, replace("/scheduleParams/interval", 2)).status_code == 200


def test_after_its_start_a_flow_that_runs_once_keeps_its_schedule_and_mapping(emulator: Emulator, chain: Chain) -> None:
    mapping = chain.flow_body()["transformations"][1]
    path = f"/flows/{chain.flow(scheduleParams=once(), transformations=[mapping])}"
    emulator.advance(4000)
    start = chain.api.item(path)["scheduleParams"]["startTime"]
    hourly = [replace("/scheduleParams", schedule(startTime=start)), replace("/transformations", [COPY, mapping])]
    assert code(patch(chain, path, *hourly)) == "1366-400"
    other = {"name": "Mapping", "params": {"mappingId": chain.mapping, "mappingVersion": 0}}
    assert code(patch(chain, path, replace("/transformations/0", other))) == "1366-400"
    assert patch(chain, path, replace("/name", "another")).status_code == 200


# The schema, in three places.


def test_one_schema_in_one_version_is_needed_in_mapping_data_set_and_target(emulator: Emulator, chain: Chain) -> None:
    other = make_data_set(chain.api, "https://ns.adobe.com/acme/schemas/other")
    for change in (
        {"params": {"dataSetId": other}},
        {"data": {"schema": {"id": "https://ns.adobe.com/acme/schemas/other", "version": OTHER_VERSION}}},
        {"data": {"schema": {"id": SCHEMA, "version": OTHER_VERSION}}},
    ):
        target = make(chain.api, "/targetConnections", target_body(chain.data_set, **change))
        assert chain.refused(targetConnectionIds=[target]) == "1425-400", change
    reference = {"id": SCHEMA, "contentType": OTHER_VERSION}
    emulator.change(chain.data_set, kind="dataSets", fields={"schemaRef": reference})
    assert chain.refused() == "1425-400"


def test_the_minor_version_of_the_schema_does_not_matter(chain: Chain) -> None:
    schema = {"id": SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=1.4"}
    target = make(chain.api, "/targetConnections", target_body(chain.data_set, data={"schema": schema}))
    assert chain.flow(targetConnectionIds=[target])


def test_a_mapping_that_cannot_be_used_is_1419_400(emulator: Emulator, chain: Chain) -> None:
    wrong = {"sourceType": "EXPRESSION", "source": "capitalize(email)", "destination": "_id"}
    body = {"xdmSchema": SCHEMA, "mappings": [wrong]}
    mapping = {"name": "Mapping", "params": {"mappingId": neighbour(chain.api, "/conversion/mappingSets", body)["id"]}}
    assert chain.refused(transformations=[COPY, mapping]) == "1419-400"
    emulator.create_schema(SCHEMA, {"another": {"type": "string"}})
    assert chain.refused() == "1419-400", "the destination id is not in the schema"


# Sources other than PostgreSQL.


def of_mysql(api: Api, table: str) -> tuple[Chain, str]:
    """A chain whose base connection is to MySQL, and its flow."""
    params = {"connectionString": "Server=h;Port=1;Database=d;UID=u;PWD=p"}
    base = api.create(
        auth={"specName": "Connection String Based Authentication", "params": params}, connectionSpec=dict(MYSQL)
    )
    chain = Chain.make(api)
    body = source_body(base, params={"tableName": table}, connectionSpec=dict(MYSQL))
    chain.source = make(api, "/sourceConnections", body)
    return chain, chain.flow()


def test_a_run_of_a_database_that_is_a_stand_in_reads_nothing(emulator: Emulator, api: Api) -> None:
    chain, flow = of_mysql(api, "crm.customers")
    run = emulator.run(flow)
    assert (run["state"], run["metrics"]["recordSummary"]["inputRecordCount"]) == ("success", 0)
    assert emulator.rows(chain.data_set) == []


def test_a_run_of_a_table_that_a_stand_in_lacks_fails(emulator: Emulator, api: Api) -> None:
    run = emulator.run(of_mysql(api, "crm.nothing")[1])
    assert run["state"] == "failed"
    assert run["metrics"]["statusSummary"]["errors"][0]["code"] == "CONNECTOR-1001-500"


def test_only_some_sources_filter_rows_themselves(emulator: Emulator, api: Api) -> None:
    filters = {"type": "PQL", "format": "pql/json", "value": {}}
    for spec_id, taken in ((MYSQL["id"], False), ("b2e08744-4f1a-40ce-af30-7abac3e23cf3", True)):
        spec = {"id": spec_id, "version": "1.0"}
        base = str(emulator.create({"name": "base", "connectionSpec": spec})["id"])
        body = source_body(base, params={"tableName": "crm.customers", "filters": filters}, connectionSpec=spec)
        response = api.post("/sourceConnections", body)
        query = {"objectType": "table", "object": "crm.customers", "preview": "true", "filters": "e30="}
        explored = api.get(f"/connections/{base}/explore", **query)
        if taken:
            assert (response.status_code, explored.json()["data"]) == (201, [])
        else:
            assert (code(response), code(explored)) == ("1353-400", "1353-400")


# Access labels.


def test_a_flow_whose_label_hides_it_is_not_found_and_cannot_be_changed(emulator: Emulator, chain: Chain) -> None:
    flow = chain.flow()
    path, etag = f"/flows/{flow}", chain.api.item(f"/flows/{flow}")["etag"]
    emulator.hide_flow(flow)
    response = chain.api.get(path)
    assert code(response) == "1439-404"
    assert response.json()["report"]["id"] == flow
    assert chain.api.get("/flows").json()["items"] == []
    assert code(chain.api.patch(path, [replace("/name", "x")], etag)) == "2120-403"
    assert code(chain.api.delete(path)) == "2120-403"
    for operation in ("disable", "publish"):
        assert code(chain.api.post(f"{path}/action", params={"op": operation})) == "2120-403"
    assert code(chain.api.delete(f"/connections/{chain.base}")) == "1418-400", "it is still there"
    emulator.hide_flow(flow, [])
    assert chain.api.item(path)["id"] == flow


def test_the_runs_of_a_hidden_flow_are_hidden_too(emulator: Emulator, chain: Chain) -> None:
    flow = chain.flow()
    run = emulator.run(flow)["id"]
    assert chain.api.item(f"/runs/{run}")["flowId"] == flow
    emulator.hide_flow(flow)
    assert chain.api.get("/runs").json()["items"] == []
    assert code(chain.api.get(f"/runs/{run}")) == "1439-404"
    assert code(chain.api.post(f"/runs/{run}/action", params={"op": "RE_TRIGGER"})) == "1439-404"
    assert code(chain.api.post("/runs", {"flowId": flow, "params": {}})) == "2120-403"


def test_a_flow_that_is_hidden_from_others_is_seen(emulator: Emulator, chain: Chain) -> None:
    flow = chain.flow()
    emulator.hide_flow(flow, ["another-client"])
    assert chain.api.item(f"/flows/{flow}")["id"] == flow
