"""The words of the field: what words.txt lists does not come back."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.support.documents import ROOT, documents, name_of

LIST = Path(__file__).with_name("words.txt")
SOURCES = sorted(
    path
    for folder in ("provider", "tools", "tests", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
)
# From Python 3.12 on, the text of an f-string is a token of its own kind.
_PROSE = {tokenize.COMMENT, tokenize.STRING, tokenize.NAME, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def unwanted() -> dict[str, str]:
    """Return what is written instead of each word or phrase."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.split(" => ") for line in lines]
    return {word.lower(): instead for word, instead in pairs}


def find(prose: str, words: dict[str, str]) -> list[str]:
    """Return what is wrong with a piece of prose: each unwanted word with what to write instead."""
    line = " ".join(prose.split())
    found = re.findall(rf"(?<![^\W_])_?({'|'.join(map(re.escape, words))})(?![^\W_])", line, re.IGNORECASE)
    return [f"{word}: write {words[word.lower()]}" for word in found]


def prose_of_source(source: str) -> Iterator[str]:
    """Yield comments, strings and names; comments on consecutive lines are one piece."""
    comments: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.append(token.string.lstrip("#: "))
        elif token.type in _PROSE:
            yield token.string
    yield " ".join(comments)


def prose_of_page(page: str) -> Iterator[str]:
    """Yield the text of each paragraph, heading and cell, without code."""
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        yield "".join(
            " " if child.type.endswith("break") else child.content
            for child in token.children or ()
            if _is_text(child.type)
        )


def _is_text(kind: str) -> bool:
    return kind == "text" or kind.endswith("break")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_source_has_a_word_that_the_project_does_not_use(path: Path) -> None:
    words = unwanted()
    assert [each for prose in prose_of_source(path.read_text(encoding="utf-8")) for each in find(prose, words)] == []


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_no_page_has_a_word_that_the_project_does_not_use(path: Path) -> None:
    words = unwanted()
    assert [each for prose in prose_of_page(path.read_text(encoding="utf-8")) for each in find(prose, words)] == []


@pytest.mark.parametrize(
    "source",
    [
        '"""Gamble\non it."""',
        "# It gambles:\n# gamble on it.",
        'raise ValueError(f"{x} gamble on it")',
        "def gamble_on_it(): ...",
    ],
)
def test_a_word_is_found_in_a_docstring_a_comment_a_message_and_a_name(source: str) -> None:
    words = {"gamble on it": "guess", "gamble_on_it": "guess"}
    found = [each for prose in prose_of_source(source) for each in find(prose, words)]
    assert [each.partition(": ")[2] for each in found] == ["write guess"]


def test_a_word_is_found_in_a_page_across_lines_but_not_in_its_code() -> None:
    page = "A **gamble\non** it, `gamble on`.\n\n```text\ngamble on\n```\n\n| a |\n| --- |\n| Gamble on |\n"
    words = {"gamble on": "guess"}
    assert [each for prose in prose_of_page(page) for each in find(prose, words)] == [
        "gamble on: write guess",
        "Gamble on: write guess",
    ]


def test_a_part_of_a_longer_word_is_another_word() -> None:
    assert find("The texture of contexts; Text!", {"text": "string"}) == ["Text: write string"]
