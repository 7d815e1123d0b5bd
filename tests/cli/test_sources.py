"""The commands with connections of every source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from tests.cli.command_line import CommandLine
from tests.support.host import pickled_provider
from tests.support.sources import BASIC, DECLARED, SECRET, WITHOUT_CLASS, Declared

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

    assert f"connection {connection_id} ({declared.kind.source})." in command.succeeds("test", connection_id).out
    assert "crm.customers" in command.succeeds("explore", connection_id).out


def test_delete_takes_a_connection_of_any_source(command: CommandLine, aep_emulator: Emulator) -> None:
    for declared in TYPED[:4]:
        command.succeeds("delete", made(aep_emulator, declared), "--yes")
    assert aep_emulator.connections() == []


def of_other(
    emulator: Emulator, source: str, params: Mapping[str, object], spec_name: str = BASIC, version: str = "1.0"
) -> str:
    """Make a connection of a source without a class of its own by hand, and return its id."""
    spec = {"id": KNOWN_SPECS[source].id, "version": version}
    auth = {"specName": spec_name, "params": dict(params)}
    return str(emulator.create({"name": "CRM", "auth": auth, "connectionSpec": spec})["id"])


def imported(command: CommandLine) -> Any:
    """Return the one resource of the file that an import has written."""
    (resource,) = json.loads((command.folder / "import.json").read_text(encoding="utf-8"))["resources"]
    return resource


SHOWN = pytest.mark.parametrize("shown", ["plain", "mask", "omit"])
PHOENIX_PROGRAM = """\
import pulumi
import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.BaseConnection(
    "crm",
    name="CRM",
    sandbox_name="dev",
    connection_spec="phoenix",
    auth_spec_name="Basic Authentication",
    params={
        "host": "phoenix.example.com",
        "username": "reader",
        "port": 8765,
        "httpPath": "/gateway",
        "enableSsl": True,
    },
    secret_params={
        "password": config.require_secret("crmPassword"),
    },
    opts=pulumi.ResourceOptions(protect=True),
)
"""


@SHOWN
@pytest.mark.parametrize(
    "arguments",
    [("{id}", "--name", "crm", "--password-env", "P_CRM_PASSWORD"), ("--all", "--secret-env-prefix", "P_")],
    ids=["one", "all"],
)
def test_a_source_without_a_class_is_imported_as_a_base_connection(
    command: CommandLine, aep_emulator: Emulator, shown: str, arguments: tuple[str, ...]
) -> None:
    aep_emulator.switch(secrets=shown)
    phoenix = of_other(aep_emulator, "phoenix", WITHOUT_CLASS.sent)

    ended = command.succeeds("import", *(each.format(id=phoenix) for each in arguments), P_CRM_PASSWORD=SECRET)

    assert ended.out == PHOENIX_PROGRAM
    resource = imported(command)
    assert (resource["id"], resource["type"].rpartition(":")[2]) == (phoenix, "BaseConnection")
    for properties in (resource["inputs"], resource["outputs"]):
        assert properties["connectionSpec"] == {"id": KNOWN_SPECS["phoenix"].id, "version": "1.0"}
        assert properties["params"] == WITHOUT_CLASS.inputs["params"]
        assert json.loads(properties["secretParams"]["password"]["plaintext"]) == SECRET
    assert SECRET not in ended.out + ended.err
    assert len(aep_emulator.requests(path="/connectionSpecs/")) == 1


@SHOWN
def test_a_secret_of_a_source_without_a_class_is_asked_for(
    command: CommandLine, aep_emulator: Emulator, shown: str
) -> None:
    aep_emulator.switch(secrets=shown)
    greenplum = of_other(aep_emulator, "greenplum", {"connectionString": SECRET})

    refused = command.run("import", greenplum, "--name", "crm")
    ended = command.talk(
        ["import", greenplum, "--name", "crm"], ("Connection string of connection 'CRM': ", "another secret")
    )

    assert refused.code == 2
    assert "pass --connection-string-env." in refused.err
    assert ended.code == 0, ended.out
    assert '"connectionString": config.require_secret("crmConnectionString"),' in ended.out
    assert "params={" not in ended.out.replace("secret_params={", "")
    assert json.loads(imported(command)["inputs"]["secretParams"]["connectionString"]["plaintext"]) == "another secret"
    assert "another secret" not in ended.out


@pytest.mark.parametrize("option", ["--connection-string-env", "--secret-env"])
def test_a_secret_of_a_source_without_a_class_may_stay_a_reference(
    command: CommandLine, aep_emulator: Emulator, option: str
) -> None:
    greenplum = of_other(aep_emulator, "greenplum", {"connectionString": SECRET})
    given = "GP" if option == "--connection-string-env" else "connectionString=GP"

    ended = command.succeeds("import", greenplum, "--name", "crm", option, given, "--reference")

    assert '"connectionString": aep.SecretFromEnv("GP", version=1),' in ended.out
    assert imported(command)["inputs"]["secretParams"] == {"connectionString": {"fromEnv": "GP", "version": 1}}
    assert "It holds no secret." in ended.err


LOGIN = {"host": "hive.example.com", "username": "reader", "password": SECRET}


@SHOWN
@pytest.mark.parametrize(
    ("params", "secret"), [(LOGIN, "password"), ({"connectionString": SECRET}, "connectionString")], ids=str
)
def test_of_two_sets_of_parameters_the_one_that_is_there_is_imported(
    command: CommandLine, aep_emulator: Emulator, shown: str, params: Mapping[str, str], secret: str
) -> None:
    aep_emulator.switch(secrets=shown)
    hive = of_other(aep_emulator, "hive", params, "HDInsights Basic Authentication")

    command.succeeds("import", hive, "--name", "crm", "--secret-env", f"{secret}=GIVEN", GIVEN=SECRET)

    inputs = imported(command)["inputs"]
    assert set(inputs["secretParams"]) == {secret}
    assert inputs["params"] == {name: value for name, value in params.items() if name != secret}


def test_a_parameter_that_must_be_there_and_is_not_shown_is_given(command: CommandLine, aep_emulator: Emulator) -> None:
    phoenix = of_other(aep_emulator, "phoenix", WITHOUT_CLASS.sent)
    aep_emulator.change(phoenix, params={"httpPath": None, "enableSsl": None})
    one = ("import", phoenix, "--name", "crm", "--password-env", "PW")

    refused = command.run(*one, PW=SECRET)
    wrong = command.run(*one, "--part", "httpPath=/gateway", "--part", "enableSsl=maybe", PW=SECRET)
    every = command.run("import", "--all", "--secret-env-prefix", "", CRM_PASSWORD=SECRET)
    command.succeeds(*one, "--part", "http_path=/gateway", "--part", "enableSsl=true", PW=SECRET)

    assert refused.code == 2
    assert "does not show the httpPath, enableSsl" in refused.err
    assert "Give --part http_path=VALUE, --part enable_ssl=VALUE." in refused.err
    assert wrong.code == 1
    assert "enableSsl must be boolean." in wrong.err
    assert every.code == 1
    assert "import it alone, with --part http_path=VALUE, --part enable_ssl=VALUE." in every.err
    assert imported(command)["inputs"]["params"] == WITHOUT_CLASS.inputs["params"]


def test_a_parameter_that_the_connection_spec_does_not_have_is_not_imported(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    phoenix = of_other(aep_emulator, "phoenix", WITHOUT_CLASS.sent)
    aep_emulator.change(phoenix, params={"token": SECRET})

    ended = command.run("import", phoenix, "--name", "crm", "--password-env", "PW", PW=SECRET)

    assert ended.code == 1
    assert "Its credentials have token, which its connection spec does not have" in ended.err
    assert SECRET not in ended.err
    assert list(command.folder.iterdir()) == []


def test_without_a_schema_nothing_is_imported_because_any_parameter_may_be_a_secret(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    aep_emulator.switch(secrets="plain")
    phoenix = of_other(aep_emulator, "phoenix", WITHOUT_CLASS.sent)
    aep_emulator.fault(Answer(status=403, body="{}"), path="/connectionSpecs/", times=None)

    ended = command.run("import", phoenix, "--name", "crm", "--password-env", "PW", PW=SECRET)

    assert ended.code == 1
    assert "does not show what the connection spec of Phoenix says of 'Basic Authentication'" in ended.err
    assert "existing_connection_id" in ended.err
    assert SECRET not in ended.out + ended.err
    assert list(command.folder.iterdir()) == []


def test_another_version_of_a_connection_spec_is_written_with_its_id(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    greenplum = of_other(aep_emulator, "greenplum", {"connectionString": SECRET}, version="1.1")

    ended = command.succeeds("import", greenplum, "--name", "crm", "--connection-string-env", "GP", GP=SECRET)

    assert f'connection_spec={{"id": "{KNOWN_SPECS["greenplum"].id}", "version": "1.1"}},' in ended.out
