"""Pulumi's resource options and flags work as Pulumi's documentation says."""

from __future__ import annotations

import pulumi

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay
from tests.support.programs import connection, string_auth
from tests.support.stack import Program, Stack

URN = "urn:pulumi:dev::tests::pulumi-python:dynamic/adobe-aep:PostgresBaseConnection::{}"


def two(description: str) -> Program:
    def program() -> None:
        for name in ("first", "second"):
            aep.PostgresBaseConnection(name, description=description, auth=string_auth())

    return program


def test_ignore_changes_keeps_what_is_there(stack: Stack, aep_emulator: Emulator) -> None:
    def with_inputs(description: str, sandbox: str, password: str) -> Program:
        ignored = pulumi.ResourceOptions(ignore_changes=["description", "sandbox_name", "auth.password"])
        return connection(
            description=description, sandbox_name=sandbox, auth=string_auth(password=password), opts=ignored
        )

    stack.up(with_inputs("first", "dev", "first one"))
    before = aep_emulator.connections(secrets=True)

    stack.up(with_inputs("second", "stage", "second one"), expect_no_changes=True)

    assert aep_emulator.connections(secrets=True) == before


def test_protect_keeps_it_from_being_deleted(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection(opts=pulumi.ResourceOptions(protect=True)))

    assert "protected" in stack.fails(stack.destroy)

    assert len(aep_emulator.connections()) == 1


def test_retain_on_delete_leaves_it_in_the_service(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection(opts=pulumi.ResourceOptions(retain_on_delete=True)))

    stack.destroy()

    assert stack.recorded() == []
    assert len(aep_emulator.connections()) == 1


def test_an_alias_renames_the_resource_and_keeps_the_connection(stack: Stack, aep_emulator: Emulator) -> None:
    def renamed() -> None:
        aliases = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="crm")])
        again = aep.PostgresBaseConnection("customers", name="CRM", auth=string_auth(), opts=aliases)
        pulumi.export("connectionId", again.connection_id)

    stack.up(connection(name="CRM"))
    (before,) = aep_emulator.connections()

    stack.up(renamed, expect_no_changes=True)

    assert [resource["urn"] for resource in stack.recorded()] == [URN.format("customers")]
    assert aep_emulator.connections() == [before]


def test_additional_secret_outputs_are_encrypted(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection(opts=pulumi.ResourceOptions(additional_secret_outputs=["org_id", "state"])))

    (recorded,) = stack.recorded()
    assert "ciphertext" in recorded["outputs"]["orgId"]
    assert "ciphertext" in recorded["outputs"]["state"]
    assert aep_emulator.org_id not in stack.export()


def test_depends_on_makes_one_after_the_other(stack: Stack, aep_emulator: Emulator) -> None:
    def program() -> None:
        slow = aep.PostgresBaseConnection("slow", auth=string_auth())
        aep.PostgresBaseConnection("after it", auth=string_auth(), opts=pulumi.ResourceOptions(depends_on=[slow]))

    aep_emulator.fault(Delay(seconds=1), method="POST", path="/connections$")

    stack.up(program)

    assert [each["name"] for each in aep_emulator.connections()] == ["slow", "after it"]


def test_a_target_changes_alone(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(two("before"))

    stack.up(two("after"), target=[URN.format("second")])

    assert {each["name"]: each["description"] for each in aep_emulator.connections()} == {
        "first": "before",
        "second": "after",
    }


def test_a_replacement_on_demand_makes_another_connection(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(two("same"))
    before = {each["name"]: each["id"] for each in aep_emulator.connections()}

    stack.up(replace=[URN.format("second")])

    after = {each["name"]: each["id"] for each in aep_emulator.connections()}
    assert after["first"] == before["first"]
    assert after["second"] != before["second"]
    assert len(aep_emulator.connections()) == len(before)
