"""The commands with connections of every source."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.support.host import pickled_provider
from tests.support.sources import DECLARED, SECRET, Declared

TYPED = [each for each in DECLARED if each.resource != "BaseConnection"]
EACH = pytest.mark.parametrize("declared", TYPED, ids=lambda each: each.id)


def made(emulator: Emulator, declared: Declared, name: str = "CRM") -> str:
    """Make a connection by hand, and return its id."""
    auth = {"specName": declared.spec_name, "params": dict(declared.sent)}
    spec = {"id": declared.kind.spec_id, "version": "1.0"}
    return str(emulator.create({"name": name, "auth": auth, "connectionSpec": spec})["id"])


def secret_variables(declared: Declared, prefix: str) -> dict[str, str]:
    """Return the variables with the secrets of a connection that is imported as `crm`."""
    if "connectionString" in declared.sent:
        return {f"{prefix}CRM_CONNECTION_STRING": declared.sent["connectionString"]}
    return {f"{prefix}CRM_{to_snake(name).upper()}": SECRET for _, name in declared.secrets}


@EACH
def test_all_imports_with_the_right_class(command: CommandLine, aep_emulator: Emulator, declared: Declared) -> None:
    connection_id = made(aep_emulator, declared)

    ended = command.succeeds("import", "--all", "--secret-env-prefix", "P_", **secret_variables(declared, "P_"))

    assert f"\ncrm = aep.{declared.resource}(\n" in ended.out
    compile(ended.out, "__main__.py", "exec")
    (resource,) = json.loads((command.folder / "import.json").read_text(encoding="utf-8"))["resources"]
    assert (resource["id"], resource["type"].rpartition(":")[2]) == (connection_id, declared.resource)
    assert resource["inputs"]["__provider"] == pickled_provider(declared.provider)
    assert SECRET not in ended.out + ended.err


@EACH
def test_one_is_imported_with_its_secrets_by_reference(
    command: CommandLine, aep_emulator: Emulator, declared: Declared
) -> None:
    connection_id = made(aep_emulator, declared)
    names = ["connectionString"] if "connectionString" in declared.sent else [name for _, name in declared.secrets]
    options = [word for name in names for word in ("--secret-env", f"{to_snake(name)}=CRM_{to_snake(name).upper()}")]

    ended = command.succeeds("import", connection_id, "--name", "crm", *options, "--reference")

    for name in names:
        assert f'{to_snake(name)}=aep.SecretFromEnv("CRM_{to_snake(name).upper()}", version=1),' in ended.out
    assert "It holds no secret." in ended.err


def test_connections_names_each_source_and_takes_one(command: CommandLine, aep_emulator: Emulator) -> None:
    for declared in TYPED:
        made(aep_emulator, declared, declared.id)

    everything = json.loads(command.succeeds("connections", "--json").out)["connections"]
    assert {each["name"]: each["source"] for each in everything} == {each.id: each.kind.source for each in TYPED}

    one = json.loads(command.succeeds("connections", "--source", "snowflake", "--json").out)["connections"]
    assert {each["source"] for each in one} == {"Snowflake"}
    assert len(one) == 2


def test_orphans_knows_the_resources_of_every_source(command: CommandLine, aep_emulator: Emulator) -> None:
    ids = {declared.id: made(aep_emulator, declared, declared.id) for declared in TYPED}
    (command.folder / "state.json").write_text(json.dumps(state(ids, TYPED[1:])), encoding="utf-8")

    ended = command.run("connections", "--orphans", "--state", "state.json", "--json")

    found = json.loads(ended.out)
    assert [each["id"] for each in found["orphans"]] == [ids[TYPED[0].id]]
    assert found["missing"] == []

    other = json.loads(
        command.run("connections", "--orphans", "--state", "state.json", "--source", "mysql", "--json").out
    )
    assert (other["orphans"], other["missing"]) == ([], [])


def state(ids: dict[str, str], declared: list[Declared]) -> dict[str, Any]:
    """Return a state that has some connections."""
    resources = [
        {
            "urn": f"urn:pulumi:dev::tests::pulumi-python:dynamic/adobe-aep:{each.resource}::crm-{number}",
            "type": f"pulumi-python:dynamic/adobe-aep:{each.resource}",
            "id": ids[each.id],
            "outputs": {"name": each.id, "sandboxName": "dev"},
        }
        for number, each in enumerate(declared)
    ]
    return {"version": 3, "deployment": {"resources": resources}}


# With PostgreSQL the emulator really logs in; for the others it has a response of its own.
STAND_INS = [each for each in TYPED if each.resource != "PostgresBaseConnection"]


@pytest.mark.parametrize("declared", STAND_INS, ids=lambda each: each.id)
def test_test_and_explore_take_a_connection_of_any_source(
    command: CommandLine, aep_emulator: Emulator, declared: Declared
) -> None:
    connection_id = made(aep_emulator, declared)

    assert connection_id in command.succeeds("test", connection_id).out
    assert "crm.customers" in command.succeeds("explore", connection_id).out


def test_delete_takes_a_connection_of_any_source(command: CommandLine, aep_emulator: Emulator) -> None:
    for declared in TYPED[:4]:
        command.succeeds("delete", made(aep_emulator, declared), "--yes")
    assert aep_emulator.connections() == []


def test_a_source_without_a_class_is_left_to_a_take_over(command: CommandLine, aep_emulator: Emulator) -> None:
    auth = {"specName": "Basic Authentication", "params": {"connectionString": "HOST=h"}}
    spec = {"id": "37b6bf40-d318-4655-90be-5cd6f65d334b", "version": "1.0"}
    greenplum = str(aep_emulator.create({"name": "GP", "auth": auth, "connectionSpec": spec})["id"])

    ended = command.run("import", greenplum, "--name", "gp", "--password-env", "X", X="a secret")

    assert ended.code != 0
    assert "Greenplum has no class of its own." in ended.err
    assert "existing_connection_id" in ended.err
