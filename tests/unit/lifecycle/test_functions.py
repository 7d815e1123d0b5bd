"""What a program can ask for without managing it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import EntityMismatch
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.functions import LIST_CONNECTIONS, ConnectionsArguments
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.lifecycle.functions import Functions, call
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.settings import Settings
from tests.support.ingestion import SCHEMA, SCHEMA_VERSION, make_dataset


@pytest.fixture
def functions(settings: Settings) -> Functions:
    return Functions(Process(settings), "dev")


def plain(result: Model) -> Any:
    """Return a result as a program gets it, which may be of other types than the documents say."""
    return result.model_dump(warnings=False)


def show(emulator: Emulator, path: str, body: Any) -> None:
    """Let the service show something at a path."""
    emulator.fault(Answer(status=200, body=json.dumps(body)), method="GET", path=path)


def test_tables_are_listed_with_whether_they_can_be_previewed(functions: Functions, aep_emulator: Emulator) -> None:
    table = {"name": "customers", "path": "public.customers", "type": "table", "canPreview": True, "isFolder": False}
    show(aep_emulator, "/explore$", [table, {"name": "orders"}])
    assert plain(functions.tables("id-1"))["tables"] == [
        {"name": "customers", "path": "public.customers", "type": "table", "can_preview": True},
        {"name": "orders", "path": None, "type": None, "can_preview": False},
    ]
    show(aep_emulator, "/explore$", {"tables": []})
    assert plain(functions.tables("id-1"))["tables"] == []


def test_columns_are_returned_as_the_service_shows_them(functions: Functions, aep_emulator: Emulator) -> None:
    column = {"name": "email", "type": "string", "xdm": {"type": "string"}}
    show(aep_emulator, "/explore$", {"format": "flat", "schema": {"columns": [column, "another"]}})
    assert plain(functions.columns("id-1", "public.customers"))["columns"] == [column]
    show(aep_emulator, "/explore$", {"schema": {}})
    assert plain(functions.columns("id-1", "public.customers"))["columns"] == []


def test_connections_are_listed_by_name_and_by_spec(functions: Functions, aep_emulator: Emulator) -> None:
    crm, erp = (str(aep_emulator.create_connection(name, "Server=db")["id"]) for name in ("crm", "erp"))
    found = plain(functions.connections(None, None))["connections"]
    assert [each["id"] for each in found] == [erp, crm]
    assert found[1] == {
        "id": crm,
        "name": "crm",
        "description": None,
        "state": "enabled",
        "connection_spec": POSTGRESQL_SPEC_ID,
    }
    assert [each.id for each in functions.connections("erp", None).connections] == [erp]
    assert [each.id for each in functions.connections("".join(("cr", "m")), POSTGRESQL_SPEC_ID).connections] == [crm]
    assert functions.connections("crm", "another").connections == []


def test_a_function_is_called_in_its_sandbox_or_in_the_one_of_the_settings(
    settings: Settings, aep_emulator: Emulator
) -> None:
    ids = {each: aep_emulator.create_connection("crm", "Server=db", sandbox=each)["id"] for each in ("dev", "prod")}
    for declared, sandbox in (({}, "dev"), ({"sandboxName": "prod"}, "prod")):
        found = call(LIST_CONNECTIONS, ConnectionsArguments.model_validate(declared), Process(settings))
        assert [each["id"] for each in plain(found)["connections"]] == [ids[sandbox]]


def test_a_dataset_is_found_by_its_id_or_its_name(functions: Functions, aep_emulator: Emulator) -> None:
    dataset_id = make_dataset(aep_emulator, "Customers")
    make_dataset(aep_emulator, "Orders")
    found = functions.dataset("Customers", None)
    assert found == functions.dataset(None, dataset_id)
    assert plain(found) == {
        "id": dataset_id,
        "name": "Customers",
        "description": None,
        "schema_id": SCHEMA,
        "schema_version": SCHEMA_VERSION,
    }


def test_a_name_that_no_dataset_has_or_more_than_one_is_an_error(functions: Functions, aep_emulator: Emulator) -> None:
    with pytest.raises(EntityMismatch) as caught:
        functions.dataset("Customers", None)
    message = str(caught.value)
    assert message.startswith("There are 0 datasets named 'Customers' in sandbox dev.\nWhat to do: Check the name and")
    ids = {make_dataset(aep_emulator, "Customers") for _ in range(2)}
    with pytest.raises(EntityMismatch) as caught:
        functions.dataset("Customers", None)
    message = str(caught.value)
    assert message.startswith("There are 2 datasets named 'Customers' in sandbox dev.\nWhy: Their ids: ")
    assert all(each in message for each in ids)
    assert "What to do: Give the id of the one that is meant." in message


def test_an_id_that_no_dataset_has_is_an_error(functions: Functions, aep_emulator: Emulator) -> None:
    show(aep_emulator, "/dataSets/id-1$", {})
    with pytest.raises(EntityMismatch, match="There are 0 datasets with the id id-1 in sandbox dev"):
        functions.dataset(None, "id-1")


def test_a_dataflow_is_returned_as_it_is_now(functions: Functions, aep_emulator: Emulator) -> None:
    run = {"id": "run-1", "state": "success"}
    shown = {
        "id": "id-1",
        "name": "hourly",
        "state": "enabled",
        "sourceConnectionIds": ["source"],
        "targetConnectionIds": ["target"],
        "flowSpec": DATAFLOW.constants["flowSpec"],
        "scheduleParams": {"startTime": "1767225600", "frequency": "hour", "interval": "1", "backfill": "true"},
        "transformations": [
            {"name": "Copy", "params": {"deltaColumn": {"name": "created_at"}}},
            {"name": "Mapping", "params": {"mappingId": "mapping", "mappingVersion": 2}},
        ],
        "lastRunDetails": run,
    }
    show(aep_emulator, "/flows/id-1$", {"items": [shown]})
    assert plain(functions.dataflow("id-1")) == {
        "id": "id-1",
        "name": "hourly",
        "description": None,
        "state": "enabled",
        "source_connection_id": "source",
        "target_connection_id": "target",
        "mapping_id": "mapping",
        "mapping_version": 2,
        "schedule": {"startTime": "2026-01-01T00:00:00Z", "frequency": "hour", "interval": 1, "backfill": True},
        "delta_column": "created_at",
        "last_run": run,
    }
    show(aep_emulator, "/flows/id-1$", {"items": [{"id": "id-1", "lastRunDetails": "what nobody has documented"}]})
    assert functions.dataflow("id-1").last_run is None
