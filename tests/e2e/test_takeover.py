"""`existing_connection_id`: a program takes over a connection that somebody else made."""

from __future__ import annotations

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import basic_auth, connection, string_auth
from tests.support.stack import Stack

THEIRS = "Server=old.example.com;Database=old;Port=5433;UID=somebody;Password=theirs"


@pytest.mark.parametrize("secrets", ["mask", "omit", "plain"])
def test_a_connection_is_taken_over_and_brought_to_the_declared_state(
    stack: Stack, aep_emulator: Emulator, secrets: str
) -> None:
    aep_emulator.switch(secrets=secrets)
    theirs = aep_emulator.create_connection("made in the UI", THEIRS, description="to be removed")
    taking = {"name": "CRM", "auth": string_auth(password="ours")}

    shown = stack.preview(connection(**taking, existing_connection_id=theirs["id"]))
    assert f"takes over {theirs['id']}" in shown
    assert (
        "sets its name to 'CRM', takes its description away, and brings the rest of it, credentials included" in shown
    )

    stack.settle(connection(**taking, existing_connection_id=theirs["id"]))

    assert aep_emulator.requests("POST", "/connections") == []
    (ours,) = aep_emulator.connections(secrets=True)
    assert ours["id"] == stack.outputs()["connectionId"] == theirs["id"]
    assert ours["name"] == "CRM"
    assert "description" not in ours
    assert ours["auth"]["params"]["connectionString"].startswith(
        "Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password=ours;"
    )

    # Once it is taken over, the argument has done its work.
    stack.up(connection(**taking), expect_no_changes=True)


def test_what_is_taken_over_is_managed_from_then_on(stack: Stack, aep_emulator: Emulator) -> None:
    first, second = (aep_emulator.create_connection(name, THEIRS) for name in ("first", "second"))
    stack.up(connection(existing_connection_id=first["id"]))

    shown = stack.up(connection(existing_connection_id=second["id"]))

    assert f'~ existingConnectionId: "{first["id"]}" => "{second["id"]}"' in shown
    assert [each["id"] for each in aep_emulator.connections()] == [second["id"]]
    stack.destroy()
    assert aep_emulator.connections() == []


def test_an_option_that_the_parts_cannot_say_is_not_lost_by_a_take_over(stack: Stack, aep_emulator: Emulator) -> None:
    aep_emulator.switch(secrets="plain")
    string = f"{THEIRS};HostNameInCertificate=db.example.com"
    theirs = aep_emulator.create_connection("made in the UI", string)
    before = aep_emulator.connections(secrets=True)

    shown = stack.fails(stack.up, connection(existing_connection_id=theirs["id"]))

    assert f"Connection {theirs['id']} has HostNameInCertificate, which the declared auth does not say." in shown
    assert "Declare the whole connection_string" in shown
    assert aep_emulator.connections(secrets=True) == before
    stack.settle(
        connection(
            existing_connection_id=theirs["id"],
            auth=aep.ConnectionStringAuth(connection_string=string.replace("theirs", "ours")),
        )
    )
    (ours,) = aep_emulator.connections(secrets=True)
    assert ours["auth"]["params"]["connectionString"] == string.replace("theirs", "ours")


def test_a_connection_that_is_not_what_the_program_declares_is_refused_and_left_alone(
    stack: Stack, aep_emulator: Emulator
) -> None:
    another_spec = aep_emulator.create({"name": "Snowflake", "connectionSpec": {"id": "snowflake", "version": "1.0"}})
    another_sandbox = aep_emulator.create_connection("in stage", THEIRS, sandbox="stage")
    another_kind = aep_emulator.create_connection("by connection string", THEIRS)
    before = aep_emulator.connections(secrets=True)

    def program() -> None:
        for each, auth in (
            (another_spec, string_auth()),
            (another_sandbox, string_auth()),
            (another_kind, basic_auth()),
        ):
            aep.PostgresBaseConnection(each["name"], auth=auth, existing_connection_id=each["id"])

    shown = stack.fails(stack.up, program, continue_on_error=True)

    assert f"Connection {another_spec['id']} in sandbox dev is not a PostgreSQL connection." in shown
    assert f"Reading the connection {another_sandbox['id']} failed" in shown
    assert "What to do: Check existing_connection_id and sandbox_name." in shown
    assert (
        f"Connection {another_kind['id']} uses 'Connection String Based Authentication', the program declares "
        "'Basic Authentication'." in shown
    )
    assert aep_emulator.connections(secrets=True) == before
    assert stack.recorded() == []
