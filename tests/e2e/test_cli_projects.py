"""What the command line says of a project, a login, a stack and a passphrase, with the real engine."""

from __future__ import annotations

from typing import Any

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.support.programs import string_auth
from tests.support.stack import Stack
from tools.engine import Engine


@pytest.fixture
def command(stack: Stack, engine: Engine) -> CommandLine:
    """Return the command in the stack's project, with the user's pulumi on PATH and no sandbox in the settings."""
    path = engine.environment({"PATH": "/usr/bin:/bin"})["PATH"]
    environment = {key: value for key, value in stack.environment.items() if key != "AEP_SANDBOX_NAME"}
    return CommandLine(stack.folder / "work", environment, path)


def in_two_sandboxes() -> None:
    for sandbox in ("dev", "stage"):
        aep.PostgresBaseConnection(sandbox, auth=string_auth(), sandbox_name=sandbox)


def checks(found: Any, name: str) -> list[Any]:
    return [check for check in found["checks"] if check["name"] == name]


def test_the_sandboxes_of_a_stack_are_those_of_its_state_when_the_settings_have_none(
    stack: Stack, aep_emulator: Emulator, command: CommandLine
) -> None:
    stack.up(in_two_sandboxes)
    ids = {each["sandboxName"]: each["id"] for each in aep_emulator.connections()}

    listed = command.succeeds("connections", "--stack", "dev")
    printed = command.succeeds("connections", "--stack", "dev", "--json").json
    agreed = command.succeeds("connections", "--orphans", "--stack", "dev")
    found = command.succeeds("doctor", "--stack", "dev", "--json").json

    assert all(connection_id in listed.out for connection_id in ids.values())
    assert {each["sandbox"]: each["connections"][0]["id"] for each in printed["sandboxes"]} == ids
    assert agreed.out == ""
    assert [check["text"] for check in checks(found, "Reading sources")] == [
        f"{sandbox} lists its connections ('View Sources')" for sandbox in ("dev", "stage")
    ]
    orphan = aep_emulator.create_connection("CRM", "Server=db;Database=a;Port=1;UID=b;Password=c", sandbox="stage")
    ended = command.run("connections", "--orphans", "--stack", "dev", "--json")
    assert ended.code == 1
    assert {each["sandbox"]: [one["id"] for one in each["orphans"]] for each in ended.json["sandboxes"]} == {
        "dev": [],
        "stage": [orphan["id"]],
    }
    assert command.run("connections").code == 3


def test_doctor_says_what_is_missing_of_login_stack_and_passphrase_and_looks_at_the_rest(
    stack: Stack, command: CommandLine
) -> None:
    stack.set_config("tests:password", "a secret of the configuration", secret=True)
    del command.environment["PULUMI_CONFIG_PASSPHRASE"]
    sandbox = ("--sandbox", "dev", "--json")

    (locked,) = checks(command.run("doctor", "--stack", "dev", *sandbox).json, "Pulumi stack")
    (unknown,) = checks(command.run("doctor", "--stack", "nope", *sandbox).json, "Pulumi stack")
    (login,) = checks(command.run("doctor", *sandbox, PULUMI_BACKEND_URL="").json, "Pulumi login")
    rest = command.run("doctor", "--stack", "dev", *sandbox).json

    assert locked["verdict"] == "failed"
    assert "passphrase must be set" in locked["text"]
    assert "PULUMI_CONFIG_PASSPHRASE" in locked["advice"]
    assert "no stack named 'nope' found" in unknown["text"]
    assert unknown["advice"] == "Check the name: pulumi stack ls."
    assert login["verdict"] == "failed"
    assert "pulumi login" in login["advice"]
    assert [check["verdict"] for check in checks(rest, "Managing sources")] == ["passed"]


def test_a_passphrase_that_is_missing_is_reported_also_while_the_stack_has_no_secret(command: CommandLine) -> None:
    del command.environment["PULUMI_CONFIG_PASSPHRASE"]

    (locked,) = checks(command.run("doctor", "--json", "--stack", "dev", "--sandbox", "dev").json, "Pulumi stack")

    assert locked["verdict"] == "failed"
    assert "encrypted with a passphrase, and none is set" in locked["text"]
    assert "PULUMI_CONFIG_PASSPHRASE" in locked["advice"]
