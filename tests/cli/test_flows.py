"""Dataflows: the list, the graph, runs, runs on demand, enabling; with the rows of a real table behind them."""

from __future__ import annotations

import json
import signal
import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from tests.cli.command_line import CommandLine
from tests.cli.service import make_basic
from tests.emulator.api import UNKNOWN_ID, Api
from tests.emulator.ingestion import DELAY, HOUR, LOADED, Ingestion, Table
from tests.emulator.test_chain import make_data_set
from tests.support.ingestion import make_dataset
from tools.database import PostgresServer, SampleDatabase

QUICK = ("--every", "0.05", "--timeout", "60")


@pytest.fixture
def table(postgres: PostgresServer, crm: SampleDatabase) -> Table:
    """Return a table of the sample database with three rows."""
    table = Table.make(postgres, crm)
    table.insert(1, 3)
    return table


@pytest.fixture
def ingestion(aep_emulator: Emulator, table: Table) -> Ingestion:
    """Return all that a dataflow from the table needs."""
    return Ingestion.make(Api.of(aep_emulator), table)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_list_says_which_table_comes_into_which_dataset_and_how_it_went_last(
    command: CommandLine, ingestion: Ingestion
) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    never = command.succeeds("flows", "--json").json["flows"][0]
    ingestion.advance_to(start)

    shown = command.succeeds("flows")
    reported = command.succeeds("flows", "--json").json

    assert never["lastRun"] is None
    head, row = shown.out.splitlines()
    assert head.split("  ")[0] == "ID"
    assert row.split() == [
        flow, "people", "enabled", ingestion.table.name, "customers", "success", iso(start + DELAY),
    ]  # fmt: skip
    assert reported["sandbox"] == "dev"
    (found,) = reported["flows"]
    (run,) = ingestion.runs(flow)
    assert found == {
        "id": flow,
        "name": "people",
        "description": None,
        "state": "enabled",
        "connectionId": ingestion.base,
        "table": ingestion.table.name,
        "datasetId": ingestion.data_set,
        "dataset": "customers",
        "schedule": {"frequency": "hour", "interval": 1, "backfill": True, "startTime": iso(start)},
        "lastRun": {
            "id": run["id"], "status": "success", "startedAt": iso(start), "completedAt": iso(start + DELAY),
        },
    }  # fmt: skip


def test_the_list_costs_four_requests_however_many_dataflows_there_are(
    command: CommandLine, ingestion: Ingestion
) -> None:
    for _ in range(3):
        ingestion.flow(ingestion.start())
    ingestion.emulator.forget_requests()

    assert len(command.succeeds("flows", "--json").json["flows"]) == 3

    paths = [each.path.rpartition("/")[2] for each in ingestion.emulator.requests() if "/ims/" not in each.path]
    assert sorted(paths) == ["dataSets", "flows", "sourceConnections", "targetConnections"]


def test_without_dataflows_it_says_so_and_prints_nothing(command: CommandLine) -> None:
    ended = command.succeeds("flows")

    assert ended.out == ""
    assert "There is no such dataflow from a table in sandbox dev." in ended.err
    assert command.succeeds("flows", "--json").json == {"sandbox": "dev", "flows": []}


def test_a_filter_is_the_services(command: CommandLine, ingestion: Ingestion) -> None:
    ingestion.flow(ingestion.start())

    assert command.succeeds("flows", "--filter", "state==disabled", "--json").json["flows"] == []
    assert len(command.succeeds("flows", "--filter", "state==enabled", "--json").json["flows"]) == 1


def test_the_name_of_a_dataset_is_found_behind_a_full_page_of_others(
    command: CommandLine, ingestion: Ingestion
) -> None:
    for _ in range(100):
        make_data_set(ingestion.api)
    dataset_id = make_dataset(ingestion.emulator, "The last one")
    ingestion.emulator.change(ingestion.target, kind="targetConnections", fields={"params": {"dataSetId": dataset_id}})
    ingestion.flow(ingestion.start())

    (flow,) = command.succeeds("flows", "--json").json["flows"]

    assert (flow["datasetId"], flow["dataset"]) == (dataset_id, "The last one")


def test_where_catalog_is_closed_datasets_are_shown_by_their_ids(command: CommandLine, ingestion: Ingestion) -> None:
    ingestion.flow(ingestion.start())
    refusal = Answer(status=403, body='{"title": "Forbidden"}')
    ingestion.emulator.fault(refusal, path="/catalog/", times=None)

    ended = command.succeeds("flows")

    assert ingestion.data_set in ended.out
    assert "'View Datasets'" in ended.err


