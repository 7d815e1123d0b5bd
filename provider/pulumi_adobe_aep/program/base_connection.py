"""What a Pulumi program sees: `PostgresBaseConnection` and the values it takes."""

import dataclasses
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import pulumi
from pulumi.dynamic import Resource
from pydantic import ValidationError
from pydantic.alias_generators import to_camel, to_snake

from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.postgresql import (
    DEFAULT_PORT,
    BasicAuthModel,
    ConnectionStringAuthModel,
    PostgresInputs,
)
from pulumi_adobe_aep.kinds.model import OUTPUTS, UNKNOWN, AuthModel, Properties, Unknown
from pulumi_adobe_aep.kinds.problems import problems
from pulumi_adobe_aep.redaction import MASK

_NAME = re.compile(r"\w+")
_OUTPUTS = tuple(name for name in OUTPUTS if name != "connection_id")
"""What a program gets beyond the inputs; the connection's id is the resource's own."""


class DeclarationError(InvalidInputs, pulumi.RunError):
    """A program declares a connection that cannot be. The engine prints its message without a traceback."""


@dataclass(frozen=True)
class SecretFromEnv:
    """A secret that never enters the state: the provider reads it from its environment when it creates or updates.

    Args:
        name: The environment variable, set for the process that runs `pulumi`.
        version: Raise it to push a new value of the variable: the state knows no value that could be compared.
    """

    name: pulumi.Input[str]
    version: pulumi.Input[int] = 1


SecretInput = pulumi.Input[str] | SecretFromEnv
"""A secret's value, which the resource encrypts in the state, or where to read it."""


class _Auth:
    """What the two kinds of auth share: their form on the wire and a repr without secrets."""

    _model: type[AuthModel]

    def _to_state(self) -> dict[str, Any]:
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(cast(Any, self))}
        spec_name = self._model.model_fields["spec_name"].default
        return {"specName": spec_name, **{_name_in_state(name): value for name, value in fields.items()}}

    def __repr__(self) -> str:
        secrets = self._model.marked("secret")
        shown = (
            f"{to_snake(key)}={MASK if key in secrets and not isinstance(value, SecretFromEnv) else repr(value)}"
            for key, value in self._to_state().items()
            if key != "specName" and value is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, kw_only=True, repr=False)
class ConnectionStringAuth(_Auth):
    """Adobe's "Connection String Based Authentication": the parts of a connection string, or the whole of it.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it.
        port: Its port.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        encryption: `verify` (encrypt and check the certificate), `require`, `request` or `disable`. Left out, nothing
            is said about it, and Adobe's driver decides.
        connection_string: The whole string, `Server=...;Database=...;Port=...;UID=...;Password=...`, instead of all of
            the above; always encrypted in the state.
    """

    _model = ConnectionStringAuthModel

    server: pulumi.Input[str | None] = None
    port: pulumi.Input[int] | pulumi.Input[str | None] = None
    database: pulumi.Input[str | None] = None
    username: pulumi.Input[str | None] = None
    password: SecretInput | None = None
    encryption: pulumi.Input[str | None] = None
    connection_string: SecretInput | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class BasicAuth(_Auth):
    """Adobe's "Basic Authentication": the parts, each in a field of its own.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        port: The server's port.
        ssl_mode: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca` or `Verify Full`; on AWS `"true"` or `"false"`.
            Adobe's pages contradict each other, so it is sent as it is.
    """

    _model = BasicAuthModel

    server: pulumi.Input[str]
    database: pulumi.Input[str]
    username: pulumi.Input[str]
    password: SecretInput
    port: pulumi.Input[int] | pulumi.Input[str] = DEFAULT_PORT
    ssl_mode: pulumi.Input[str | None] = None


AuthInput = ConnectionStringAuth | BasicAuth | Mapping[str, Any]
"""One of the two kinds of auth, or a dict with the same keys. A dict with `ssl_mode` is a `BasicAuth`, one without is a
`ConnectionStringAuth`, unless its `spec_name` says otherwise."""


