"""No secret is anywhere in plain: not in the state, a plan, a log or on the console, however the program passes it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import basic_auth, connection, string_auth
from tests.support.stack import Program, Stack

WAYS = (
    "plain text",
    "output",
    "secret output",
    "auth as output",
    "auth as dict",
    "auth as dict in an output",
    "basic",
    "whole string",
    "whole string in an output",
)


def secret(way: str, version: int) -> str:
    return f"<{way}> {version}".replace(" ", "-")


def passing_secrets_in_every_way(version: int, sandbox: str | None = None) -> Program:
    """Return a program with a connection for each way to pass a secret; each has a secret of its own."""

    def program() -> None:
        def parts(way: str) -> dict[str, Any]:
            return {"server": "db.example.com", "database": "crm", "username": "u", "password": secret(way, version)}

        def string(way: str) -> str:
            return f"Server=db.example.com;Database=crm;Port=5432;UID=u;Password={secret(way, version)}"

        output = pulumi.Output.from_input
        auths: dict[str, Any] = {
            "plain text": string_auth(password=secret("plain text", version)),
            "output": string_auth(password=output(secret("output", version))),
            "secret output": string_auth(password=pulumi.Output.secret(secret("secret output", version))),
            "auth as output": output(string_auth(password=secret("auth as output", version))),
            "auth as dict": parts("auth as dict"),
            "auth as dict in an output": output({**parts("auth as dict in an output"), "ssl_mode": "Verify Full"}),
            "basic": basic_auth(password=secret("basic", version)),
            "whole string": aep.ConnectionStringAuth(connection_string=string("whole string")),
            "whole string in an output": {"connection_string": output(string("whole string in an output"))},
        }
        for way in WAYS:
            aep.PostgresBaseConnection(way, auth=auths[way], sandbox_name=sandbox)

    return program


def assert_nothing_holds(stack: Stack, *secrets: str) -> None:
    """Prove that no secret is in any file of the stack, nor in anything that was printed."""
    files = [file for file in stack.folder.rglob("*") if file.is_file()]
    assert any(file.parts[-3:] == ("stacks", "tests", "dev.json") for file in files)
    places = {str(file): file.read_bytes() for file in files} | {"console": "\n".join(stack.console).encode()}
    found = [(place, each) for place, content in places.items() for each in secrets if each.encode() in content]
    assert found == []


@pytest.mark.parametrize("secrets", ["mask", "omit", "plain"])
def test_secrets_are_encrypted_after_a_create_an_update_a_refresh_and_a_replacement(
    stack: Stack, aep_emulator: Emulator, secrets: str
) -> None:
    aep_emulator.switch(secrets=secrets)
    stack.environment["AEP_LOG"] = "debug"
    every = [secret(way, version) for way in WAYS for version in (1, 2, 3)]

    stack.up(passing_secrets_in_every_way(1))
    assert_nothing_holds(stack, *every)
    stack.up(passing_secrets_in_every_way(2))
    assert_nothing_holds(stack, *every)
    stack.refresh()
    assert_nothing_holds(stack, *every)
    stack.up(passing_secrets_in_every_way(3, "stage"))
    assert_nothing_holds(stack, *every, aep_emulator.client_secret)

    # They are there: in the service, and encrypted in the state, inputs and outputs.
    created = {str(each["name"]): json.dumps(each["auth"]) for each in aep_emulator.connections(secrets=True)}
    recorded = {resource["urn"].rpartition("::")[2]: resource for resource in stack.resources()}
    for way in WAYS:
        assert secret(way, 3) in created[way]
        for side in ("inputs", "outputs"):
            assert secret(way, 3) in json.dumps(recorded[way][side]), (way, side)


def test_plans_and_previews_in_json_hold_no_secret(stack: Stack) -> None:
    every = [secret(way, version) for way in WAYS for version in (1, 2)]
    plan = stack.folder / "plan.json"

    stack.preview(passing_secrets_in_every_way(1), plan=str(plan))
    stack.up(plan=str(plan))
    shown = stack.preview(passing_secrets_in_every_way(2), json=True)

    assert json.loads(plan.read_text(encoding="utf-8"))["resourcePlans"]
    assert '"op": "update"' in shown
    assert_nothing_holds(stack, *every)


def test_a_check_that_fails_shows_no_secret(stack: Stack) -> None:
    def program() -> None:
        # The engine prints the value of a property that a failure names: here it would be all of auth.
        whole = "Server=db;Database=crm;Port=5432;UID=u;Password=never-shown"
        auth = pulumi.Output.from_input({"connection_string": whole, "server": "db"})
        aep.PostgresBaseConnection("crm", auth=auth)

    shown = stack.fails(stack.preview, program)

    assert (
        "resource 'crm' has a problem: auth has connectionString and also server; give either the whole string or the "
        "parts." in shown
    )
    assert_nothing_holds(stack, "never-shown")


def test_credentials_in_the_stacks_configuration_stay_encrypted(stack: Stack, aep_emulator: Emulator) -> None:
    del stack.environment["AEP_CLIENT_SECRET"]
    stack.set_config("adobe-aep:clientSecret", aep_emulator.client_secret, secret=True)

    stack.up(connection())
    stack.destroy()

    assert aep_emulator.connections() == []
    assert_nothing_holds(stack, aep_emulator.client_secret)


def test_a_secret_from_the_environment_never_enters_the_state_and_a_new_version_pushes_it(
    stack: Stack, aep_emulator: Emulator
) -> None:
    def reading(version: int) -> Program:
        def program() -> None:
            password = aep.SecretFromEnv("CRM_DB_PASSWORD", version=version)
            whole = aep.SecretFromEnv("CRM_DB", version=version)
            aep.PostgresBaseConnection("parts", auth=string_auth(password=password))
            aep.PostgresBaseConnection("whole", auth=aep.ConnectionStringAuth(connection_string=whole))

        return program

    def set_variables(password: str) -> None:
        stack.environment["CRM_DB_PASSWORD"] = password
        stack.environment["CRM_DB"] = f"Server=db;Database=crm;Port=5432;UID=u;Password={password}"

    def sent() -> list[str]:
        found = [each["auth"]["params"]["connectionString"] for each in aep_emulator.connections(secrets=True)]
        return [f"<{password}>" for text in found for password in ("first-one", "second-one") if password in text]

    missing = stack.fails(stack.up, reading(1))
    assert "The environment variable CRM_DB_PASSWORD is not set; nothing was sent." in missing
    assert "Set CRM_DB_PASSWORD for the process that runs pulumi." in missing
    assert aep_emulator.requests() == []

    set_variables("first-one")
    stack.up(reading(1))
    assert sent() == ["<first-one>", "<first-one>"]
    set_variables("second-one")
    stack.up(refresh=True, expect_no_changes=True)
    shown = stack.up(reading(2))

    assert "~ version: 1 => 2" in shown
    assert sent() == ["<second-one>", "<second-one>"]
    # The state has them in the order in which they were created.
    parts, whole = sorted(stack.recorded(), key=lambda resource: str(resource["urn"]))
    assert parts["inputs"]["auth"]["password"] == {"fromEnv": "CRM_DB_PASSWORD", "version": 2}
    assert whole["outputs"]["auth"]["connectionString"] == {"fromEnv": "CRM_DB", "version": 2}
    assert_nothing_holds(stack, "first-one", "second-one")
