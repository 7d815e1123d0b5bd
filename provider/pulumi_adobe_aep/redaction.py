"""Secrets that this process has seen, and their removal from every string that leaves it.

Adobe's error messages may quote what was sent, so a list of field names is not enough: every secret is registered by
its value before it is first used, and messages and log lines are masked by value. Three modules make it whole:

- `secret_parts.py` finds the secrets inside a secret: the password in a connection string or a URL.
- `spellings.py` undoes what others do to a string before they quote it: percent-encoding, JSON, HTML, SQL.
- This one keeps the secrets and masks them, and masks what looks like a secret although nobody registered it.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pulumi_adobe_aep.secret_parts import CREDENTIALS_IN_URL, SENSITIVE_KEY, secrets_inside
from pulumi_adobe_aep.spellings import Reading, decoded, readings

MASK = "[secret]"
SHORTEST = 4
"""Characters. A shorter secret would turn ordinary words of every message into masks, which tells more than it
hides."""
_LONGEST_WORD = 16
"""Characters. A secret below it that is letters or digits alone may be a part of an ordinary word or number."""
_SHORTEST_BASE64 = 6

# Whatever looks like a token or a password is masked even when nobody registered it. A key alone is not one: the
# sentence "password: not set" stays as it is.
_VALUE = r"""(?P<secret>\{(?:[^}]|\}\})*\}|(?<=")[^"]+|(?<=')[^']+|[^;&\s"']+)"""
_PATTERNS = (
    re.compile(r"\bbearer\s+(?P<secret>[\w.~+/-]{8,}=*)", re.IGNORECASE),
    re.compile(r"""\bauthorization["']?\s*:\s*["']?basic\s+(?P<secret>[\w+/-]+=*)""", re.IGNORECASE),
    re.compile(r"\b(?P<secret>eyJ[\w-]{10,}\.[\w-]+\.[\w-]*)"),
    re.compile(rf"""{SENSITIVE_KEY}\s*=\s*["']?{_VALUE}""", re.IGNORECASE),
    re.compile(rf"""{SENSITIVE_KEY}["']\s*:\s*["'](?P<secret>(?:[^"'\\]|\\.)+)""", re.IGNORECASE),
    re.compile(CREDENTIALS_IN_URL),
)

Span = tuple[int, int]


class _Needle(NamedTuple):
    """What is looked for."""

    text: str
    is_word: bool
    """It may be a part of an ordinary word, so it counts only as a word of its own."""
    is_base64: bool = False
    """It is the middle of an encoded string, all of which is masked."""
    may_be_cut: bool = False
    """Its beginning counts as well where a string ends: services cut long messages off."""

    def end_in(self, text: str, start: int) -> int:
        """Return where it ends in a string that has its first characters at `start`; 0 if it is not there."""
        end = start + len(self.text)
        if text.startswith(self.text, start):
            return 0 if self.is_word and not _stands_alone(text, start, end) else end
        return self._end_of_cut(text, start) if self.may_be_cut else 0

    def _end_of_cut(self, text: str, start: int) -> int:
        end = len(text.removesuffix("...").removesuffix("…"))
        beginning = text[start:end]
        cut = len(beginning) >= SHORTEST and self.text.startswith(beginning)
        return end if cut and not _may_be_word(beginning) and _stands_alone(text, start, end) else 0


class Redactor:
    """Knows secrets and masks them.

    A process has one (`register` and `mask` of this module): exceptions, log lines and validators have nobody who
    could pass them another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._registered: set[str] = set()
        self._waiting: list[str] = []
        # By their first characters, so that the time to mask grows with the string, not with the number of secrets.
        self._needles: dict[str, tuple[_Needle, ...]] = {}

    def register(self, secret: str) -> str:
        """Remember a secret and the secrets inside it, in every spelling that they may come back in.

        Args:
            secret: The value. Values under four characters are not masked.

        Returns:
            The same value, so that a call can replace the value where it is used.
        """
        if len(secret) >= SHORTEST and secret not in self._registered:
            with self._lock:
                self._registered.add(secret)
                # What it may look like is found out when a string is masked; most processes never mask any.
                self._waiting.append(secret)
        return secret

    def mask(self, text: str) -> str:
        """Return the string with every known or obvious secret replaced by `[secret]`."""
        if self._waiting:
            self._learn()
        spans = [span for reading in readings(text) for span in self._spans(reading)]
        return _replace(text, spans) if spans else text

    def forget(self) -> None:
        """Forget every secret, for a process that starts again with others."""
        with self._lock:
            self._registered, self._waiting, self._needles = set(), [], {}

    def _learn(self) -> None:
        with self._lock:
            for secret in self._waiting:
                inside = secrets_inside(secret)
                for each in (secret, *inside):
                    for needle in _needles(each, may_be_cut=each is not secret or not inside):
                        self._add(needle)
            self._waiting.clear()

    def _add(self, needle: _Needle) -> None:
        start = needle.text[:SHORTEST]
        others = self._needles.get(start, ())
        if needle not in others:
            self._needles[start] = (*others, needle)

    def _spans(self, reading: Reading) -> Iterator[Span]:
        """Return what has to be masked, in positions of the string as it was written."""
        text, needles = reading.text, self._needles
        for start in range(len(text) - SHORTEST + 1):
            for needle in needles.get(text[start : start + SHORTEST], ()):
                end = needle.end_in(text, start)
                if end:
                    yield reading.written(*(_whole_base64(text, start, end) if needle.is_base64 else (start, end)))
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                yield reading.written(*match.span("secret"))


def _needles(secret: str, *, may_be_cut: bool) -> Iterator[_Needle]:
    plain = {secret, decoded(secret)}
    for spelling in plain | {each.replace(" ", "+") for each in plain}:
        if len(spelling) >= SHORTEST:
            yield _Needle(spelling, is_word=_may_be_word(spelling), may_be_cut=may_be_cut)
    for spelling in plain | {secret.replace("}", "}}")}:
        for middle in _base64_middles(spelling):
            yield _Needle(middle, is_word=False, is_base64=True)


def _base64_middles(secret: str) -> set[str]:
    """Return what base64 makes of a secret, whatever is encoded before and after it: `user:password`, for instance.

    Three bytes are four characters, so there are three ways, by where the secret begins. The characters at its ends
    hold bits of its neighbours and are left out.
    """
    content = secret.encode("utf-8", "surrogatepass")
    middles = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + content).decode("ascii")
        middle = encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        if len(middle) >= _SHORTEST_BASE64:
            middles |= {middle, middle.translate(_URL_SAFE)}
    return middles


_URL_SAFE = str.maketrans("+/", "-_")
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")


def _whole_base64(text: str, start: int, end: int) -> Span:
    while start > 0 and text[start - 1] in _BASE64:
        start -= 1
    while end < len(text) and text[end] in _BASE64:
        end += 1
    return start, end


def _may_be_word(text: str) -> bool:
    letters = text.isalpha() and (text.islower() or text.isupper() or text[1:].islower())
    return len(text) < _LONGEST_WORD and (letters or text.isdigit())


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_is_in_word(text[start - 1 : start]) or _is_in_word(text[end : end + 1]))


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _replace(text: str, spans: Iterable[Span]) -> str:
    # What is masked already stays as it is, even where the secret is the very word "secret".
    masked = [match.span() for match in re.finditer(re.escape(MASK), text)]
    pieces, done = [], 0
    for start, end in _merged([*masked, *spans]):
        pieces += [text[done:start], MASK]
        done = end
    return "".join([*pieces, text[done:]])


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


_process = Redactor()
register = _process.register
mask = _process.mask
forget = _process.forget


_LONGEST_READ = 65_536
"""Characters of a service's string that are looked at; far more than are shown, so that no secret is cut."""


def excerpt(text: str, longest: int = 600) -> str:
    """Return a string from outside on one line, without secrets, and shortened.

    Args:
        text: What a service wrote.
        longest: How many characters to return at most.
    """
    # Masked first: a secret that is cut, or whose spaces are not its own any more, would not be known again.
    text = " ".join(mask(text[:_LONGEST_READ]).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, exception messages included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without secrets."""
        return mask(super().format(record))
