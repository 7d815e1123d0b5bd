"""A Python program moves from the dynamic provider to the plugin by one setting, and nothing is sent for it."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import connection
from tests.support.stack import Stack

NO_WAY_BACK = "There is no way back"


def test_the_setting_alone_moves_a_stack_and_sends_nothing(stack: Stack, aep_emulator: Emulator) -> None:
    program = connection()
    stack.settle(program)
    before = stack.resource()
    aep_emulator.forget_requests()

    stack.set_config("adobe-aep:nativePlugin", "true")
    assert NO_WAY_BACK in stack.preview(program, expect_no_changes=True)
    stack.up(program, expect_no_changes=True)
    assert aep_emulator.requests() == []

    stack.refresh(program)
    after = stack.resource()
    assert after["type"] == "adobe-aep:index:PostgresBaseConnection"
    assert after["id"] == before["id"]
    assert "__provider" not in after["outputs"]
    assert NO_WAY_BACK not in stack.preview(program, expect_no_changes=True)


def test_a_stack_that_has_moved_is_changed_and_destroyed_by_the_plugin(stack: Stack, aep_emulator: Emulator) -> None:
    stack.settle(connection())
    stack.set_config("adobe-aep:nativePlugin", "true")
    (before,) = aep_emulator.connections()

    stack.settle(connection(description="changed by the plugin"))
    (changed,) = aep_emulator.connections()
    assert changed["id"] == before["id"]
    assert changed["description"] == "changed by the plugin"

    stack.destroy()
    assert aep_emulator.connections() == []
