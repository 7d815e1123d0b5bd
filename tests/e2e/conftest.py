"""Fixtures for tests with the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.canaries import found_below, found_in
from tests.support.programs import PASSWORD
from tests.support.stack import Stack
from tools.engine import Engine, ensure_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine; without one the suite fails, it is never skipped."""
    return ensure_engine()


@pytest.fixture(scope="session")
def yaml_engine() -> Engine:
    """Return the engine with the language host of YAML, for programs of the plugin."""
    return ensure_engine(languages=["yaml"])


@pytest.fixture
def stack(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> Iterator[Stack]:
    """Return an empty stack whose settings point at the emulator, sandbox `dev`.

    Whatever the test does with it, no secret may have come to its console, state or logs in the end.
    """
    stack = Stack(tmp_path, engine, aep_emulator.environment())
    yield stack
    secrets = (PASSWORD, aep_emulator.client_secret)
    assert found_in("\n".join(stack.console).encode(), secrets) == []
    assert {**found_below(tmp_path / "state", secrets), **found_below(tmp_path / "home", secrets)} == {}
