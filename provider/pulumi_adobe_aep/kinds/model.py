"""A base connection as a program declares it and as the state records it, for any connection spec.

The models carry what the rest of the provider needs to know of each field: whether it is a secret, whether a change of
it replaces the connection, and what may stand in it. Which kinds of auth there are is the connector's own module
(`postgres_auth`); everything here is the same for every source.

Keys on the wire and in the state are camelCase, names in Python are snake_case.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidatorFunctionWrapHandler, field_validator
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.kinds.values import Line, Lines, SandboxName, Switch

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
