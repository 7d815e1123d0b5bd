"""Provider processes for tests: one that all tests of a worker share, and as many of a test's own as it wants."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.host import ADAPTERS, Adapter, Host, running

Start = Callable[..., Host]


@pytest.fixture(scope="session", params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each adapter in turn: what a test says holds for both."""
    return ADAPTERS[request.param]()


@pytest.fixture(scope="session")
def _shared_host(
    aep_emulator_process: Emulator, tmp_path_factory: pytest.TempPathFactory, adapter: Adapter
) -> Iterator[Host]:
    environment = {
        **aep_emulator_process.environment(),
        "AEP_TIMEOUT": "20",
        "CRM_DB_PASSWORD": "s3cr3t-of-the-environment",
        "CRM_DB_PASSWORD_2": "s3cr3t-of-the-environment-2",
    }
    with running(environment, tmp_path_factory.mktemp("host"), adapter) as host:
        yield host


@pytest.fixture
def host(_shared_host: Host, aep_emulator: Emulator) -> Host:  # noqa: ARG001 - it is reset for each test
    """A process whose settings point at the emulator, sandbox `dev`; the emulator knows nothing yet."""
    return _shared_host


@pytest.fixture
def start(aep_emulator: Emulator, tmp_path: Path, adapter: Adapter) -> Iterator[Start]:
    """Start a process of the test's own, with changes to the usual environment; None takes a variable away."""
    with contextlib.ExitStack() as ended:

        def run(changes: Mapping[str, str | None] | None = None, config: Mapping[str, object] | None = None) -> Host:
            merged = {**aep_emulator.environment(), "AEP_TIMEOUT": "20", **(changes or {})}
            environment = {key: value for key, value in merged.items() if value is not None}
            folder = tmp_path / f"host-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return ended.enter_context(running(environment, folder, adapter, config))

        yield run
