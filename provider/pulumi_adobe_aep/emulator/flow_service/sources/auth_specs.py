"""What a source's auth specs consist of, and their JSON Schemas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import JsonObject

SCHEMA: Final = "http://json-schema.org/draft-07/schema#"

CONNECTION_STRING: Final = "Connection String Based Authentication"
BASIC: Final = "Basic Authentication"

JsonType = Literal["string", "integer", "boolean"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of an auth spec.

    Attributes:
        types: the JSON types that are taken.
        secret: whether it is one: it has ``format: password`` in the schema, and readers do not see it.
        required: whether a connection must have it.
        pattern: the regular expression that the value must match.
        choices: the values that are taken, by the switches; None takes all.
        is_port: whether it is a port, whose JSON type is the business of a switch.
        description: what the schema says about it.
    """

    name: str
    types: tuple[JsonType, ...] = ("string",)
    secret: bool = False
    required: bool = True
    pattern: str | None = None
    choices: Callable[[Switches], Sequence[str]] | None = None
    is_port: bool = False
    description: str | None = None

    def taken_types(self, switches: Switches) -> tuple[JsonType, ...]:
        """Return the JSON types that are taken."""
        return ("string", "integer") if self.is_port and switches.port_type == "any" else self.types

    def schema(self, switches: Switches) -> JsonObject:
        """Return the parameter's JSON Schema."""
        types = self.taken_types(switches)
        schema: JsonObject = {"type": types[0] if len(types) == 1 else list(types)}
        if self.secret:
            schema["format"] = "password"
        if self.description is not None:
            schema["description"] = self.description
        if self.pattern is not None:
            schema["pattern"] = self.pattern
        if self.choices is not None:
            schema["enum"] = list(self.choices(switches))
        return schema


@dataclass(frozen=True)
class AuthSpec:
    """One kind of credentials that a source takes.

    Attributes:
        name: what ``auth.specName`` says.
        type: what the connection spec says beside the name.
        parameters: what ``auth.params`` holds.
        auth_type: the value of ``auth.type`` that is taken beside name and parameters; None takes none.
        alternatives: sets of names, one of which must be complete, where a page contradicts itself.
    """

    name: str
    type: str
    parameters: tuple[Parameter, ...]
    auth_type: str | None = None
    alternatives: tuple[tuple[str, ...], ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter with that name."""
        return next((each for each in self.parameters if each.name == name), None)

    @property
    def secrets(self) -> frozenset[str]:
        """The names of the parameters that readers do not see."""
        return frozenset(each.name for each in self.parameters if each.secret)

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """The sets of names one of which must be complete."""
        return self.alternatives or (tuple(each.name for each in self.parameters if each.required),)

    def spec(self, title: str, switches: Switches) -> JsonObject:
        """Return the auth spec as a connection spec shows it."""
        schema: JsonObject = {
            "$schema": SCHEMA,
            "type": "object",
            "description": f"defines auth params required for connecting to {title}",
            "properties": {each.name: each.schema(switches) for each in self.parameters},
        }
        if self.alternatives:
            schema["anyOf"] = [{"required": list(names)} for names in self.alternatives]
        else:
            schema["required"] = list(self.required[0])
        return {"name": self.name, "type": self.type, "spec": schema}


@dataclass(frozen=True)
class TableSource:
    """A source that has tables.

    Attributes:
        id: of its connection spec.
        name: of its connection spec.
        title: what Adobe's pages call it.
        auth: the kinds of credentials it takes.
    """

    id: str
    name: str
    title: str
    auth: tuple[AuthSpec, ...]


def text(name: str) -> Parameter:
    """Return a string that everybody may see."""
    return Parameter(name)


def secret(name: str) -> Parameter:
    """Return a string that readers do not see."""
    return Parameter(name, secret=True)


def port(json_type: JsonType = "string") -> Parameter:
    """Return a port."""
    return Parameter("port", types=(json_type,), is_port=True)


def optional(parameter: Parameter) -> Parameter:
    """Return the parameter as one that may be left out."""
    return replace(parameter, required=False)


def connection_string(
    name: str = CONNECTION_STRING, *, pattern: str | None = None, description: str | None = None
) -> AuthSpec:
    """Return the auth spec whose only parameter is a connection string, a secret as a whole."""
    parameter = replace(secret("connectionString"), pattern=pattern, description=description)
    return AuthSpec(name, "connectionStringAuth", (parameter,))


def basic(*parameters: Parameter, name: str = BASIC, auth_type: str | None = None) -> AuthSpec:
    """Return an auth spec with the parameters of a login."""
    return AuthSpec(name, "basicAuthentication", parameters, auth_type)


def service_principal(name: str, *parameters: Parameter) -> AuthSpec:
    """Return the auth spec of an application in Microsoft Entra ID."""
    principal = (text("tenant"), text("servicePrincipalId"), secret("servicePrincipalKey"))
    return AuthSpec(name, "servicePrincipalAuthentication", (*parameters, *principal))
