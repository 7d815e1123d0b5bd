"""Commands that must succeed and see nothing of this checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def run(*command: str | Path, cwd: Path | None = None, **more: str) -> str:
    """Run a command without the variables of this Python, and return what it prints to stdout.

    Args:
        command: The command and its arguments.
        cwd: The folder it runs in.
        more: More environment variables.

    Raises:
        AssertionError: It failed; the message has all that it printed.
    """
    # No PYTHONPATH, no coverage hooks.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | more
    ended = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
