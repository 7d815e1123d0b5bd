"""Base connections of any connection spec."""

from collections.abc import Mapping
from typing import Any

import pulumi

from pulumi_adobe_aep.dynamic import BaseConnectionProvider
from pulumi_adobe_aep.program.auth import SecretInput
from pulumi_adobe_aep.program.connection_resource import ConnectionResource


class BaseConnection(ConnectionResource, provider=BaseConnectionProvider):
    """A base connection of any connection spec of Adobe Experience Platform's.

    What it takes is what the connection spec itself says: an up that creates or changes the credentials reads the
    spec's JSON Schema first, and says what is missing, unknown, of the wrong type, or a secret in plain.

    Args:
        resource_name: The resource's name in the stack.
        connection_spec: The connection spec: a known name such as `mysql`, or its id and version.
        auth_spec_name: The auth spec's name in Flow Service, such as `Basic Authentication`.
        params: The parameters that are not secrets, by Adobe's names. Default: `{}`.
        secret_params: The parameters that are secrets, by Adobe's names. Default: `{}`.
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

    connection_spec: pulumi.Output[dict[str, Any]]
    """The connection spec: `id` and `version`."""
    params: pulumi.Output[dict[str, Any]]
    """The parameters that are not secrets."""
    secret_params: pulumi.Output[dict[str, Any]]
    """The parameters that are secrets."""

    def __init__(
        self,
        resource_name: str,
        *,
        connection_spec: pulumi.Input[str] | pulumi.Input[Mapping[str, Any]],
        auth_spec_name: pulumi.Input[str],
        params: pulumi.Input[Mapping[str, Any] | None] = None,
        secret_params: pulumi.Input[Mapping[str, SecretInput]] | None = None,
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        verify: pulumi.Input[bool | None] = None,
        existing_connection_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared = {
            "connection_spec": connection_spec,
            "auth_spec_name": auth_spec_name,
            "params": params,
            "secret_params": secret_params,
            "name": name,
            "description": description,
            "sandbox_name": sandbox_name,
            "verify": verify,
            "existing_connection_id": existing_connection_id,
        }
        super().__init__(resource_name, declared, opts)
