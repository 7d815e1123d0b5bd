"""Long commands: output to a log file, a sign of life now and then, and no process left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
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
        with self.log.open("a", encoding="utf-8") as output:
            output.write(f"$ {' '.join(map(str, command))}\n")
            output.flush()
            beginning = output.tell()
            try:
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
            except OSError as error:
                raise WayClosed(f"{command[0]} does not start: {error}.") from None
            try:
                while process.poll() is None:
                    left = seconds - (time.monotonic() - start)
                    if left <= 0:
                        raise WayClosed(f"{doing.capitalize()} took more than {seconds:.0f} seconds; see {self.log}.")
                    try:
                        process.wait(min(_SECONDS_BETWEEN_SIGNS, left))
                    except subprocess.TimeoutExpired:
                        so_far = [f"{time.monotonic() - start:.0f} s", progress(self._since(beginning))]
                        self.report(f"  {doing}: {', '.join(filter(None, so_far))}")
            finally:
                _end(process)
        said = self._since(beginning)
        if process.returncode != 0:
            raise WayClosed(f"{doing.capitalize()} failed: {_last_line(said)} (see {self.log})")
        self.report(f"  {doing}: done in {time.monotonic() - start:.0f} s")
        return said

    def _since(self, beginning: int) -> str:
        with self.log.open("rb") as log:
            log.seek(beginning)
            return log.read().decode("utf-8", errors="replace")


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
