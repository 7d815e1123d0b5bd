"""What a Pulumi program sees: `PostgresBaseConnection` and the values it takes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel
from pulumi_adobe_aep.kinds.base_connection.postgresql import (
    DEFAULT_PORT,
    BasicAuthModel,
    ConnectionStringAuthModel,
    PostgresInputs,
)
from pulumi_adobe_aep.program.arguments import checked_arguments, checked_constructor
from pulumi_adobe_aep.program.auth_output import AuthOutput
from pulumi_adobe_aep.program.names import name_in_state
from pulumi_adobe_aep.program.resource import EntityResource
from pulumi_adobe_aep.pulumi_sdk.wording import name_in_python
from pulumi_adobe_aep.redaction import MASK


@checked_constructor
@dataclass(frozen=True)
class SecretFromEnv:
    """A secret that never enters the state: the provider reads it from its environment when it creates or updates.

    Args:
        name: The environment variable that holds the secret, set for the process that runs `pulumi`.
        version: Raise it to push a new value of the variable: the state knows no value that could be compared. Default:
            `1`.
    """

    name: pulumi.Input[str]
    version: pulumi.Input[int] = 1

    def to_state(self) -> dict[str, Any]:
        """Return the reference with the keys of the state."""
        return {"fromEnv": self.name, "version": self.version}


SecretInput = pulumi.Input[str] | SecretFromEnv
"""A secret's value, which the resource encrypts in the state, or where to read it."""


class _Auth:
    """What the two kinds of auth share: their form on the wire and a repr without secrets."""

    _model: type[AuthModel]

    def to_state(self) -> dict[str, Any]:
        """Return the auth with the keys of the state."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(cast(Any, self))}
        spec_name = self._model.model_fields["spec_name"].default
        return {"specName": spec_name, **{name_in_state(name): value for name, value in fields.items()}}

    def __repr__(self) -> str:
        secrets = self._model.marked("secret")
        shown = (
            f"{name_in_python(key)}={MASK if key in secrets and not isinstance(value, SecretFromEnv) else repr(value)}"
            for key, value in self.to_state().items()
            if key != "specName" and value is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class ConnectionStringAuth(_Auth):
    """Adobe's "Connection String Based Authentication": the parts of a connection string, or the whole of it.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it, and nothing else.
        port: Port of the database server. Default: `5432`.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        encryption: TLS to the database: `verify` (encrypt and check the certificate), `require`, `request` or
            `disable`. Default: what Adobe's driver does without it.
        connection_string: The whole connection string, `Server=...;Database=...;Port=...;UID=...;Password=...`, instead
            of all of the above; always encrypted in the state.
    """

    _model = ConnectionStringAuthModel

    server: pulumi.Input[str | None] = None
    port: pulumi.Input[int] | pulumi.Input[str | None] = None
    database: pulumi.Input[str | None] = None
    username: pulumi.Input[str | None] = None
    password: SecretInput | None = None
    encryption: pulumi.Input[str | None] = None
    connection_string: SecretInput | None = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class BasicAuth(_Auth):
    """Adobe's "Basic Authentication": the parts, each in a field of its own.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it, and nothing else.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        port: Port of the database server. Default: `5432`.
        ssl_mode: TLS to the database, in Adobe's spelling: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca`,
            `Verify Full`; on AWS `True` or `False`. Adobe's pages contradict each other, so it is sent as it is.
    """

    _model = BasicAuthModel

    server: pulumi.Input[str]
    database: pulumi.Input[str]
    username: pulumi.Input[str]
    password: SecretInput
    port: pulumi.Input[int] | pulumi.Input[str] = DEFAULT_PORT
    ssl_mode: pulumi.Input[str | None] | pulumi.Input[bool] = None


AuthInput = ConnectionStringAuth | BasicAuth | Mapping[str, Any]
"""One of the two kinds of auth, or a dict with the same keys. A dict with `ssl_mode` is a `BasicAuth`, one without is a
`ConnectionStringAuth`, unless its `spec_name` says otherwise."""


class PostgresBaseConnection(EntityResource, provider=PostgresBaseConnectionProvider):
    """A PostgreSQL base connection of Adobe Experience Platform: an account in the catalog of sources.

    Args:
        resource_name: The resource's name in the stack.
        auth: How Experience Platform logs in to the database. Another kind of auth replaces the connection.
        name: The connection's name in Experience Platform. It need not be unique there. Default: the resource's name.
        description: A description, shown in the list of accounts.
        sandbox_name: The sandbox. Default: the one in the settings, which is then recorded.
        verify: Have Flow Service log in to the database after a create and after a change of `auth`. A connection that
            fails is deleted again, a change that fails is taken back. Default: `False`.
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
    verify: pulumi.Output[bool]
    """Whether logging in is tried after a create and after a change of `auth`."""
    existing_connection_id: pulumi.Output[str | None]
    """The connection that was taken over."""
    state: pulumi.Output[str | None]
    """Flow Service's state of it when it was last read: `enabled` or `disabled`. One that ends by itself, such as
    `initializing`, counts as `enabled`."""
    created_at: pulumi.Output[str | None]
    """When it was created, UTC, as `2026-01-31T23:59:59Z`."""
    updated_at: pulumi.Output[str | None]
    """When it was last changed, UTC."""
    org_id: pulumi.Output[str]
    """The organization that it belongs to."""
    auth_spec_name: pulumi.Output[str]
    """The auth spec's name in Flow Service."""

    @checked_arguments("PostgresBaseConnection")
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
        declared = {
            "name": name,
            "description": description,
            "sandbox_name": sandbox_name,
            "auth": auth,
            "verify": verify,
            "existing_connection_id": existing_connection_id,
        }
        super().__init__(resource_name, declared, opts)

    @property
    def auth(self) -> AuthOutput:
        """How Experience Platform logs in to the database, secrets included.

        The whole is a secret where a part is; a part by its key, `auth["server"]`, only where it is one itself.
        """
        return AuthOutput(self.__dict__["auth"], self._declared.get("auth"), PostgresInputs.auth_kinds)

    @property
    def connection_id(self) -> pulumi.Output[str]:
        """The base connection's id, for source connections and dataflows. Known in the preview of an update."""
        return self.id

    @staticmethod
    @checked_arguments("PostgresBaseConnection.get")
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
        return PostgresBaseConnection._get(resource_name, id, sandbox_name, opts)


# The SDK must know that it is a dict whose keys stay as they are; of a property it cannot see that.
PostgresBaseConnection.__annotations__["auth"] = pulumi.Output[dict[str, Any]]
