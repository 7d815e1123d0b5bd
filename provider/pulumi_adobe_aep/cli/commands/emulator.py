"""`pulumi-adobe-aep emulator`: run the Flow Service emulator."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pulumi_adobe_aep.cli.emulator_command import run_emulator


@click.command(
    "emulator",
    short_help="Run the Flow Service emulator.",
    # All of the emulator's own options, --help included, are its own to read.
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: Sequence[str]) -> int:
    """Run the Flow Service emulator; its own options follow (--help lists them)."""
    return run_emulator(arguments)
