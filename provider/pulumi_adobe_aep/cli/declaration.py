"""An entity that exists, as a program would declare it and as a state would record it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli.names import to_config_key, to_variable, unique
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.any_source import shown_auth
from pulumi_adobe_aep.kinds.base_connection.auth_schema import secret_names, typed_value, wrong_params
from pulumi_adobe_aep.kinds.base_connection.kind import CREDENTIALS, AuthModel, BaseConnectionKind, ShownAuth
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.registry import TITLES, source_of
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle

PASSWORD = "password"  # noqa: S105 - a property's name


@dataclass(frozen=True)
class ObservedConnection:
    """What the service shows of a connection.

    Args:
        connection: The service's own response.
        source: Its kind of source.
        recorded: The state that fits it, without the secret.
        kind: Its kind of auth; None of a source without a class of its own.
        schema: The JSON Schema of the parameters of such a source.
        auth: What is shown of the credentials.
        secrets: The properties that have to be given: those of the parts, or everything where the parts cannot say it.
            A secret that need not be there is one of them where the service shows that it is.
        secret_properties: All properties that are secrets where they are given.
    """

    connection: Connection
    source: BaseConnectionKind
    recorded: State
    kind: type[AuthModel] | None
    schema: Mapping[str, Any]
    auth: ShownAuth
    secrets: tuple[str, ...]
    secret_properties: frozenset[str]

    @property
    def spec_name(self) -> str:
        """The name of the auth spec."""
        return self.recorded.string("authSpecName")

    @property
    def title(self) -> str:
        """Its name in messages."""
        return f"'{self.connection.name}' ({self.connection.id})"


def show(session: Session, connection: Connection) -> ObservedConnection:
    """Return what the service shows of a connection.

    Args:
        session: The sandbox that it was read from.
        connection: The connection.

    Raises:
        EntityMismatch: It is not a connection of this sandbox.
        InvalidInputs: A program cannot declare its kind of auth, or not all of its credentials.
    """
    source = source_of(connection.connection_spec.id)
    lifecycle = session.lifecycle(source)
    lifecycle.check_belongs(connection, session.sandbox)
    recorded = lifecycle.observe(connection, State(), session.sandbox)
    shown = _typed(connection, source, recorded) if source.inputs.auth_kinds else _any(session, connection, recorded)
    if shown.auth.undeclarable:
        which = "which no property can say and" if shown.kind else "which its connection spec does not have and"
        raise InvalidInputs(
            f"Connection {shown.title} cannot be declared.",
            why=f"Its credentials have {', '.join(shown.auth.undeclarable)}, {which} the first change of the password "
            "would take away.",
            advice="Remove it in Experience Platform first, or leave the connection as it is and read it with "
            f"{source.name}.get.",
        )
    return shown


def _typed(connection: Connection, source: BaseConnectionKind, recorded: State) -> ObservedConnection:
    """Return what is shown of a connection of a source that has a class of its own."""
    kind = source.inputs.auth_kind(connection.auth.spec_name)
    if kind is None:
        names = " and ".join(f"'{each.model_fields['spec_name'].default}'" for each in source.inputs.auth_kinds)
        raise InvalidInputs(
            f"Connection '{connection.name}' ({connection.id}) cannot be declared.",
            why=f"Its kind of auth is '{connection.auth.spec_name}'; there are {names}.",
            advice="Create a new connection with one of them, and move the dataflows to it.",
        )
    params = connection.auth.params
    auth = kind.shown(params)
    secrets: tuple[str, ...]
    if auth.whole is not None:
        secrets = (PASSWORD,) if auth.can_be_parts else (auth.whole,)
    else:
        marked = (facts for facts in kind.facts() if facts.marks.secret)
        secrets = tuple(facts.key for facts in marked if facts.required or facts.key in params)
    return ObservedConnection(connection, source, recorded, kind, {}, auth, secrets, kind.marked("secret"))


def _any(session: Session, connection: Connection, recorded: State) -> ObservedConnection:
    """Return what is shown of a connection that is declared as a `BaseConnection`, by its connection spec's schema."""
    schema = session.auth_schema(connection)
    if schema is None:
        title = TITLES.get(connection.connection_spec.id or "", "its source")
        raise InvalidInputs(
            f"Connection '{connection.name}' ({connection.id}) cannot be imported.",
            why=f"The service does not show what the connection spec of {title} says of "
            f"'{connection.auth.spec_name}', so it is not known which parameters are secrets.",
            advice="Declare a BaseConnection with existing_connection_id: the next pulumi up takes it over.",
        )
    auth, secrets = shown_auth(schema, connection.auth.params)
    source = source_of(connection.connection_spec.id)
    return ObservedConnection(connection, source, recorded, None, schema, auth, secrets, secret_names(schema))


