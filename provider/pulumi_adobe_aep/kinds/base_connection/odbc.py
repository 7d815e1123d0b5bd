"""ODBC connection strings: build, parse, quote.

Flow Service's PostgreSQL source takes `Server=...;Database=...;Port=...;UID=...;Password=...` (Adobe, "Create a
PostgreSQL base connection using the Flow Service API"). The order of the keys matters in the patterns of similar
specs, so it is kept. Adobe does not say how a value with a semicolon is written; the driver options it documents
(EncryptionMethod, ValidateServerCertificate) are those of an ODBC driver, so ODBC's rule is used: `{...}`, with `}`
doubled inside (Microsoft, "SQLDriverConnect Function", Comments).
"""

from __future__ import annotations

from collections.abc import Iterable

Pair = tuple[str, str]


class MalformedConnectionString(ValueError):
    """The string is not a connection string.

    The message names positions only: what looks like a key may be half of an unquoted password.
    """


def build(pairs: Iterable[Pair]) -> str:
    """Write `key=value` pairs as a connection string, in the order given.

    Args:
        pairs: Keys without `=` and `;`, and any values.

    Returns:
        A string from which `parse` reads the same pairs.
    """
    return ";".join(f"{key}={quote(value)}" for key, value in pairs)


def quote(value: str) -> str:
    """Write a value so that it survives: in braces where it would otherwise end early or lose whitespace."""
    if value and value == value.strip() and not any(mark in value for mark in ";{}"):
        return value
    return "{" + value.replace("}", "}}") + "}"


def parse(text: str) -> list[Pair]:
    """Read a connection string.

    Args:
        text: The connection string; a semicolon at the end is allowed.

    Returns:
        Its pairs in order, keys as they were written, values unquoted.

    Raises:
        MalformedConnectionString: A part has no `=` or no key, or a brace is never closed.
    """
    pairs: list[Pair] = []
    position = 0
    while position < len(text):
        end_of_key = text.find("=", position)
        next_semicolon = text.find(";", position)
        if next_semicolon != -1 and (end_of_key == -1 or next_semicolon < end_of_key):
            _refuse_words(text[position:next_semicolon], pairs)
            position = next_semicolon + 1
            continue
        if end_of_key == -1:
            _refuse_words(text[position:], pairs)
            break
        key = text[position:end_of_key].strip()
        if not key:
            raise MalformedConnectionString(f"part {len(pairs) + 1} has no key before its '='")
        value, position = _value(text, end_of_key + 1, len(pairs) + 1)
        pairs.append((key, value))
    return pairs


def _refuse_words(part: str, pairs: list[Pair]) -> None:
    if part.strip():
        raise MalformedConnectionString(
            f"part {len(pairs) + 1} has no '='; a value that contains ';' is written in braces: {{...}}"
        )


def _value(text: str, start: int, part: int) -> tuple[str, int]:
    """Read the value that begins at `start`, of the part with that number; return it and where the next part begins."""
    while start < len(text) and text[start].isspace():
        start += 1
    if not text.startswith("{", start):
        end = text.find(";", start)
        end = len(text) if end == -1 else end
        return text[start:end].strip(), end + 1
    value = []
    position = start + 1
    while (brace := text.find("}", position)) != -1:
        value.append(text[position:brace])
        if not text.startswith("}}", brace):
            return "".join(value), _end_of_part(text, brace + 1, part)
        value.append("}")
        position = brace + 2
    raise MalformedConnectionString(f"the brace in part {part} is never closed")


def _end_of_part(text: str, position: int, part: int) -> int:
    end = text.find(";", position)
    end = len(text) if end == -1 else end
    if text[position:end].strip():
        raise MalformedConnectionString(
            f"text follows the closing brace in part {part}; a '}}' inside is written '}}}}'"
        )
    return end + 1
