"""A source of tables, made from data: its connection spec and its kinds of auth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Union

from pydantic import Discriminator, Field, Tag, create_model

from pulumi_adobe_aep.kinds.base_connection.connection_string import CONNECTION_STRING, StringAuthModel
from pulumi_adobe_aep.kinds.base_connection.kind import (
    AUTH,
    AuthModel,
    BaseConnectionInputs,
    BaseConnectionKind,
    Page,
    base_connection_kind,
)


def sql_source(
    *, name: str, source: str, slug: str, spec_id: str, page: Page, auth: tuple[type[AuthModel], ...]
) -> BaseConnectionKind:
    """Make the kind of a database's base connections.

    Args:
        name: The resource's name in Pulumi.
        source: The database's name for people.
        slug: Its name in the command line, and in `connection_spec`.
        spec_id: The connection spec's id.
        page: The page of Adobe's that it was made from.
        auth: The kinds of auth. A declaration that names none is of the first kind, unless it has a property that only
            another kind has.
    """
    return base_connection_kind(
        name=name, source=source, slug=slug, spec_id=spec_id, page=page, inputs=inputs_with(name, auth)
    )


def inputs_with(name: str, auth: tuple[type[AuthModel], ...]) -> type[BaseConnectionInputs]:
    """Make the model of what a program declares of a source's base connections.

    Args:
        name: The resource's name in Pulumi.
        auth: The kinds of auth.
    """

    class SourceInputs(BaseConnectionInputs):
        auth_kinds: ClassVar[tuple[type[AuthModel], ...]] = auth

    field = Field(
        description="How Experience Platform logs in to the database. Another kind of auth replaces the connection."
    )
    # pydantic takes a type that is made when the program runs; type checkers do not know it.
    fields: dict[str, Any] = {"auth": (Annotated[_one_of(auth), AUTH], field)}
    return create_model(
        name.replace("BaseConnection", "Inputs"),
        __base__=SourceInputs,
        __doc__=f"What a program declares of a `{name}`.",
        **fields,
    )


def _one_of(kinds: tuple[type[AuthModel], ...]) -> Any:
    if len(kinds) == 1:
        return kinds[0]
    tagged = tuple(Annotated[kind, Tag(_tag(_spec_name(kind)))] for kind in kinds)
    return Annotated[Union[tagged], Discriminator(_discriminator(kinds))]  # noqa: UP007 - of a tuple


def _discriminator(kinds: tuple[type[AuthModel], ...]) -> Callable[[object], str | None]:
    first, *others = kinds
    names = {_spec_name(kind): _tag(_spec_name(kind)) for kind in kinds}
    # The class that programs use for connection strings has the name that most sources have.
    names.update((CONNECTION_STRING, _tag(_spec_name(kind))) for kind in kinds if issubclass(kind, StringAuthModel))
    default = _tag(_spec_name(first))
    common = {facts.key for facts in first.facts()}
    own = {_spec_name(kind): {facts.key for facts in kind.facts()} - common for kind in others}

    def kind_of_auth(value: object) -> str | None:
        """Return the kind of auth: by its name if there is one, otherwise by a property that only one kind has."""
        if isinstance(value, AuthModel):
            return _tag(value.spec_name)
        if not isinstance(value, Mapping):
            return default
        named = value.get("specName")
        if named is not None:
            return names.get(named) if isinstance(named, str) else None
        given = {key for key, item in value.items() if item is not None}
        return next((_tag(name) for name, keys in own.items() if keys & given), default)

    return kind_of_auth


def _spec_name(kind: type[AuthModel]) -> str:
    return str(kind.model_fields["spec_name"].default)


def _tag(spec_name: object) -> str:
    return f"<{spec_name}>"
