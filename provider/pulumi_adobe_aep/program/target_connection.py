"""What a Pulumi program sees: `DataLakeTargetConnection`."""

import pulumi

from pulumi_adobe_aep.dynamic import DataLakeTargetConnectionProvider
from pulumi_adobe_aep.program.resource import EntityResource


class DataLakeTargetConnection(EntityResource, provider=DataLakeTargetConnectionProvider):
    """A target connection of Adobe Experience Platform: a dataset in the data lake.

    A change of anything but the name and the description replaces it, and the dataflow that writes to it.

    Args:
        resource_name: The resource's name in the stack.
        dataset_id: The dataset's id.
        schema_id: The `$id` of the dataset's XDM schema: `https://ns.adobe.com/...`.
        schema_version: The schema's version. It must be the same in the dataset, here and in the mapping set. Default:
            `'application/vnd.adobe.xed-full+json;version=1'`.
        name: The target connection's name. It need not be unique. Default: the resource's name.
        description: A description.
        sandbox_name: The sandbox. Default: the one in the settings, which is then recorded.
        existing_target_connection_id: Take over this target connection instead of creating one.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    name: pulumi.Output[str]
    """The target connection's name."""
    description: pulumi.Output[str | None]
    """The description."""
    sandbox_name: pulumi.Output[str]
    """The sandbox that it is in."""
    dataset_id: pulumi.Output[str]
    """The dataset's id."""
    schema_id: pulumi.Output[str]
    """The `$id` of the dataset's schema."""
    schema_version: pulumi.Output[str]
    """The schema's version."""
    existing_target_connection_id: pulumi.Output[str | None]
    """The target connection that was taken over."""
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
        dataset_id: pulumi.Input[str],
        schema_id: pulumi.Input[str],
        schema_version: pulumi.Input[str | None] = None,
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        existing_target_connection_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared = {
            "name": name,
            "description": description,
            "sandbox_name": sandbox_name,
            "dataset_id": dataset_id,
            "schema_id": schema_id,
            "schema_version": schema_version,
            "existing_target_connection_id": existing_target_connection_id,
        }
        super().__init__(resource_name, declared, opts)

    @property
    def target_connection_id(self) -> pulumi.Output[str]:
        """The target connection's id, for dataflows."""
        return self.id
