"""The output of the commands: tables with lines on a terminal, plain columns elsewhere, JSON on demand.

Results go to standard output, everything else to standard error. What the terminal's encoding does not have is written
as an escape, so that no name of a connection ends a command.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

import click

GAP = "  "


def showable(text: str, stream: TextIO | None = None) -> str:
    r"""Return a string with escapes (`\xe9`, `\u2026`) for what a stream's encoding does not have.

    Inside a string of a Python program they mean the same character.

    Args:
        text: Any string.
        stream: Where it goes; None is standard output.
    """
    # A StringIO, as tests put in place of a stream, has none.
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def print_line(text: str = "", *, newline: bool = True) -> None:
    """Print a line of a result."""
    click.echo(showable(text), nl=newline)


def print_json(value: object) -> None:
    """Print a result for a program; with JSON's own escapes where the encoding does not have a character."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    click.echo(text if showable(text) == text else json.dumps(value, indent=2))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in aligned columns; on a terminal with a line below its head."""
    lines = [[_cell(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(_width, cells)) for cells in zip(*lines, strict=True)]
    head, *body = [
        GAP.join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    if sys.stdout.isatty():
        rule = "─" if showable("─") == "─" else "-"
        click.echo(click.style(head, bold=True))
        click.echo(GAP.join(rule * width for width in widths))
    else:
        click.echo(head)
    for line in body:
        click.echo(line)


def _cell(text: str) -> str:
    """Return a value without line breaks and escapes, which names and descriptions of other people may hold."""
    return showable("".join(character if character.isprintable() else " " for character in text))


def _width(text: str) -> int:
    """Return how many columns a string takes on a terminal, where ideographs take two and accents none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def say(text: str = "") -> None:
    """Print a sentence, for a person only."""
    click.echo(showable(text, sys.stderr), err=True)
