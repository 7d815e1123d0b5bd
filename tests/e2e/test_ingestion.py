"""A table lands in a dataset, with the real engine, a real PostgreSQL and the emulator's runs."""

from __future__ import annotations

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.ingestion import MAPPINGS, auth_of, entity_ids, ingestion, make_dataset, paths
from tests.support.stack import Stack
from tools.database import PostgresServer, SampleDatabase

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def _settings_of_the_program(aep_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment of an inline program, which runs in this process, to that of a program of `pulumi up`."""
    for name, value in aep_emulator.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def dataset(aep_emulator: Emulator) -> str:
    return make_dataset(aep_emulator)


def test_a_program_of_twenty_lines_ends_with_rows_stays_unchanged_by_runs_and_destroy_leaves_nothing(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    aep_emulator.switch(mapping_delete="supported")
    program = ingestion(postgres, crm, dataset)

    stack.up(program)
    assert sorted(paths(aep_emulator)) == [
        "GET /flowservice/connections/ID/explore",
        "POST /conversion/mappingSets",
        "POST /conversion/mappingSets/validate",
        "POST /flowservice/connections",
        "POST /flowservice/flows",
        "POST /flowservice/sourceConnections",
        "POST /flowservice/targetConnections",
        "POST /ims/token/v3",
    ]
    stack.preview(expect_no_changes=True)
    stack.up(expect_no_changes=True)
    assert paths(aep_emulator) == []

    aep_emulator.advance(10 * MINUTE)
    rows = aep_emulator.rows(dataset)
    assert len(rows) == 3
    assert all(row["_acme"]["email"] == row["_acme"]["email"].lower() for row in rows)

    aep_emulator.advance(3 * HOUR)
    stack.up(refresh=True, expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    aep_emulator.forget_requests()
    stack.destroy()
    deleted = [line for line in paths(aep_emulator) if line.startswith("DELETE")]
    assert [line.split("/")[2] for line in deleted].index("flows") == 0
    assert entity_ids(aep_emulator) == {key: [] for key in entity_ids(aep_emulator)}


def test_a_delta_column_that_is_not_of_a_date_or_time_type_is_refused_before_the_dataflow_is_sent(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    shown = stack.fails(stack.up, ingestion(postgres, crm, dataset, delta_column="email"))

    assert "Dataflow 'customers' cannot be declared like this:" in shown
    assert "delta_column must be a column of a date or time type; email is of the type string." in shown
    assert "Traceback" not in shown
    assert aep_emulator.entities("flows") == []


def test_a_delta_column_that_is_not_among_the_declared_columns_is_refused_in_the_preview(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    shown = stack.fails(stack.preview, ingestion(postgres, crm, dataset, columns=["external_id", "email", "country"]))

    assert "delta_column must be one of the source's columns external_id, email, country, not created_at." in shown
    assert paths(aep_emulator) == []


def test_a_target_and_a_mapping_of_different_schemas_are_refused_in_the_preview(
    stack: Stack, aep_emulator: Emulator, dataset: str
) -> None:
    def program() -> None:
        aep.Dataflow(
            "customers",
            source_connection_id="a-source",
            target=aep.DataLakeTargetConnection("lake", dataset_id=dataset, schema_id="https://ns.adobe.com/acme/a"),
            mapping=aep.MappingSet("map", schema_id="https://ns.adobe.com/acme/b", mappings=MAPPINGS),
            schedule=aep.Schedule("once"),
        )

    shown = stack.fails(stack.preview, program)

    assert "target and mapping must have one schema in one version" in shown
    assert paths(aep_emulator) == []


def test_a_change_of_the_mapping_reaches_the_dataflow_and_a_rename_of_the_source_replaces_nothing(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    stack.up(ingestion(postgres, crm, dataset))
    before = entity_ids(aep_emulator)

    stack.settle(ingestion(postgres, crm, dataset, mappings={**MAPPINGS, "_acme.born_on": "born_on"}))
    stack.settle(ingestion(postgres, crm, dataset, name="customers of Berlin"))

    assert entity_ids(aep_emulator) == before
    (flow,) = aep_emulator.entities("flows")
    assert flow["name"] == "customers of Berlin"
    assert flow["transformations"][1]["params"]["mappingVersion"] == 2


def test_another_table_replaces_the_dataflow_deletes_the_old_one_first_and_the_preview_says_what_that_does(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    stack.up(ingestion(postgres, crm, dataset))
    aep_emulator.forget_requests()
    changed = ingestion(
        postgres, crm, dataset, table="public.consents", delta_column="recorded_at", mappings={"_acme.p": "purpose"}
    )

    shown = stack.preview(changed)
    assert "Dataflow 'customers' is replaced because of deltaColumn, sourceConnectionId." in shown
    assert "The new one reads the whole table again" in shown

    stack.settle(changed)
    sent = [
        line for line in paths(aep_emulator) if line.split()[0] in ("POST", "DELETE") and "/flowservice/flows" in line
    ]
    assert [line.split()[0] for line in sent] == ["DELETE", "POST"]
    assert [len(found) for found in entity_ids(aep_emulator).values()] == [1, 1, 1, 1, 1]


def test_a_dataflow_that_adobe_disabled_is_enabled_by_the_next_up_after_a_refresh(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    program = ingestion(postgres, crm, dataset)
    stack.up(program)
    (flow,) = aep_emulator.entities("flows")
    aep_emulator.change(flow["id"], kind="flows", state="disabled", by="acp_core_flow")

    shown = stack.up(refresh=True)

    assert "~ enabled: false => true" in shown
    (flow,) = aep_emulator.entities("flows")
    assert flow["state"] == "enabled"
    stack.expect_no_changes()


@pytest.mark.usefixtures("_settings_of_the_program", "dataset")
def test_functions_send_nothing_while_their_arguments_are_unknown_and_their_results_declare_the_rest(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    def program() -> None:
        connection = aep.PostgresBaseConnection("crm", auth=auth_of(postgres, crm))
        columns = aep.get_columns(connection, "public.customers")
        found = aep.get_dataset("Customers")
        ingested = aep.TableIngestion(
            "customers",
            connection=connection,
            table="public.customers",
            columns=columns.apply(lambda known: [each for each in known if each["name"] in ("email", "created_at")]),
            dataset_id=found["id"],
            schema_id=found["schema_id"],
            mappings={"_acme.email": "email"},
            schedule={"frequency": "day", "interval": 1},
            delta_column="created_at",
        )
        pulumi.export("tables", aep.get_tables(connection).apply(lambda known: sorted(each["path"] for each in known)))
        pulumi.export("connections", aep.list_connections(name="crm"))
        pulumi.export("flow", aep.get_dataflow(ingested.flow_id))

    stack.preview(program)
    token, *questions = paths(aep_emulator)
    assert token == "POST /ims/token/v3"
    # They are asked side by side.
    assert sorted(questions) == ["GET /catalog/dataSets", "GET /flowservice/connections"]

    stack.up(program)
    stack.up(expect_no_changes=True)

    outputs = stack.outputs()
    assert outputs["tables"] == sorted(crm.tables)
    (connection,) = aep_emulator.connections()
    assert [each["id"] for each in outputs["connections"]] == [connection["id"]]
    assert outputs["flow"]["state"] == "enabled"
    assert outputs["flow"]["schedule"]["frequency"] == "day"
    assert outputs["flow"]["delta_column"] == "created_at"
    (source,) = aep_emulator.entities("sourceConnections")
    assert [column["name"] for column in source["params"]["columns"]] == ["email", "created_at"]


@pytest.mark.usefixtures("_settings_of_the_program")
def test_a_function_that_fails_says_why_without_a_traceback(stack: Stack) -> None:
    def program() -> None:
        pulumi.export("dataset", aep.get_dataset("Nothing"))

    shown = stack.fails(stack.preview, program)

    assert "There are 0 datasets named 'Nothing' in sandbox dev." in shown
    assert "Traceback" not in shown


def test_an_entity_of_each_kind_is_read_without_managing_it(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    stack.up(ingestion(postgres, crm, dataset))
    ids = {kind: found[0] for kind, found in entity_ids(aep_emulator).items()}

    def program() -> None:
        pulumi.export("table", aep.TableSourceConnection.get("source", ids["sourceConnections"]).table)
        pulumi.export("datasetId", aep.DataLakeTargetConnection.get("target", ids["targetConnections"]).dataset_id)
        pulumi.export("mappings", aep.MappingSet.get("mapping", ids["mappingSets"]).mappings)
        pulumi.export("schedule", aep.Dataflow.get("flow", ids["flows"]).schedule)
        ingestion(postgres, crm, dataset)()

    stack.up(program)

    outputs = stack.outputs()
    assert outputs["table"] == "public.customers"
    assert outputs["datasetId"] == dataset
    assert outputs["mappings"]["_acme.email"] == {"expression": "lower(email)"}
    assert outputs["schedule"]["frequency"] == "hour"
