"""What is wrong with a whole connection string, or deserves a warning; never with a value in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from pydantic_core import PydanticCustomError

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.placeholders import is_placeholder
from pulumi_adobe_aep.kinds.server import find_server_problem
from pulumi_adobe_aep.kinds.values import JOINERS, check_port, find_invisible


def wrong_in_string(text: str, form: StringForm) -> Iterator[str]:
    """Return what a whole connection string lacks or has twice.

    Values are never named, and of the keys only ours: an unquoted password with a semicolon looks like other keys.

    Args:
        text: The string.
        form: How its source writes one.
    """
    try:
        pairs = form.read(text)
    except MalformedConnectionString as error:
        yield f"cannot be read: {error}"
        return
    known = {**form.keys, **form.option_names, **form.misspelled_names}
    twice = [known.get(key, "another key") for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if twice:
        yield f"has {', '.join(dict.fromkeys(twice))} more than once"
    values = {key: value for key, value in pairs if value and key in form.parts}
    missing = [key for part, key in form.keys.items() if part not in values]
    if missing:
        # Without a "Password=", because whatever follows that is masked.
        *keys, last = form.keys.values()
        yield f"lacks {', '.join(missing)}; it must have {', '.join(keys)} and {last}, best in that order"
    for part, value in values.items():
        in_braces = form.dialect.quote(value) == value and f"{{{value}}}" in text
        wrong = _wrong_in_part(part, value, in_braces=in_braces)
        if wrong:
            yield f"has a {form.keys.get(part, part)} that {wrong}"


def _wrong_in_part(part: str, value: str, *, in_braces: bool) -> str:
    """Return what is wrong with one part of a whole connection string, without its value, or an empty string.

    Args:
        part: The part's name.
        value: Its value, without quotes.
        in_braces: Whether it is in braces that it does not need.
    """
    if is_placeholder(part, value, in_braces=in_braces):
        return "is a placeholder"
    if part == "server":
        problem = find_server_problem(value)
        return problem.text if problem else ""
    if part == "port":
        return "" if _is_port(value) else "is not a whole number from 1 to 65535"
    unseen = "" if part == "password" else find_invisible(value, allowed=JOINERS)
    return f"holds an invisible character ({unseen})" if unseen else ""


def _is_port(value: str) -> bool:
    try:
        check_port(value)
    except PydanticCustomError:
        return False
    return True


def require_string(text: str, variable: str, form: StringForm) -> None:
    """Check a connection string that was read from an environment variable.

    Raises:
        MissingSecret: It is not a whole connection string.
    """
    wrong = [*wrong_in_string(text, form)]
    if wrong:
        raise MissingSecret(
            f"The environment variable {variable} holds no whole connection string; nothing was sent.",
            why=" ".join(f"It {each}." for each in wrong),
            advice=f"Correct {variable} for the process that runs pulumi.",
        )


def on_encryption(options: Collection[str], form: StringForm) -> Iterator[str]:
    """Return the warnings about the encryption that a whole connection string asks for.

    Args:
        options: All of its keys, in lower case.
        form: How its source writes one.
    """
    ours = [key for key, _ in form.encrypting]
    by_key = {key.replace(" ", "").lower(): key for key in form.foreign}
    foreign = [by_key[key] for key in (key.replace(" ", "") for key in options) if key in by_key]
    for wrong in (form.misspelled_names[key] for key in options if key in form.misspelled_names):
        right = form.misspelled[wrong]
        yield (f"{wrong} is a misspelling in Adobe's documentation, so the certificate is not checked; write {right}=1")
    if foreign:
        yield (
            f"{', '.join(foreign)} is an option of other drivers, which Adobe's driver does not know: it takes "
            f"{' and '.join(ours)}; {form.remedy} encrypts and checks the server's certificate"
        )
    elif ours and ours[0].lower() not in options:
        yield unencrypted(form.remedy)


def unencrypted(remedy: str, does: str = "encrypts and checks the server's certificate") -> str:
    """Return the warning for credentials that do not ask for encryption.

    Args:
        remedy: What to write.
        does: What that does.
    """
    return f"nothing asks for encryption, so the password and the data may cross the network readable; {remedy} {does}"
