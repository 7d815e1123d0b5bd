"""Every cell of the fault matrix: the state, the service and the message after each fault, and after the repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.expected import EXPECTED
from tests.faults.faults import FAULTS, Fault, Operation
from tests.faults.messages import assert_no_secrets, assert_plain
from tests.faults.scene import Scene, SharedHosts, assert_agree
from tests.support.host import Host
from tools.database import PostgresServer, SampleDatabase

CELLS = [
    pytest.param(operation, fault, lasts, id=f"{operation.value}, {fault.name}, {'for good' if lasts else 'once'}")
    for operation in Operation
    for fault in FAULTS
    for lasts in (False, True)
    if EXPECTED[fault.name][operation][lasts] is not None
]


@pytest.mark.parametrize(("operation", "fault", "lasts"), CELLS)
def test_the_state_and_the_service_agree(  # noqa: PLR0917 - fixtures
    operation: Operation,
    fault: Fault,
    lasts: bool,
    aep_emulator: Emulator,
    good_host: Host,
    postgres: PostgresServer,
    shared_database: SampleDatabase,
    shared_hosts: SharedHosts,
    tmp_path: Path,
) -> None:
    scene = Scene(operation, aep_emulator, good_host, postgres, shared_database, tmp_path, shared_hosts)
    scene.prepare()
    with scene.broken(fault, lasts=lasts):
        ended = scene.act()
    observed = scene.observe(ended)
    if ended.failure:
        assert_plain(ended.failure, scene.secrets())
    if operation is Operation.UPDATE and observed.startswith("stops, done"):
        assert "the new ones may be in force" in ended.failure or "VersionConflict" in observed
    assert_no_secrets(scene.log, scene.secrets())
    assert_agree(aep_emulator, scene.again(ended))
    assert observed == EXPECTED[fault.name][operation][lasts], ended.failure
