"""The plugin in the life of a stack: a program in YAML, the real engine, the emulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.kinds.registry import INGESTION, KINDS
from tests.emulator.api import Api
from tests.emulator.ingestion import Ingestion, Table
from tests.support.canaries import found_below, found_in
from tests.support.plugin import PASSWORD, PluginStack, auth, connection
from tools.database import PostgresServer, SampleDatabase
from tools.engine import Engine

SECOND_PASSWORD = "canary-of-the-plugin-0815"
SECRETS = (PASSWORD, SECOND_PASSWORD)


@pytest.fixture
def stack(tmp_path: Path, yaml_engine: Engine, aep_emulator: Emulator) -> Iterator[PluginStack]:
    """Return an empty stack. Whatever the test does with it, no secret may have come to its console or state."""
    stack = PluginStack(tmp_path, yaml_engine, aep_emulator)
    yield stack
    secrets = (*SECRETS, aep_emulator.client_secret)
    assert found_in("\n".join(stack.console).encode(), secrets) == []
    assert found_below(tmp_path / "home", secrets) == {}


def only(emulator: Emulator) -> dict[str, Any]:
    (found,) = emulator.connections(secrets=True)
    return dict(found)


def test_a_connection_lives_from_its_creation_to_its_end(stack: PluginStack, aep_emulator: Emulator) -> None:
    stack.write({"crm": connection(description="CRM read replica")}, outputs={"id": "${crm.connectionId}"})
    preview = stack.run("pulumi preview --diff")
    assert "password  : [secret]" in preview
    assert 'name       : "crm"' in preview
    assert aep_emulator.requests() == []

    stack.up()
    stack.is_settled()
    assert only(aep_emulator)["name"] == "crm"
    assert stack.run("pulumi stack output id").strip() == only(aep_emulator)["id"]
    assert stack.resource()["outputs"]["auth"]["password"] == PASSWORD

    shown = stack.up({"crm": connection(description="CRM read replica", auth=auth(SECOND_PASSWORD, port=5433))})
    assert "~ auth" in shown
    assert "~ password: [secret] => [secret]" in " ".join(shown.split())
    assert "~ port    : 5432 => 5433" in shown
    assert SECOND_PASSWORD in only(aep_emulator)["auth"]["params"]["connectionString"]
    stack.is_settled()

    aep_emulator.change(only(aep_emulator)["id"], fields={"description": "by hand"})
    assert '"by hand"' in stack.run("pulumi refresh --diff")
    assert '"by hand" => "CRM read replica"' in stack.up()
    stack.is_settled()

    replaced = stack.up({"crm": connection(description="CRM read replica", sandboxName="stage")})
    assert '~ sandboxName: "dev" => "stage"' in replaced
    assert only(aep_emulator)["sandboxName"] == "stage"
    stack.is_settled()

    stack.run("pulumi destroy")
    assert aep_emulator.connections() == []


def test_a_preview_and_an_up_without_changes_cost_no_request(stack: PluginStack, aep_emulator: Emulator) -> None:
    stack.up({"crm": connection()})
    aep_emulator.forget_requests()
    stack.run("pulumi preview --diff --expect-no-changes")
    stack.up(options="--expect-no-changes")
    assert aep_emulator.requests() == []


def test_everything_that_is_wrong_is_reported_at_once_in_sentences_without_the_values(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    stack.write({"crm": connection(auth=auth(PASSWORD, port=70000, connectionString=PASSWORD), sandboxName="Dev")})
    output = stack.fails("pulumi preview")
    assert "auth.port must be a whole number from 1 to 65535, not '70000'." in output
    assert "sandboxName must be a sandbox's name" in output
    assert "has a problem" in output
    assert aep_emulator.requests() == []


def test_a_server_that_adobe_cannot_reach_is_warned_of_where_the_service_is_not_on_this_machine(
    stack: PluginStack,
) -> None:
    warning = "Adobe's servers must reach it"
    stack.write({"crm": connection(auth=auth(server="localhost"))})
    assert warning not in stack.run("pulumi preview")
    del stack.shell.environment["AEP_BASE_URL"]
    assert warning in stack.run("pulumi preview")


def test_another_connection_is_named_in_a_preview_by_what_is_not_known_yet(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    stack.write(
        {"crm": connection(), "second": connection(description="${crm.connectionId}", name="${crm.name} again")}
    )
    assert "[unknown]" in stack.run("pulumi preview --diff")
    stack.up()
    ids = {each["name"]: each for each in aep_emulator.connections()}
    assert ids["crm again"]["description"] == ids["crm"]["id"]
    stack.is_settled()


def test_a_time_limit_of_a_resource_reaches_the_service(stack: PluginStack, aep_emulator: Emulator) -> None:
    busy = Answer(status=429, headers={"Retry-After": "60"}, body="{}")
    aep_emulator.fault(busy, method="POST", path="/connections$", times=None)
    stack.write({"crm": connection({"customTimeouts": {"create": "2s"}})})
    output = stack.fails("pulumi up")
    assert "the time limit of 2 seconds for one operation (customTimeouts)" in " ".join(output.split())
    assert stack.resources() == []


def test_what_was_created_and_does_not_work_is_in_the_state_if_it_cannot_be_deleted_again(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    # Nobody listens on port 1, so the emulator's log-in fails.
    verified = connection(verify=True, auth=auth(server="127.0.0.1", port=1))
    aep_emulator.fault(Answer(status=403, body="{}"), method="DELETE")
    stack.write({"crm": verified})
    output = " ".join(stack.fails("pulumi up").split())
    assert "VerificationFailed: Flow Service could not log in to the database of 'crm'" in output
    assert "The connection is in the state." in output
    assert stack.resource()["id"] == only(aep_emulator)["id"]

    again = " ".join(stack.fails("pulumi up").split())
    assert "with connection" in again
    stack.up({"crm": connection(auth=auth(SECOND_PASSWORD))})
    assert SECOND_PASSWORD in only(aep_emulator)["auth"]["params"]["connectionString"]
    stack.is_settled()


def test_an_explicit_provider_comes_before_the_environment(stack: PluginStack, aep_emulator: Emulator) -> None:
    provider = {
        "type": "pulumi:providers:adobe-aep",
        "properties": {"sandboxName": "stage", "clientSecret": aep_emulator.client_secret},
    }
    stack.up({"other": provider, "crm": connection({"provider": "${other}"}), "default": connection()})
    assert {each["name"]: each["sandboxName"] for each in aep_emulator.connections()} == {
        "crm": "stage",
        "default": "dev",
    }
    stack.is_settled()
    stack.run("pulumi destroy")


def test_one_program_has_connections_in_two_organizations(tmp_path: Path, yaml_engine: Engine) -> None:
    organizations = {"acme": "ACMEACMEACMEACMEACMEACME@AdobeOrg", "emea": "EMEAEMEAEMEAEMEAEMEAEMEA@AdobeOrg"}
    sandboxes = [{"name": "dev", "type": "development", "isDefault": True}]
    directory = {
        "organizations": [{"id": each, "sandboxes": sandboxes} for each in organizations.values()],
        "clients": [
            {"clientId": name, "clientSecrets": [f"canary-of-{name}"], "organizations": [each]}
            for name, each in organizations.items()
        ],
    }
    (tmp_path / "organizations.json").write_text(json.dumps(directory), encoding="utf-8")
    with running_emulator(["--config", str(tmp_path / "organizations.json")]) as emulator:
        (tmp_path / "stack").mkdir()
        stack = PluginStack(tmp_path / "stack", yaml_engine, emulator)
        properties = {"orgId": organizations["emea"], "clientId": "emea", "clientSecret": "canary-of-emea"}
        emea = {"type": "pulumi:providers:adobe-aep", "properties": properties}
        stack.up({"emea": emea, "theirs": connection({"provider": "${emea}"}), "ours": connection()})
        assert {each["urn"].rpartition(":")[2]: each["outputs"]["orgId"] for each in stack.resources()} == {
            "ours": organizations["acme"],
            "theirs": organizations["emea"],
        }
        stack.is_settled()
        found = function("listConnections", {"provider": "${emea}"})
        stack.write(
            {"emea": emea, "theirs": connection({"provider": "${emea}"}), "ours": connection()},
            variables={"found": found},
            outputs={"found": "${found.connections}"},
        )
        stack.up()
        listed = json.loads(stack.run("pulumi stack output --json"))["found"]
        assert [each["name"] for each in listed] == ["theirs"]
        stack.run("pulumi destroy")
        secrets = (PASSWORD, "canary-of-acme", "canary-of-emea")
        assert found_in("\n".join(stack.console).encode(), secrets) == []
        assert found_below(tmp_path / "stack" / "home", secrets) == {}


def test_an_explicit_provider_does_not_fall_back_to_the_token_of_another(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    provider = {"type": "pulumi:providers:adobe-aep", "properties": {"clientSecret": "not-the-secret-of-it"}}
    stack.write({"other": provider, "crm": connection({"provider": "${other}"})})
    stack.shell.environment["AEP_ACCESS_TOKEN"] = aep_emulator.token()
    assert "AEP_CLIENT_SECRET is not a secret of this client" in stack.fails("pulumi up")


def test_a_function_reads_a_connection_without_managing_it(stack: PluginStack, aep_emulator: Emulator) -> None:
    made = aep_emulator.create_connection("somebody's", "Server=db;Database=crm;Port=5432;UID=reader;Password=hidden-1")
    call = {
        "fn::invoke": {"function": "adobe-aep:getPostgresBaseConnection", "arguments": {"id": made["id"]}},
    }
    stack.write({}, variables={"found": call}, outputs={"name": "${found.name}", "sandbox": "${found.sandboxName}"})
    stack.up()
    assert json.loads(stack.run("pulumi stack output --json")) == {"name": "somebody's", "sandbox": "dev"}
    stack.run("pulumi destroy")
    assert len(aep_emulator.connections()) == 1


def function(name: str, options: dict[str, Any] | None = None, /, **arguments: Any) -> dict[str, Any]:
    """Return a call of a function in a program in YAML."""
    call = {"function": f"adobe-aep:{name}", "arguments": arguments}
    return {"fn::invoke": {**call, "options": options} if options else call}


def test_functions_ask_with_the_settings_of_the_provider_that_they_name(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    for sandbox in ("dev", "stage"):
        aep_emulator.create_connection(f"in-{sandbox}", "Server=db;Database=crm;Port=5432", sandbox=sandbox)
    other = {"type": "pulumi:providers:adobe-aep", "properties": {"sandboxName": "stage"}}
    stack.write(
        {"other": other},
        variables={
            "here": function("listConnections"),
            "there": function("listConnections", {"provider": "${other}"}),
        },
        outputs={"here": "${here.connections[0].name}", "there": "${there.connections[0].name}"},
    )
    stack.up()
    assert json.loads(stack.run("pulumi stack output --json")) == {"here": "in-dev", "there": "in-stage"}


def test_a_function_sends_nothing_while_its_argument_is_unknown_and_asks_for_what_is_then_made(
    stack: PluginStack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    place = {"server": postgres.host, "port": postgres.port, "database": crm.name, "username": crm.role}
    stack.write(
        {"crm": connection(auth=auth(crm.password, encryption="request", **place))},
        variables={
            "seen": function("getTables", connectionId="${crm.connectionId}"),
            "columns": function("getColumns", connectionId="${crm.connectionId}", table="public.customers"),
        },
        outputs={"tables": "${seen.tables}", "columns": "${columns.columns}"},
    )
    stack.run("pulumi preview")
    assert aep_emulator.requests() == []

    stack.up()
    found = json.loads(stack.run("pulumi stack output --json"))
    assert sorted(each["path"] for each in found["tables"]) == list(crm.tables)
    assert "email" in {each["name"] for each in found["columns"]}
    stack.is_settled()


def test_a_function_that_fails_says_why_in_a_sentence(stack: PluginStack) -> None:
    stack.write({}, variables={"found": function("getDataset", name="Nothing")}, outputs={"id": "${found.id}"})
    output = stack.fails("pulumi preview")
    assert "There are 0 datasets named 'Nothing' in sandbox dev." in output
    assert "Traceback" not in output

    stack.write({}, variables={"found": function("getDataset")}, outputs={"id": "${found.id}"})
    assert "Takes either name or id." in stack.fails("pulumi preview")


@pytest.mark.parametrize("kind", [name for name in KINDS if name == "PostgresBaseConnection"])
def test_a_connection_is_imported_with_code_and_the_next_preview_has_nothing_to_do(
    stack: PluginStack, aep_emulator: Emulator, kind: str
) -> None:
    text = "Server=db;Database=crm;Port=5432;UID=reader;Password=hidden-1"
    made = aep_emulator.create_connection("crm", text)
    output = stack.run(f"pulumi import adobe-aep:index:{kind} crm {made['id']} --out code.yaml")
    assert "refers to the environment variable CRM_CONNECTION_STRING" in " ".join(output.split())
    assert "bug in the provider" not in output

    program = stack.project / "Pulumi.yaml"
    code = (stack.project / "code.yaml").read_text(encoding="utf-8").replace("protect: true", "protect: false")
    program.write_text(f"name: tests\nruntime: yaml\n{code}", encoding="utf-8")
    aep_emulator.forget_requests()
    stack.run("pulumi preview --diff --expect-no-changes")
    assert aep_emulator.requests() == []
    stack.is_settled()

    # The secret itself in place of the reference is sent.
    shown = stack.up({"crm": connection(auth=auth(SECOND_PASSWORD))})
    assert "+ password" in shown
    assert SECOND_PASSWORD in only(aep_emulator)["auth"]["params"]["connectionString"]
    stack.is_settled()

    # The command that is printed for an orphan imports one, too.
    orphan = aep_emulator.create_connection("erp", text)
    compared = stack.run("! pulumi-adobe-aep connections --orphans --stack dev")
    (command,) = (line for line in compared.splitlines() if " pulumi import " in line)
    stack.run(command)
    assert {each["id"] for each in stack.resources()} == {made["id"], orphan["id"]}
    stack.run("pulumi-adobe-aep connections --orphans --stack dev")


def test_all_that_a_dataflow_is_made_of_is_imported_with_code_and_the_next_preview_has_nothing_to_do(
    stack: PluginStack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    ingestion = Ingestion.make(Api.of(aep_emulator), Table.make(postgres, crm))
    flow = ingestion.flow(ingestion.start())
    ids = {
        "TableSourceConnection": ingestion.source,
        "DataLakeTargetConnection": ingestion.target,
        "MappingSet": ingestion.mapping,
        "Dataflow": flow,
    }
    assert ids.keys() == {kind.name for kind in INGESTION}
    wanted = [{"type": f"adobe-aep:index:{kind}", "name": kind.lower(), "id": each} for kind, each in ids.items()]
    (stack.project / "wanted.json").write_text(json.dumps({"resources": wanted}), encoding="utf-8")

    output = stack.run("pulumi import --file wanted.json --out code.yaml")
    assert "bug in the provider" not in output
    code = (stack.project / "code.yaml").read_text(encoding="utf-8").replace("protect: true", "protect: false")
    (stack.project / "Pulumi.yaml").write_text(f"name: tests\nruntime: yaml\n{code}", encoding="utf-8")
    aep_emulator.forget_requests()
    stack.run("pulumi preview --diff --expect-no-changes")
    assert aep_emulator.requests() == []
    stack.is_settled()


def test_an_import_of_what_does_not_exist_says_so(stack: PluginStack) -> None:
    missing = "11111111-2222-3333-4444-555555555555"
    output = " ".join(stack.fails(f"pulumi import adobe-aep:index:PostgresBaseConnection crm {missing}").split())
    assert f"EntityGone: Reading the connection {missing} failed" in output
    assert "Check the id" in output
