"""What the plugin's functions send, return and refuse; a Python program has the same ones in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.functions import FUNCTIONS, Connection, Dataflow, Dataset, Table
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.program import functions as of_python
from tests.host.test_ingestion import connection_string
from tests.support.chain import KINDS, PROVIDERS, SCHEDULE, Chain
from tests.support.host import UNKNOWN, Host, Native, Wire, failure, running
from tests.support.ingestion import SCHEMA, SCHEMA_VERSION, make_dataset
from tools.database import PostgresServer, SampleDatabase

ARGUMENTS: dict[str, Wire] = {
    "getTables": {"connectionId": "c"},
    "getColumns": {"connectionId": "c", "table": "public.customers"},
    "listConnections": {"name": "crm"},
    "getDataset": {"name": "Customers"},
    "getDataflow": {"id": "f"},
    "getPostgresBaseConnection": {"id": "c"},
}


@pytest.fixture(scope="module")
def _shared(aep_emulator_process: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with running(aep_emulator_process.environment(), tmp_path_factory.mktemp("host"), Native()) as host:
        yield host


@pytest.fixture
def plugin(_shared: Host, aep_emulator: Emulator) -> Host:  # noqa: ARG001 - it is reset for each test
    """The plugin, with the emulator in its settings, sandbox `dev`; the emulator knows nothing yet."""
    return _shared


@pytest.fixture
def connection(aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase) -> str:
    """The id of a connection that logs in to the sample database."""
    return str(aep_emulator.create_connection("crm", connection_string(postgres, crm))["id"])


def test_tables_and_their_columns_are_those_that_the_role_sees(
    plugin: Host, connection: str, crm: SampleDatabase
) -> None:
    tables = plugin.invoke("getTables", {"connectionId": connection})["tables"]
    assert sorted(each["path"] for each in tables) == list(crm.tables)
    assert all(each["canPreview"] is True and each["type"] for each in tables)

    columns = plugin.invoke("getColumns", {"connectionId": connection, "table": "public.customers"})["columns"]
    assert {"email", "created_at"} <= {each["name"] for each in columns}
    assert all("xdm" in each for each in columns)


def test_connections_are_listed_without_their_credentials(
    plugin: Host, aep_emulator: Emulator, connection: str
) -> None:
    aep_emulator.create_connection("another", "Server=db;Database=crm;Port=5432;UID=reader;Password=hidden-4711")

    assert {each["name"] for each in plugin.invoke("listConnections", {})["connections"]} == {"crm", "another"}
    (found,) = plugin.invoke("listConnections", {"name": "crm", "connectionSpec": POSTGRES.spec_id})["connections"]
    assert found == {
        "id": connection,
        "name": "crm",
        "state": "enabled",
        "connectionSpec": POSTGRES.spec_id,
        **({"description": found["description"]} if "description" in found else {}),
    }
    assert plugin.invoke("listConnections", {"connectionSpec": "another-spec"}) == {"connections": []}


def test_a_dataset_is_found_by_its_name_and_by_its_id(plugin: Host, aep_emulator: Emulator) -> None:
    dataset = make_dataset(aep_emulator)

    by_name = plugin.invoke("getDataset", {"name": "Customers"})
    assert (by_name["id"], by_name["schemaId"], by_name["schemaVersion"]) == (dataset, SCHEMA, SCHEMA_VERSION)
    assert plugin.invoke("getDataset", {"id": dataset}) == by_name


def test_a_dataflow_is_reported_with_its_schedule_and_its_last_run(plugin: Host, aep_emulator: Emulator) -> None:
    flow = Chain.begin(plugin, aep_emulator).create("flows")

    found = plugin.invoke("getDataflow", {"id": flow.id})
    assert (found["id"], found["state"], found["deltaColumn"]) == (flow.id, "enabled", "created_at")
    assert found["schedule"].items() >= SCHEDULE.items()
    assert "lastRun" not in found
    aep_emulator.run(flow.id)
    assert plugin.invoke("getDataflow", {"id": flow.id})["lastRun"]["state"]


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "flows"])
def test_an_entity_of_each_kind_is_read_by_its_id(plugin: Host, aep_emulator: Emulator, kind: str) -> None:
    made = Chain.begin(plugin, aep_emulator).create(kind)
    name = PROVIDERS[kind].kind.name

    assert plugin.invoke(f"get{name}", {"id": made.id})["name"] == "customers"


@pytest.mark.parametrize(("function", "arguments"), ARGUMENTS.items())
def test_nothing_is_sent_while_an_argument_is_not_known_yet(
    plugin: Host, aep_emulator: Emulator, function: str, arguments: Wire
) -> None:
    for key in arguments:
        assert plugin.invoke(function, {**arguments, key: UNKNOWN}) == {}

    assert aep_emulator.requests() == []


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [
        ("getTables", {}, "connectionId is missing."),
        ("getColumns", {"connectionId": "c"}, "table is missing."),
        ("getDataset", {}, "Takes either name or id."),
        ("getDataset", {"name": "a", "id": "b"}, "Takes either name or id."),
        ("getDataflow", {"id": ""}, "id is empty"),
        ("getPostgresBaseConnection", {}, "id is missing."),
        (
            "listConnections",
            {"colour": "blue"},
            "colour is not a property; there are",
        ),
        ("listConnections", {"sandboxName": "Dev"}, "sandboxName must be a sandbox's name"),
        ("getWeather", {}, "There is no adobe-aep:index:getWeather in this version of the plugin."),
    ],
)
def test_wrong_arguments_are_reported_in_a_sentence_and_send_nothing(
    plugin: Host, aep_emulator: Emulator, function: str, arguments: Wire, said: str
) -> None:
    assert said in failure(plugin.invoke, function, arguments)
    assert aep_emulator.requests() == []


def test_a_failure_is_a_sentence_with_what_to_do(plugin: Host, aep_emulator: Emulator) -> None:
    said = failure(plugin.invoke, "getDataset", {"name": "Nothing", "sandboxName": "stage"})
    assert "There are 0 datasets named 'Nothing' in sandbox stage." in said
    assert "Check the name and the sandbox." in said

    aep_emulator.fault(Answer(status=403, body="{}"), path="/explore$")
    said = failure(plugin.invoke, "getTables", {"connectionId": "c"})
    assert "403" in said
    assert "Traceback" not in said


def test_the_sandbox_is_the_one_that_is_named_or_that_of_the_settings(aep_emulator: Emulator, tmp_path: Path) -> None:
    for sandbox in ("dev", "stage"):
        aep_emulator.create_connection(f"in-{sandbox}", "Server=db;Database=crm;Port=5432", sandbox=sandbox)
    environment = {key: value for key, value in aep_emulator.environment().items() if key != "AEP_SANDBOX_NAME"}

    with running(environment, tmp_path, Native(), {"adobe-aep:sandboxName": "stage"}) as of_stage:
        (found,) = of_stage.invoke("listConnections", {})["connections"]
        assert found["name"] == "in-stage"
        (found,) = of_stage.invoke("listConnections", {"sandboxName": "dev"})["connections"]
        assert found["name"] == "in-dev"


@pytest.mark.parametrize(
    ("written", "model"),
    [
        (of_python.Table, Table),
        (of_python.ConnectionInfo, Connection),
        (of_python.DatasetInfo, Dataset),
        (of_python.DataflowInfo, Dataflow),
    ],
)
def test_the_types_for_python_have_the_fields_of_the_models(written: type, model: type[Model]) -> None:
    assert list(get_type_hints(written)) == list(model.model_fields)


def test_every_function_is_one_of_the_python_package() -> None:
    assert all(callable(getattr(of_python, each.name)) for each in FUNCTIONS)
