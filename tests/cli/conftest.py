"""Fixtures for the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine


@pytest.fixture
def command(tmp_path: Path, aep_emulator: Emulator) -> CommandLine:
    """Return the command with the emulator's settings, sandbox `dev`, in an empty folder."""
    return CommandLine(tmp_path, aep_emulator.environment())
