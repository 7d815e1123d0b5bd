"""One emulator and one PostgreSQL for each worker; every test begins with an emulator that knows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from tests.emulator.api import Api
from tests.emulator.ingestion import Ingestion, Table
from tools.database import PostgresServer, SampleDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with PostgresServer(tls=True) as started:
        yield started


@pytest.fixture(scope="session")
def sample(server: PostgresServer) -> SampleDatabase:
    return server.create_sample_database()


@pytest.fixture(scope="session")
def process() -> Iterator[Emulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(process: Emulator) -> Emulator:
    process.reset()
    return process


@pytest.fixture
def api(emulator: Emulator) -> Api:
    """A client in the sandbox dev, with an empty request log."""
    api = Api.of(emulator)
    emulator.forget_requests()
    return api


@pytest.fixture
def table(server: PostgresServer, sample: SampleDatabase) -> Iterator[Table]:
    made = Table.make(server, sample)
    yield made
    made.execute("DROP TABLE IF EXISTS {}")


@pytest.fixture
def ingestion(api: Api, table: Table) -> Ingestion:
    return Ingestion.make(api, table)
