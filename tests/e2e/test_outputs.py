"""What a program reads from a connection: the parts of its auth as they were declared, in plain where they may be."""

from __future__ import annotations

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import PASSWORD, string_auth
from tests.support.stack import Stack

THEIRS = "Server=db.example.com;Database=crm;Port=6432;UID=reader;Password=of-somebody-else"


def reading() -> None:
    crm = aep.PostgresBaseConnection("crm", auth=string_auth(port=6432))
    pulumi.export("address", pulumi.Output.concat(crm.auth["server"], ":", crm.auth["port"].apply(str)))
    pulumi.export("password", crm.auth["password"])
    pulumi.export("auth", crm.auth)


def test_the_parts_that_are_not_secrets_are_plain_outputs_after_an_up_and_a_refresh(stack: Stack) -> None:
    stack.up(reading)
    stack.expect_no_changes()
    stack.refresh()
    stack.up(expect_no_changes=True)

    assert stack.outputs()["address"] == "db.example.com:6432"
    shown = stack.pulumi("stack", "output")
    assert "db.example.com:6432" in shown
    assert shown.count("[secret]") == 2
    assert PASSWORD not in shown
    assert stack.outputs()["password"] == PASSWORD


def test_a_part_that_was_passed_as_a_secret_stays_one(stack: Stack) -> None:
    def program() -> None:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth(server=pulumi.Output.secret("hidden.example.com")))
        pulumi.export("server", crm.auth["server"])
        pulumi.export("database", crm.auth["database"])

    stack.up(program)

    shown = stack.pulumi("stack", "output")
    assert "hidden.example.com" not in shown
    assert "hidden.example.com" not in stack.export()
    assert "crm" in shown


def test_a_connection_that_is_read_has_its_port_as_a_whole_number(stack: Stack, aep_emulator: Emulator) -> None:
    aep_emulator.switch(secrets="plain")
    theirs = aep_emulator.create_connection("CRM", THEIRS, sandbox="dev")

    def program() -> None:
        found = aep.PostgresBaseConnection.get("theirs", theirs["id"])
        pulumi.export("address", pulumi.Output.format("{0}:{1}", found.auth["server"], found.auth["port"]))

    stack.up(program)
    stack.refresh()
    stack.up(expect_no_changes=True)

    assert stack.outputs()["address"] == "db.example.com:6432"


@pytest.mark.parametrize("read", ["crm.auth.server", 'crm.auth["sever"]'])
def test_a_part_that_is_read_wrongly_ends_in_a_sentence(stack: Stack, read: str) -> None:
    def program() -> None:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth())
        pulumi.export("server", crm.auth.server if read == "crm.auth.server" else crm.auth["sever"])

    shown = stack.fails(stack.up, program)

    assert 'write auth["server"].' in shown
    assert "Traceback" not in shown
