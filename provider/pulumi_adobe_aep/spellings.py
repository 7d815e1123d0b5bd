r"""What a string says when the escapes in it are undone, whoever wrote them, and where each character is.

A service may quote a value percent-encoded, as JSON, as HTML, in a SQL statement, in braces of a connection string, or
in several of these at once (JSON in JSON). Instead of writing each secret in each of these ways, what was quoted is
decoded again and again until nothing changes: the secret is then there as it is.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_ROUNDS = 8
"""How many escapes inside escapes are undone. Each is one more program that quotes another."""
_SINGLE_ROUNDS = 2
"""How many kinds of escapes are undone one after the other before all are undone at once."""

_ESCAPES = {
    "percent": r"(?:%[89A-Fa-f][0-9A-Fa-f])+|%[0-7][0-9A-Fa-f]",
    "backslash": r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}"
    r"|\\U000[0-9a-fA-F]{5}|\\U0010[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[^0-9A-Za-z\s]|\\[bfnrt]",
    "html": r"&[A-Za-z]{2,8};|&#[0-9]{1,7};|&#[xX][0-9a-fA-F]{1,6};",
    "doubled": r"''|\"\"|\}\}|\{\{",
}
_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _ESCAPES.items()))
_KINDS = [re.compile(f"(?P<{kind}>{pattern})") for kind, pattern in _ESCAPES.items()]
_BACKSLASH = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Reading:
    """A string after some rounds of decoding."""

    text: str
    starts: Sequence[int]
    """Where each of its characters begins in the string as it was written."""
    ends: Sequence[int]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of it is in the string as it was written."""
        return self.starts[start], self.ends[end - 1]


def readings(text: str) -> Iterator[Reading]:
    """Return the string as it is, and what it says after each decoding that changes it.

    First with one kind of escapes undone, then with one more, for a backslash before `&quot;` may be a character of its
    own. Then with all kinds at once, until nothing changes.
    """
    seen = {text: _as_written(text)}
    for _ in range(_SINGLE_ROUNDS):
        for reading in [*seen.values()]:
            for kind in _KINDS:
                after = _decode(reading, kind)
                seen.setdefault(after.text, after)
    yield from seen.values()
    yield from (reading for reading in _all_undone(text) if reading.text not in seen)


def decoded(text: str) -> str:
    """Return the string with all escapes undone."""
    *_, last = (text, *(reading.text for reading in _all_undone(text)))
    return last


def _as_written(text: str) -> Reading:
    return Reading(text, range(len(text)), range(1, len(text) + 1))


def _all_undone(text: str) -> Iterator[Reading]:
    reading = _as_written(text)
    for _ in range(_ROUNDS):
        before, reading = reading, _decode(reading, _ANY)
        if reading.text == before.text:
            return
        yield reading


def _decode(before: Reading, escapes: re.Pattern[str]) -> Reading:
    if not escapes.search(before.text):
        return before
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for escape in escapes.finditer(before.text):
        start, end = escape.span()
        characters = _DECODERS[escape.lastgroup or ""](escape[0])
        pieces += [before.text[done:start], characters]
        starts += [*before.starts[done:start], *[before.starts[start]] * len(characters)]
        ends += [*before.ends[done:start], *[before.ends[end - 1]] * len(characters)]
        done = end
    pieces.append(before.text[done:])
    starts += before.starts[done:]
    ends += before.ends[done:]
    return Reading("".join(pieces), starts, ends)


def _percent(written: str) -> str:
    content = unquote_to_bytes(written)
    try:
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _backslash(written: str) -> str:
    codes = re.findall(r"\\[uUx]([0-9a-fA-F]{2,})", written)
    if not codes:
        return _BACKSLASH.get(written[1], written[1])
    # Two halves of a character become one.
    characters = "".join(chr(int(code, 16)) for code in codes)
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _html(written: str) -> str:
    if not written.startswith("&#"):
        return html.unescape(written)
    # By hand, because `html.unescape` drops the characters that HTML does not allow.
    number = written[2:-1].lower()
    code = int(number[1:], 16) if number.startswith("x") else int(number)
    return chr(code) if code <= sys.maxunicode else written


_DECODERS: dict[str, Callable[[str], str]] = {
    "percent": _percent,
    "backslash": _backslash,
    "html": _html,
    "doubled": lambda written: written[0],
}
