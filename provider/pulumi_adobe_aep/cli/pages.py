"""The pages that messages lead to, section by section, as a terminal shows them."""

from __future__ import annotations

import html
import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi_adobe_aep._addresses import REPOSITORY
from pulumi_adobe_aep._version import __version__

_PACKAGE = Path(__file__).parents[1]
_ERRORS, _COMMAND_LINE = "errors.md", "command-line.md"
_LINK = re.compile(r"\[([^]]+)\]\([^)]*\)")
_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([*|])")
_MOST_COLUMNS = 100


@dataclass(frozen=True)
class Section:
    """A section of a page.

    Attributes:
        title: What it is about: a class of errors, or one of Adobe's error codes.
        address: Where it is on the web, as it is in this version.
        lines: What it says, in Markdown.
    """

    title: str
    address: str
    lines: Sequence[str]

    def for_terminal(self, width: int) -> str:
        """Return what it says without Markdown's marks, in lines of at most `width` characters.

        Each row of a table becomes a paragraph, in which the column's name is in front of each cell.
        """
        width = min(width, _MOST_COLUMNS)
        parts = [self.title]
        for is_table, group in itertools.groupby(filter(None, _paragraphs(self.lines)), _is_row):
            lines = list(group)
            parts += _rows(lines, width) if is_table else [_wrapped(_plain(line), width) for line in lines]
        return "\n\n".join([*parts, f"On the web: {self.address}"])


def classes() -> dict[str, Section]:
    """Return the sections about classes of errors, by the class's name."""
    return {
        **_subsections(_ERRORS, below="The tree"),
        **_subsections(_COMMAND_LINE, below="When it fails"),
    }


def codes() -> dict[str, Section]:
    """Return what is said about Adobe's error codes, such as `1418`, and about HTTP statuses, by the code."""
    found: dict[str, Section] = {}
    address = _address(_ERRORS, "adobes-codes")
    for is_table, lines in itertools.groupby(_below(_ERRORS, "Adobe's codes"), _is_row):
        if is_table:
            head, rule, *rows = lines
            for row in rows:
                for code in re.findall(r"`([\w-]+)`", _cells(row)[0]):
                    found[code] = Section(f"{_cells(head)[0]} {code}", address, [head, rule, row])
    return found


def _subsections(page: str, below: str) -> dict[str, Section]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _below(page, below):
        if line.startswith("### "):
            lines = found.setdefault(line.removeprefix("### "), [])
        else:
            lines.append(line)
    return {name: Section(name, _address(page, name.lower()), lines) for name, lines in found.items()}


def _below(page: str, heading: str) -> Iterator[str]:
    """Yield the lines between a heading and the next of its level."""
    lines = iter(_read(page).splitlines())
    for line in lines:
        if line == f"## {heading}":
            break
    yield from itertools.takewhile(lambda line: not line.startswith("## "), lines)


def _read(page: str) -> str:
    shipped = _PACKAGE / "pages" / page
    # An editable install reads them where they are written.
    path = shipped if shipped.exists() else _PACKAGE.parents[1] / "docs" / page
    return path.read_text(encoding="utf-8")


def _address(page: str, anchor: str) -> str:
    return f"{REPOSITORY}/blob/v{__version__}/docs/{page}#{anchor}"


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs, each joined to one line, and the rows of tables."""
    for is_prose, group in itertools.groupby(lines, lambda line: bool(line) and not _is_row(line)):
        paragraph = list(group)
        yield from [" ".join(paragraph)] if is_prose else paragraph


def _is_row(line: str) -> bool:
    return line.startswith("|")


def _rows(lines: Sequence[str], width: int) -> Iterator[str]:
    head, _, *rows = (_cells(line) for line in lines)
    for row in rows:
        named = (f"{name}: {part}" for name, cell in zip(head, row, strict=True) for part in cell.split("<br>") if part)
        yield "\n".join(_wrapped(_plain(line), width, indent="  ") for line in named)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line)[1:-1]]


def _plain(text: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", _LINK.sub(r"\1", text)))


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
