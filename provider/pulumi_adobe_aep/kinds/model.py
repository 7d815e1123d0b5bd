"""A base connection as a program declares it and as the state records it, for any connection spec.

The models carry what the rest of the provider needs to know of each field: whether it is a secret, whether a change of
it replaces the connection, and what may stand in it. Which kinds of auth there are is the connector's own module
(`postgres_auth`); everything here is the same for every source.

Keys on the wire and in the state are camelCase, names in Python are snake_case.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.redaction import register
from pulumi_adobe_aep.settings import SANDBOX_NAME

Properties = dict[str, Any]
"""An object as it is on the wire and in the state: JSON values under camelCase keys, or UNKNOWN."""


class Unknown(enum.Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
"""A value that the program does not know yet: the output of a resource that a preview has not made."""


@dataclass(frozen=True)
class Marks:
    """What is special about a field, as `Annotated` metadata."""

    secret: bool = False
    replaces: bool = False


SECRET = Marks(secret=True)
REPLACES = Marks(replaces=True)


class Remark(NamedTuple):
    """Something about an input that is allowed and yet deserves a warning."""

    path: str
    """The property, in wire names: `auth.sslMode`."""
    text: str


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


# Control characters but tab and line breaks, which a description may hold.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _check_text(value: object) -> str:
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
    text = _check_text(value)
    if text != text.strip():
        raise bad_value("begins or ends with white space or a line break")
    if _CONTROL.search(text):
        raise bad_value("holds a control character or a line break")
    return text


def _check_lines(value: object) -> str:
    text = _check_text(value)
    if _CONTROL_BUT_LINES.search(text):
        raise bad_value("holds a control character")
    return text


def check_secret_text(value: object) -> str:
    """Check a secret: any text without control characters. It is never quoted."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    text = _check_text(value)
    if _CONTROL.search(text):
        at_end = text.rstrip("\r\n")
        if not _CONTROL.search(at_end):
            raise bad_value("ends with a line break, as a value read from a file often does; strip it")
        raise bad_value("holds a control character or a line break")
    return register(text)


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


class Model(BaseModel):
    """The base of all models: camelCase keys, nothing unknown, no value in any error text.

    In a preview a field may hold UNKNOWN instead of its declared type; in create, update and delete none does.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _let_unknown_pass(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        return value if value is UNKNOWN else handler(value)

    def to_state(self) -> Properties:
        """Return the object as the state has it: without what is None, secrets in plain (the engine marks them)."""
        # The alias is what to_camel gave once; calling it again for each field is a tenth of what a create takes.
        values = ((info.alias or name, getattr(self, name)) for name, info in type(self).model_fields.items())
        return {key: _plain(value) for key, value in values if value is not None}

    @classmethod
    def marked(cls, mark: str) -> frozenset[str]:
        """Return the wire names of the fields with a mark, `secret` or `replaces`."""
        return frozenset(
            to_camel(name)
            for name, info in cls.model_fields.items()
            if any(isinstance(item, Marks) and getattr(item, mark) for item in info.metadata)
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_state()
    return value.get_secret_value() if isinstance(value, SecretStr) else value


class SecretReference(Model):
    """A secret that never enters the state: the provider reads it from its environment when it creates or updates."""

    from_env: Line = Field(description="The environment variable that holds the secret.")
    version: Annotated[int, BeforeValidator(_check_version)] = Field(
        default=1, description="Raise it to push a new value of the variable."
    )

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


# Tags stand in a validation error's location; the brackets tell them from the names of properties.
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


class AuthModel(Model):
    """One kind of authentication of a connection spec."""

    spec_name: str = Field(description="The auth spec's name in Flow Service.")

    def params(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return `auth.params` of the request, secrets included."""
        raise NotImplementedError

    @classmethod
    def observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Return the recorded wire form with what the service shows of it; secrets stay as they are recorded."""
        raise NotImplementedError

    def remarks(self) -> Iterator[Remark]:
        """Return what is allowed and yet deserves a warning."""
        yield from ()


class Inputs(Model):
    """What a program declares. A connector adds `auth`."""

    name: Line = Field(
        description="The connection's name in Experience Platform. It need not be unique there. "
        "Default: the resource's name."
    )
    description: Lines | None = Field(default=None, description="A description, shown in the list of accounts.")
    sandbox_name: Annotated[SandboxName, REPLACES] = Field(
        description="The sandbox. Default: the one in the settings, which is then recorded."
    )
    verify: Switch = Field(
        default=False,
        description="Have Flow Service log in to the database after a create and after a change of auth.",
    )
    existing_connection_id: Annotated[Line | None, REPLACES] = Field(
        default=None, description="Take over this connection instead of creating one."
    )

    auth_kinds: ClassVar[tuple[type[AuthModel], ...]] = ()

    @property
    def declared_auth(self) -> AuthModel:
        """The auth, whatever its kind. Not for a preview, where it may be unknown."""
        auth: AuthModel = getattr(self, "auth")  # noqa: B009 - the field is the connector's
        return auth

    @classmethod
    def kind(cls, spec_name: object) -> type[AuthModel] | None:
        """Return the kind of auth with this name in Flow Service, or None."""
        return next((kind for kind in cls.auth_kinds if kind.model_fields["spec_name"].default == spec_name), None)


@dataclass(frozen=True)
class ConnectionSpec:
    """A kind of source, as the life cycle and the adapters know it."""

    id: str
    version: str
    title: str
    """Its name for people: PostgreSQL."""
    inputs: type[Inputs]


class RecordedState(BaseModel):
    """What the state holds of a connection: its inputs and what the service says of it.

    Reads states of every version and of drift: nothing is checked, and what is unknown is ignored.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    name: str = ""
    description: str | None = None
    sandbox_name: str = ""
    auth: Properties = Field(default_factory=dict, repr=False)
    verify: bool = False
    existing_connection_id: str | None = None
    connection_id: str = ""
    state: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    org_id: str = ""
    auth_spec_name: str = ""

    def to_state(self) -> Properties:
        """Return the outputs as they go into the state: without what is None."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def inputs_to_state(self) -> Properties:
        """Return the part of it that a program declares."""
        wire = self.to_state()
        return {key: wire[key] for key in map(to_camel, Inputs.model_fields | {"auth": None}) if key in wire}


OUTPUTS = ("connection_id", "state", "created_at", "updated_at", "org_id", "auth_spec_name")
"""The outputs beyond the inputs."""
