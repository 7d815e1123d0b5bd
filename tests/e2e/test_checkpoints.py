"""What is at risk where the engine writes the state at the end only, and how what is lost is found again."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Delay
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.plugin import EXECUTABLE, PluginStack, connection, serving, until_created, up
from tools.engine import Engine

EXPORT, LIST_ORPHANS = (block.text for block in blocks(ROOT / "docs" / "performance.md", "sh"))
SKIPPED = dict(word.split("=") for word in EXPORT.split()[1:])
"""The variables that the page sets."""
SOON = 60.0
"""Seconds after which a process that was to end counts as one that does not."""
FIRST_THEN_SECOND = {
    "first": connection(),
    "second": connection({"dependsOn": ["${first}"]}),
}


@pytest.fixture
def stack(tmp_path: Path, yaml_engine: Engine, aep_emulator: Emulator) -> PluginStack:
    """Return a stack whose engine skips checkpoints, with two connections, one after the other."""
    stack = PluginStack(tmp_path, yaml_engine, aep_emulator)
    stack.shell.environment.update(SKIPPED)
    stack.write(FIRST_THEN_SECOND)
    return stack


def recorded(stack: PluginStack) -> set[str]:
    return {str(each["id"]) for each in stack.resources()}


def made(emulator: Emulator) -> set[str]:
    return {str(each["id"]) for each in emulator.connections()}


def test_a_failure_loses_nothing(stack: PluginStack, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Answer(status=403, body="{}"), method="POST", path="/connections$", skip=1)
    stack.fails("pulumi up")
    assert len(made(aep_emulator)) == 1
    assert recorded(stack) == made(aep_emulator)


def test_ctrl_c_loses_nothing(stack: PluginStack, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Delay(seconds=30, when="after"), method="POST", path="/connections$", skip=1)
    with up(stack) as process:
        until_created(aep_emulator, process, 2)
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate(timeout=SOON)
    assert recorded(stack) == made(aep_emulator), shown


def test_a_killed_engine_loses_what_it_had_made_which_the_command_line_then_lists(
    stack: PluginStack, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(Delay(seconds=3, when="after"), method="POST", path="/connections$", skip=1)
    with up(stack) as process:
        until_created(aep_emulator, process, 2)
        plugins = serving(process, EXECUTABLE)
        os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(plugins, timeout=SOON)
    lost = made(aep_emulator)
    assert len(lost) == 2
    # With checkpoints it would have the first one.
    assert recorded(stack) == set()

    stack.run("pulumi cancel --yes")
    listed = stack.fails(LIST_ORPHANS)
    assert all(each in listed for each in lost)
    for each in lost:
        stack.run(f"pulumi-adobe-aep delete {each} --sandbox dev --yes")
    stack.up()
    assert recorded(stack) == made(aep_emulator)