@dataclass(frozen=True)
class Declaration:
    """An entity under the name of a resource."""

    kind: EntityKind
    resource_name: str
    inputs: Properties
    """As the provider's own check returns them, secrets in plain."""
    outputs: Properties
    """As the state records them, secrets in plain."""
    auth_model: type[AuthModel] | None = None
    """Its kind of auth, if it has one."""
    secrets: tuple[str, ...] = ()
    """Its properties that are secrets: usually one, `password` or `connectionString`."""
    notes: tuple[str, ...] = ()
    """What was assumed, in sentences."""
    role: str = ""
    """Distinguishes its variable from those of others with the same name: `source`."""
    secrets_in: str = "auth"
    """The input that has the secrets; of a `BaseConnection` it is `secretParams`."""

    @property
    def id(self) -> str:
        """The entity."""
        return str(self.outputs[self.kind.id_key])

    def reference(self, name: str) -> Mapping[str, object] | None:
        """Return where the provider reads a secret (`SecretFromEnv`); None where the state holds it."""
        secret = self.inputs[self.secrets_in][name]
        return secret if isinstance(secret, Mapping) else None


def declare(
    lifecycle: Lifecycle, shown: ObservedConnection, resource_name: str, auth: Properties, secrets: tuple[str, ...]
) -> Declaration:
    """Make the declaration of a connection.

    Args:
        lifecycle: Checks it, as the provider will.
        shown: The connection.
        resource_name: The resource's name.
        auth: Its whole auth, the secret included, or a reference to it. A variable that is set here is checked as well,
            because the next update would refuse it.
        secrets: Which properties of auth are secrets.

    Raises:
        InvalidInputs: A program could not declare this, or it is not what the service shows.
    """
    inputs = _check(lifecycle, shown, auth)
    revealed = _with_variables(auth, secrets, os.environ)
    if revealed != auth:
        _check(lifecycle, shown, revealed)
    _refuse_contradictions(shown, revealed)
    outputs = shown.recorded.updated({key: inputs[key] for key in CREDENTIALS if key in inputs}).properties
    notes = _notes(shown, secrets)
    secrets_in = "auth" if shown.kind else "secretParams"
    return Declaration(
        lifecycle.kind, resource_name, inputs, outputs, shown.kind, secrets, notes, secrets_in=secrets_in
    )


def _with_variables(auth: Properties, secrets: tuple[str, ...], environment: Mapping[str, str]) -> Properties:
    """Return the auth with the value of each variable that is set, in place of its reference."""
    references = {name: auth[name]["fromEnv"] for name in secrets if isinstance(auth[name], Mapping)}
    return {**auth, **{name: environment[key] for name, key in references.items() if environment.get(key)}}


def _check(lifecycle: Lifecycle, shown: ObservedConnection, auth: Properties) -> Properties:
    """Return the inputs of a connection, as the provider's own check returns them.

    Raises:
        InvalidInputs: The provider would refuse them.
    """
    credentials = {"auth": auth} if shown.kind else _params(shown, auth)
    checked = lifecycle.planner.check({**shown.recorded.inputs(lifecycle.kind.inputs), **credentials})
    if checked.inputs is None:
        raise InvalidInputs(
            f"Connection {shown.title} cannot be declared as it is.",
            why=" ".join(problem.sentence(to_snake, COMMAND_LINE) for problem in checked.problems),
            advice="Correct what was given, or change the connection in Experience Platform first.",
        )
    return checked.inputs.to_state()


