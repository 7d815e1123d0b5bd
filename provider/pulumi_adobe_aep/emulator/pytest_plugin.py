"""A pytest plugin: the fixture ``aep_emulator``.

A project asks for it in the ``conftest.py`` at the top of its tests; the emulator itself needs the extra ``emulator``::

    pytest_plugins = ["pulumi_adobe_aep.emulator.pytest_plugin"]
"""

from collections.abc import Iterator

import pytest

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator


@pytest.fixture(scope="session")
def aep_emulator_options() -> list[str]:
    """Return the emulator's command line options. Override it in a conftest.py to use others."""
    return []


@pytest.fixture(scope="session")
def aep_emulator_process(aep_emulator_options: list[str]) -> Iterator[Emulator]:
    """Run one emulator for the whole session, or for each worker of pytest-xdist."""
    with running_emulator(aep_emulator_options) as emulator:
        yield emulator


@pytest.fixture
def aep_emulator(aep_emulator_process: Emulator) -> Emulator:
    """Return the session's emulator, reset for this test."""
    aep_emulator_process.reset()
    return aep_emulator_process
