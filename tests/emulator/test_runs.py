"""Runs: the rows of a real table become the records of a data set."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_adobe_aep.emulator.client import running_emulator
from tests.emulator.api import UNKNOWN_ID, Api, code, eventually
from tests.emulator.ingestion import (
    DELAY,
    HOUR,
    LOADED,
    Ingestion,
    Table,
    attribute,
    counts,
    error_codes,
    status,
    window,
)
from tests.emulator.test_chain import SCHEMA
from tests.emulator.test_databases import connection_string

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_adobe_aep.emulator.client import Emulator
    from tools.database import PostgresServer, SampleDatabase


def test_the_first_run_reads_what_is_there_and_later_ones_only_what_has_changed(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 3)
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    assert ingestion.ids == [1, 2, 3]
    ingestion.table.insert(4, 5, changed=start + 10)
    ingestion.table.insert(6, 6, changed=start + HOUR)
    ingestion.advance_to(start + HOUR)
    assert ingestion.ids == [1, 2, 3, 4, 5]
    ingestion.advance_to(start + 2 * HOUR)
    assert ingestion.ids == [1, 2, 3, 4, 5, 6]
    first, second, third = ingestion.runs(flow)
    assert [counts(each) for each in (first, second, third)] == [(3, 3, 0), (2, 2, 0), (1, 1, 0)]
    assert window(first) == (0, start)
    assert window(second) == (start, start + HOUR)
    assert window(third) == (start + HOUR, start + 2 * HOUR)


def test_without_backfill_only_what_changes_from_the_start_on_is_read(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 3)
    start = ingestion.start()
    flow = ingestion.flow(start, **ingestion.scheduled(start, backfill="false"))
    ingestion.table.insert(4, 4, changed=start)
    ingestion.advance_to(start + HOUR)
    assert ingestion.ids == [4]
    assert [counts(each) for each in ingestion.runs(flow)] == [(0, 0, 0), (1, 1, 0)]


def test_a_flow_that_runs_once_reads_everything_once(ingestion: Ingestion) -> None:
    start = ingestion.start()
    ingestion.table.insert(1, 2)
    ingestion.table.insert(3, 3, changed=start + HOUR)
    ingestion.table.execute("INSERT INTO {} (id) VALUES (4)")
    flow = ingestion.flow(start, "once")
    ingestion.advance_to(start + 100 * HOUR)
    assert sorted(ingestion.ids) == [1, 2, 3, 4]
    assert counts(ingestion.run(flow)) == (4, 4, 0)


def test_the_records_are_those_that_the_mapping_set_makes(ingestion: Ingestion) -> None:
    ingestion.table.insert(7, 7, age="36")
    start = ingestion.start()
    ingestion.flow(start)
    ingestion.advance_to(start)
    assert ingestion.emulator.rows(ingestion.data_set) == [{"_id": 7, "person": {"name": "NAME 7", "age": 36}}]


@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
def test_the_delta_column_is_compared_in_utc_whatever_its_type(ingestion: Ingestion, kind: str) -> None:
    table = ingestion.table
    table.execute(f"ALTER TABLE {{}} ALTER changed TYPE {kind} USING (changed AT TIME ZONE 'UTC')::{kind}")
    table.execute(f"ALTER ROLE {table.sample.role} SET timezone = 'Pacific/Auckland'")
    try:
        midnight = int(ingestion.start() // 86400 + 2) * 86400
        ingestion.flow(midnight)
        table.insert(1, 1, changed=midnight - 24 * HOUR)
        table.insert(2, 2, changed=midnight)
        ingestion.advance_to(midnight)
        assert ingestion.ids == [1]
    finally:
        table.execute(f"ALTER ROLE {table.sample.role} RESET timezone")


def test_a_delta_column_that_is_not_a_time_fails_the_run(ingestion: Ingestion) -> None:
    start = ingestion.start()
    copy = {"name": "Copy", "params": {"deltaColumn": {"name": "id"}}}
    mapping = ingestion.body(start)["transformations"][1]
    flow = ingestion.flow(start, transformations=[copy, mapping])
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert (status(run), error_codes(run)) == ("failed", ["CONNECTOR-1001-500"])


def test_only_the_columns_of_the_source_connection_are_read(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 1)
    params = {"tableName": ingestion.table.name, "columns": [{"name": "id", "type": "integer"}]}
    ingestion.emulator.change(ingestion.source, kind="sourceConnections", fields={"params": params})
    start = ingestion.start()
    ingestion.flow(start)
    ingestion.advance_to(start)
    assert ingestion.emulator.rows(ingestion.data_set) == [{"_id": 1}]


def test_a_column_that_has_gone_fails_the_run(ingestion: Ingestion) -> None:
    params = {"tableName": ingestion.table.name, "columns": [{"name": "id"}, {"name": "gone"}]}
    ingestion.emulator.change(ingestion.source, kind="sourceConnections", fields={"params": params})
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    (error,) = ingestion.run(flow)["metrics"]["statusSummary"]["errors"]
    assert error["code"] == "CONNECTOR-1001-500"
    assert '"gone" does not exist' in error["message"]


def test_a_run_has_the_shape_of_adobes_example(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 2)
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    metrics = run["metrics"]
    assert metrics["durationSummary"] == {"startedAtUTC": start * 1000, "completedAtUTC": (start + DELAY) * 1000}
    assert metrics["statusSummary"] == {"status": "success"}
    assert metrics["sizeSummary"]["inputBytes"] > metrics["sizeSummary"]["outputBytes"] > 0
    copy, promotion = run["activities"]
    assert (copy["id"], promotion["id"]) == ("copyActivity", "promotionActivity")
    assert copy["sourceInfo"][0]["id"] == ingestion.source
    (batch,) = ingestion.emulator.batches(ingestion.data_set)
    assert promotion["targetInfo"] == [
        {"id": ingestion.target, "type": "TargetConnection", "reference": {"type": "Batch", "ids": [batch["id"]]}}
    ]
    assert (batch["runId"], batch["recordCount"], batch["state"], len(batch["id"])) == (run["id"], 2, "success", 26)
    assert (run["flowId"], run["state"]) == (flow, "success")


def test_a_run_moves_a_flows_time_and_etag_but_not_its_last_operation(ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = f"/flows/{ingestion.flow(start)}"
    before = ingestion.api.item(flow)
    assert "lastRunDetails" not in before
    ingestion.advance_to(start)
    after = ingestion.api.item(flow)
    run = ingestion.run(str(after["id"]))
    assert after["updatedAt"] > before["updatedAt"]
    assert after["etag"] != before["etag"]
    assert after["lastRunDetails"] == {
        "id": run["id"],
        "state": "success",
        "startedAtUTC": start * 1000,
        "completedAtUTC": (start + DELAY) * 1000,
    }
    unchanged = before.keys() - {"updatedAt", "etag", "version"}
    assert {key: after[key] for key in unchanged} == {key: before[key] for key in unchanged}
    assert after["lastOperation"]["operation"] == "create"


def test_rows_that_cannot_be_mapped_fail_and_the_others_are_kept(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 9)
    ingestion.table.insert(10, 10, age="the-secret-of-row-ten")
    start = ingestion.start()
    options = {"errorDiagnosticsEnabled": True, "partialIngestionPercent": 10}
    flow = ingestion.flow(start, options=options)
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert counts(run) == (10, 9, 1)
    assert (status(run), error_codes(run)) == ("success", ["CONNECTOR-2001-500"])
    described = run["activities"][1]["statusSummary"]["extensions"]
    assert [each["code"] for each in described["errors"]] == ["INGEST-1212-400", "MAPPER-3700-400"]
    assert described["errors"][1]["recordCount"] == 1
    assert set(described["manifest"]) == {"failedRecords", "sampleErrors"}
    assert len(ingestion.ids) == 9
    (batch,) = ingestion.emulator.batches(ingestion.data_set)
    (error,) = batch["errors"]
    assert (error["row"], error["destination"], error["exception"]) == (10, "person.age", "a value is not a number")
    assert "the-secret-of-row-ten" not in str((run, batch))


def test_a_partial_success_can_have_a_status_of_its_own(ingestion: Ingestion) -> None:
    ingestion.emulator.switch(partial_status="partialSuccess")
    ingestion.table.insert(1, 1)
    ingestion.table.insert(2, 2, age="x")
    start = ingestion.start()
    flow = ingestion.flow(start, options={"partialIngestionPercent": 50})
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert (status(run), run["state"], counts(run)) == ("partialSuccess", "partialSuccess", (2, 1, 1))
    assert "manifest" not in run["activities"][1]["statusSummary"]["extensions"], "the flow has no error diagnostics"


def test_more_failed_rows_than_the_percentage_fail_the_run_and_keep_nothing(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 8)
    ingestion.table.insert(9, 10, age="x")
    start = ingestion.start()
    flow = ingestion.flow(start, options={"partialIngestionPercent": 19.9})
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert (status(run), error_codes(run), counts(run)) == ("failed", ["CONNECTOR-2001-500"], (10, 0, 2))
    assert ingestion.ids == []
    (batch,) = ingestion.emulator.batches(ingestion.data_set)
    assert (batch["state"], batch["recordCount"]) == ("failed", 0)


def test_without_options_no_row_may_fail_unless_the_switch_says_so(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 1)
    ingestion.table.insert(2, 2, age="x")
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    assert status(ingestion.run(flow)) == "failed"
    ingestion.emulator.switch(tolerated_percent=50)
    again = ingestion.emulator.run(ingestion.flow(ingestion.start()))
    assert status(again) == "success"


def test_a_record_that_does_not_fit_a_known_schema_is_a_failed_row(ingestion: Ingestion) -> None:
    person = {"name": {"type": "string", "pattern": "^NAME [1-4]$"}, "age": {"type": "integer"}}
    properties = {"_id": {"type": "string"}, "person": {"type": "object", "properties": person}}
    ingestion.emulator.create_schema(SCHEMA, properties, required=["_id"])
    ingestion.table.insert(1, 5)
    ingestion.table.execute("INSERT INTO {} (name, changed) VALUES ('name 1', '2020-01-01')")
    start = ingestion.start()
    options = {"partialIngestionPercent": 50, "errorDiagnosticsEnabled": True}
    flow = ingestion.flow(start, options=options)
    ingestion.advance_to(start)
    assert counts(ingestion.run(flow)) == (6, 4, 2)
    assert ingestion.ids == ["1", "2", "3", "4"], "the numbers of the table have become the strings of the schema"
    (batch,) = ingestion.emulator.batches(ingestion.data_set)
    assert sorted(each["exception"] for each in batch["errors"]) == [
        "'_id' is a required property",
        "does not meet the schema's pattern",
    ]


def test_wrong_credentials_fail_the_run_with_adobes_code_and_no_secret(ingestion: Ingestion) -> None:
    sample = ingestion.table.sample
    wrong = connection_string(ingestion.table.server, sample, Password="not-this-password")
    ingestion.emulator.change(ingestion.base, params={"connectionString": wrong})
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    (error,) = run["metrics"]["statusSummary"]["errors"]
    assert error["code"] == "CONNECTOR-1001-500"
    assert "password authentication failed" in error["message"]
    assert "not-this-password" not in str(run)
    assert [each["id"] for each in run["activities"]] == ["copyActivity"]
    assert ingestion.api.item(f"/flows/{flow}")["lastRunDetails"]["state"] == "failed"


def test_the_rows_of_a_failed_run_come_only_when_it_is_triggered_again(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 2)
    start = ingestion.start()
    right = connection_string(ingestion.table.server, ingestion.table.sample)
    ingestion.emulator.change(ingestion.base, params={"connectionString": right + "x"})
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert status(run) == "failed"
    ingestion.emulator.change(ingestion.base, params={"connectionString": right})
    ingestion.advance_to(start + HOUR)
    assert ingestion.ids == []
    path = f"/runs/{run['id']}"
    response = ingestion.api.post(f"{path}/action", params={"op": "RE_TRIGGER"})
    assert (response.status_code, response.json()["id"]) == (200, run["id"])
    assert ingestion.api.item(path)["state"] == "success"
    assert ingestion.ids == [1, 2]
    assert window(ingestion.api.item(path)) == (0, start)


def test_only_a_failed_run_of_an_enabled_flow_is_triggered_again(ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    path = f"/runs/{ingestion.run(flow)['id']}/action"
    assert code(ingestion.api.post(path, params={"op": "re_trigger"})) == "1387-400"
    assert code(ingestion.api.post(path, params={"op": "cancel"})) == "1401-400"
    assert code(ingestion.api.post(f"/runs/{UNKNOWN_ID}/action", params={"op": "RE_TRIGGER"})) == "1439-404"
    ingestion.api.post(f"/flows/{flow}/action", params={"op": "disable"})
    assert code(ingestion.api.post(path, params={"op": "RE_TRIGGER"})) == "1388-400"


@pytest.mark.parametrize(
    ("kind", "part", "expected"),
    [
        ("sourceConnections", "source", "CONNECTOR-1001-500"),
        ("connections", "base", "CONNECTOR-1001-500"),
        ("mappingSets", "mapping", "CONNECTOR-2001-500"),
        ("dataSets", "data_set", "CONNECTOR-3001-500"),
        ("targetConnections", "target", "CONNECTOR-3001-500"),
    ],
)
def test_a_part_of_the_chain_that_has_gone_fails_the_run(
    ingestion: Ingestion, kind: Any, part: str, expected: str
) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.emulator.delete(getattr(ingestion, part), kind=kind)
    ingestion.advance_to(start)
    run = ingestion.run(flow)
    assert (status(run), error_codes(run)) == ("failed", [expected])


def test_a_flow_that_fails_for_thirty_days_is_disabled_and_enabling_it_counts_again(ingestion: Ingestion) -> None:
    ingestion.table.execute("DROP TABLE {}")
    start = ingestion.start()
    flow = ingestion.flow(start, "day")
    day = 24 * HOUR
    ingestion.advance_to(start + 29 * day)
    assert ingestion.api.item(f"/flows/{flow}")["state"] == "enabled"
    ingestion.advance_to(start + 30 * day)
    assert ingestion.api.item(f"/flows/{flow}")["state"] == "disabled"
    ingestion.advance_to(start + 35 * day)
    assert len(ingestion.runs(flow)) == 31
    assert ingestion.api.post(f"/flows/{flow}/action", params={"op": "enable"}).status_code == 200
    ingestion.advance_to(start + 40 * day)
    assert ingestion.api.item(f"/flows/{flow}")["state"] == "enabled"
    assert len(ingestion.runs(flow)) == 36


def test_one_success_ends_the_thirty_days(ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start, "day")
    ingestion.table.execute("ALTER TABLE {} RENAME COLUMN changed TO hidden")
    day = 24 * HOUR
    ingestion.advance_to(start + 20 * day)
    ingestion.table.execute("ALTER TABLE {} RENAME COLUMN hidden TO changed")
    ingestion.advance_to(start + 21 * day)
    ingestion.table.execute("ALTER TABLE {} RENAME COLUMN changed TO hidden")
    ingestion.advance_to(start + 50 * day)
    assert ingestion.api.item(f"/flows/{flow}")["state"] == "enabled"
    ingestion.advance_to(start + 52 * day)
    assert ingestion.api.item(f"/flows/{flow}")["state"] == "disabled"


@pytest.mark.parametrize(("missed_windows", "kept"), [("skip", [3]), ("read", [2, 3])])
def test_windows_that_a_disabled_flow_missed(ingestion: Ingestion, missed_windows: str, kept: list[int]) -> None:
    ingestion.emulator.switch(missed_windows=missed_windows)
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)
    ingestion.api.post(f"/flows/{flow}/action", params={"op": "disable"})
    ingestion.table.insert(2, 2, changed=start + HOUR)
    ingestion.table.insert(3, 3, changed=start + 4 * HOUR + 60)
    ingestion.advance_to(start + 4 * HOUR)
    assert len(ingestion.runs(flow)) == 1
    ingestion.api.post(f"/flows/{flow}/action", params={"op": "enable"})
    ingestion.advance_to(start + 5 * HOUR)
    assert len(ingestion.runs(flow)) == 2
    assert ingestion.ids == kept


def test_a_flow_runs_by_itself_when_its_time_has_come(table: Table) -> None:
    with running_emulator(["--run-delay-seconds", "0"]) as emulator:
        ingestion = Ingestion.make(Api.of(emulator), table)
        table.insert(1, 3)
        flow = ingestion.flow(ingestion.start(1))
        eventually(lambda: "lastRunDetails" in ingestion.api.item(f"/flows/{flow}"))
        assert ingestion.ids == [1, 2, 3]


def test_a_test_can_run_a_flow_at_once_and_gets_only_what_is_new(ingestion: Ingestion) -> None:
    start = ingestion.start(HOUR)
    flow = ingestion.flow(start)
    ingestion.table.insert(1, 2)
    assert counts(ingestion.emulator.run(flow)) == (2, 2, 0)
    ingestion.table.execute("INSERT INTO {} (id, changed) VALUES (3, now())")
    assert counts(ingestion.emulator.run(flow)) == (1, 1, 0)
    assert counts(ingestion.emulator.run(flow)) == (0, 0, 0)
    ingestion.advance_to(start)
    assert ingestion.ids == [1, 2, 3]
    assert len(ingestion.runs(flow)) == 4, "its schedule goes on as if nothing had happened"


def test_very_many_missed_runs_become_one_hundred_without_losing_a_row(ingestion: Ingestion) -> None:
    start = ingestion.start()
    ingestion.table.insert(1, 1)
    flow = ingestion.flow(start)
    ingestion.table.insert(2, 2, changed=start + 10 * HOUR)
    ingestion.table.insert(3, 3, changed=start + 119 * HOUR + 1)
    ingestion.advance_to(start + 120 * HOUR)
    assert ingestion.ids == [1, 2, 3]
    runs = ingestion.runs(flow)
    assert len(runs) == 100
    assert window(runs[0]) == (0, start + 21 * HOUR)
    assert window(runs[-1]) == (start + 119 * HOUR, start + 120 * HOUR)


def test_a_large_table_is_read_in_parts_and_counted_to_the_last_row(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 12_345)
    flow = ingestion.flow(ingestion.start())
    assert counts(ingestion.emulator.run(flow)) == (12_345, 12_345, 0)
    assert sorted(ingestion.ids) == list(range(1, 12_346))


def test_a_draft_and_a_disabled_flow_do_not_run(ingestion: Ingestion) -> None:
    start = ingestion.start()
    ingestion.api.post("/flows", ingestion.body(start), params={"mode": "draft"})
    disabled = ingestion.flow(start)
    ingestion.api.post(f"/flows/{disabled}/action", params={"op": "disable"})
    ingestion.advance_to(start + 5 * HOUR)
    assert ingestion.api.get("/runs").json()["items"] == []


def test_runs_are_filtered_by_status_and_by_time(ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start + 2 * HOUR)
    for query, found in (
        ("metrics.statusSummary.status==success", 3),
        ("metrics.statusSummary.status==failed", 0),
        (f"metrics.durationSummary.startedAtUTC>={(start + HOUR) * 1000}", 2),
        (f"flowId=={UNKNOWN_ID}", 0),
        ("metrics.recordSummary.outputRecordCount>0", 0),
    ):
        assert ingestion.api.get("/runs", property=query, count="true").json() == {"count": found}, query
    (latest,) = ingestion.api.get("/runs", property=f"flowId=={flow}", orderby="-createdAt", limit=1).json()["items"]
    assert latest["createdAt"] == (start + 2 * HOUR) * 1000


def test_everything_that_runs_left_is_there_after_a_restart(tmp_path: Path, table: Table) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    table.insert(1, 3)
    with running_emulator(options) as emulator:
        ingestion = Ingestion.make(Api.of(emulator), table)
        flow = ingestion.flow(ingestion.start(HOUR))
        before = emulator.run(flow)
        batches = emulator.batches(ingestion.data_set)
    with running_emulator(options) as emulator:
        ingestion.api = Api.of(emulator)
        assert ingestion.ids == [1, 2, 3]
        assert emulator.batches(ingestion.data_set) == batches
        assert ingestion.run(flow) == before
        table.execute("INSERT INTO {} (id, changed) VALUES (4, now())")
        assert counts(emulator.run(flow)) == (1, 1, 0), "the last window is remembered, too"
        emulator.reset()
        assert emulator.rows(ingestion.data_set) == []


def test_the_same_requests_make_the_same_runs_after_the_same_seed(emulator: Emulator, table: Table) -> None:
    table.insert(1, 2)

    def seen() -> Any:
        emulator.seed(7)
        api = Api.of(emulator)
        ingestion = Ingestion.make(api, table)
        start = ingestion.start()
        flow = ingestion.flow(start)
        ingestion.advance_to(start + HOUR)
        return ingestion.runs(flow), emulator.batches(ingestion.data_set)

    assert seen() == seen()


def test_the_control_api_says_what_is_wrong_with_a_question(emulator: Emulator) -> None:
    response = requests.get(f"{emulator.base_url}/_emulator/dataSets/x/rows", params={"limit": 0}, timeout=10)
    assert response.status_code == 422
    response = requests.post(f"{emulator.base_url}/_emulator/flows/{UNKNOWN_ID}/runs", timeout=10)
    assert response.status_code == 404


# Runs on demand.


def on_demand(flow: str, **params: Any) -> dict[str, Any]:
    usual = {"windowStartTime": str(LOADED), "windowEndTime": str(LOADED + HOUR), "deltaColumn": {"name": "changed"}}
    return {"flowId": flow, "params": {key: value for key, value in (usual | params).items() if value is not None}}


def test_a_flow_that_runs_once_is_run_on_demand_for_a_window(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 2, changed=LOADED)
    ingestion.table.insert(3, 3, changed=LOADED + HOUR)
    flow = ingestion.flow(ingestion.start(HOUR), "once")
    response = ingestion.api.post("/runs", on_demand(flow))
    assert (response.status_code, set(response.json())) == (201, {"id", "etag"})
    run = ingestion.api.item(f"/runs/{response.json()['id']}")
    assert (status(run), counts(run), window(run)) == ("success", (2, 2, 0), (LOADED, LOADED + HOUR))
    assert ingestion.ids == [1, 2]
    copy = ingestion.api.item(f"/flows/{flow}")["transformations"][0]
    assert copy == {"name": "Copy", "params": {"deltaColumn": {"name": "changed"}}}
    assert ingestion.api.post("/runs", on_demand(flow, deltaColumn=None)).status_code == 201
    assert code(ingestion.api.post("/runs", on_demand(flow, deltaColumn={"name": "id"}))) == "1382-400"


def test_a_run_on_demand_waits_for_its_start_time(ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start(10 * HOUR), "once")
    start = ingestion.start(HOUR)
    run = f"/runs/{ingestion.api.post('/runs', on_demand(flow, startTime=start)).json()['id']}"
    assert status(ingestion.api.item(run)) == "scheduled"
    ingestion.emulator.advance(HOUR + 1)
    item = ingestion.api.item(run)
    assert (status(item), item["metrics"]["durationSummary"]["startedAtUTC"]) == ("success", start * 1000)


def test_the_response_to_a_run_on_demand_can_be_an_array_of_one(ingestion: Ingestion) -> None:
    ingestion.emulator.switch(run_created="items")
    flow = ingestion.flow(ingestion.start(HOUR), "once")
    (made,) = ingestion.api.post("/runs", on_demand(flow)).json()["items"]
    assert set(made) == {"id", "etag"}


def test_the_times_of_a_run_on_demand_may_be_milliseconds(ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start(HOUR), "once")
    times = {"windowStartTime": LOADED * 1000, "windowEndTime": (LOADED + HOUR) * 1000}
    run = ingestion.api.post("/runs", on_demand(flow, **times)).json()["id"]
    assert window(ingestion.api.item(f"/runs/{run}")) == (LOADED, LOADED + HOUR)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"deltaColumn": None}, "1383-400"),
        ({"deltaColumn": {}}, "1384-400"),
        ({"windowEndTime": str(LOADED - 1)}, "1381-400"),
        ({"windowEndTime": "soon"}, "1384-400"),
        ({"windowEndTime": "9" * 15}, "1384-400"),
        ({"surprise": 1}, "1384-400"),
    ],
)
def test_wrong_parameters_of_a_run_on_demand_are_refused(
    ingestion: Ingestion, params: dict[str, Any], expected: str
) -> None:
    flow = ingestion.flow(ingestion.start(HOUR), "once")
    assert code(ingestion.api.post("/runs", on_demand(flow, **params))) == expected


def test_only_an_enabled_flow_that_runs_once_is_run_on_demand(ingestion: Ingestion) -> None:
    assert code(ingestion.api.post("/runs", on_demand(ingestion.flow(ingestion.start(HOUR))))) == "1386-400"
    assert code(ingestion.api.post("/runs", on_demand(UNKNOWN_ID))) == "1439-404"
    once = ingestion.flow(ingestion.start(HOUR), "once")
    assert code(ingestion.api.post("/runs", {"flowId": once})) == "1384-400"
    ingestion.api.post(f"/flows/{once}/action", params={"op": "disable"})
    assert code(ingestion.api.post("/runs", on_demand(once))) == "1380-400"


def test_runs_that_are_asked_for_at_the_same_time_read_each_window_once(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 50)
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.emulator.advance(60 + DELAY + 1)
    apis = [Api.of(ingestion.emulator) for _ in range(4)]
    threads = [threading.Thread(target=each.get, args=("/runs",)) for each in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(ingestion.run(flow)) == (50, 50, 0)
    assert len(ingestion.ids) == 50


def test_mappings_may_use_columns_of_every_type(api: Api, server: PostgresServer, sample: SampleDatabase) -> None:
    table = Table(server, sample, "public.customers")
    columns = ("customer_id", "external_id", "newsletter", "born_on", "tags", "attributes", "created_at")
    ingestion = Ingestion.make(api, table, tuple(attribute(each, f"_acme.{each}") for each in columns))
    flow = ingestion.flow(ingestion.start(), "once")
    assert counts(ingestion.emulator.run(flow)) == (3, 3, 0)
    ada = next(
        each["_acme"] for each in ingestion.emulator.rows(ingestion.data_set) if each["_acme"]["customer_id"] == 1
    )
    created_at = ada.pop("created_at")
    assert ada == {
        "customer_id": 1,
        "external_id": "6f2d2c5e-0f67-4d0e-9c1b-1f1f7b6f0a01",
        "newsletter": True,
        "born_on": "1985-12-10",
        "tags": "{vip,early}",
        "attributes": '{"tier": 1}',
    }
    assert created_at.endswith("Z")
