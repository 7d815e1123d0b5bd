"""The plugin's process: it ends at the engine's word and with the engine, and finishes what it has begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay
from tests.support.plugin import EXECUTABLE, PluginStack, connection, serving, until_created, up
from tools.engine import Engine

SOON = 60.0
"""Seconds after which a process that was to end counts as one that does not."""
PYTHON_PROGRAM = """
import pulumi_adobe_aep as aep

aep.PostgresBaseConnection(
    "crm", auth=aep.ConnectionStringAuth(server="db", database="crm", username="r", password="canary-4711")
)
"""
HOSTS = {"yaml": EXECUTABLE, "python": "pulumi.dynamic"}
"""The word in the command line of the process that serves a program's resources."""


@pytest.fixture
def stack(tmp_path: Path, yaml_engine: Engine, aep_emulator: Emulator) -> PluginStack:
    """Return a stack whose program declares one connection."""
    stack = PluginStack(tmp_path, yaml_engine, aep_emulator)
    stack.write({"crm": connection()})
    return stack


@pytest.mark.parametrize("seconds", [0.2, 30])
def test_a_cancelled_create_ends_at_once_and_leaves_state_and_service_in_agreement(
    stack: PluginStack, aep_emulator: Emulator, seconds: float
) -> None:
    aep_emulator.fault(Delay(seconds=seconds, when="after"), method="POST", path="/connections$")
    with up(stack) as process:
        until_created(aep_emulator, process)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate(timeout=SOON)
    # Far from the thirty seconds; how much less than one depends on the machine, and is measured by `make bench`.
    assert time.monotonic() - began < 10, shown
    (created,) = aep_emulator.connections()
    assert stack.resource()["id"] == created["id"], shown
    stack.is_settled()


@pytest.mark.parametrize("language", HOSTS)
def test_no_process_outlives_an_engine_that_was_killed_and_each_finishes_what_it_began(
    stack: PluginStack, aep_emulator: Emulator, language: str
) -> None:
    if language == "python":
        (stack.project / "Pulumi.yaml").write_text("name: tests\nruntime: python\n", encoding="utf-8")
        (stack.project / "__main__.py").write_text(PYTHON_PROGRAM, encoding="utf-8")
    aep_emulator.fault(Delay(seconds=3, when="after"), method="POST", path="/connections$")
    with up(stack) as process:
        until_created(aep_emulator, process)
        hosts = serving(process, HOSTS[language])
        assert hosts
        os.kill(process.pid, signal.SIGKILL)
        # One that only had to tell the schema may leave at once.
        assert any(each.is_running() for each in hosts), "it has left in the middle of an operation"
        _, alive = psutil.wait_procs(hosts, timeout=SOON)
    assert alive == []


def test_the_plugin_ends_within_a_moment_of_the_engines_signal() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pulumi_adobe_aep.native.server", "127.0.0.1:1"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(signal.SIGINT)
        # The engine kills it after five seconds.
        assert process.wait(timeout=5) == 0


def test_an_engine_can_be_attached_to_a_plugin_that_runs_already(stack: PluginStack, aep_emulator: Emulator) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pulumi_adobe_aep.native.server"],
        env=stack.shell.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        stack.shell.environment["PULUMI_DEBUG_PROVIDERS"] = f"adobe-aep:{process.stdout.readline().strip()}"
        # Each of the two providers keeps its own settings, although they share the process.
        other = {"type": "pulumi:providers:adobe-aep", "properties": {"sandboxName": "stage"}}
        stack.up({"other": other, "crm": connection({"provider": "${other}"}), "default": connection()})
        stack.is_settled()
        process.terminate()
    assert {each["name"]: each["sandboxName"] for each in aep_emulator.connections()} == {
        "crm": "stage",
        "default": "dev",
    }
