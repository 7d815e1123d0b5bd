"""What a program declares, as models whose fields say everything that the rest of the provider needs to know of them.

A field is one annotated line: what it may hold, whether it is a secret, whether a change of it replaces the entity,
where Adobe keeps it, and its description. The body of a create, the operations of a change, what is read back, the
pages and the program text of an import follow from that.

Keys in the state are camelCase, names in Python are snake_case.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidatorFunctionWrapHandler, field_validator
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.kinds.values import Line, SandboxName
from pulumi_adobe_aep.redaction import register

Properties = dict[str, Any]
"""An object as it is on the wire and in the state: JSON values under camelCase keys, or UNKNOWN."""


class Unknown(enum.Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
"""A value that the program does not know yet: the output of a resource that a preview has not made."""


@dataclass(frozen=True)
class Marks:
    """The marks of a field, as `Annotated` metadata. A field may have several."""

    secret: bool = False
    replaces: bool = False
    takes_over: bool = False
    default: str = ""
    needed: str = ""
    at: tuple[str, ...] = ()
    patch: tuple[str, ...] = ()


SECRET = Marks(secret=True)
"""The engine keeps it encrypted, and no message shows it."""
REPLACES = Marks(replaces=True)
"""A change of it needs another entity in place of this one."""
TAKES_OVER = Marks(takes_over=True)
"""It is the id of an entity that exists and that is taken over instead of creating one."""


def at(*path: str, patch: tuple[str, ...] | None = None) -> Marks:
    """Mark a field that Adobe keeps; one without this mark is not sent.

    Args:
        path: The keys that lead to it, in the body of a create and in what is read: `at("params", "tableName")`.
        patch: Where a change of it is sent to, if that is not the same place.
    """
    return Marks(at=path, patch=patch or path)


def default_is(said: str) -> Marks:
    """Mark a field that a program may leave out although its model has no default.

    Args:
        said: What it is then, to follow "Default:".
    """
    return Marks(default=said)


def needed(said: str) -> Marks:
    """Mark a field that a program has to give or not, depending on others.

    Args:
        said: When it has to, for a table: "with the parts".
    """
    return Marks(needed=said)


class FieldFacts(NamedTuple):
    """The facts that a field's line declares."""

    name: str
    """In Python: `sandbox_name`."""
    key: str
    """In the state: `sandboxName`."""
    marks: Marks
    """All its marks in one."""
    required: bool
    """Whether the state must have it."""
    default: Any
    description: str

    @property
    def needed(self) -> str:
        """Whether a program has to give it: `yes`, `no`, or when."""
        return self.marks.needed or ("yes" if self.required and not self.marks.default else "no")

    @property
    def default_text(self) -> str:
        """What it is if a program leaves it out, in Markdown; empty for nothing."""
        return self.marks.default or ("" if self.default is None else f"`{self.default!r}`")

    @property
    def documentation(self) -> str:
        """What the docstring of what takes it says."""
        return f"{self.description} Default: {self.default_text}." if self.default_text else self.description


class Remark(NamedTuple):
    """Something about an input that is allowed and yet deserves a warning."""

    path: str
    """The property, in wire names: `auth.sslMode`."""
    text: str
    """What to say about it; properties are named as in the state, between backticks."""
    about_reach: bool = False
    """Whether it holds only where the service is elsewhere: an emulator on this machine reaches what Adobe cannot."""


class Model(BaseModel):
    """The base of all models: camelCase keys, nothing unknown, no value in any error message.

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
        return {key: plain(value) for key, value in values if value is not None}

    def to_adobe(self, environment: Mapping[str, str]) -> Any:
        """Return the object as Adobe takes it, secrets included.

        Args:
            environment: Where secrets that never enter the state are read from.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        values = ((facts.key, getattr(self, facts.name)) for facts in self.facts())
        return {key: to_adobe(value, environment) for key, value in values if value is not None}

    @classmethod
    def facts(cls) -> tuple[FieldFacts, ...]:
        """Return what each field's line says, in order."""
        return _facts(cls)

    @classmethod
    def defaults(cls) -> Properties:
        """Return the defaults as the state has them; a field whose default is None has none."""
        return {facts.key: plain(facts.default) for facts in cls.facts() if facts.default is not None}

    @classmethod
    def marked(cls, mark: str) -> frozenset[str]:
        """Return the keys of the fields with a mark, such as `secret` or `replaces`."""
        return frozenset(facts.key for facts in cls.facts() if getattr(facts.marks, mark))


@cache
def _facts(model: type[Model]) -> tuple[FieldFacts, ...]:
    def merged(marks: Sequence[Marks]) -> Marks:
        return Marks(
            secret=any(each.secret for each in marks),
            replaces=any(each.replaces for each in marks),
            takes_over=any(each.takes_over for each in marks),
            default=next((each.default for each in marks if each.default), ""),
            needed=next((each.needed for each in marks if each.needed), ""),
            at=next((each.at for each in marks if each.at), ()),
            patch=next((each.patch for each in marks if each.patch), ()),
        )

    return tuple(
        FieldFacts(
            name,
            to_camel(name),
            merged([item for item in info.metadata if isinstance(item, Marks)]),
            info.is_required(),
            None if info.is_required() else info.get_default(call_default_factory=True),
            info.description or "",
        )
        for name, info in model.model_fields.items()
    )


def plain(value: Any) -> Any:
    """Return a field's value as the state has it, secrets in plain."""
    if isinstance(value, Model):
        return value.to_state()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def to_adobe(value: Any, environment: Mapping[str, str]) -> Any:
    """Return a field's value as Adobe takes it, secrets included.

    Args:
        value: A validated value.
        environment: Where secrets that never enter the state are read from.

    Raises:
        MissingSecret: A secret is to be read from a variable that is not set.
    """
    if isinstance(value, Model):
        return value.to_adobe(environment)
    if isinstance(value, list):
        return [to_adobe(item, environment) for item in value]
    if isinstance(value, dict):
        return {key: to_adobe(item, environment) for key, item in value.items()}
    return register(value.get_secret_value()) if isinstance(value, SecretStr) else value


RESOURCE_NAME = default_is("the resource's name")
"""Marks a name: without one the entity is called like the resource."""


class Inputs(Model):
    """What a program declares of an entity of any kind."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(description="The name.")
    sandbox_name: Annotated[SandboxName, REPLACES, default_is("the one in the settings, which is then recorded")] = (
        Field(description="The sandbox.")
    )

    @property
    def existing_id(self) -> str | None:
        """The entity to take over instead of creating one."""
        return next((getattr(self, facts.name) for facts in self.facts() if facts.marks.takes_over), None)
