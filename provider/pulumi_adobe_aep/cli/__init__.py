"""`pulumi-adobe-aep`: look at, check, import and delete base connections from a terminal or a pipeline.

Needs the extra `cli`, but for `emulator`. Everything but the entry point is imported when it is used: the console
script is installed without the extra, too.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

_EXTRA = "click"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Without the program's name; None takes those of the process.

    Returns:
        The exit code, as `exit_codes` has them.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["emulator"]:
        from pulumi_adobe_aep.cli.emulator_command import run_emulator  # noqa: PLC0415 - loaded where it is used

        return run_emulator(words[1:])
    try:
        importlib.import_module(_EXTRA)
    except ModuleNotFoundError as missing:
        if missing.name != _EXTRA:
            raise
        sys.stderr.write(
            "The command line needs the extra 'cli', which is not installed: pip install 'pulumi-adobe-aep[cli]'\n"
        )
        return 1
    from pulumi_adobe_aep.cli.command_line import run  # noqa: PLC0415 - it needs the extra

    return run(words)
