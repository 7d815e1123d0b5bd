"""The type of a value that should be a string or a number, and how to convert it. Never the value itself."""

from __future__ import annotations

import enum
import ipaddress
import uuid
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath

from pydantic import SecretBytes, SecretStr

_WITH_STR = "convert it with str()"
_TYPES: tuple[tuple[type | tuple[type, ...], str, str], ...] = (
    (type(None), "nothing", ""),
    # Before the plain types: an enumeration of strings is both.
    (enum.Enum, "a member of an Enum", "use its .value"),
    (bool, "a boolean", ""),
    ((int, float), "a number", ""),
    (str, "a string", ""),
    ((bytes, bytearray, memoryview), "bytes", "decode it first, .decode()"),
    (SecretStr, "a SecretStr", "unwrap it first, .get_secret_value()"),
    (SecretBytes, "a SecretBytes", "unwrap and decode it first, .get_secret_value().decode()"),
    (Mapping, "an object", ""),
    ((list, tuple), "a list", ""),
    ((set, frozenset), "a set", ""),
    (uuid.UUID, "a UUID", _WITH_STR),
    (Decimal, "a Decimal", "convert it with str() or int()"),
    (PurePath, "a path", f"{_WITH_STR}, or read the file with .read_text()"),
    ((ipaddress.IPv4Address, ipaddress.IPv6Address), "an IP address", _WITH_STR),
)


def is_json_scalar(value: object) -> bool:
    """Return whether JSON has a value as it is: a string, a number, a boolean or nothing."""
    return value is None or isinstance(value, (str, int, float))


def type_of(value: object) -> str:
    """Return what a value is and, where there is an obvious way, how to make a string or a number of it.

    Args:
        value: Anything. It is not shown, and nothing of it is called.

    Returns:
        The end of a sentence: `a UUID: convert it with str()`.
    """
    for types, name, conversion in _TYPES:
        if isinstance(value, types):
            return f"{name}: {conversion}" if conversion else name
    if callable(value):
        return "a function or class: call it"
    return f"an object of type {type(value).__name__}"
