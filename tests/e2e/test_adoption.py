"""A create whose response is lost leaves one connection, and the stack knows it."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, Drop, Truncate
from tests.support.programs import connection
from tests.support.stack import Stack


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(Drop(when="after"), id="the connection broke"),
        pytest.param(Answer(when="after", status=504, body="{}"), id="a gateway gave up"),
        pytest.param(Truncate(), id="the response was cut off"),
    ],
)
def test_it_is_found_and_adopted(stack: Stack, aep_emulator: Emulator, lost: Action) -> None:
    aep_emulator.fault(lost, method="POST", path="/connections$")

    shown = stack.up(connection())

    (created,) = aep_emulator.connections()
    assert stack.outputs()["connectionId"] == created["id"]
    assert "Looking whether the connection was created." in shown
    stack.up(refresh=True, expect_no_changes=True)
    stack.destroy()
    assert aep_emulator.connections() == []
