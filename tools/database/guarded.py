"""A service process that ends with this one, also when this one is killed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.database.account import Account

GUARD = Path(__file__).with_name("guard.py")
STOP_GRACE = 10.0
"""Seconds that a service has for an orderly end before it is killed."""


class GuardedProcess:
    """A running command under a guard (see `guard.py`): no end of this process leaves it behind.

    Args:
        command: The program and its arguments. No secrets: everybody on the machine can read them.
        log: The file that gets its output. Not a pipe: one that breaks when this process is killed would end the
            command before it can end what it has started.
        errors: The file that gets what it writes to stderr; by default that goes where the output goes.
        stop_signal: Asks the command for an orderly end.
        account: The account to run it as; by default the own one.
        env: Its whole environment; by default the own one.
        cwd: The folder it runs in; by default the own one.
        remove: A folder that goes when this process ends without `stop()` or `release()`.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        errors: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        account: Account | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        remove: Path | None = None,
    ) -> None:
        options = [f"--signal={stop_signal.name}", f"--grace={STOP_GRACE}"]
        if account is not None:
            options += [f"--user={account.uid}", f"--group={account.gid}"]
        if remove is not None:
            options += [f"--remove={remove}"]
        with contextlib.ExitStack() as files:
            self._process = subprocess.Popen(
                # -I: the guard shall see neither the caller's folder nor PYTHON* variables.
                [sys.executable, "-I", str(GUARD), *options, "--", *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=files.enter_context(log.open("ab")),
                stderr=subprocess.STDOUT if errors is None else files.enter_context(errors.open("ab")),
                env=env,
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id of the guard: SIGTERM to it ends the command."""
        return self._process.pid

    def poll(self) -> int | None:
        """Return the command's exit code, or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Wait until the command has ended, and return its exit code."""
        return self._process.wait()

    def stop(self) -> None:
        """End the command and wait until it is gone; nothing happens when it is already."""
        self._say(b"stop\n")
        try:
            self._process.wait(STOP_GRACE + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def release(self) -> None:
        """Keep the command running after this process ends. From then on, SIGTERM to `pid` ends it."""
        self._say(b"release\n")

    def _say(self, word: bytes) -> None:
        if self._process.stdin is None or self._process.stdin.closed:
            return
        with contextlib.suppress(BrokenPipeError):  # the command has ended, and its guard with it
            self._process.stdin.write(word)
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
