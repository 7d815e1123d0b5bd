"""Secrets that this process has seen, and their removal from any text that leaves it.

Adobe's error texts may quote what was sent, so a list of field names is not enough: every secret is registered by its
value before it is first used, and messages and log lines are masked by value.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from urllib.parse import quote, quote_plus

MASK = "[secret]"
# A shorter secret would turn ordinary words of every message into masks, which tells more than it hides.
_SHORTEST = 4
# Whatever looks like a token or a password in a connection string is masked even when it was never registered.
_PATTERNS = (
    re.compile(r"(?i)(\bbearer\s+)[\w.~+/=-]+"),
    re.compile(r"\b()eyJ[\w-]{10,}\.[\w-]+\.[\w-]*"),
    re.compile(r"(?i)(\b(?:password|pwd|client_secret|access_token)\"?\s*[=:]\s*\"?)(?:\{(?:[^}]|\}\})*\}|[^;&\s\"]+)"),
)

_lock = threading.Lock()
_secrets: set[str] = set()


def register(secret: str) -> str:
    """Remember a secret, in every spelling that it may come back in.

    Args:
        secret: The value. Values under four characters are not masked.

    Returns:
        The same value, so that a call can stand where the value is used.
    """
    if len(secret) >= _SHORTEST and secret not in _secrets:
        spellings = {
            secret,
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            repr(secret)[1:-1],
            # A variable's bytes that are no UTF-8 must not end in an exception that quotes them.
            quote(secret, errors="surrogatepass"),
            quote(secret, safe="", errors="surrogatepass"),
            quote_plus(secret, errors="surrogatepass"),
            secret.replace("}", "}}"),
        }
        with _lock:
            _secrets.update(spelling for spelling in spellings if len(spelling) >= _SHORTEST)
    return secret


def mask(text: str) -> str:
    """Return the text with every known or obvious secret replaced by `[secret]`."""
    with _lock:
        # Looked up one by one: a pattern of all of them would be compiled anew for each of a thousand connections.
        found = [spelling for spelling in _secrets if spelling in text]
    if found:
        # The longest first, so that a secret inside another one does not leave the rest of it behind.
        text = re.sub("|".join(map(re.escape, sorted(found, key=len, reverse=True))), MASK, text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, exception texts included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without secrets."""
        return mask(super().format(record))
