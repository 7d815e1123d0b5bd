"""Run the real command as a process of its own, as a person or a pipeline does."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.support.coverage import COVERAGE

COMMAND = Path(sys.executable).with_name("pulumi-adobe-aep")
SECONDS = 60.0
_POLL = 0.02
# A process of its own makes the terminal: this one has threads, and must not fork.
_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


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


@dataclass(frozen=True)
class Running:
    """A command that runs."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def wait_for(self, text: str, *, stream: Literal["out", "err"] = "out") -> None:
        """Wait until it has printed a string."""
        file = self.out if stream == "out" else self.err
        until = time.monotonic() + SECONDS
        while text not in file.read_text(encoding="utf-8"):
            assert self.process.poll() is None, f"it ended without {text!r}: {self.err.read_text(encoding='utf-8')}"
            assert time.monotonic() < until, f"it never printed {text!r}"
            time.sleep(_POLL)

    def send(self, signal_number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(signal_number)

    def end(self) -> Ended:
        """Wait for its end."""
        code = self.process.wait(SECONDS)
        return Ended(code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))


class CommandLine:
    """The command in a folder of its own.

    Attributes:
        environment: what it sees beside PATH; tests change it.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], path: str = os.defpath) -> None:
        self.folder = folder
        measured = {COVERAGE: os.environ[COVERAGE]} if COVERAGE in os.environ else {}
        self.environment = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", **measured, **environment}

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

    @contextmanager
    def begin(self, *arguments: str, **environment: str) -> Iterator[Running]:
        """Begin it without a terminal, and go on beside it; what still runs in the end is killed.

        Args:
            arguments: what follows the command's name.
            environment: variables for this run only.
        """
        with (
            Path(self.folder, "out").open("w+", encoding="utf-8") as out,
            Path(self.folder, "err").open("w+", encoding="utf-8") as err,
            subprocess.Popen(
                [COMMAND, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.folder,
                env={**self.environment, **environment},
            ) as process,
        ):
            try:
                yield Running(process, Path(out.name), Path(err.name))
            finally:
                process.kill()

    def talk(self, arguments: Sequence[str], *answers: tuple[str, str], **environment: str) -> Ended:
        """Run it at a terminal, where all it prints is one string (`out`).

        Args:
            arguments: what follows the command's name.
            answers: what to wait for on the screen, and what to type then, in order.
            environment: variables for this run only.
        """
        process = subprocess.Popen(
            [sys.executable, "-c", _TERMINAL, COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self.folder,
            env={**self.environment, "TERM": "xterm", "COLUMNS": "200", **environment},
        )
        assert process.stdin is not None
        with process:
            screen = ""
            for expected, typed in answers:
                screen += _read(process, expected)
                process.stdin.write(f"{typed}\n".encode())
                process.stdin.flush()
            screen += _read(process, None)
        return Ended(process.returncode, screen.replace("\r\n", "\n"), "")


def _read(process: subprocess.Popen[bytes], expected: str | None) -> str:
    """Read until a string is there, or to the end."""
    assert process.stdout is not None
    screen, until = b"", time.monotonic() + SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while expected is None or expected.encode() not in screen:
            if not selector.select(until - time.monotonic()):
                process.kill()
                raise AssertionError(f"it never showed {expected!r}, only:\n{screen.decode()}")
            part = os.read(process.stdout.fileno(), 65536)
            if not part:
                assert expected is None, f"it ended without {expected!r}:\n{screen.decode()}"
                break
            screen += part
    return screen.decode()
