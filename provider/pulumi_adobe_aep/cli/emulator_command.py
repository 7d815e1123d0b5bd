"""`pulumi-adobe-aep emulator`. It needs the extra `emulator` and not the extra `cli`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

# With what comes with them: uvicorn needs click.
_EXTRA = frozenset({"fastapi", "uvicorn", "starlette", "multipart", "python_multipart", "psycopg", "certifi", "click"})


def run_emulator(arguments: Sequence[str]) -> int:
    """Run the emulator until a signal.

    Args:
        arguments: The emulator's own options.

    Returns:
        The exit code.
    """
    try:
        from pulumi_adobe_aep.emulator.command import main  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(
            "The emulator needs the extra 'emulator', which is not installed: "
            "pip install 'pulumi-adobe-aep[emulator]'\n"
        )
        return 1
    try:
        return main(list(arguments))
    except SystemExit as end:
        # argparse ends the process by itself for --help and for what it cannot read.
        return end.code if isinstance(end.code, int) else 0
