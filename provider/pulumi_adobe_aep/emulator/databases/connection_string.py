"""The ODBC connection string of "Connection String Based Authentication", as a driver reads it.

Written from the rules of ODBC's SQLDriverConnect, independently of the code that writes such strings elsewhere in this
distribution, so that the two check each other.
"""

from typing import Final

_ALIASES: Final = {
    "server": "Server",
    "database": "Database",
    "port": "Port",
    "uid": "UID",
    "user id": "UID",
    "password": "Password",
    "pwd": "Password",
    "encryptionmethod": "EncryptionMethod",
    "validateservercertificate": "ValidateServerCertificate",
}


class ConnectionStringError(ValueError):
    """A connection string that no driver would take; the message holds no value of it."""


def parse(text: str) -> dict[str, str]:
    """Return the keys and values of a connection string.

    Keys are case-insensitive and are returned in the spelling of Adobe's pattern; unknown ones stay as they are.
    A value may be in braces, within which ``}}`` is one brace and everything else is itself.

    Raises:
        ConnectionStringError: a part has no key or no ``=``, a brace stays open, or a key comes twice.
    """
    values: dict[str, str] = {}
    position = 0
    while position < len(text):
        if text[position] in "; \t":
            position += 1
            continue
        key_end = text.find("=", position)
        part_end = text.find(";", position)
        if key_end < 0 or -1 < part_end < key_end:
            raise ConnectionStringError("a part of the connection string has no '='")
        key = text[position:key_end].strip()
        if not key:
            raise ConnectionStringError("a part of the connection string has no key")
        key = _ALIASES.get(key.lower(), key)
        value, position = _value(text, key_end + 1)
        if key in values:
            raise ConnectionStringError(f"the connection string has the key {key} twice")
        values[key] = value
    return values


def _value(text: str, start: int) -> tuple[str, int]:
    """Return the value that begins at ``start`` and the position after it."""
    opening = start
    while opening < len(text) and text[opening] in " \t":
        opening += 1
    if opening >= len(text) or text[opening] != "{":
        end = text.find(";", start)
        end = len(text) if end < 0 else end
        return text[start:end].strip(), end + 1
    pieces: list[str] = []
    position = opening + 1
    while True:
        closing = text.find("}", position)
        if closing < 0:
            raise ConnectionStringError("a brace in the connection string is not closed")
        pieces.append(text[position:closing])
        if text[closing + 1 : closing + 2] != "}":
            break
        pieces.append("}")
        position = closing + 2
    end = closing + 1
    while end < len(text) and text[end] in " \t":
        end += 1
    if end < len(text) and text[end] != ";":
        raise ConnectionStringError("something follows a closing brace in the connection string")
    return "".join(pieces), end + 1
