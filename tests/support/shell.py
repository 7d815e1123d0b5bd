"""The shell of somebody who follows a page: bash, the real engine, a backend of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.coverage import COVERAGE
from tools.engine import Engine

_SECONDS = 240
VIRTUALENV = "venv"
"""The virtual environment that the pages, the examples and `pulumi new python` name in Pulumi.yaml."""
_KEPT = ("HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "VIRTUAL_ENV", COVERAGE)


class Shell:
    """Runs scripts in a folder, as a person who answers every question with yes.

    Args:
        folder: where the scripts run.
        home: where the state and the engine's own files are.
        engine: the engine, put on PATH with this Python.
        environment: more variables; tests change it between scripts.
        seconds: how long a script may take.
    """

    def __init__(
        self, folder: Path, home: Path, engine: Engine, environment: Mapping[str, str], seconds: float = _SECONDS
    ) -> None:
        (home / "state").mkdir(parents=True, exist_ok=True)
        virtualenv = folder / VIRTUALENV
        if not virtualenv.exists():
            # This one, in place of what the person's `python3 -m venv` would make.
            virtualenv.symlink_to(sys.prefix)
        self.folder = folder
        self.seconds = seconds
        self.environment = {
            **engine.environment({name: os.environ[name] for name in (*_KEPT, "PATH") if name in os.environ}),
            "PULUMI_BACKEND_URL": f"file://{home}/state",
            "PULUMI_HOME": str(home),
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            # A script that wants a preview runs one; the one inside `pulumi up` would only take time.
            "PULUMI_OPTION_SKIP_PREVIEW": "true",
            "NO_COLOR": "1",
            **environment,
        }

    def run(self, script: str, *, answer: str = "") -> str:
        """Run a script to its end, and return what it prints.

        Args:
            script: for bash, which stops at the first command that fails.
            answer: what is typed when the script asks.

        Raises:
            AssertionError: a command failed; the message has all that was printed.
        """
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            input=answer,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.seconds,
            check=False,
        )
        assert ended.returncode == 0, f"exit code {ended.returncode}\n$ {script}\n{ended.stdout}"
        return ended.stdout
