"""A pytest plugin: the fixture ``aep_emulator``.

It is installed with the distribution; the emulator itself needs the extra ``emulator``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator


@pytest.fixture(scope="session")
def aep_emulator_options() -> list[str]:
    """Return the emulator's command line options. Override it in a conftest.py to use others."""
    return []


@pytest.fixture(scope="session")
def aep_emulator_process(aep_emulator_options: list[str]) -> "Iterator[Emulator]":
    """Run one emulator for the whole session, or for each worker of pytest-xdist."""
    # Imported late: every pytest run on the machine loads this plugin.
    from pulumi_adobe_aep.emulator.client import running_emulator  # noqa: PLC0415

    with running_emulator(aep_emulator_options) as emulator:
        yield emulator


@pytest.fixture
def aep_emulator(aep_emulator_process: "Emulator") -> "Emulator":
    """Return the session's emulator, reset for this test."""
    aep_emulator_process.reset()
    return aep_emulator_process
