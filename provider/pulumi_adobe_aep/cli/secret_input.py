"""The secret of a connection, from an environment variable or a person, never from an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.cli.declaration import PASSWORD, ObservedConnection
from pulumi_adobe_aep.cli.questions import ask_secret
from pulumi_adobe_aep.errors import InvalidInputs, MissingSecret
from pulumi_adobe_aep.kinds.base_connection.shown import WHOLE_STRING
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.secrets import SecretReference
from pulumi_adobe_aep.redaction import register

FIRST_VERSION = 1
"""The version of a reference to a variable whose value is in force already."""


def from_environment(name: str, *, reference: bool) -> str | Mapping[str, object]:
    """Return the secret in an environment variable, or a reference to it.

    Args:
        name: The variable.
        reference: Return a reference, so that the secret never enters the state. The variable need not be set then.

    Raises:
        MissingSecret: It is not set, or holds what cannot be a secret.
        InvalidInputs: It cannot be the name of a variable.
    """
    try:
        variable = SecretReference(from_env=name, version=FIRST_VERSION)
    except ValidationError:
        raise InvalidInputs(f"'{name}' cannot be the name of an environment variable.") from None
    if reference:
        return variable.to_state()
    try:
        return register(variable.read(os.environ))
    except MissingSecret as missing:
        raise missing.with_context(advice=f"Set {name} for this command.") from None


def from_person(shown: ObservedConnection, secret_property: str, *, may_be_empty: bool = False) -> str:
    """Ask for the secret, without showing what is typed."""
    if secret_property == PASSWORD:
        parts = shown.auth.values
        whose = f" of {parts['username']} on {parts['server']}" if {"username", "server"} <= parts.keys() else ""
        question = f"Password{whose} for connection '{shown.connection.name}'"
    elif secret_property != WHOLE_STRING:
        question = f"{to_snake(secret_property)} of connection '{shown.connection.name}'"
    elif shown.source is not POSTGRES:
        question = f"Connection string of connection '{shown.connection.name}'"
    else:
        question = (
            "Connection string (Server=...;Database=...;Port=...;UID=...;Password=...) "
            f"of connection '{shown.connection.name}'"
        )
    if may_be_empty:
        question += " (Enter alone leaves it out)"
    return register(ask_secret(question, may_be_empty=may_be_empty))
