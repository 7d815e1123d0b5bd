"""Fixtures for the suites about faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.scene import SharedHosts, StartHost
from tests.support.host import ADAPTERS, Host
from tools.database import PostgresServer, SampleDatabase


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer) -> SampleDatabase:
    """Make one database that every cell may log in to and none changes."""
    return postgres.create_sample_database("crm_faults", role="aep_reader_faults")


@pytest.fixture(scope="session", params=ADAPTERS)
def start_host(request: pytest.FixtureRequest) -> StartHost:
    """Return what starts a provider process; the whole matrix runs with every adapter."""
    return StartHost(ADAPTERS[request.param]())


@pytest.fixture(scope="session")
def good_host(
    tmp_path_factory: pytest.TempPathFactory, aep_emulator_process: Emulator, start_host: StartHost
) -> Iterator[Host]:
    """Run a provider process that meets no fault, for what comes before and after one."""
    folder: Path = tmp_path_factory.mktemp("good-host")
    with start_host(aep_emulator_process.environment(), folder / "provider.log") as host:
        yield host


@pytest.fixture(scope="session")
def shared_hosts(
    tmp_path_factory: pytest.TempPathFactory,
    aep_emulator_process: Emulator,  # noqa: ARG001 - they end before it
    start_host: StartHost,
) -> Iterator[SharedHosts]:
    """Keep the processes that cells share."""
    hosts = SharedHosts(tmp_path_factory.mktemp("shared-hosts"), start_host)
    yield hosts
    hosts.close()
