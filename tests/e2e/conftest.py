"""Fixtures for tests with the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.stack import Stack
from tools.engine import Engine, ensure_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine; without one the suite fails, it is never skipped."""
    return ensure_engine()


@pytest.fixture
def stack(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> Stack:
    """Return an empty stack whose settings point at the emulator, sandbox `dev`."""
    return Stack(tmp_path, engine, aep_emulator.environment())
