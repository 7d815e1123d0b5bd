"""An entity that exists, as a program would declare it and as a state would record it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli.names import to_config_key, to_variable, unique
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel, BaseConnectionKind, ShownAuth
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.registry import TITLES
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle

PASSWORD = "password"  # noqa: S105 - a property's name


@dataclass(frozen=True)
class ObservedConnection:
    """What the service shows of a connection.

    Args:
        connection: The service's own answer.
        source: Its kind of source.
        recorded: The state that fits it, without the secret.
        kind: Its kind of auth.
    """

    connection: Connection
    source: BaseConnectionKind
    recorded: State
    kind: type[AuthModel]

    @property
    def spec_name(self) -> str:
        """The name of the auth spec."""
        return self.recorded.string("authSpecName")

    @property
    def auth(self) -> ShownAuth:
        """What is shown of the credentials."""
        return self.kind.shown(self.connection.auth.params)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The properties that have to be given: those of the parts, or everything where the parts cannot say it.

        A secret that need not be there is one of them where the service shows that it is.
        """
        if self.auth.whole is not None:
            return (PASSWORD,) if self.auth.can_be_parts else (self.auth.whole,)
        params = self.connection.auth.params
        marked = (facts for facts in self.kind.facts() if facts.marks.secret)
        return tuple(facts.key for facts in marked if facts.required or facts.key in params)

    @property
    def title(self) -> str:
        """How a message calls it."""
        return f"'{self.connection.name}' ({self.connection.id})"


def show(lifecycle: Lifecycle, spec: BaseConnectionKind, connection: Connection, sandbox: str) -> ObservedConnection:
    """Return what the service shows of a connection.

    Args:
        lifecycle: The rules of the provider.
        spec: The kind of source.
        connection: The connection.
        sandbox: The sandbox that it was read from.

    Raises:
        EntityMismatch: It is no connection of this spec and sandbox.
        InvalidInputs: A program cannot declare its kind of auth, or not all of its credentials.
    """
    lifecycle.check_belongs(connection, sandbox)
    spec_name = connection.auth.spec_name
    kind = spec.inputs.auth_kind(spec_name)
    if kind is None and not spec.inputs.auth_kinds:
        raise InvalidInputs(
            f"Connection '{connection.name}' ({connection.id}) cannot be imported.",
            why=f"{TITLES.get(connection.connection_spec.id or '', 'Its source')} has no class of its own.",
            advice="Declare a BaseConnection with existing_connection_id: the next pulumi up takes it over.",
        )
    if kind is None:
        names = " and ".join(f"'{each.model_fields['spec_name'].default}'" for each in spec.inputs.auth_kinds)
        raise InvalidInputs(
            f"Connection '{connection.name}' ({connection.id}) cannot be declared.",
            why=f"Its kind of auth is '{spec_name}'; there are {names}.",
            advice="Create a new connection with one of them, and move the dataflows to it.",
        )
    shown = ObservedConnection(connection, spec, lifecycle.observe(connection, State(), sandbox), kind)
    if shown.auth.undeclarable:
        raise InvalidInputs(
            f"Connection {shown.title} cannot be declared.",
            why=f"Its credentials have {', '.join(shown.auth.undeclarable)}, which no property can say and the first "
            "change of the password would take away.",
            advice="Remove it in Experience Platform first, or leave the connection as it is and read it with "
            f"{spec.name}.get.",
        )
    return shown


@dataclass(frozen=True)
class Declaration:
    """An entity under the name of a resource."""

    kind: EntityKind
    resource_name: str
    inputs: Properties
    """As the provider's own check gives them, secrets in plain."""
    outputs: Properties
    """As the state records them, secrets in plain."""
    auth_model: type[AuthModel] | None = None
    """Its kind of auth, if it has one."""
    secrets: tuple[str, ...] = ()
    """The properties of auth that are secrets: mostly one, `password` or `connectionString`."""
    notes: tuple[str, ...] = ()
    """What was assumed, in sentences."""
    role: str = ""
    """What it is among others of the same name, for its variable: `source`."""

    @property
    def id(self) -> str:
        """The entity."""
        return str(self.outputs[self.kind.id_key])

    def reference(self, name: str) -> Mapping[str, object] | None:
        """Return where the provider reads a secret (`SecretFromEnv`); None where the state holds it."""
        secret = self.inputs["auth"][name]
        return secret if isinstance(secret, Mapping) else None


def declare(
    lifecycle: Lifecycle, shown: ObservedConnection, resource_name: str, auth: Properties, secrets: tuple[str, ...]
) -> Declaration:
    """Make the declaration of a connection.

    Args:
        lifecycle: Checks it, as the provider will.
        shown: The connection.
        resource_name: The resource's name.
        auth: Its whole auth, the secret included.
        secrets: Which properties of auth are secrets.

    Raises:
        InvalidInputs: A program could not declare this, or it is not what the service shows.
    """
    recorded = shown.recorded
    checked = lifecycle.planner.check({**recorded.inputs(lifecycle.kind.inputs), "auth": auth})
    if checked.inputs is None:
        raise InvalidInputs(
            f"Connection {shown.title} cannot be declared as it is.",
            why=" ".join(problem.sentence(to_snake, COMMAND_LINE) for problem in checked.problems),
            advice="Correct what was given, or change the connection in Experience Platform first.",
        )
    _refuse_contradictions(shown, auth)
    inputs = checked.inputs.to_state()
    outputs = recorded.updated({"auth": inputs["auth"]}).properties
    notes = _notes(shown, secrets)
    return Declaration(lifecycle.kind, resource_name, inputs, outputs, shown.kind, secrets, notes)


def declare_entity(
    lifecycle: Lifecycle, observed: State, resource_name: str, role: str = "", notes: tuple[str, ...] = ()
) -> Declaration:
    """Make the declaration of an entity without secrets.

    Args:
        lifecycle: Checks it, as the provider will.
        observed: What `Lifecycle.adopt` returned.
        resource_name: The resource's name.
        role: What it is among others of the same name.
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
    differing = shown.kind.contradictions(whole, shown.connection.auth.params) if isinstance(whole, str) else ()
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
