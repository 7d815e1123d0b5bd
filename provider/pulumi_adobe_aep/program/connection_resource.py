"""The base of the resources that are base connections."""

import inspect
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import pulumi

from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.program.auth_output import AuthOutput
from pulumi_adobe_aep.program.declaration import DeclarationError, check_lookup
from pulumi_adobe_aep.program.resource import EntityResource

AuthT = TypeVar("AuthT")


class ConnectionResource(EntityResource):
    """What the base connections of all sources have in common. A subclass adds its own arguments."""

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

    @property
    def connection_id(self) -> pulumi.Output[str]:
        """The base connection's id, for source connections and dataflows. Known in the preview of an update."""
        return self.id


def split_connection(
    what_cannot: str, connection: ConnectionResource | pulumi.Input[str]
) -> tuple[ConnectionResource | None, pulumi.Input[str] | None]:
    """Return an argument that takes a base connection or its id as one of both.

    Args:
        what_cannot: The beginning of the message: `get_tables() cannot be called`.
        connection: What was passed.

    Raises:
        DeclarationError: It is neither.
    """
    if isinstance(connection, ConnectionResource):
        return connection, None
    if isinstance(connection, EntityResource):
        raise DeclarationError(
            f"{what_cannot} like this: connection must be a base connection or its id, got a "
            f"{type(connection).__name__}."
        )
    check_lookup(what_cannot, {"connection": connection}, required=("connection",))
    return None, connection


class DatabaseConnection(ConnectionResource, Generic[AuthT]):
    """A base connection of Adobe Experience Platform: an account in the catalog of sources.

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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # A database's class has the provider of its name; a class that a program derives from it has the same.
        provider = getattr(dynamic, f"{cls.__name__}Provider") if DatabaseConnection in cls.__bases__ else None
        # The SDK must know that it is a dict whose keys stay as they are; a property does not show that.
        cls.__annotations__["auth"] = pulumi.Output[dict[str, Any]]
        arguments = inspect.getdoc(DatabaseConnection) if provider else None
        if arguments:
            _, _, described = arguments.partition("\n")
            cls.__doc__ = f"{cls.__doc__}\n\n{described.strip()}"
        super().__init_subclass__(provider=provider, **kwargs)

    def __init__(
        self,
        resource_name: str,
        *,
        auth: pulumi.Input[AuthT | Mapping[str, Any]],
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
        kind = self._entity_provider.kind
        kinds = kind.inputs.auth_kinds if isinstance(kind, BaseConnectionKind) else ()
        return AuthOutput(self.__dict__["auth"], self._declared.get("auth"), kinds)
