"""What cannot be changed in place is replaced: the sandbox and the kind of auth."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import basic_auth, connection
from tests.support.stack import Stack


def test_another_sandbox_replaces_the_connection(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    aep_emulator.forget_requests()

    shown = stack.settle(connection(sandbox_name="stage"))

    assert '~ sandboxName: "dev" => "stage"' in shown
    assert [each["sandboxName"] for each in aep_emulator.connections()] == ["stage"]
    # The new one is there before the old one goes.
    assert [request.method for request in aep_emulator.requests(path="/connections")][:2] == ["POST", "DELETE"]


def test_a_changed_default_sandbox_replaces_the_connection(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    stack.environment["AEP_SANDBOX_NAME"] = "stage"

    shown = stack.up()

    assert '~ sandboxName: "dev" => "stage"' in shown
    assert [each["sandboxName"] for each in aep_emulator.connections()] == ["stage"]


def test_another_kind_of_auth_replaces_the_connection(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    (before,) = aep_emulator.connections()

    shown = stack.settle(connection(auth=basic_auth()))

    assert "(replace)" in shown
    (after,) = aep_emulator.connections()
    assert after["id"] != before["id"]
    assert after["auth"]["specName"] == "Basic Authentication"
