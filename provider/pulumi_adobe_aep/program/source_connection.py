"""What a Pulumi program sees: `TableSourceConnection`."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi

from pulumi_adobe_aep.dynamic import TableSourceConnectionProvider
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.program.base_connection import BaseConnection
from pulumi_adobe_aep.program.connection_resource import ConnectionResource
from pulumi_adobe_aep.program.references import one_of, sandbox_of
from pulumi_adobe_aep.program.resource import EntityResource, Reference

ColumnInput = str | Mapping[str, Any]
"""A column: its name, or an object as `get_columns` returns it."""


class TableSourceConnection(EntityResource, provider=TableSourceConnectionProvider):
    """A source connection of Adobe Experience Platform: one table of a base connection's database, and its columns.

    A change of anything but the name and the description replaces it, and the dataflow that reads from it.

    Args:
        resource_name: The resource's name in the stack.
        table: The table's path as Flow Service lists it: `public.customers`.
        connection: The base connection, instead of its id. Sandbox and connection spec are then its own.
        base_connection_id: The id of the base connection whose table it is.
        connection_spec: The id of the base connection's connection spec. Default: that of `connection`, or
            PostgreSQL's.
        columns: The columns: names, or objects as `get_columns` returns them. Names are looked up in the table at the
            create. Default: all columns that the table has at the create.
        name: The source connection's name. It need not be unique. Default: the resource's name.
        description: A description.
        cdc_enabled: Change data capture, for the sources that have it; PostgreSQL has not.
        filters: A filter on rows, for the sources that have it; PostgreSQL has not.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.
        existing_source_connection_id: Take over this source connection instead of creating one.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    references = MappingProxyType(
        {"connection": Reference("base_connection_id", frozenset({"sandbox_name", "connection_spec"}))}
    )

    name: pulumi.Output[str]
    """The source connection's name."""
    description: pulumi.Output[str | None]
    """The description."""
    sandbox_name: pulumi.Output[str]
    """The sandbox that it is in."""
    base_connection_id: pulumi.Output[str]
    """The base connection whose table it is."""
    connection_spec: pulumi.Output[str]
    """The id of the base connection's connection spec."""
    table: pulumi.Output[str]
    """The table's path."""
    columns: pulumi.Output[list[dict[str, Any]] | None]
    """The columns as they were declared."""
    declared_columns: pulumi.Input[Sequence[pulumi.Input[ColumnInput]] | None] = None
    """The columns as the program passed them."""
    cdc_enabled: pulumi.Output[bool | None]
    """Whether change data capture is asked for."""
    filters: pulumi.Output[dict[str, Any] | None]
    """The filter on rows."""
    existing_source_connection_id: pulumi.Output[str | None]
    """The source connection that was taken over."""
    table_columns: pulumi.Output[list[dict[str, Any]]]
    """The columns as they were sent: name, type and xdm of each, as Flow Service has them."""
    state: pulumi.Output[str | None]
    """Flow Service's state of it when it was last read: `enabled` or `disabled`. One that ends by itself, such as
    `initializing`, counts as `enabled`."""
    created_at: pulumi.Output[str | None]
    """When it was created, UTC, as `2026-01-31T23:59:59Z`."""
    updated_at: pulumi.Output[str | None]
    """When it was last changed, UTC."""
    org_id: pulumi.Output[str]
    """The organization that it belongs to."""

    def __init__(
        self,
        resource_name: str,
        *,
        table: pulumi.Input[str],
        connection: ConnectionResource | None = None,
        base_connection_id: pulumi.Input[str | None] = None,
        connection_spec: pulumi.Input[str | None] = None,
        columns: pulumi.Input[Sequence[pulumi.Input[ColumnInput]] | None] = None,
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        cdc_enabled: pulumi.Input[bool | None] = None,
        filters: pulumi.Input[Mapping[str, Any] | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        existing_source_connection_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        owner = f"TableSourceConnection '{resource_name}'"
        # Before anything is taken of the resource, which may be none.
        referred_id = one_of(
            owner,
            connection,
            base_connection_id,
            names=("connection", "base_connection_id"),
            kind=ConnectionResource,
            called="base connection",
        )
        declared = {
            "name": name,
            "description": description,
            "sandbox_name": sandbox_of(sandbox_name, connection),
            "base_connection_id": referred_id,
            "connection_spec": _spec_of(connection) if connection_spec is None else connection_spec,
            "table": table,
            "columns": columns,
            "cdc_enabled": cdc_enabled,
            "filters": filters,
            "existing_source_connection_id": existing_source_connection_id,
        }
        super().__init__(resource_name, declared, opts)
        # The output of the same name is not known in a preview where nothing is declared.
        self.declared_columns = columns

    @property
    def source_connection_id(self) -> pulumi.Output[str]:
        """The source connection's id, for dataflows."""
        return self.id


def _spec_of(connection: ConnectionResource | None) -> pulumi.Input[str | None]:
    if isinstance(connection, BaseConnection):
        return connection.connection_spec.apply(_id_of_spec)
    kind = None if connection is None else connection.entity_kind()
    return kind.spec_id if isinstance(kind, BaseConnectionKind) else None


def _id_of_spec(spec: Any) -> str:
    # Pulumi's mocks return what a program passed, which may be a name.
    return KNOWN_SPECS[spec].id if isinstance(spec, str) else str(spec["id"])
