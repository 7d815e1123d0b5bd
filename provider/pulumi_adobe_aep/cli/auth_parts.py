"""The auth of a connection that is imported, but for its secret: from what the service shows, and from a person.

Nothing is assumed: what is not shown is asked for or given as an option, because the first change of the password
sends the credentials as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping

import click

from pulumi_adobe_aep.cli.declaration import PASSWORD, ObservedConnection
from pulumi_adobe_aep.cli.import_options import NO_OPTION, ImportOptions, option_of
from pulumi_adobe_aep.cli.questions import ask, can_ask, confirm
from pulumi_adobe_aep.kinds.base_connection.shown import WHOLE_STRING
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import DEFAULT_PORT, ConnectionStringAuthModel
from pulumi_adobe_aep.kinds.model import Properties

ENCRYPTION_CHOICES = (*ConnectionStringAuthModel.form.encryption, NO_OPTION)
_ORDER = ("server", "database", "username", "port", "encryption", "sslMode")
"""In which order hidden parts are asked for and named."""
_OF_STRINGS = "encryption"
_OF_PARTS = "sslMode"
_MAY_BE_LEFT_OUT = frozenset({_OF_STRINGS, _OF_PARTS})
_GIVE_WHOLE = "give the whole connection string with --connection-string-env"


def auth_without_secret(shown: ObservedConnection, options: ImportOptions) -> tuple[Properties, tuple[str, ...]]:
    """Return the auth of a connection without its secrets, and the properties that are the secrets.

    Args:
        shown: The connection.
        options: The options of the command line.

    Raises:
        click.UsageError: Something is not shown and cannot be asked for, is shown otherwise, or cannot be said by
            parts; the message says what to give.
    """
    kind: Properties = {"specName": shown.spec_name}
    if options.connection_string_env and (shown.auth.whole is not None or WHOLE_STRING not in shown.secret_properties):
        if shown.auth.whole is None:
            raise click.UsageError(f"Connection {shown.title} has no connection string; give --password-env.")
        return kind, (shown.auth.whole,)
    by_parts = shown.auth.can_be_parts or options.parts or options.password_env
    if shown.auth.whole is not None and not by_parts:
        return kind, (shown.auth.whole,)
    secrets = shown.secrets if shown.auth.whole is None else (PASSWORD,)
    return {**kind, **shown.auth.values, **_hidden_parts(shown, options)}, secrets


def _hidden_parts(shown: ObservedConnection, options: ImportOptions) -> Mapping[str, object]:
    """Return what the service does not show: from the options, or from the person at the terminal."""
    if shown.auth.left_over:
        raise click.UsageError(
            f"Connection {shown.title} has {', '.join(shown.auth.left_over)} in its connection string, which the parts "
            f"cannot say and a change of the password would lose; {_GIVE_WHOLE}."
        )
    _refuse_contradictions(shown, options.parts)
    given = {part: value for part, value in options.parts.items() if part in shown.auth.hidden}
    order = (*_ORDER, *(part for part in shown.auth.hidden if part not in _ORDER))
    missing = [part for part in order if part in shown.auth.hidden and part not in given]
    if missing and not can_ask():
        raise click.UsageError(_what_to_give(shown, missing))
    given.update({part: _ask(shown, part) for part in missing})
    if missing and shown.auth.whole is not None:
        _refuse_further_options(shown)
    return {part: value for part, value in given.items() if not (part in _MAY_BE_LEFT_OUT and value == NO_OPTION)}


def _what_to_give(shown: ObservedConnection, missing: list[str]) -> str:
    names = ", ".join(missing)
    given = ", ".join(map(option_of, missing))
    none = "".join(
        f" `{option_of(part)} {NO_OPTION}` says that the connection has no such option."
        for part in missing
        if part in _MAY_BE_LEFT_OUT
    )
    otherwise = "" if shown.auth.whole is None else f", or {_GIVE_WHOLE}"
    return f"The service does not show the {names} of connection {shown.title}. Give {given}{otherwise}.{none}"


def _ask(shown: ObservedConnection, part: str) -> str:
    if part == "port":
        return ask("Port", str(DEFAULT_PORT) if shown.kind else None)
    if part == _OF_STRINGS:
        return ask("Encryption", choices=ENCRYPTION_CHOICES)
    if part == _OF_PARTS:
        return ask(f"SSL mode ({NO_OPTION} for none)")
    return ask(part[:1].upper() + part[1:])


def _refuse_further_options(shown: ObservedConnection) -> None:
    question = "Has the connection string any further option, such as HostNameInCertificate?"
    if confirm(question):
        raise click.UsageError(
            f"The parts cannot say all of the connection string of connection {shown.title}; {_GIVE_WHOLE}."
        )


def _refuse_contradictions(shown: ObservedConnection, given: Mapping[str, str]) -> None:
    """Refuse a part that the service shows otherwise: the state would not be what the service has."""
    foreign = _OF_STRINGS if shown.auth.whole is None else _OF_PARTS
    if foreign in given:
        raise click.UsageError(
            "--encryption is for ConnectionStringAuth; BasicAuth has --ssl-mode."
            if foreign == _OF_STRINGS
            else "--ssl-mode is for BasicAuth; ConnectionStringAuth has --encryption."
        )
    for part, value in given.items():
        # What is neither shown nor hidden is not there.
        has = shown.auth.values.get(part)
        if part in shown.auth.hidden or str(NO_OPTION if has is None else has) == value:
            continue
        shows = f"no {part}" if has is None else f"{part} '{has}'"
        raise click.UsageError(
            f"Connection {shown.title} has {shows}; leave {option_of(part)} out, and change the connection with the "
            "program after the import."
        )