class PostgresBaseConnection(Resource, module="adobe-aep", name="PostgresBaseConnection"):
    """A PostgreSQL base connection of Adobe Experience Platform: an account in the catalog of sources.

    Args:
        resource_name: The resource's name in the stack.
        auth: How Experience Platform logs in to the database. Another kind of auth replaces the connection.
        name: The connection's name in Experience Platform. Default: the resource's name.
        description: A description.
        sandbox_name: The sandbox; another one replaces the connection. Default: the one in the settings.
        verify: Have Flow Service log in to the database after a create and after a change of `auth`. A connection that
            fails is deleted again, a change that fails is taken back.
        existing_connection_id: Take over this connection instead of creating one.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    name: pulumi.Output[str]
    """The connection's name in Experience Platform."""
    description: pulumi.Output[str | None]
    """The description."""
    sandbox_name: pulumi.Output[str]
    """The sandbox that the connection is in."""
    auth: pulumi.Output[dict[str, Any]]
    """How Experience Platform logs in to the database, secrets included; the whole is a secret where a part is."""
    verify: pulumi.Output[bool]
    """Whether logging in is tried after a create and after a change of `auth`."""
    existing_connection_id: pulumi.Output[str | None]
    """The connection that was taken over."""
    state: pulumi.Output[str | None]
    """Flow Service's state of the connection when it was last read: `initializing`, `enabled`, `disabled`."""
    created_at: pulumi.Output[str | None]
    """When the connection was created, UTC, as `2026-01-31T23:59:59Z`."""
    updated_at: pulumi.Output[str | None]
    """When it was last changed, UTC."""
    org_id: pulumi.Output[str]
    """The organization that it belongs to."""
    auth_spec_name: pulumi.Output[str]
    """The auth spec's name in Flow Service."""

    def __init__(
        self,
        resource_name: str,
        *,
        auth: pulumi.Input[AuthInput],
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        verify: pulumi.Input[bool | None] = None,
        existing_connection_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared: Properties = {
            "name": resource_name if name is None else _later(name),
            "description": _later(description),
            "sandboxName": _later(sandbox_name),
            "auth": _auth_to_state(auth),
            "verify": _later(verify),
            "existingConnectionId": _later(existing_connection_id),
        }
        known = _check_known(resource_name, declared)
        properties = {
            _name_in_python(key): value for key, value in {**declared, "auth": _keep_secret(declared["auth"])}.items()
        }
        super().__init__(
            PostgresBaseConnectionProvider(), resource_name, {**properties, **dict.fromkeys(_OUTPUTS)}, opts
        )
        _warn(self, known.auth, declared["auth"])

    @property
    def connection_id(self) -> pulumi.Output[str]:
        """The base connection's id, for source connections and dataflows. Known in the preview of an update."""
        return self.id

    @staticmethod
    def get(
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
        *,
        sandbox_name: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> "PostgresBaseConnection":
        """Read a connection that exists, without managing it: it is neither changed nor deleted.

        Its outputs hold no secrets, and of a connection string only what Flow Service shows. Needs `pulumi` 3.272 or
        newer.

        Args:
            resource_name: The resource's name in the stack.
            id: The base connection's id.
            sandbox_name: The sandbox that it is in. Default: the one in the settings.
            opts: Pulumi's resource options.
        """
        found = PostgresBaseConnection.__new__(PostgresBaseConnection)
        fields = dict.fromkeys([*PostgresInputs.model_fields, *_OUTPUTS])
        Resource.__init__(
            found,
            PostgresBaseConnectionProvider(),
            resource_name,
            {**fields, "sandbox_name": sandbox_name},
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)),
        )
        return found

    def translate_input_property(self, prop: str) -> str:
        """Return a property's name in the state; also of a path in an option, such as `auth.ssl_mode`."""
        return _name_in_state(prop)

    def translate_output_property(self, prop: str) -> str:
        """Return a property's name in Python."""
        return _name_in_python(prop)


# The SDK evaluates the annotations of a resource's class anew for each resource, which is a tenth of what a declaration
# takes. It makes use of this one only: the keys of what is a dict stay as they are.
PostgresBaseConnection.__annotations__ = {"auth": PostgresBaseConnection.__annotations__["auth"]}


