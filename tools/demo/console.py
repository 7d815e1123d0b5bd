"""What a person sees: colours and progress on a terminal, plain lines without one."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from tools.demo.picture import Picture

INDENT = 4
PLAIN_WIDTH = 100
"""Columns of the summary when there is no terminal to ask."""


class Screen:
    """The demonstration's output.

    Args:
        stderr: Write there, because stdout is for something else.
        picture: Gets the headings, commands, outcomes and the summary, and the output that is marked for it.
    """

    def __init__(self, *, stderr: bool = False, picture: Picture | None = None) -> None:
        self._picture = picture
        self._console = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
        if not self._console.is_terminal:
            self._console.width = PLAIN_WIDTH

    @property
    def colours(self) -> bool:
        """Whether colours are shown, here or in the picture."""
        return self._console.color_system is not None or self._picture is not None

    def heading(self, text: str) -> None:
        """Begin a chapter."""
        rule = Rule(Text(text, style="bold"), align="left", style="dim")
        self._draw("")
        self._draw(rule)
        self._console.print()
        if self._console.is_terminal:
            self._console.print(rule)
        else:
            self._console.print(f"=== {text}")

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Print a step's title, and show progress while it runs."""
        heading = Text(text, style="bold cyan")
        self._draw(heading)
        self._console.print()
        self._console.print(heading)
        if not self._console.is_interactive:
            yield
            return
        with self._console.status(Text(text, style="dim")):
            yield

    def say(self, text: str, style: str = "") -> None:
        """Print a sentence below the step."""
        self._indented(Text(text, style=style))

    def good(self, text: str) -> None:
        """Print that a check has passed."""
        self._indented(Text.assemble(("ok", "bold green"), "  ", text), pictured=True)

    def end(self, word: str, text: str) -> None:
        """Print why the demonstration ends early."""
        self._console.print()
        self._console.print(Text.assemble((f"{word}: ", "bold red"), text), soft_wrap=not self._console.is_terminal)

    def command(self, text: str) -> None:
        """Print a command that is run."""
        self._indented(Text.assemble(("$ ", "dim"), (text, "bold")), pictured=True)

    def output(self, line: str, *, pictured: bool = False) -> None:
        """Print a line of a command's output, which may be coloured; in the picture only if it is to be."""
        self._indented(Text.from_ansi(line), pictured=pictured)

    def summary(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table; its last column is numbers."""
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for name in columns:
            table.add_column(name, justify="right" if name == columns[-1] else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._draw(table)
        if self._console.is_terminal:
            self._console.print(table)
            return
        with self._console.capture() as drawn:
            self._console.print(table)
        for line in drawn.get().splitlines():
            self._console.print(line.rstrip(), soft_wrap=True)  # a table ends its lines with blanks

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line as it is."""
        self._console.print(Text(text, style=style), soft_wrap=not self._console.is_terminal)

    def save_picture(self) -> None:
        """Write the picture, where there is to be one."""
        if self._picture is not None:
            self._picture.save()

    def _draw(self, shown: RenderableType) -> None:
        if self._picture is not None:
            self._picture.add(shown)

    def _indented(self, text: Text, *, pictured: bool = False) -> None:
        padded = Padding.indent(text, INDENT)
        if pictured:
            self._draw(padded)
        if not text:
            self._console.print()
        elif self._console.is_terminal:
            self._console.print(padded)
        else:
            # A line that a program reads must not be wrapped.
            self._console.print(Text(" " * INDENT) + text, soft_wrap=True)


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds until now."""
        return time.monotonic() - self._start
