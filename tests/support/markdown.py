"""What is in a Markdown page: code blocks, links, anchors."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

_NOT_RUN = re.compile(r"<!--\s*not run:\s*(?P<why>.+?)\s*-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of code.

    Attributes:
        path: the page.
        line: where it begins, from 1.
        language: what the fence says, such as `sh`.
        text: the code.
        not_run: why it is not run, from the comment `<!-- not run: ... -->` in front of it; empty where it is.
    """

    path: Path
    line: int
    language: str
    text: str
    not_run: str = ""

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}:{self.line}"


def blocks(path: Path, *languages: str) -> list[Block]:
    """Return the blocks of a page, in order; with languages given, only those in one of them."""
    found = []
    why = ""
    for token in _parse(path):
        if token.type == "fence":
            language = token.info.split()[0] if token.info.strip() else ""
            if not languages or language in languages:
                line = token.map[0] + 1 if token.map else 0
                found.append(Block(path, line, language, token.content, why))
            why = ""
        elif token.type == "html_block":
            comment = _NOT_RUN.search(token.content)
            why = comment["why"] if comment else ""
    return found


def links(path: Path) -> list[str]:
    """Return where the links and images of a page lead."""
    return [
        str(child.attrs.get("href") or child.attrs.get("src"))
        for token in _parse(path)
        for child in token.children or ()
        if child.type in {"link_open", "image"}
    ]


def anchors(path: Path) -> set[str]:
    """Return the names of a page's headings as GitHub makes them."""
    found: set[str] = set()
    for heading in _headings(_parse(path)):
        name = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        number = 0
        while (candidate := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(candidate)
    return found


def _headings(tokens: list[Token]) -> Iterator[str]:
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            yield "".join(child.content for child in inline.children or ())


def _parse(path: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
