"""`PostgresBaseConnection.get`: looking at a connection that somebody else manages."""

from __future__ import annotations

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.stack import Program, Stack

THEIRS = "Server=db.example.com;Database=crm;Port=5433;UID=reader;Password=of-somebody-else"


def looking_at(connection_id: str, sandbox: str | None = None) -> Program:
    def program() -> None:
        found = aep.PostgresBaseConnection.get("theirs", connection_id, sandbox_name=sandbox)
        pulumi.export("id", found.connection_id)
        pulumi.export("about", [found.name, found.description, found.sandbox_name, found.state, found.auth_spec_name])
        pulumi.export("org", found.org_id)
        pulumi.export("updated", found.updated_at)

    return program


@pytest.mark.parametrize("secrets", ["mask", "omit", "plain"])
def test_it_gives_the_outputs_and_neither_changes_nor_deletes_anything(
    stack: Stack, aep_emulator: Emulator, secrets: str
) -> None:
    aep_emulator.switch(secrets=secrets)
    theirs = aep_emulator.create_connection("CRM", THEIRS, sandbox="stage", description="by hand")

    stack.up(looking_at(theirs["id"], "stage"))

    outputs = stack.outputs()
    assert outputs["id"] == theirs["id"]
    assert outputs["about"] == ["CRM", "by hand", "stage", "enabled", "Connection String Based Authentication"]
    assert outputs["org"] == aep_emulator.org_id
    assert outputs["updated"].endswith("Z")
    stack.up(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.destroy()
    assert aep_emulator.connections() == [theirs]
    assert {request.method for request in aep_emulator.requests(path="/connections")} == {"GET"}
    assert "of-somebody-else" not in stack.export() + "\n".join(stack.console)


def test_one_that_is_not_there_is_a_sentence(stack: Stack, aep_emulator: Emulator) -> None:
    theirs = aep_emulator.create_connection("CRM", THEIRS, sandbox="stage")

    shown = stack.fails(stack.up, looking_at(theirs["id"], "dev"))

    assert f"Reading the connection {theirs['id']} failed: Adobe responded with 404 Not Found. (Sandbox: dev.)" in shown
    assert "What to do: Check the id, and that sandbox_name is the sandbox that the connection is in." in shown
    assert "Traceback" not in shown
