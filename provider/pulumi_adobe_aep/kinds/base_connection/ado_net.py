"""ADO.NET connection strings, as the driver of SQL Server and of Azure Synapse reads them.

Source: Microsoft, "Connection String Syntax" (ADO.NET) and "DbConnectionStringBuilder": a value with a semicolon, a
quote, or whitespace at an end is in double or single quotes, and the quote is doubled inside. Braces do not quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString, Pair

SPELLINGS = {
    "data source": "server",
    "server": "server",
    "address": "server",
    "addr": "server",
    "network address": "server",
    "initial catalog": "database",
    "database": "database",
    "user id": "username",
    "uid": "username",
    "user": "username",
    "pwd": "password",
}
"""The keys that the driver of SQL Server takes for each part, in lower case (Microsoft,
"SqlConnection.ConnectionString")."""

_NEEDS_QUOTES = re.compile(r"[;\"']")
_KEY = re.compile(r"\s*(?P<key>[^=;]*?)\s*=\s*")
_QUOTED = re.compile(r"\"(?P<double>(?:[^\"]|\"\")*)\"|'(?P<single>(?:[^']|'')*)'")
_END = re.compile(r"\s*(?:;|$)")
_EMPTY = re.compile(r"[\s;]*")


def build(pairs: Iterable[Pair]) -> str:
    """Write `key=value` pairs as a connection string, in the order given.

    Args:
        pairs: Keys without `=` and `;`, and any values.

    Returns:
        A string from which `parse` reads the same pairs.
    """
    return ";".join(f"{key}={quote(value)}" for key, value in pairs)


def quote(value: str) -> str:
    """Write a value so that it survives: in double quotes where it would otherwise end early or lose whitespace."""
    if value and value == value.strip() and not _NEEDS_QUOTES.search(value):
        return value
    return '"' + value.replace('"', '""') + '"'


def parse(text: str) -> list[Pair]:
    """Read a connection string.

    Args:
        text: The connection string; a semicolon at the end is allowed.

    Returns:
        Its pairs in order, keys as they were written, values unquoted.

    Raises:
        MalformedConnectionString: A part has no `=` or no key, or a quote is never closed.
    """
    pairs: list[Pair] = []
    position = _skip_empty(text, 0)
    while position < len(text):
        part = len(pairs) + 1
        key = _KEY.match(text, position)
        if key is None:
            raise MalformedConnectionString(
                f"part {part} has no '='; a value that contains ';' is written in double quotes"
            )
        if not key["key"]:
            raise MalformedConnectionString(f"part {part} has no key before its '='")
        value, position = _value(text, key.end(), part)
        pairs.append((key["key"], value))
        position = _skip_empty(text, position)
    return pairs


def _skip_empty(text: str, position: int) -> int:
    found = _EMPTY.match(text, position)
    return found.end() if found else position


def _value(text: str, start: int, part: int) -> tuple[str, int]:
    """Read the value that begins at `start`; return it and where the next part begins."""
    if not text.startswith(('"', "'"), start):
        end = text.find(";", start)
        end = len(text) if end == -1 else end
        return text[start:end].strip(), end + 1
    quoted = _QUOTED.match(text, start)
    if quoted is None:
        raise MalformedConnectionString(f"the quote in part {part} is never closed")
    end_of_part = _END.match(text, quoted.end())
    if end_of_part is None:
        raise MalformedConnectionString(f"text follows the closing quote in part {part}; a quote inside is doubled")
    double, single = quoted["double"], quoted["single"]
    return (double.replace('""', '"') if single is None else single.replace("''", "'")), end_of_part.end()
