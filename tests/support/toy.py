"""A second kind of entity, for the tests that hold for every kind: a table, as a source connection of Flow Service.

It has one field of each sort and nothing of its own beyond that, so what works for it follows from the marks of the
fields alone.
"""

from __future__ import annotations

from typing import Annotated, Any

import pulumi
from pydantic import Field

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID
from pulumi_adobe_aep.kinds.kind import EntityKind, Output
from pulumi_adobe_aep.kinds.model import REPLACES, RESOURCE_NAME, SECRET, TAKES_OVER, Inputs, at
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.values import Line, Lines
from pulumi_adobe_aep.program.auth import SecretInput
from pulumi_adobe_aep.program.resource import EntityResource
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider


class ToyInputs(Inputs):
    """What a program declares of a table."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(description="The table's name.")
    base_connection_id: Annotated[Line, REPLACES, at("baseConnectionId")] = Field(
        description="The base connection that the table is read with."
    )
    table_name: Annotated[Line, REPLACES, at("params", "tableName")] = Field(description="The table in the database.")
    columns: Annotated[list[Line], at("params", "columns")] = Field(description="Its columns.")
    description: Annotated[Lines | None, at("description")] = Field(default=None, description="A description.")
    comment: Annotated[Lines | None, at("params", "comment")] = Field(
        default=None, description="A remark beside the columns."
    )
    access_key: Annotated[Secret | None, SECRET, at("params", "accessKey")] = Field(
        default=None, description="A secret beside the columns."
    )
    existing_table_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this table instead of creating one."
    )


TOY = EntityKind(
    name="ToyTable",
    title="table",
    noun="table",
    path="/sourceConnections",
    inputs=ToyInputs,
    id_output=Output("table_id", "The table's id."),
    constants={"connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}, "data": {"format": "tabular"}},
)


class ToyProvider(EntityProvider):
    """Its provider; importable by the process that the tests start."""

    kind = TOY


class ToyTable(EntityResource, provider=ToyProvider):
    """A table.

    Args:
        resource_name: The resource's name in the stack.
        base_connection_id: The base connection that the table is read with.
        table_name: The table in the database.
        columns: Its columns.
        name: The table's name. Default: the resource's name.
        description: A description.
        comment: A remark beside the columns.
        access_key: A secret beside the columns.
        sandbox_name: The sandbox. Default: the one in the settings, which is then recorded.
        existing_table_id: Take over this table instead of creating one.
        opts: Pulumi's resource options.
    """

    name: pulumi.Output[str]
    base_connection_id: pulumi.Output[str]
    table_name: pulumi.Output[str]
    columns: pulumi.Output[list[str]]
    description: pulumi.Output[str | None]
    comment: pulumi.Output[str | None]
    access_key: pulumi.Output[str | None]
    sandbox_name: pulumi.Output[str]
    existing_table_id: pulumi.Output[str | None]
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
        base_connection_id: pulumi.Input[str],
        table_name: pulumi.Input[str],
        columns: pulumi.Input[list[Any]],
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        comment: pulumi.Input[str | None] = None,
        access_key: SecretInput | None = None,
        sandbox_name: pulumi.Input[str | None] = None,
        existing_table_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared = {
            "name": name,
            "base_connection_id": base_connection_id,
            "table_name": table_name,
            "columns": columns,
            "description": description,
            "comment": comment,
            "access_key": access_key,
            "sandbox_name": sandbox_name,
            "existing_table_id": existing_table_id,
        }
        super().__init__(resource_name, declared, opts)

    @property
    def table_id(self) -> pulumi.Output[str]:
        """The table's id."""
        return self.id
