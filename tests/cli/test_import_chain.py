"""`import` of what brings a table into a dataset; that the engine takes it is proven in tests/e2e."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.service import PASSWORD
from tests.cli.test_connections import exported, state_resource
from tests.emulator.api import UNKNOWN_ID, Api
from tests.emulator.ingestion import Ingestion, Table, make_mapping
from tests.emulator.test_chain import SCHEMA
from tools.database import PostgresServer, SampleDatabase

CHAIN = (
    "PostgresBaseConnection",
    "TableSourceConnection",
    "DataLakeTargetConnection",
    "MappingSet",
    "Dataflow",
)
WITH_SECRET = ("--password-env", "PW")


@pytest.fixture
def ingestion(aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase) -> Ingestion:
    """Return all that a dataflow from a table needs, in a service that shows connection strings."""
    aep_emulator.switch(secrets="plain")
    return Ingestion.make(Api.of(aep_emulator), Table.make(postgres, crm))


def resources(command: CommandLine) -> dict[str, dict[str, Any]]:
    """Return what is in the import file, by the class's name."""
    found = json.loads(Path(command.folder, "import.json").read_text())["resources"]
    return {each["type"].rpartition(":")[2]: each for each in found}


def test_a_dataflow_is_imported_with_all_that_it_is_made_of_by_requests_that_only_read(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start())
    ingestion.emulator.forget_requests()

    ended = command.succeeds("import", flow, "--name", "people", *WITH_SECRET, PW=ingestion.table.sample.password)

    found = resources(command)
    assert tuple(found) == CHAIN
    assert [each["id"] for each in found.values()] == [
        ingestion.base, ingestion.source, ingestion.target, ingestion.mapping, flow,
    ]  # fmt: skip
    for line in (
        "    connection=crm,",
        f'    table="{ingestion.table.name}",',
        "    source=people_source,",
        "    target=people_target,",
        "    mapping=people_mapping,",
    ):
        assert line in ended.out.splitlines()
    program = ended.out.partition("people = aep.Dataflow(")[2]
    assert "_id=" not in program
    assert "sandbox_name=" not in program
    assert "mapping_version=" not in program
    assert "with 5 resources of sandbox dev. It holds secrets in plain text" in ended.err
    assert {each.method for each in ingestion.emulator.requests() if "/ims/" not in each.path} == {"GET"}
    assert ingestion.table.sample.password not in ended.out + ended.err


def test_the_mapping_set_is_imported_in_the_version_that_the_dataflow_maps_with(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start())
    mappings = [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}]
    reference = {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    newer = ingestion.api.session.put(
        f"{ingestion.emulator.base_url}/data/foundation/conversion/mappingSets/{ingestion.mapping}",
        json={"name": "people", "outputSchema": {"schemaRef": reference}, "mappings": mappings},
        timeout=10,
    )
    assert newer.json()["version"] > 0

    command.succeeds("import", flow, "--name", "people", *WITH_SECRET, PW=ingestion.table.sample.password)

    found = resources(command)
    assert found["MappingSet"]["outputs"]["version"] == found["Dataflow"]["inputs"]["mappingVersion"] == 0
    assert len(found["MappingSet"]["inputs"]["mappings"]) > len(mappings)


@pytest.mark.parametrize("role", ["source", "target", "mapping", "flow"])
def test_one_entity_is_imported_by_its_own_id_and_refers_to_others_by_theirs(
    command: CommandLine, ingestion: Ingestion, role: str
) -> None:
    entity_id = ingestion.flow(ingestion.start()) if role == "flow" else getattr(ingestion, role)

    ended = command.succeeds("import", entity_id, "--name", "people", *(["--only"] if role == "flow" else []))

    (resource,) = resources(command).values()
    assert resource["id"] == entity_id
    assert "It holds no secret." in ended.err
    if role == "flow":
        assert f'    source_connection_id="{ingestion.source}",' in ended.out
        assert '    schedule=aep.Schedule(frequency="hour", interval=1, start_time=' in ended.out
    if role == "source":
        assert f'    base_connection_id="{ingestion.base}",' in ended.out
        assert '    sandbox_name="dev",' in ended.out


def test_what_the_state_has_already_is_left_out_and_referred_to_by_its_id(
    command: CommandLine, ingestion: Ingestion
) -> None:
    flow = ingestion.flow(ingestion.start())
    state = exported(state_resource(ingestion.emulator, ingestion.base))

    ended = command.succeeds("import", flow, "--name", "people", "--state", "-", given=state)

    assert tuple(resources(command)) == CHAIN[1:]
    assert f"Left out: connection {ingestion.base}: the state has it already." in ended.err
    assert f'    base_connection_id="{ingestion.base}",' in ended.out
    refused = command.run("import", ingestion.base, "--name", "x", "--force", "--state", "-", given=state)
    assert f"The state has connection {ingestion.base} already." in refused.err


def test_a_part_that_is_gone_is_left_out_and_the_command_fails(command: CommandLine, ingestion: Ingestion) -> None:
    flow = ingestion.flow(ingestion.start())
    ingestion.emulator.delete(ingestion.target, kind="targetConnections")

    ended = command.run("import", flow, "--name", "people", *WITH_SECRET, PW=ingestion.table.sample.password)

    assert ended.code == 1
    assert "DataLakeTargetConnection" not in resources(command)
    assert f"Left out: target connection {ingestion.target}:" in ended.err
    assert f'    target_connection_id="{ingestion.target}",' in ended.out


def test_an_expression_and_a_column_are_written_as_a_program_declares_them(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    mappings = (
        {"sourceType": "EXPRESSION", "source": 'concat(first, " ")', "destination": "_acme.name"},
        {"sourceType": "ATTRIBUTE", "source": "email", "destination": "_acme.email"},
    )

    ended = command.succeeds("import", make_mapping(Api.of(aep_emulator), mappings), "--name", "people")

    assert (
        "    mappings={\n"
        '        "_acme.name": aep.Expression(\'concat(first, " ")\'),\n'
        '        "_acme.email": "email",\n'
        "    },\n"
    ) in ended.out


def test_options_for_a_secret_are_refused_for_what_has_none(command: CommandLine, ingestion: Ingestion) -> None:
    ended = command.run("import", ingestion.target, "--name", "people", *WITH_SECRET, PW=PASSWORD)

    assert ended.code == 2
    assert f"{ingestion.target} is a target connection, which has no secret." in ended.err


@pytest.mark.parametrize("missing", [UNKNOWN_ID, "0" * 32])
def test_an_id_that_nothing_has_is_reported_with_the_commands_that_list_them(
    command: CommandLine, missing: str
) -> None:
    ended = command.run("import", missing, "--name", "people", *WITH_SECRET, PW=PASSWORD)

    assert ended.code == 4
    assert "pulumi-adobe-aep connections --sandbox dev" in ended.err
    assert "pulumi-adobe-aep flows --sandbox dev" in ended.err
