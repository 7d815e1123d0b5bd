"""A secret in a model: its value, or the environment variable that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, SecretStr, Tag
from pydantic_core import PydanticCustomError

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.kinds.values import CONTROL, Identifier, Version, bad_value, check_string
from pulumi_adobe_aep.redaction import register


def check_secret_text(value: object) -> str:
    """Check a secret: any string without control characters. It is never quoted."""
    text = check_string(value)
    if CONTROL.search(text):
        at_end = text.rstrip("\r\n")
        if not CONTROL.search(at_end):
            raise bad_value("ends with a line break, as a value read from a file often does; strip it")
        raise bad_value("holds a control character or a line break")
    return register(text)


class SecretReference(Model):
    """A secret that never enters the state: the provider reads it from its environment when it creates or updates."""

    from_env: Identifier = Field(
        description="The environment variable that holds the secret, set for the process that runs `pulumi`."
    )
    version: Version = Field(
        default=1,
        description="Raise it to send a new value of the variable, because the state has no value to compare with.",
    )

    def to_adobe(self, environment: Mapping[str, str]) -> str:
        """Return the secret itself; see `read`."""
        return self.read(environment)

    def read(self, environment: Mapping[str, str]) -> str:
        """Read the variable.

        Raises:
            MissingSecret: It is not set, or holds what cannot be a secret.
        """
        value = environment.get(self.from_env, "")
        advice = f"Set {self.from_env} for the process that runs pulumi."
        if not value:
            raise MissingSecret(
                f"The environment variable {self.from_env} is not set; nothing was sent.", advice=advice
            )
        try:
            return check_secret_text(value)
        except PydanticCustomError as error:
            raise MissingSecret(
                f"The environment variable {self.from_env} {error.message()}; nothing was sent.", advice=advice
            ) from None


def _form_of_secret(value: object) -> str:
    return REFERENCE_TAG if isinstance(value, (Mapping, SecretReference)) else _VALUE_TAG


# A validation error's location has tags in it; the brackets distinguish them from the names of properties.
REFERENCE_TAG = "<reference>"
_VALUE_TAG = "<value>"
Secret = Annotated[
    Annotated[SecretReference, Tag(REFERENCE_TAG)]
    | Annotated[SecretStr, BeforeValidator(check_secret_text), Tag(_VALUE_TAG)],
    Discriminator(_form_of_secret),
]
"""A secret's value, or where to read it."""


def reveal(secret: SecretStr | SecretReference, environment: Mapping[str, str]) -> str:
    """Return a secret's value, for a request body.

    Raises:
        MissingSecret: It is to be read from a variable that is not set.
    """
    if isinstance(secret, SecretReference):
        return secret.read(environment)
    return register(secret.get_secret_value())
