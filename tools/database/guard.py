"""Runs a command that must not outlive the process that asked for it.

A script of its own, started by path: `python guard.py [options] -- COMMAND...`. Its standard input is a pipe from the
process that asked. When that process ends, however it ends, the system closes the pipe; the guard then stops the
command and removes the folder that it was given. This holds on every POSIX system and survives a SIGKILL of the asking
process, which neither `atexit` nor signal handlers do; and the guard leads a session of its own, so that Ctrl-C in a
terminal reaches the asking process only, which then stops its services in the order it wants.

Words on standard input: `stop` ends the command and keeps the folder; `release` lets it outlive the asking process
until the guard gets SIGTERM.

Only the standard library is imported at the start, which costs 30 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

STANDARD_INPUT = 0
LEFT_BEHIND_GRACE = 1.0
"""Seconds that the command's own processes have to end after it."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it ends or is to end; return its exit code, or 0 when the guard stopped it."""
    options = _parse(arguments)
    wakeup = _wake_on_signals()
    child = subprocess.Popen(
        options.command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        user=options.user,
        group=options.group,
        extra_groups=None if options.user is None else [],
    )
    watched = [STANDARD_INPUT, wakeup]
    released = False
    while True:
        ready, _, _ = select.select(watched, [], [])
        if wakeup in ready and signal.SIGTERM in os.read(wakeup, 64):
            _stop(child, options.signal, options.grace)
            _remove(options.remove)
            return 0
        code = child.poll()
        if code is not None:
            return code
        if STANDARD_INPUT not in ready:
            continue
        word = os.read(STANDARD_INPUT, 64)
        if b"stop" in word:
            _stop(child, options.signal, options.grace)
            return 0
        if b"release" in word:
            released = True
        elif not word and released:
            watched.remove(STANDARD_INPUT)
        elif not word:
            _stop(child, options.signal, options.grace)
            _remove(options.remove)
            return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signal", type=signal.Signals.__getitem__, default=signal.SIGTERM, help="asks it to end")
    parser.add_argument("--grace", type=float, default=10.0, help="seconds from that signal to SIGKILL")
    parser.add_argument("--user", type=int, help="user id to run the command as")
    parser.add_argument("--group", type=int, help="group id to run the command as")
    parser.add_argument("--remove", help="folder to remove when the asking process is gone")
    parser.add_argument("command", nargs="+")
    return parser.parse_args(arguments)


def _wake_on_signals() -> int:
    """Return a descriptor from which the numbers of the signals that arrive can be read."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)

    def note(_number: int, _frame: FrameType | None) -> None:
        """Leave it to the descriptor. Not SIG_IGN, which the command would inherit."""

    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, note)
    return reader


def _stop(child: subprocess.Popen[bytes], number: signal.Signals, grace: float) -> None:
    """Ask the command to end, and after `grace` seconds end it and all that it started and left behind."""
    import psutil  # noqa: PLC0415 - not before it is needed, because it is the slower half of the start

    try:
        started = psutil.Process(child.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace)
    child.kill()
    child.wait()
    # A Pulumi engine, for one, may end before its plugins have.
    _, alive = psutil.wait_procs(started, LEFT_BEHIND_GRACE)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _remove(folder: str | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
