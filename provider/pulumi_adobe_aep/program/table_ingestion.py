"""What a Pulumi program sees: `TableIngestion`, all that it takes to bring a table into a dataset."""

from collections.abc import Sequence

import pulumi

from pulumi_adobe_aep.program.arguments import checked_constructor
from pulumi_adobe_aep.program.connection_resource import ConnectionResource, split_connection
from pulumi_adobe_aep.program.dataflow import Dataflow, ScheduleInput
from pulumi_adobe_aep.program.declaration import check_resource
from pulumi_adobe_aep.program.mapping_set import MappingSet, MappingsInput
from pulumi_adobe_aep.program.references import sandbox_of
from pulumi_adobe_aep.program.resource import MODULE
from pulumi_adobe_aep.program.source_connection import ColumnInput, TableSourceConnection
from pulumi_adobe_aep.program.target_connection import DataLakeTargetConnection


@checked_constructor
class TableIngestion(pulumi.ComponentResource):
    """The ingestion of a table into a dataset: a source connection, a target connection, a mapping set and a dataflow.

    Args:
        resource_name: The component's name in the stack, and the name of its four resources.
        connection: The base connection, or its id.
        table: The table's path as Flow Service lists it: `public.customers`.
        dataset_id: The dataset's id.
        schema_id: The `$id` of the dataset's XDM schema.
        mappings: By XDM path, the column or the `Expression` that gives its value.
        schedule: When it runs.
        delta_column: The column that tells which rows are new: of a date or time type, in UTC. Required, unless the
            frequency is `once`.
        columns: The columns that are read: names, or objects as `get_columns` returns them. Default: all.
        connection_spec: The id of the base connection's connection spec. Default: that of `connection`, or PostgreSQL's
            for an id.
        schema_version: The schema's version. Default: `application/vnd.adobe.xed-full+json;version=1`.
        enabled: Whether it runs. Default: true.
        error_diagnostics: Keep what was wrong with rows that fail. Default: Adobe's.
        partial_ingestion_percent: How many percent of the rows may fail. Default: Adobe's.
        name: The name of all four in Experience Platform. Default: the component's name.
        description: A description of the dataflow.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    source: TableSourceConnection
    """The source connection."""
    target: DataLakeTargetConnection
    """The target connection."""
    mapping: MappingSet
    """The mapping set."""
    dataflow: Dataflow
    """The dataflow."""

    def __init__(
        self,
        resource_name: str,
        *,
        connection: ConnectionResource | pulumi.Input[str],
        table: pulumi.Input[str],
        dataset_id: pulumi.Input[str],
        schema_id: pulumi.Input[str],
        mappings: pulumi.Input[MappingsInput],
        schedule: pulumi.Input[ScheduleInput],
        delta_column: pulumi.Input[str | None] = None,
        columns: pulumi.Input[Sequence[pulumi.Input[ColumnInput]] | None] = None,
        connection_spec: pulumi.Input[str | None] = None,
        schema_version: pulumi.Input[str | None] = None,
        enabled: pulumi.Input[bool | None] = None,
        error_diagnostics: pulumi.Input[bool | None] = None,
        partial_ingestion_percent: pulumi.Input[float | None] = None,
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        kind = type(self).__name__
        check_resource(kind, resource_name, opts)
        resource, connection_id = split_connection(f"{kind} '{resource_name}' cannot be declared", connection)
        super().__init__(f"{MODULE}:index:TableIngestion", resource_name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        sandbox = sandbox_of(sandbox_name, resource)
        self.source = TableSourceConnection(
            resource_name,
            table=table,
            connection=resource,
            base_connection_id=connection_id,
            connection_spec=connection_spec,
            columns=columns,
            name=name,
            sandbox_name=sandbox,
            opts=child,
        )
        self.target = DataLakeTargetConnection(
            resource_name,
            dataset_id=dataset_id,
            schema_id=schema_id,
            schema_version=schema_version,
            name=name,
            sandbox_name=sandbox,
            opts=child,
        )
        self.mapping = MappingSet(
            resource_name,
            schema_id=schema_id,
            schema_version=schema_version,
            mappings=mappings,
            name=name,
            sandbox_name=sandbox,
            opts=child,
        )
        self.dataflow = Dataflow(
            resource_name,
            source=self.source,
            target=self.target,
            mapping=self.mapping,
            schedule=schedule,
            delta_column=delta_column,
            enabled=enabled,
            error_diagnostics=error_diagnostics,
            partial_ingestion_percent=partial_ingestion_percent,
            name=name,
            description=description,
            sandbox_name=sandbox,
            opts=child,
        )
        self.register_outputs(
            {
                "sourceConnectionId": self.source_connection_id,
                "targetConnectionId": self.target_connection_id,
                "mappingId": self.mapping_id,
                "flowId": self.flow_id,
            }
        )

    @property
    def source_connection_id(self) -> pulumi.Output[str]:
        """The source connection's id."""
        return self.source.id

    @property
    def target_connection_id(self) -> pulumi.Output[str]:
        """The target connection's id."""
        return self.target.id

    @property
    def mapping_id(self) -> pulumi.Output[str]:
        """The mapping set's id."""
        return self.mapping.id

    @property
    def flow_id(self) -> pulumi.Output[str]:
        """The dataflow's id."""
        return self.dataflow.id
