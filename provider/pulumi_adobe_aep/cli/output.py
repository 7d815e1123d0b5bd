"""What a person or a program reads: tables on a terminal, plain columns elsewhere, JSON on demand.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = "  "


def print_json(value: object) -> None:
    """Print a result for a program."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with lines and folding on a terminal, in plain aligned columns elsewhere."""
    if sys.stdout.isatty():
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(_line(cell)) for cell in row))
        Console(highlight=False, emoji=False, markup=False).print(table)
        return
    lines = [[_line(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        click.echo(GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _line(text: str) -> str:
    """Keep a value in its cell: names and descriptions come from other people, line breaks and escapes included."""
    return "".join(character if character.isprintable() else " " for character in text)


def say(text: str = "") -> None:
    """Print a sentence, for a person only."""
    click.echo(text, err=True)
