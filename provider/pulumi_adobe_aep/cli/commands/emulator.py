"""`pulumi-adobe-aep emulator`: run the Flow Service emulator."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import say

_EXTRA = frozenset({"fastapi", "uvicorn", "starlette", "multipart", "python_multipart", "psycopg"})


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
    try:
        from pulumi_adobe_aep.emulator.command import main  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        say("The emulator needs the extra 'emulator', which is not installed: pip install 'pulumi-adobe-aep[emulator]'")
        return ExitCode.FAILURE
    try:
        return main(list(arguments))
    except SystemExit as end:
        # argparse ends the process by itself for --help and for what it cannot read.
        return end.code if isinstance(end.code, int) else ExitCode.OK
