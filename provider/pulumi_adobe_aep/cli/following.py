"""Waiting for a dataflow's runs, and showing the wait."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import click

from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.cli.output import GAP, print_line, say, showable
from pulumi_adobe_aep.cli.runs import COLUMNS, Run, print_errors
from pulumi_adobe_aep.errors import DeadlineExceeded

_CLEAR_LINE = "\r\x1b[K"
_WIDTHS = (20, 10, 20, 20, 8, 8, 8)
"""Of the columns of runs that are printed one by one; what is longer moves the rest of its line."""


class WaitLimit(Deadline):
    """How long a command waits for runs at most; each of its requests has a limit of its own."""

    def describe(self) -> str:
        """Name the limit as the user set it."""
        return f"the limit of {self.seconds:g} seconds (--timeout)"


class Progress:
    """What is waited for and for how long: one line that renews itself on a terminal, one sentence elsewhere.

    Args:
        text: What is waited for.
        clock: The time.
    """

    def __init__(self, text: str, clock: Clock = SYSTEM_CLOCK) -> None:
        self._text = text
        self._clock = clock
        self._began = clock.monotonic()
        self._is_printed = False

    def show(self) -> None:
        """Show it."""
        if sys.stderr.isatty():
            minutes, seconds = divmod(int(self._clock.monotonic() - self._began), 60)
            line = showable(f"{self._text} ({minutes}:{seconds:02})", sys.stderr)
            click.echo(f"{_CLEAR_LINE}{line}", nl=False, err=True)
        elif not self._is_printed:
            say(f"{self._text}.")
        self._is_printed = True

    def clear(self) -> None:
        """Clear the line on the terminal before something else is printed."""
        if self._is_printed and sys.stderr.isatty():
            click.echo(_CLEAR_LINE, nl=False, err=True)


@dataclass(frozen=True)
class Wait:
    """How runs are waited for.

    Args:
        every: Seconds between two requests.
        limit: How long to wait at most.
    """

    every: float
    limit: WaitLimit


def print_run(run: Run, *, as_json: bool) -> None:
    """Print one run as soon as it is known: a line, or a JSON object in a line."""
    if as_json:
        print_line(json.dumps(run.to_json()))
        return
    print_line(_cells(run.to_row()))
    print_errors([run])


def print_heading() -> None:
    """Print the heading of runs that are printed one by one."""
    print_line(_cells(COLUMNS))


def _cells(cells: Sequence[str]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, (*_WIDTHS, 0, 0), strict=True)]
    return GAP.join(padded).rstrip()


def follow(
    read: Callable[[], Sequence[Run]], is_done: Callable[[Sequence[Run]], bool], wait: Wait, progress: Progress
) -> Iterator[Run]:
    """Return each run that is new or whose status has changed, oldest first, as soon as the service shows it.

    Args:
        read: Asks for the latest runs, newest first.
        is_done: Whether nothing more is waited for, from what was read.
        wait: How often to ask, and how long.
        progress: Shows the wait.

    Raises:
        DeadlineExceeded: It came to the limit.
    """
    known: dict[str, str] = {}
    try:
        while True:
            runs = read()
            for run in reversed(runs):
                if known.get(run.id) != run.status:
                    known[run.id] = run.status
                    progress.clear()
                    yield run
            if is_done(runs):
                return
            progress.show()
            try:
                wait.limit.sleep(wait.every, "runs")
            except DeadlineExceeded as exceeded:
                raise exceeded.with_context(
                    advice="What is under way goes on all the same: run the command again to see what came of it, or "
                    "give a greater --timeout."
                ) from None
    finally:
        progress.clear()
