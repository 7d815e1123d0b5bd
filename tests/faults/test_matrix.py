"""Every cell of the fault matrix: the state, the service and the message after each fault, and after the repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.expected import expected
from tests.faults.faults import FAULTS, Fault, Operation
from tests.faults.messages import assert_no_secrets, assert_plain
from tests.faults.scenario import Scenario
from tests.faults.scenarios import FAULTS_OF_SOURCES, OPERATIONS_OF_SOURCES, SCENARIOS, SOURCES
from tests.faults.scene import Scene, SharedHosts, StartHost, assert_agree
from tests.support.host import Host
from tools.database import PostgresServer, SampleDatabase

WHOLE = [
    (scenario, operation, fault, lasts)
    for scenario in SCENARIOS
    for operation in scenario.operations
    for fault in FAULTS
    for lasts in (False, True)
]
OF_SOURCES = [
    (scenario, operation, fault, False)
    for scenario in SOURCES
    for operation in OPERATIONS_OF_SOURCES
    for fault in FAULTS
    if fault.name in FAULTS_OF_SOURCES
]
CELLS = [
    pytest.param(
        scenario,
        operation,
        fault,
        lasts,
        id=f"{scenario.name}, {operation.value}, {fault.name}, {'for good' if lasts else 'once'}",
    )
    for scenario, operation, fault, lasts in (*WHOLE, *OF_SOURCES)
    if expected(scenario, fault, operation)[lasts] is not None
]


def test_the_faults_of_sources_are_rows_of_the_matrix() -> None:
    assert {fault.name for fault in FAULTS} >= FAULTS_OF_SOURCES


@pytest.mark.parametrize(("scenario", "operation", "fault", "lasts"), CELLS)
def test_the_state_and_the_service_agree(  # noqa: PLR0917 - fixtures
    scenario: Scenario,
    operation: Operation,
    fault: Fault,
    lasts: bool,
    aep_emulator: Emulator,
    good_host: Host,
    postgres: PostgresServer,
    shared_database: SampleDatabase,
    shared_hosts: SharedHosts,
    start_host: StartHost,
    tmp_path: Path,
) -> None:
    scene = Scene(
        scenario,
        operation,
        fault,
        lasts,
        aep_emulator,
        good_host,
        postgres,
        shared_database,
        tmp_path,
        shared_hosts,
        start_host,
    )
    scene.prepare()
    with scene.broken():
        ended = scene.act()
    observed = scene.observe(ended)
    if ended.failure:
        assert_plain(ended.failure, scene.secrets())
    if operation is Operation.UPDATE and observed.startswith("stops, done"):
        assert "the new ones may be in force" in ended.failure or "VersionConflict" in observed
    assert_no_secrets(scene.log, scene.secrets())
    assert_agree(aep_emulator, scene.again(ended), scenario)
    assert observed == expected(scenario, fault, operation)[lasts], ended.failure