def _params(shown: ObservedConnection, auth: Properties) -> Properties:
    """Return the credentials of a `BaseConnection`, which must fit the schema, or no change of them could be sent."""
    secrets = {name: value for name, value in auth.items() if name in shown.secret_properties}
    params = {name: value for name, value in auth.items() if name not in {"specName", *secrets}}
    typed = {
        name: typed_value(shown.schema, name, value) if isinstance(value, str) else value
        for name, value in params.items()
    }
    wrong = [*wrong_params(shown.schema, typed, secrets)]
    if wrong:
        raise InvalidInputs(
            f"Connection {shown.title} does not fit its connection spec.",
            why=f"{'. '.join(wrong)}.",
            advice="Correct what was given, or change the connection in Experience Platform first.",
        )
    return {"params": typed, "secretParams": secrets}


def declare_entity(
    lifecycle: Lifecycle, observed: State, resource_name: str, role: str = "", notes: tuple[str, ...] = ()
) -> Declaration:
    """Make the declaration of an entity without secrets.

    Args:
        lifecycle: Checks it, as the provider will.
        observed: What `Lifecycle.adopt` returned.
        resource_name: The resource's name.
        role: Distinguishes it from others with the same name.
        notes: What was assumed.

    Raises:
        InvalidInputs: A program could not declare this.
    """
    kind = lifecycle.kind
    checked = lifecycle.planner.check(observed.inputs(kind.inputs))
    if checked.inputs is None:
        raise InvalidInputs(
            f"{kind.noun.capitalize()} '{observed.name}' ({observed.string(kind.id_key)}) cannot be declared as it is.",
            why=" ".join(problem.sentence(to_snake, COMMAND_LINE) for problem in checked.problems),
            advice="Change it in Experience Platform first, or leave it as it is.",
        )
    inputs = checked.inputs.to_state()
    return Declaration(kind, resource_name, inputs, observed.updated(inputs).properties, notes=notes, role=role)


def _refuse_contradictions(shown: ObservedConnection, auth: Properties) -> None:
    whole = auth.get(shown.auth.whole or "")
    if shown.kind is None or not isinstance(whole, str):
        return
    differing = shown.kind.contradictions(whole, shown.connection.auth.params)
    if differing:
        raise InvalidInputs(
            f"The connection string that was given is not that of connection {shown.title}.",
            why=f"The service shows another value, or none, of: {', '.join(differing)}.",
            advice="Give the connection string as the service has it, and change it with the program after the import.",
        )


def _notes(shown: ObservedConnection, secrets: tuple[str, ...]) -> tuple[str, ...]:
    if secrets != (PASSWORD,) or shown.auth.whole is None or not shown.auth.hidden:
        return ()
    assumed = (
        "The service does not show the whole connection string. It is assumed to have nothing but these parts: any "
        "further option is lost when the password changes."
    )
    return (assumed,)


@dataclass(frozen=True)
class Named:
    """A declaration with the names that it gets in a program."""

    declaration: Declaration
    variable: str
    config_keys: Mapping[str, str]
    """The keys of its secrets in the stack's configuration, by property; a reference has none."""


def name_all(declarations: Iterable[Declaration]) -> list[Named]:
    """Return each declaration names of its own."""
    named: list[Named] = []
    for declaration in declarations:
        called = " ".join(filter(None, (declaration.resource_name, declaration.role)))
        variable = unique(to_variable(called), {each.variable for each in named}, "_")
        taken = {key for each in named for key in each.config_keys.values()}
        keys = {
            name: unique(to_config_key(variable, to_snake(name)), taken, "")
            for name in declaration.secrets
            if declaration.reference(name) is None
        }
        named.append(Named(declaration, variable, keys))
    return named
