"""A stack with many connections while requests fail; `make load` does the same with a thousand."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import Emulator
from tests.load.life import live
from tests.support.stack import Stack

COUNT = 100
MOST_MEGABYTES = 150


def test_with_many_connections_and_failing_requests_nothing_is_lost_or_doubled(
    stack: Stack, aep_emulator: Emulator
) -> None:
    phases = list(live(stack, aep_emulator, COUNT))

    assert [phase.name for phase in phases] == ["create", "refresh", "update", "destroy"]
    assert all(0 < phase.provider_megabytes < MOST_MEGABYTES for phase in phases), phases
