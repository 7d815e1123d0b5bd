"""What may stand in a field: the validators of single values, and the errors that they raise.

A message says what is allowed and what kind of value was given. Names of properties stand in it as wire names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from pulumi_adobe_aep.settings import SANDBOX_NAME


def bad_value(message: str) -> PydanticCustomError:
    """Make the error of a value that is not allowed.

    Args:
        message: What is allowed; never quotes a secret. Names of properties stand in it as wire names between
            backticks, so that they can be spelled as where the message is read.
    """
    return PydanticCustomError("bad_value", "{message}", {"message": message})


def new_error(message: str, *path: str) -> InitErrorDetails:
    """Make an error for a validator that collects several, at a path below its own place."""
    return InitErrorDetails(type=bad_value(message), loc=path, input=None)


def repeat_error(found: ErrorDetails) -> InitErrorDetails:
    """Make an error again, to raise it together with others."""
    again = PydanticCustomError(found["type"], "{message}", {"message": found["msg"]})
    return InitErrorDetails(type=again, loc=found["loc"], input=None)


CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A description may hold tabs and line breaks.
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_string(value: object) -> str:
    """Check a string that is not empty, whatever else stands in it."""
    if not isinstance(value, str):
        raise bad_value(f"must be a text, not {_kind(value)}")
    if not value.strip():
        raise bad_value("is empty; give a text, or leave it out where it has a default")
    try:
        value.encode()
    except UnicodeEncodeError:
        # How Python keeps the bytes of an environment variable that are no UTF-8. The codec's own text quotes them.
        raise bad_value("holds bytes that are not UTF-8") from None
    return value


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a text"),
    (Mapping, "an object"),
    (list, "a list"),
)


def _kind(value: object) -> str:
    """Say what a value is, without saying the value."""
    return next((text for kinds, text in _KINDS if isinstance(value, kinds)), "nothing")


def check_line(value: object) -> str:
    """Check a text of one line that does not begin or end with white space."""
    text = check_string(value)
    if text != text.strip():
        raise bad_value("begins or ends with white space or a line break")
    if CONTROL.search(text):
        raise bad_value("holds a control character or a line break")
    return text


def _check_lines(value: object) -> str:
    text = check_string(value)
    if _CONTROL_BUT_LINES.search(text):
        raise bad_value("holds a control character")
    return text


def _check_port(value: object) -> int:
    """Take 5432, 5432.0 (how numbers arrive from the engine) and "5432" (how configuration values arrive)."""
    number = value
    if (isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,10}\s*", value)) or (
        isinstance(value, float) and value.is_integer()
    ):
        number = int(value)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 65535:  # noqa: PLR2004
        given = f"'{number}'" if isinstance(number, (str, int, float)) else _kind(value)
        raise bad_value(f"must be a whole number from 1 to 65535, not {given}")
    return number


def _check_sandbox(value: object) -> str:
    text = check_line(value)
    if not SANDBOX_NAME.fullmatch(text):
        raise bad_value(
            "must be a sandbox's name (lower-case letters, digits and hyphens, beginning with a letter; not its title)"
            f", not '{text}'"
        )
    return text


def _check_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise bad_value(f"must be true or false, not {_kind(value)}")
    return value


def whole_number(value: object) -> int | None:
    """Return a whole number, however Adobe or the engine writes it: 1, 1.0, "1". None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value):
        return int(value)
    return int(value) if isinstance(value, (int, float)) and value == int(value) else None


def _check_version(value: object) -> int:
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise bad_value("must be a whole number, 0 or more, that grows with each new secret")
    return number


Line = Annotated[str, BeforeValidator(check_line)]
Lines = Annotated[str, BeforeValidator(_check_lines)]
Port = Annotated[int, BeforeValidator(_check_port)]
SandboxName = Annotated[str, BeforeValidator(_check_sandbox)]
Switch = Annotated[bool, BeforeValidator(_check_switch)]
Version = Annotated[int, BeforeValidator(_check_version)]
