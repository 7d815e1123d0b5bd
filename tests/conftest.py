"""Fixtures for all suites: a real PostgreSQL and the emulator, one of each for a worker."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import hypothesis
import pytest

from tools.database import PostgresServer, SampleDatabase
from tools.interrupts import restore_interrupts

# gRPC's fork handlers run in each child that changes its user, as PostgreSQL's programs do under root, and sometimes
# the child fails in them. Python forks only to start another program, which needs no gRPC.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# No limit for one example: on a machine with other things to do it would measure those. In CI hypothesis draws the same
# examples in each run, so that what fails there is in the change; each run on another machine draws its own.
hypothesis.settings.register_profile("suites", hypothesis.settings(), deadline=None, max_examples=60)
hypothesis.settings.load_profile("suites")

pytest_plugins = ["pulumi_adobe_aep.emulator.pytest_plugin"]


def pytest_configure() -> None:
    """Restore SIGINT, so that the suites prove the same when a script has started them in the background."""
    restore_interrupts()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_developer() -> Iterator[None]:
    """Keep a developer's own AEP_* variables and proxies out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("AEP_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def aep_emulator_options() -> list[str]:
    """Run the emulator with its control API, and with connections that are enabled at once."""
    return ["--control", "--settle-seconds", "0"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Run a real PostgreSQL."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def crm(postgres: PostgresServer) -> Iterator[SampleDatabase]:
    """Make a sample database and a role of the test's own."""
    suffix = uuid.uuid4().hex[:8]
    sample = postgres.create_sample_database(f"crm_{suffix}", role=f"aep_reader_{suffix}")
    yield sample
    postgres.execute(f"DROP DATABASE {sample.name} WITH (FORCE)")
