"""Long commands: output to a log file, a sign of life now and then, and no process left behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .engine import WayClosed
from .report import Report

_SECONDS_BETWEEN_SIGNS = 15
_SECONDS_TO_END = 5
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Workshop:
    """Where commands write their output, and who hears of their progress."""

    log: Path
    report: Report

    def run(
        self,
        doing: str,
        command: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str],
        seconds: float,
        progress: Callable[[str], str] = lambda _: "",
    ) -> str:
        """Run a command to its end and return its output, which is in the log as well.

        Args:
            doing: What it does, as in "downloading the modules".
            command: The command and its arguments.
            folder: Where it runs.
            environment: Its whole environment.
            seconds: How long it may take.
            progress: Takes the output so far and says how far it is, as in "12 of 80 packages".

        Raises:
            WayClosed: It does not start, fails, or takes too long.
        """
        start = time.monotonic()
        process: subprocess.Popen[bytes] | None = None
        with self.log.open("a", encoding="utf-8") as output:
            output.write(f"$ {' '.join(map(str, command))}\n")
            output.flush()
            beginning = output.tell()
            try:
                with _signals_held_back():
                    # A session of its own, so that ending it ends the compilers and downloads it has started too.
                    process = subprocess.Popen(
                        command,
                        cwd=folder,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                self._follow(process, doing, start + seconds, lambda: progress(self._since(beginning)))
            except OSError as error:
                raise WayClosed(f"{command[0]} does not start: {error}.") from None
            finally:
                if process is not None:
                    _end(process)
        said = self._since(beginning)
        if process.returncode != 0:
            raise WayClosed(f"{_sentence(doing)} failed: {_last_line(said)} (see {self.log})")
        self.report(f"  {doing}: done in {time.monotonic() - start:.0f} s")
        return said

    def _follow(
        self, process: "subprocess.Popen[bytes]", doing: str, deadline: float, progress: Callable[[], str]
    ) -> None:
        start = time.monotonic()
        while process.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WayClosed(f"{_sentence(doing)} took more than {deadline - start:.0f} seconds; see {self.log}.")
            try:
                process.wait(min(_SECONDS_BETWEEN_SIGNS, left))
            except subprocess.TimeoutExpired:
                so_far = [f"{time.monotonic() - start:.0f} s", progress()]
                self.report(f"  {doing}: {', '.join(filter(None, so_far))}")

    def _since(self, beginning: int) -> str:
        with self.log.open("rb") as log:
            log.seek(beginning)
            return log.read().decode("utf-8", errors="replace")


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let a signal that raises an exception wait until the process that is being started is known, and can be ended."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread only
        return
    held: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    replaced = {number: handler for number, handler in handlers.items() if callable(handler)}
    try:
        for number in replaced:
            signal.signal(number, lambda number, _frame: held.append(number))
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
    for caught in held:
        signal.raise_signal(caught)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    for ending in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(process.pid, ending)
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            continue
        return


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:_LONGEST_REASON] if lines else "it said nothing"


def _sentence(doing: str) -> str:
    return doing[0].upper() + doing[1:]
