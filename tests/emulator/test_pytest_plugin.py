"""The pytest plugin, in a project of somebody else's."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import requests

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer


def test_it_runs(aep_emulator: Emulator) -> None:
    with aep_emulator.session("qa") as session:
        assert session.get(f"{aep_emulator.flow_service_url}/connections", timeout=10).json()["items"] == []
    aep_emulator.create_connection("left-behind", "Server=a", sandbox="qa")
    aep_emulator.fault(Answer(status=500), times=None)
    assert aep_emulator.environment("qa")["AEP_SANDBOX_NAME"] == "qa"


def test_every_test_begins_with_nothing(aep_emulator: Emulator) -> None:
    assert aep_emulator.connections() == []
    assert aep_emulator.requests() == []
    assert aep_emulator.faults() == []


def test_the_process_is_the_same(aep_emulator: Emulator, aep_emulator_process: Emulator) -> None:
    assert aep_emulator is aep_emulator_process
"""
CONFTEST = """
import pytest

pytest_plugins = ["pulumi_adobe_aep.emulator.pytest_plugin"]


@pytest.fixture(scope="session")
def aep_emulator_options() -> list[str]:
    return ["--sandbox", "qa"]
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_mine.py").write_text(TESTS, encoding="utf-8")
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    return run_pytest(folder, *options)


def run_pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *options, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)


def test_the_fixture_gives_an_emulator_that_every_test_finds_empty(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_each_worker_of_xdist_has_an_emulator_of_its_own(tmp_path: Path) -> None:
    done = run(tmp_path, "-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_a_project_that_does_not_ask_for_the_plugin_loads_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        "import sys\n\n\ndef test_it() -> None:\n"
        "    assert [name for name in sys.modules if name.startswith('pulumi_adobe_aep')] == []\n",
        encoding="utf-8",
    )
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