# Names are translated with regular expressions, and the SDK asks for each name of each resource several times.
@lru_cache(maxsize=256)
def _name_in_state(path: str) -> str:
    return _NAME.sub(lambda name: to_camel(name[0]), path)


@lru_cache(maxsize=256)
def _name_in_python(name: str) -> str:
    return to_snake(name)


def _later(value: Any) -> Any:
    """Return an awaitable, which an input may be as well, as the Output that the rest of this module knows."""
    return pulumi.Output.from_input(value) if inspect.isawaitable(value) else value


def _auth_to_state(auth: Any) -> Any:
    """Return an auth under the state's names, however it was written; what is wrong with it is found later."""
    auth = _later(auth)
    if isinstance(auth, pulumi.Output):
        return auth.apply(lambda known: pulumi.Output.from_input(_auth_to_state(known)))
    if isinstance(auth, _Auth):
        wire = auth._to_state()  # noqa: SLF001 - this module's own
    elif isinstance(auth, Mapping):
        wire = {to_camel(str(key)): value for key, value in auth.items()}
    else:
        return auth
    return {key: _reference_to_state(value) for key, value in wire.items() if value is not None}


def _reference_to_state(value: Any) -> Any:
    value = _later(value)
    if isinstance(value, SecretFromEnv):
        return {"fromEnv": value.name, "version": value.version}
    if isinstance(value, Mapping):
        return {to_camel(str(key)): item for key, item in value.items()}
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: pulumi.Output.from_input(_reference_to_state(known)))
    return value


_SECRETS = frozenset().union(*(kind.marked("secret") for kind in PostgresInputs.auth_kinds))


def _keep_secret(auth: object) -> object:
    """Mark the secrets of an auth, whatever the program passed. A reference to one is none."""
    if isinstance(auth, pulumi.Output):
        # Which of its parts are secrets is not known before it is, so all of it is kept.
        return pulumi.Output.secret(auth)
    if not isinstance(auth, Mapping):
        return auth
    return {
        key: pulumi.Output.secret(value) if key in _SECRETS and not isinstance(value, Mapping) else value
        for key, value in auth.items()
    }


def _check_known(resource_name: str, declared: Properties) -> PostgresInputs:
    """Check what is known while the program runs, so that the failure stands at the declaration."""
    # Without a sandbox the provider's settings decide, which the program does not see.
    known = {"sandboxName": UNKNOWN, **{key: _known(value) for key, value in declared.items() if value is not None}}
    try:
        return PostgresInputs.model_validate(known)
    except ValidationError as error:
        found = [problem.sentence(to_snake) for problem in problems(error, PostgresInputs)]
        raise DeclarationError(
            f"PostgresBaseConnection '{resource_name}' cannot be declared like this:\n  - " + "\n  - ".join(found)
        ) from None


def _known(value: object) -> object:
    if isinstance(value, pulumi.Output):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _known(item) for key, item in value.items()}
    return value


_REMARKED_ON = ("encryption", "ssl_mode", "connection_string")
"""What remarks are made on; the rest of an auth need not be waited for."""


def _warn(resource: PostgresBaseConnection, known: AuthModel | Unknown, declared: Any) -> None:
    """Show what is allowed and yet deserves a warning, beside the resource, as soon as it is known."""
    if not isinstance(known, Unknown) and not any(getattr(known, name, None) is UNKNOWN for name in _REMARKED_ON):
        _show_remarks(resource, known)
        return

    def warn(auth: Properties) -> None:
        try:
            inputs = PostgresInputs.model_validate({"name": "any", "sandboxName": UNKNOWN, "auth": auth})
        except ValidationError:
            return  # The check of the provider tells.
        _show_remarks(resource, inputs.declared_auth)

    pulumi.Output.from_input(declared).apply(warn)


def _show_remarks(resource: PostgresBaseConnection, auth: AuthModel) -> None:
    for remark in auth.remarks():
        path = ".".join(map(to_snake, remark.path.split(".")))
        pulumi.log.warn(f"{path}: {remark.text}.", resource)
