"""Each way to install the plugin that can be gone here, with the real engine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import pulumi_adobe_aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.plugin import EXECUTABLE, PluginStack, connection
from tools.engine import Engine

WARNING = "from $PATH"


@pytest.fixture
def stack(tmp_path: Path, yaml_engine: Engine, aep_emulator: Emulator) -> PluginStack:
    """Return a stack whose program declares one connection, and that does not find the plugin on PATH."""
    stack = PluginStack(tmp_path, yaml_engine, aep_emulator)
    stack.write({"crm": connection()})
    kept = (each for each in os.environ["PATH"].split(os.pathsep) if not Path(each, EXECUTABLE).exists())
    stack.shell.environment["PATH"] = os.pathsep.join([str(yaml_engine.bin_dir), *kept])
    return stack


def test_without_the_plugin_the_engine_does_not_find_it(stack: PluginStack) -> None:
    assert "adobe-aep" in stack.fails("pulumi preview")


def test_one_command_installs_it_for_all_programs_without_a_warning(stack: PluginStack, aep_emulator: Emulator) -> None:
    command = Path(sys.executable).with_name("pulumi-adobe-aep")
    output = stack.run(f"{command} plugin install")
    assert f"Installed the plugin adobe-aep {pulumi_adobe_aep.__version__}" in output
    stack.run(f"{command} plugin install")
    assert f"adobe-aep  resource  {pulumi_adobe_aep.__version__}" in stack.run("pulumi plugin ls")
    assert WARNING not in stack.up()
    assert len(aep_emulator.connections()) == 1


def test_a_project_may_name_the_executable(stack: PluginStack, aep_emulator: Emulator) -> None:
    folder = Path(sys.executable).parent
    stack.write({"crm": connection()}, plugins={"providers": [{"name": "adobe-aep", "path": str(folder)}]})
    assert WARNING not in stack.up()
    assert len(aep_emulator.connections()) == 1
