"""The validators of single values, and the errors that they raise.

A message says what is allowed and what kind of value was given. It names properties by their wire names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BeforeValidator, ModelWrapValidatorHandler, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from pulumi_adobe_aep.kinds.value_types import type_of
from pulumi_adobe_aep.redaction import register
from pulumi_adobe_aep.sandbox import RULE, is_sandbox_name
from pulumi_adobe_aep.secret_parts import (
    has_connection_string,
    has_credentials_in_url,
    has_secret_pair,
    is_user_with_password,
    secrets_inside,
)

_Validated = TypeVar("_Validated")


def bad_value(message: str) -> PydanticCustomError:
    """Make the error of a value that is not allowed.

    Args:
        message: What is allowed; never quotes a secret. Properties have their wire names, between
            backticks, so that they can be spelled as where the message is read.
    """
    return PydanticCustomError("bad_value", "{message}", {"message": message})


def new_error(message: str, *path: str) -> InitErrorDetails:
    """Make an error for a validator that collects several, at a path below its own place."""
    return InitErrorDetails(type=bad_value(message), loc=path, input=None)


def validate_with(
    details: Sequence[InitErrorDetails], value: Any, handler: ModelWrapValidatorHandler[_Validated], *, title: str
) -> _Validated:
    """Validate a model together with how its fields go together, so that all failures are reported at once.

    Args:
        details: What is wrong with how the fields go together.
        value: What is validated.
        handler: What checks the fields, as a model's wrap validator gets it.
        title: The model's name.

    Raises:
        ValidationError: There are details, or a field is not allowed; it hides what was given.
    """
    found = [*details]
    try:
        model = handler(value)
    except ValidationError as error:
        found += [_repeat_error(each) for each in error.errors(include_url=False, include_input=False)]
    if found:
        raise ValidationError.from_exception_data(title, found, hide_input=True)
    return model


def _repeat_error(found: ErrorDetails) -> InitErrorDetails:
    """Make an error again, to raise it together with others."""
    again = PydanticCustomError(found["type"], "{message}", {"message": found["msg"]})
    return InitErrorDetails(type=again, loc=found["loc"], input=None)


CONTROL = re.compile(r"[\x00-\x1f\x7f]")
JOINERS = "\u200c\u200d"
# A description may hold tabs and line breaks.
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_string(value: object) -> str:
    """Check a string that is not empty, whatever else is in it."""
    if not isinstance(value, str):
        raise bad_value(f"must be a string, got {type_of(value)}")
    if not value.strip():
        raise bad_value("is empty; give a string, or leave it out where it has a default")
    try:
        value.encode()
    except UnicodeEncodeError:
        # How Python keeps the bytes of an environment variable that are not UTF-8. The codec's own text quotes them.
        raise bad_value("holds bytes that are not UTF-8") from None
    return value


def check_line(value: object) -> str:
    """Check a string of one line that does not begin or end with whitespace."""
    text = check_string(value)
    if text != text.strip():
        raise bad_value("begins or ends with whitespace or a line break")
    if CONTROL.search(text):
        raise bad_value("holds a control character or a line break")
    if has_secret_pair(text):
        _refuse_credentials(text)
    _refuse_credentials_in_url(text)
    return text


def check_identifier(value: object) -> str:
    """Check a string of one line that a machine compares, so that it holds nothing invisible.

    The two joiners are allowed between other characters, because words of some languages are written with them.
    """
    text = check_line(value)
    if is_user_with_password(text):
        _refuse_credentials(text)
    unseen = find_invisible(text, allowed=JOINERS) or find_invisible(text[0] + text[-1])
    if unseen:
        raise bad_value(f"holds an invisible character ({unseen}); type it instead of pasting it")
    return text


def find_invisible(text: str, *, allowed: str = "") -> str:
    """Return the first character that no screen shows, as `U+200B`, or an empty string.

    That is Unicode's category Cf (format) and its separators of lines and paragraphs. Whitespace is not meant.

    Args:
        text: Where to look.
        allowed: Characters that are passed over.
    """
    found = (each for each in text if each not in allowed and unicodedata.category(each) in {"Cf", "Zl", "Zp"})
    return next((f"U+{ord(each):04X}" for each in found), "")


def _refuse_credentials_in_url(text: str) -> None:
    if has_credentials_in_url(text):
        _refuse_credentials(text)


def _refuse_credentials(text: str) -> NoReturn:
    """Refuse a password that would be in the state in plain, and register it as a secret, so that no message has it."""
    for secret in secrets_inside(text):
        register(secret)
    raise bad_value("holds a password, which would lie in the state in plain; a password has an input of its own")


def _check_lines(value: object) -> str:
    text = check_string(value)
    if _CONTROL_BUT_LINES.search(text):
        raise bad_value("holds a control character")
    if has_connection_string(text):
        _refuse_credentials(text)
    _refuse_credentials_in_url(text)
    return text


def check_port(value: object) -> int:
    """Take 5432, 5432.0 (how numbers arrive from the engine) and "5432" (how configuration values arrive)."""
    number = value
    if (isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,10}\s*", value)) or (
        isinstance(value, float) and value.is_integer()
    ):
        number = int(value)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 65535:  # noqa: PLR2004
        given = f"'{number}'" if isinstance(number, (str, int, float)) else type_of(value)
        raise bad_value(f"must be a whole number from 1 to 65535, not {given}")
    return number


def _check_sandbox(value: object) -> str:
    text = check_line(value)
    if not is_sandbox_name(text):
        raise bad_value(f"must be a sandbox's name ({RULE}; not its title), not '{text}'")
    return text


def _check_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise bad_value(f"must be true or false, got {type_of(value)}")
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
Identifier = Annotated[str, BeforeValidator(check_identifier)]
Lines = Annotated[str, BeforeValidator(_check_lines)]
Port = Annotated[int, BeforeValidator(check_port)]
SandboxName = Annotated[str, BeforeValidator(_check_sandbox)]
Switch = Annotated[bool, BeforeValidator(_check_switch)]
Version = Annotated[int, BeforeValidator(_check_version)]
