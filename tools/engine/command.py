"""Long commands: output to a log file, a line about progress now and then, and no process left behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.engine.engine import Report, SourceUnavailable

_SECONDS_BETWEEN_REPORTS = 15
_SECONDS_TO_END = 5
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Commands:
    """Runs commands one after the other.

    Attributes:
        log: The file that gets their output.
        report: Takes sentences about their progress.
    """

    log: Path
    report: Report

    def run(
        self,
        what: str,
        command: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        progress: Callable[[str], str] = lambda _: "",
    ) -> str:
        """Run a command to its end and return its output, which is in the log as well.

        Args:
            what: What it does, as in "downloading the modules".
            command: The command and its arguments.
            folder: The folder it runs in.
            environment: Its whole environment; by default the own one.
            progress: Takes the output so far and says how far it is, as in "12 of 80 packages".

        Raises:
            SourceUnavailable: It does not start or fails.
        """
        start = time.monotonic()
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(map(str, command))}\n")
            log.flush()
            beginning = log.tell()
            process: subprocess.Popen[bytes] | None = None
            try:
                # A session of its own, so that ending it also ends the compilers and downloads that it started.
                with _signals_deferred():
                    process = subprocess.Popen(
                        command,
                        cwd=folder,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                self._wait(process, what, lambda: progress(self._output(beginning)))
            except OSError as error:
                raise SourceUnavailable(f"{command[0]} does not start: {error}.") from None
            finally:
                if process is not None:
                    _end(process)
        output = self._output(beginning)
        if process.returncode != 0:
            raise SourceUnavailable(f"{what[0].upper() + what[1:]} failed: {_last_line(output)} (see {self.log})")
        self.report(f"  {what}: done in {time.monotonic() - start:.0f} s")
        return output

    def _wait(self, process: "subprocess.Popen[bytes]", what: str, progress: Callable[[], str]) -> None:
        start = time.monotonic()
        while process.poll() is None:
            try:
                process.wait(_SECONDS_BETWEEN_REPORTS)
            except subprocess.TimeoutExpired:
                so_far = [f"{time.monotonic() - start:.0f} s", progress()]
                self.report(f"  {what}: {', '.join(filter(None, so_far))}")

    def _output(self, beginning: int) -> str:
        with self.log.open("rb") as log:
            log.seek(beginning)
            return log.read().decode("utf-8", errors="replace")


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Delay a signal that raises an exception until the process that is being started is known, and can be ended."""
    received: list[int] = []
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # signals are handled there only
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    try:
        for number in handlers:
            signal.signal(number, lambda number, _frame: received.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for number in received:
        signal.raise_signal(number)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            continue


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:_LONGEST_REASON] if lines else "it printed nothing"
