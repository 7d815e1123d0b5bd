"""`pulumi-adobe-aep plugin`: the plugin for programs in every language, and Pulumi's own store of plugins."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.errors import PluginMissing
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import say

EXECUTABLE = "pulumi-resource-adobe-aep"


@click.group("plugin", short_help="Install the plugin for programs in every language.")
def command() -> None:
    """Manage the plugin `pulumi-resource-adobe-aep`."""


@command.command("install", short_help="Install the plugin of this Python environment.")
def install() -> ExitCode:
    """Install the plugin of this Python environment for every program on this machine.

    Pulumi's store of plugins gets a small program that starts the plugin in this environment. It replaces an installed
    plugin of the same version. Do not move or delete this environment. After an upgrade of pulumi-adobe-aep, run this
    command again.
    """
    executable = Path(sys.executable).with_name(EXECUTABLE)
    if not executable.is_file():
        raise PluginMissing(
            f"There is no {EXECUTABLE} beside {sys.executable}.",
            advice="Install pulumi-adobe-aep into this environment with pip, which puts it there.",
        )
    pulumi_command.install_plugin("adobe-aep", __version__, executable)
    say(f"Installed the plugin adobe-aep {__version__}; it runs in {Path(sys.prefix)}.")
    return ExitCode.OK
