"""What a service shows in place of a value that it hides, distinguished from a value by what is known of the field.

Adobe does not document how Flow Service hides what it does not show, so every usual form of a mask is recognized: only
mask characters, a placeholder in brackets, or a word such as `redacted`. Where a value could be both, it counts as a
mask: then an import asks for it and a refresh reports no drift, and neither sends a mask to the service.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping

_MASK_CHARACTERS = "*•●∙·⋅…█▇■▪#?_.~=+ -"
_WORDS = frozenset({"hidden", "masked", "redacted"})
# At least three letters x: "x" and "xx" are names that people give.
_ONLY_LETTERS_X = re.compile(r"(?=(?:[^xX]*[xX]){3})[xX" + re.escape(_MASK_CHARACTERS) + "]+")
_ONLY_MASK_CHARACTERS = re.compile("[" + re.escape(_MASK_CHARACTERS) + "]*")
_HAS_STARS = re.compile(r"\*\*|[•●█■▪]")
"""A part of the value is hidden: `rea***`."""
_IN_BRACKETS = re.compile(r"\{.*\}|<.*>|\[.*\]|\(.*\)", re.DOTALL)
_NO_HOST = re.compile(r"[\s*<>(){}\"'?#•●█]")
_HOST_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_PORT = re.compile(r"\s*[0-9]{1,5}(\.0)?\s*")
_MAXIMUM_PORT = 65535


def is_masked_name(text: str) -> bool:
    """Return whether the name of a database or of a role, or an SSL mode, is a mask. An empty one is."""
    return bool(
        _ONLY_MASK_CHARACTERS.fullmatch(text)
        or _ONLY_LETTERS_X.fullmatch(text)
        or _HAS_STARS.search(text)
        or _IN_BRACKETS.fullmatch(text.strip())
        or text.strip(_MASK_CHARACTERS).lower() in _WORDS
    )


def is_masked_host(text: str) -> bool:
    """Return whether a host is a mask. A name or an address is not, also in brackets."""
    bracketed = _HOST_IN_BRACKETS.fullmatch(text)
    if bracketed:
        inside = bracketed[1]
        return not (_is_address(inside) or ("." in inside and not is_masked_host(inside)))
    return is_masked_name(text) or bool(_NO_HOST.search(text))


def is_masked_port(text: str) -> bool:
    """Return whether a port is a mask: everything that is not a number from 1 to 65535."""
    return not (_PORT.fullmatch(text) and 1 <= int(float(text.strip())) <= _MAXIMUM_PORT)


_BY_FIELD: Mapping[str, Callable[[str], bool]] = {"server": is_masked_host, "port": is_masked_port}


def is_mask(field: str, text: str) -> bool:
    """Return whether a string is a mask in place of a field's value.

    Args:
        field: The field's name in the state: `server`, `port`; every other one may hold any name.
        text: What the service shows.
    """
    return _BY_FIELD.get(field, is_masked_name)(text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
