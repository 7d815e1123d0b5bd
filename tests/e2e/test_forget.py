"""`pulumi-adobe-aep forget`: what a replacement leaves behind, when a dataflow uses it."""

from __future__ import annotations

import re
import shlex

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from tests.cli.command_line import CommandLine
from tests.support.programs import connection, string_auth
from tests.support.stack import Stack
from tools.engine import Engine


@pytest.fixture
def command(stack: Stack, engine: Engine) -> CommandLine:
    """Return the command in the stack's project, with the user's pulumi on PATH."""
    path = engine.environment({"PATH": "/usr/bin:/bin"})["PATH"]
    stack.pulumi("stack", "select")
    return CommandLine(stack.folder / "work", stack.environment, path)


def use(emulator: Emulator, connection_id: str) -> None:
    """Have a dataflow use a connection."""
    spec = {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}
    source = emulator.create(
        {"name": "table", "baseConnectionId": connection_id, "connectionSpec": spec}, kind="sourceConnections"
    )
    emulator.create(
        {"name": "flow", "sourceConnectionIds": [source["id"]], "flowSpec": {"id": FLOW_SPEC, "version": "1.0"}},
        kind="flows",
    )


FLOW_SPEC = "14518937-270c-4525-bdec-c2ba7cce3860"
"""CRMToAEP, the flow specification of sources with tables."""


def test_what_the_message_says_about_an_old_connection_in_use_makes_the_next_up_clean(
    stack: Stack, aep_emulator: Emulator, command: CommandLine
) -> None:
    def program(sandbox: str) -> None:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth(), sandbox_name=sandbox)
        aep.PostgresBaseConnection("erp", auth=string_auth(), opts=pulumi.ResourceOptions(depends_on=[crm]))

    stack.up(lambda: program("dev"))
    old = next(each["id"] for each in aep_emulator.connections() if each["name"] == "crm")
    use(aep_emulator, old)

    shown = stack.preview(lambda: program("stage"))
    assert f"is replaced because of sandbox_name. After the new one is created, the old one ({old}) is deleted" in shown

    failed = stack.fails(stack.up, lambda: program("stage"))
    assert "dataflow 'flow'" in failed
    assert old in stack.fails(stack.up)
    advised = re.search(rf"pulumi-adobe-aep (forget {old})\b", failed)
    assert advised is not None
    before = stack.resources("")

    done = command.succeeds(*shlex.split(advised.group(1)))

    assert "out of the state of the selected stack.\nIt is still in sandbox dev" in done.err
    # The engine encrypts the secrets again, so they are compared in plain.
    after = stack.resources("")
    assert after == [each for each in before if each.get("id") != old]
    assert len(after) == len(before) - 1
    stack.expect_no_changes()
    assert sorted((each["name"], each["sandboxName"]) for each in aep_emulator.connections()) == [
        ("crm", "dev"),
        ("crm", "stage"),
        ("erp", "dev"),
    ]


def test_what_others_depend_on_or_no_resource_has_is_not_taken_out(
    stack: Stack, aep_emulator: Emulator, command: CommandLine
) -> None:
    def program() -> None:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth())
        aep.PostgresBaseConnection("erp", auth=string_auth(), description=crm.connection_id)

    stack.up(program)
    ids = {each["name"]: each["id"] for each in aep_emulator.connections()}
    before = stack.export()

    needed = command.run("forget", ids["crm"], "--stack", "dev")
    unknown = command.run("forget", "0" * 8, "--stack", "dev")

    assert needed.code == unknown.code == 1
    assert "other resources depend on it: urn:pulumi:dev::tests::" in needed.err
    assert "::erp.\n" in needed.err
    assert "has no resource of this provider with the id 00000000" in unknown.err
    assert stack.export() == before


def test_a_connection_that_nothing_depends_on_is_forgotten_and_stays(
    stack: Stack, aep_emulator: Emulator, command: CommandLine
) -> None:
    stack.up(connection())
    (only,) = aep_emulator.connections()

    printed = command.succeeds("forget", only["id"], "--json").json

    assert printed == {"id": only["id"], "urn": printed["urn"], "wasReplaced": False, "sandbox": "dev"}
    assert stack.resources() == []
    assert [each["id"] for each in aep_emulator.connections()] == [only["id"]]
