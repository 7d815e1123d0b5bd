r"""What a string says when the escapes in it are undone, whoever wrote them, and where each character stands.

A service may quote a value percent-encoded, as JSON, as HTML, in a SQL statement, in braces of a connection string, or
in several of these at once (JSON in JSON). Instead of writing each secret in each of these ways, what was quoted is
decoded again and again until nothing changes: the secret is then there as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_ROUNDS = 8
"""How many escapes inside escapes are undone. Each is one more program that quotes another."""

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[89A-Fa-f][0-9A-Fa-f])+|%[0-7][0-9A-Fa-f])"
    r"|(?P<unicode>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U000[0-9a-fA-F]{5}"
    r"|\\U0010[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2})"
    r"|(?P<backslash>\\[^0-9A-Za-z\s]|\\[bfnrt])"
    r"|(?P<html>&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)"
    r"|(?P<doubled>''|\"\"|\}\}|\{\{)"
)
_BACKSLASH = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Reading:
    """A string after some rounds of decoding."""

    text: str
    starts: Sequence[int]
    """Where each of its characters begins in the string as it was written."""
    ends: Sequence[int]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of it stands in the string as it was written."""
        return self.starts[start], self.ends[end - 1]


def readings(text: str) -> Iterator[Reading]:
    """Return the string as it is, and after each round of decoding that changes it."""
    reading = Reading(text, range(len(text)), range(1, len(text) + 1))
    yield reading
    for _ in range(_ROUNDS):
        if not _ESCAPE.search(reading.text):
            return
        after = _decode(reading)
        if after.text == reading.text:
            return
        reading = after
        yield reading


def decoded(text: str) -> str:
    """Return the string with all escapes undone."""
    *_, last = readings(text)
    return last.text


def _decode(before: Reading) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for escape in _ESCAPE.finditer(before.text):
        start, end = escape.span()
        characters = _characters(escape)
        pieces += [before.text[done:start], characters]
        starts += [*before.starts[done:start], *[before.starts[start]] * len(characters)]
        ends += [*before.ends[done:start], *[before.ends[end - 1]] * len(characters)]
        done = end
    pieces.append(before.text[done:])
    starts += before.starts[done:]
    ends += before.ends[done:]
    return Reading("".join(pieces), starts, ends)


def _characters(escape: re.Match[str]) -> str:
    written = escape[0]
    if escape["percent"]:
        content = unquote_to_bytes(written)
        try:
            return content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return content.decode("latin-1")
    if escape["unicode"]:
        codes = re.findall(r"\\[uUx]([0-9a-fA-F]+)", written)
        characters = "".join(chr(int(code, 16)) for code in codes)
        return characters.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if escape["html"]:
        return html.unescape(written)
    if escape["backslash"]:
        return _BACKSLASH.get(written[1], written[1])
    return written[0]