def test_runs_are_listed_newest_first_with_window_counts_and_errors(command: CommandLine, ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.table.insert(4, 5, changed=start + 10)
    ingestion.advance_to(start)
    ingestion.table.execute("DROP TABLE {}")
    ingestion.advance_to(start + HOUR)

    shown = command.succeeds("runs", flow)
    by_name = command.succeeds("runs", "people", "--json").json
    newest = command.succeeds("runs", flow, "--limit", "1", "--json").json["runs"]

    _, failed, succeeded = shown.out.splitlines()
    assert failed.split()[:4] == [iso(start + HOUR), "failed", iso(start), iso(start + HOUR)]
    assert "CONNECTOR-1001-500" in failed
    assert succeeded.split()[:7] == [iso(start), "success", iso(0), iso(start), "3", "3", "0"]
    assert "CONNECTOR-1001-500: " in shown.err
    assert "What to do about CONNECTOR-1001-500: Adobe could not read the table. Try the login with" in shown.err
    assert "no columns were found for table" in shown.err
    assert (by_name["sandbox"], by_name["flow"], by_name["name"]) == ("dev", flow, "people")
    assert [each["status"] for each in by_name["runs"]] == ["failed", "success"]
    assert newest == by_name["runs"][:1]
    run = by_name["runs"][1]
    assert {key: run[key] for key in run if key not in ("id", "createdAt")} == {
        "status": "success",
        "startedAt": iso(start),
        "completedAt": iso(start + DELAY),
        "windowStart": iso(0),
        "windowEnd": iso(start),
        "recordsRead": 3,
        "recordsWritten": 3,
        "recordsFailed": 0,
        "errors": [],
    }


def test_rows_that_failed_in_a_successful_run_are_counted_and_explained(
    command: CommandLine, ingestion: Ingestion
) -> None:
    ingestion.table.insert(4, 4, age="no number")
    start = ingestion.start()
    flow = ingestion.flow(start, options={"partialIngestionPercent": 50, "errorDiagnosticsEnabled": True})
    ingestion.advance_to(start)

    (run,) = command.succeeds("runs", flow, "--json").json["runs"]

    assert (run["status"], run["recordsRead"], run["recordsWritten"], run["recordsFailed"]) == ("success", 4, 3, 1)
    codes = [each["code"] for each in run["errors"]]
    assert codes == ["CONNECTOR-2001-500", "INGEST-1212-400", "MAPPER-3700-400"]


def test_a_dataflow_without_runs_says_when_the_first_one_shows(command: CommandLine, ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start())

    ended = command.succeeds("runs", flow)

    assert ended.out == ""
    assert "has no runs" in ended.err
    assert "--follow" in ended.err


def test_following_waits_for_the_first_run_and_ends_with_it(command: CommandLine, ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    with command.begin("runs", flow, "--follow", "--until-finished", "--json", *QUICK) as following:
        following.wait_for("Waiting for runs of the dataflow 'people'.", stream="err")
        ingestion.advance_to(start)
        ended = following.end()

    assert ended.code == 0, ended.err
    (run,) = [json.loads(line) for line in ended.out.splitlines()]
    assert (run["status"], run["recordsWritten"]) == ("success", 3)


def test_following_goes_on_until_it_is_interrupted_and_prints_each_run_once(
    command: CommandLine, ingestion: Ingestion
) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start)
    with command.begin("runs", flow, "--follow", *QUICK) as following:
        for number in range(3):
            ingestion.advance_to(start + number * HOUR)
            following.wait_for(iso(start + number * HOUR) + "  success")
        following.send(signal.SIGINT)
        ended = following.end()

    assert ended.code == 130
    assert ended.err.endswith("Interrupted.\n")
    head, *rows = ended.out.splitlines()
    assert head.startswith("STARTED")
    assert [row.split()[0] for row in rows] == [iso(start + number * HOUR) for number in range(3)]


def test_following_a_run_that_fails_is_exit_code_1_with_the_reason(command: CommandLine, ingestion: Ingestion) -> None:
    ingestion.table.execute("DROP TABLE {}")
    start = ingestion.start()
    flow = ingestion.flow(start)
    ingestion.advance_to(start)

    ended = command.run("runs", flow, "--follow", "--until-finished", *QUICK)

    assert ended.code == 1
    assert "failed" in ended.out
    assert "CONNECTOR-1001-500: " in ended.err


def test_following_ends_at_its_limit_with_what_to_do(command: CommandLine, ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start())

    ended = command.run("runs", flow, "--follow", "--every", "0.05", "--timeout", "0.1")

    assert ended.code == 1
    assert "Waiting for runs came to the limit of 0.1 seconds (--timeout)." in ended.err
    assert "goes on all the same" in ended.err


def test_on_a_terminal_the_line_about_the_wait_renews_itself(command: CommandLine, ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start())

    ended = command.talk(["runs", flow, "--follow", "--every", "0.05", "--timeout", "0.2"])

    assert ended.out.count("\r\x1b[KWaiting for runs of the dataflow 'people' (0:0") > 1


def test_a_one_time_dataflow_reads_what_came_since_its_last_window(command: CommandLine, ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start, "once")
    ingestion.advance_to(start)
    ingestion.table.insert(4, 5, changed=start + 60)
    ingestion.table.insert(6, 6, changed=start + 10 * HOUR)

    ended = command.succeeds("run", flow, "--delta-column", "changed", "--wait", "--json", *QUICK)

    *_, run = [json.loads(line) for line in ended.out.splitlines()]
    assert (run["status"], run["recordsRead"], run["windowStart"]) == ("success", 2, iso(start))
    assert sorted(ingestion.ids) == [1, 2, 3, 4, 5]


def test_a_run_is_started_for_the_window_that_is_given_and_says_how_to_follow_it(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start(), "once")
    window = ("--from", iso(LOADED), "--to", "2026-01-01T01:00:00+01:00")

    ended = command.succeeds("run", "people", *window, "--delta-column", "changed")
    reported = command.succeeds("run", flow, *window, "--delta-column", "changed", "--json").json

    assert f"reads the rows from {iso(LOADED)} to 2026-01-01T00:00:00Z." in ended.out
    assert f"pulumi-adobe-aep runs {flow} --follow --until-finished --sandbox dev" in ended.err
    assert (reported["sandbox"], reported["flow"], reported["name"]) == ("dev", flow, "people")
    assert {key: reported["run"][key] for key in ("windowStart", "windowEnd")} == {
        "windowStart": iso(LOADED),
        "windowEnd": "2026-01-01T00:00:00Z",
    }
    assert reported["run"]["id"] in {each["id"] for each in ingestion.runs(flow)}


@pytest.mark.parametrize("form", ["flat", "items"])
def test_a_run_is_started_whichever_form_the_response_has(
    command: CommandLine, ingestion: Ingestion, form: str
) -> None:
    ingestion.emulator.switch(run_created=form)
    flow = ingestion.flow(ingestion.start(), "once")

    reported = command.succeeds("run", flow, "--from", iso(LOADED), "--delta-column", "changed", "--json").json

    assert reported["run"]["id"] == ingestion.run(flow)["id"]


def test_a_dataflow_with_a_schedule_is_refused_with_the_reason_of_adobes_code(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start())

    ended = command.run("run", flow, "--from", iso(LOADED))

    assert ended.code == 1
    assert "Its frequency is hour, and Adobe starts runs on demand for the frequency once only." in ended.err
    assert "(code 1386)" in ended.err
    assert f"What to do: Wait for the next run of its schedule: pulumi-adobe-aep runs {flow} --follow" in ended.err


def test_what_a_run_needs_is_asked_for_before_anything_is_started(command: CommandLine, ingestion: Ingestion) -> None:
    start = ingestion.start()
    flow = ingestion.flow(start, "once")
    for words, why in (
        ((), "Give --delta-column"),
        (("--delta-column", "changed"), "Give --from."),
        (("--delta-column", "changed", "--from", "yesterday"), "a time with its zone is wanted"),
        (("--delta-column", "changed", "--from", "2026-01-31T06:00:00"), "a time with its zone is wanted"),
        (("--delta-column", "changed", "--from", "2026-01-02T00:00:00Z", "--to", "2026-01-01T00:00:00Z"), "before it"),
    ):
        ended = command.run("run", flow, *words)
        assert ended.code == 2, ended.err
        assert why in ended.err
    assert ingestion.runs(flow) == []


def test_a_run_whose_response_is_lost_is_not_started_twice(command: CommandLine, ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start(), "once")
    ingestion.emulator.fault(Drop(when="after"), method="POST", path="/runs$")

    ended = command.run("run", flow, "--from", iso(LOADED), "--delta-column", "changed")

    assert ended.code == 1
    assert "The run may have been started" in ended.err
    assert f"pulumi-adobe-aep runs {flow} --sandbox dev" in ended.err
    assert len(ingestion.runs(flow)) == 1


def test_a_dataflow_is_disabled_and_enabled_and_what_it_was_already_is_said(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start())

    for op, state in (("disable", "disabled"), ("enable", "enabled")):
        first = command.succeeds(op, "people")
        again = command.succeeds(op, flow)
        reported = command.succeeds(op, flow, "--json").json

        assert first.out == f"The dataflow 'people' ({flow}) is {state}.\n"
        assert again.out == f"The dataflow 'people' ({flow}) was already {state}.\n"
        assert reported == {"sandbox": "dev", "id": flow, "name": "people", "state": state, "changed": False}
        assert ingestion.api.item(f"/flows/{flow}")["state"] == state


def test_a_draft_is_not_said_to_be_enabled(command: CommandLine, ingestion: Ingestion) -> None:
    body = ingestion.body(ingestion.start())
    response = ingestion.api.call("POST", "/flows", json=body, params={"mode": "draft"})
    assert response.status_code == 201, response.text

    ended = command.run("enable", response.json()["id"])

    assert ended.code == 1
    assert "(code 1422)" in ended.err


@pytest.mark.parametrize("words", [("runs",), ("run", "--from", "1970-01-01T00:00:00Z"), ("enable",)])
@pytest.mark.parametrize("flow", [UNKNOWN_ID, "nothing of this name"])
def test_a_dataflow_that_there_is_not_is_reported_with_the_command_that_lists_them(
    command: CommandLine, words: tuple[str, ...], flow: str
) -> None:
    ended = command.run(*words, flow)

    assert ended.code == 4
    assert "(Sandbox: dev.)" in ended.err
    assert "'flows' lists them: pulumi-adobe-aep flows --sandbox dev." in ended.err
    assert "access label" in ended.err


def test_a_name_that_two_dataflows_have_is_refused_with_their_ids(command: CommandLine, ingestion: Ingestion) -> None:
    flows = [ingestion.flow(ingestion.start()) for _ in range(2)]

    ended = command.run("disable", "people")

    assert ended.code == 1
    assert all(flow in ended.err for flow in flows)
    assert [ingestion.api.item(f"/flows/{flow}")["state"] for flow in flows] == ["enabled", "enabled"]


NASTY = 'people "1" <b>&amp;</b> `x` #35; ]) | --> \n\x1b[31m漢字'


def nasty(ingestion: Ingestion) -> str:
    """Make a disabled dataflow whose name means something to Mermaid, HTML, XML and terminals."""
    flow = ingestion.flow(ingestion.start(), name=NASTY)
    ingestion.emulator.change(flow, kind="flows", state="disabled")
    return flow


def test_the_graph_is_a_mermaid_flowchart_of_accounts_tables_dataflows_and_datasets(
    command: CommandLine, ingestion: Ingestion
) -> None:
    ingestion.flow(ingestion.start())
    account = str(ingestion.api.item(f"/connections/{ingestion.base}")["name"])
    make_basic(ingestion.emulator, "unused")

    ended = command.succeeds("flows", "--graph")

    assert ended.out.splitlines() == [
        "flowchart LR",
        *sorted(
            [
                f'    account{1 + (account > "unused")}[("{account}")]',
                f'    account{1 + (account < "unused")}[("unused")]',
            ]
        ),
        f'    table1["{ingestion.table.name}"]',
        '    dataflow1(["people<br>enabled, every hour"])',
        '    dataset1[("customers")]',
        f"    account{1 + (account > 'unused')} --> table1",
        "    table1 --> dataflow1",
        "    dataflow1 --> dataset1",
    ]


def test_two_dataflows_of_one_table_into_one_dataset_share_both(command: CommandLine, ingestion: Ingestion) -> None:
    for name in ("b", "a"):
        ingestion.flow(ingestion.start(), name=name)

    reported = command.succeeds("flows", "--graph", "--json").json

    assert [(each["kind"], each["name"]) for each in reported["nodes"]][1:] == [
        ("table", ingestion.table.name), ("dataflow", "a"), ("dataflow", "b"), ("dataset", "customers"),
    ]  # fmt: skip
    assert [(each["from"], each["to"]) for each in reported["edges"]] == [
        ("account1", "table1"), ("table1", "dataflow1"), ("dataflow1", "dataset1"), ("table1", "dataflow2"),
        ("dataflow2", "dataset1"),
    ]  # fmt: skip
    assert reported["mermaid"].startswith("flowchart LR\n")
    assert set(reported) == {"sandbox", "nodes", "edges", "mermaid"}


def test_a_dataflow_whose_last_run_has_failed_stands_out(command: CommandLine, ingestion: Ingestion) -> None:
    ingestion.table.execute("DROP TABLE {}")
    start = ingestion.start()
    ingestion.flow(start)
    ingestion.advance_to(start)

    ended = command.succeeds("flows", "--graph", "--svg", "flows.svg")

    assert "    class dataflow1 failed" in ended.out.splitlines()
    root = read_svg(Path(command.folder, "flows.svg"))
    strokes = [element.get("stroke") for element in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert strokes.count("#cf222e") == 1


def test_names_cannot_break_out_of_the_graph(command: CommandLine, ingestion: Ingestion) -> None:
    nasty(ingestion)

    ended = command.succeeds("flows", "--graph", "--svg", "flows.svg")

    (line,) = [each for each in ended.out.splitlines() if each.startswith("    dataflow1([")]
    label = line.removeprefix('    dataflow1(["').removesuffix('"])').replace("<br>", "")
    assert not set(label) & set('"<>&`[]()|\x1b')
    assert "    class dataflow1 off" in ended.out.splitlines()
    root = read_svg(Path(command.folder, "flows.svg"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "title", "rect", "text", "path", "g"}
    titles = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any('people "1" <b>&amp;</b> `x` #35;' in title and "漢字" in title for title in titles)


def read_svg(file: Path) -> ET.Element:
    return ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - the command has just written it


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of each box of a picture."""
    name = "{http://www.w3.org/2000/svg}"
    found = []
    for group in root.iter(f"{name}g"):
        rect = group.find(f"{name}rect")
        assert rect is not None
        left, top, width, height = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        found.append((left, top, left + width, top + height))
    return found


def test_the_picture_has_a_box_for_each_node_and_no_two_on_one_place(
    command: CommandLine, ingestion: Ingestion, table: Table
) -> None:
    for number in range(4):
        ingestion.flow(ingestion.start(), name=f"people {number}")
    for number in range(3):
        make_basic(ingestion.emulator, f"unused {number}")
    Ingestion.make(ingestion.api, table).flow(ingestion.start())

    reported = command.succeeds("flows", "--graph", "--svg", "flows.svg", "--json").json

    picture = read_svg(Path(command.folder, "flows.svg"))
    found = boxes(picture)
    assert len(found) == len(reported["nodes"]) == 5 + 3 + 2 + 5 - 2 + 1
    for number, (left, top, right, bottom) in enumerate(found):
        for other in found[number + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    width, height = (float(picture.attrib[key]) for key in ("width", "height"))
    assert all(each[0] >= 0 and each[1] >= 0 and each[2] <= width and each[3] <= height for each in found)


def test_a_picture_goes_with_the_graph_and_into_a_folder_that_exists(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    assert command.run("flows", "--svg", "flows.svg").code == 2
    assert aep_emulator.requests() == []
    ended = command.run("flows", "--graph", "--svg", "no/such/flows.svg")
    assert ended.code == 1
    assert ended.err.startswith("no/such/flows.svg cannot be written: No such file or directory.")


def test_the_rows_of_a_table_are_previewed(command: CommandLine, ingestion: Ingestion) -> None:
    table = ingestion.table
    table.execute("INSERT INTO {} VALUES (4, repeat('x', 100), NULL, NULL)")

    shown = command.succeeds("explore", ingestion.base, table.name, "--preview")
    reported = command.succeeds("explore", ingestion.base, table.name, "--preview", "--json").json

    head, *rows = shown.out.splitlines()
    assert head.split() == ["id", "name", "age", "changed"]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3].endswith("x…")
    assert (reported["sandbox"], reported["id"], reported["table"]) == ("dev", ingestion.base, table.name)
    assert [(each["id"], each["name"]) for each in reported["rows"]][:3] == [(n, f"name {n}") for n in (1, 2, 3)]
    assert reported["rows"][3] == {"id": 4, "name": "x" * 100, "age": None, "changed": None}


def test_a_preview_has_100_rows_at_most_and_says_when_there_are_none(
    command: CommandLine, ingestion: Ingestion
) -> None:
    ingestion.table.insert(4, 150)
    assert len(command.succeeds("explore", ingestion.base, ingestion.table.name, "--preview").out.splitlines()) == 101
    ingestion.table.execute("DELETE FROM {}")
    empty = command.succeeds("explore", ingestion.base, ingestion.table.name, "--preview")
    assert (empty.out, "has no rows" in empty.err) == ("", True)


def test_a_preview_needs_a_table(command: CommandLine, aep_emulator: Emulator) -> None:
    ended = command.run("explore", UNKNOWN_ID, "--preview")

    assert ended.code == 2
    assert "name it after the id" in ended.err
    assert aep_emulator.requests() == []
