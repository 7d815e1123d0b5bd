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


@click.group("plugin", short_help="Make Pulumi find the plugin for programs in every language.")
def command() -> None:
    """Manage the plugin `pulumi-resource-adobe-aep`."""


@command.command("install", short_help="Put the plugin of this environment into Pulumi's store of plugins.")
def install() -> ExitCode:
    """Install the plugin of this Python environment, at this version, for every program on this machine.

    Pulumi's store gets the small program that starts the plugin here, in place of one of the same version. It works
    as long as this environment exists; after an upgrade of pulumi-adobe-aep, run it again.
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
