"""Run the real command as a process of its own, as a person or a pipeline does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("pulumi-adobe-aep")
SECONDS = 60.0


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, read as JSON."""
        return json.loads(self.out)


class CommandLine:
    """The command in a folder of its own.

    Attributes:
        environment: what it sees beside PATH; tests change it.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], path: str = os.defpath) -> None:
        self.folder = folder
        self.environment = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", **environment}

    def run(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """Run it without a terminal.

        Args:
            arguments: what follows the command's name.
            given: its standard input.
            environment: variables for this run only.
        """
        done = subprocess.run(
            [COMMAND, *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env={**self.environment, **environment},
            timeout=SECONDS,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    def succeeds(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """Run it, and expect exit code 0."""
        ended = self.run(*arguments, given=given, **environment)
        assert ended.code == 0, ended.err
        return ended
