"""One program, several sandboxes."""

from __future__ import annotations

import pulumi

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import string_auth
from tests.support.stack import Stack

SANDBOXES = ("dev", "stage", "prod")


def in_each_sandbox() -> None:
    for sandbox in SANDBOXES:
        crm = aep.PostgresBaseConnection(
            f"crm-{sandbox}",
            name="CRM",
            sandbox_name=sandbox,
            auth=string_auth(server=f"{sandbox}.example.com", password=f"the one for {sandbox}"),
        )
        pulumi.export(sandbox, crm.connection_id)


def test_one_program_has_the_same_connection_in_three_sandboxes_with_credentials_of_their_own(
    stack: Stack, aep_emulator: Emulator
) -> None:
    stack.settle(in_each_sandbox)

    outputs = stack.outputs()
    for sandbox in SANDBOXES:
        (only,) = aep_emulator.connections(sandbox, secrets=True)
        assert only["id"] == outputs[sandbox]
        assert f"Password=the one for {sandbox};" in only["auth"]["params"]["connectionString"]
    stack.destroy()
    assert aep_emulator.connections() == []
