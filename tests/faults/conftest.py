"""Fixtures for the suites about faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.scene import SharedHosts
from tests.support.host import ADAPTERS, Adapter, Host
from tools.database import PostgresServer, SampleDatabase


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer) -> SampleDatabase:
    """Make one database that every cell may log in to and none changes."""
    return postgres.create_sample_database("crm_faults", role="aep_reader_faults")


@pytest.fixture(scope="session", params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each adapter in turn: what a test says holds for both."""
    return ADAPTERS[request.param]()


@pytest.fixture(scope="session")
def good_host(
    tmp_path_factory: pytest.TempPathFactory, aep_emulator_process: Emulator, adapter: Adapter
) -> Iterator[Host]:
    """Run a provider process that meets no fault, for what comes before and after one."""
    folder: Path = tmp_path_factory.mktemp("good-host")
    with Host(aep_emulator_process.environment(), folder / "provider.log", adapter) as host:
        yield host


@pytest.fixture(scope="session")
def shared_hosts(
    tmp_path_factory: pytest.TempPathFactory,
    aep_emulator_process: Emulator,  # noqa: ARG001 - they end before it
    adapter: Adapter,
) -> Iterator[SharedHosts]:
    """Keep the processes that cells share."""
    hosts = SharedHosts(tmp_path_factory.mktemp("shared-hosts"), adapter)
    yield hosts
    hosts.close()
