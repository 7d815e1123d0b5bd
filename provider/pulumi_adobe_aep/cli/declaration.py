"""A connection that exists, as a program would declare it and as a state would record it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli.names import to_config_key, to_variable, unique
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.postgresql import BASIC, CONNECTION_STRING, is_fully_expressed_by_parts
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle

PASSWORD = "password"  # noqa: S105 - a property's name
WHOLE_STRING = "connectionString"
REQUIRED_PARTS = ("server", "database", "username")


@dataclass(frozen=True)
class ObservedConnection:
    """What the service shows of a connection.

    Args:
        connection: The service's own answer.
        recorded: The state that fits it, without the secret.
    """

    connection: Connection
    recorded: State

    @property
    def spec_name(self) -> str:
        """The kind of auth."""
        return self.recorded.string("authSpecName")

    @property
    def parts(self) -> Mapping[str, object]:
        """The parts that are shown, by their names in the state."""
        return {key: value for key, value in self.recorded.properties["auth"].items() if key != "specName"}

    @property
    def can_be_parts(self) -> bool:
        """Whether the shown parts and a password say all that there is."""
        if self.spec_name == BASIC:
            return True
        return is_fully_expressed_by_parts(self.connection.auth.params.get(WHOLE_STRING))

    @property
    def title(self) -> str:
        """How a message calls it."""
        return f"'{self.connection.name}' ({self.connection.id})"


def show(lifecycle: Lifecycle, connection: Connection, sandbox: str) -> ObservedConnection:
    """Return what the service shows of a connection.

    Raises:
        EntityMismatch: It is no PostgreSQL connection of this sandbox.
        InvalidInputs: Its kind of auth is not one that a program can declare.
    """
    lifecycle.check_belongs(connection, sandbox)
    spec_name = connection.auth.spec_name
    if spec_name not in (BASIC, CONNECTION_STRING):
        raise InvalidInputs(
            f"Connection '{connection.name}' ({connection.id}) cannot be declared.",
            why=f"Its kind of auth is '{spec_name}'; there are '{BASIC}' and '{CONNECTION_STRING}'.",
            advice="Create a new connection with one of them, and move the dataflows to it.",
        )
    return ObservedConnection(connection, lifecycle.observe(connection, State(), sandbox))


@dataclass(frozen=True)
class Declaration:
    """A connection under the name of a resource."""

    resource_name: str
    inputs: Properties
    """As the provider's own check gives them, secrets in plain."""
    outputs: Properties
    """As the state records them, secrets in plain."""
    secret_property: str
    """The property of auth that is a secret: `password` or `connectionString`."""

    @property
    def id(self) -> str:
        """The connection."""
        return str(self.outputs["connectionId"])

    @property
    def reference(self) -> Mapping[str, object] | None:
        """Where the provider reads the secret (`SecretFromEnv`); None where the state holds it."""
        secret = self.inputs["auth"][self.secret_property]
        return secret if isinstance(secret, Mapping) else None


def declare(
    lifecycle: Lifecycle, shown: ObservedConnection, resource_name: str, auth: Properties, secret_property: str
) -> Declaration:
    """Make the declaration of a connection.

    Args:
        lifecycle: Checks it, as the provider will.
        shown: The connection.
        resource_name: The resource's name.
        auth: Its whole auth, the secret included.
        secret_property: Which property of auth is the secret.

    Raises:
        InvalidInputs: A program could not declare this.
    """
    recorded = shown.recorded
    wire: Properties = {"name": recorded.name, "sandboxName": recorded.sandbox_name, "auth": auth}
    if "description" in recorded.properties:
        wire["description"] = recorded.properties["description"]
    checked = lifecycle.planner.check(wire)
    if checked.inputs is None:
        raise InvalidInputs(
            f"Connection {shown.title} cannot be declared as it is.",
            why=" ".join(problem.sentence(to_snake) for problem in checked.problems),
            advice="Correct what was given, or change the connection in Experience Platform first.",
        )
    inputs = checked.inputs.to_state()
    return Declaration(resource_name, inputs, recorded.updated({"auth": inputs["auth"]}).properties, secret_property)


@dataclass(frozen=True)
class Named:
    """A declaration with the names that it gets in a program."""

    declaration: Declaration
    variable: str
    config_key: str | None
    """The key of its secret in the stack's configuration; None for a reference."""


def name_all(declarations: Iterable[Declaration]) -> list[Named]:
    """Return each declaration names of its own."""
    named: list[Named] = []
    for declaration in declarations:
        variable = unique(to_variable(declaration.resource_name), {each.variable for each in named}, "_")
        key = None
        if declaration.reference is None:
            taken = {each.config_key for each in named if each.config_key}
            key = unique(to_config_key(variable, to_snake(declaration.secret_property)), taken, "")
        named.append(Named(declaration, variable, key))
    return named
