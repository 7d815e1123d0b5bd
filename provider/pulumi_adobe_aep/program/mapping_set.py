"""What a Pulumi program sees: `MappingSet` and `Expression`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from pulumi_adobe_aep.dynamic import MappingSetProvider
from pulumi_adobe_aep.kinds.mapping_set import EXPRESSION
from pulumi_adobe_aep.program.arguments import checked_constructor
from pulumi_adobe_aep.program.resource import EntityResource


@checked_constructor
@dataclass(frozen=True)
class Expression:
    """An expression of Data Prep, in place of a column's name.

    Args:
        text: The expression: `concat(first, " ", last)`.
    """

    text: pulumi.Input[str]

    def to_state(self) -> dict[str, Any]:
        """Return the expression with the keys of the state."""
        return {EXPRESSION: self.text}


MappingsInput = Mapping[str, pulumi.Input[str | Expression]]
"""By XDM path, the column or the expression that gives its value."""


class MappingSet(EntityResource, provider=MappingSetProvider):
    """A mapping set of Data Prep: what becomes of each column.

    Data Prep validates it before it is written. A change makes a new `version`, and a dataflow that refers to that
    version takes it up for its later runs.

    Args:
        resource_name: The resource's name in the stack.
        schema_id: The `$id` of the XDM schema that is mapped to.
        mappings: By XDM path, the column or the expression that gives its value.
        schema_version: The schema's version. It must be the same in the dataset, the target connection and here.
            Default: `'application/vnd.adobe.xed-full+json;version=1'`.
        name: The mapping set's name. It need not be unique. Default: the resource's name.
        sandbox_name: The sandbox. Default: the one in the settings, which is then recorded.
        existing_mapping_id: Take over this mapping set instead of creating one.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    name: pulumi.Output[str]
    """The mapping set's name."""
    sandbox_name: pulumi.Output[str]
    """The sandbox that it is in."""
    schema_id: pulumi.Output[str]
    """The `$id` of the schema that is mapped to."""
    schema_version: pulumi.Output[str]
    """The schema's version."""
    mappings: pulumi.Output[dict[str, Any]]
    """By XDM path, the column, or an object with the expression."""
    existing_mapping_id: pulumi.Output[str | None]
    """The mapping set that was taken over."""
    version: pulumi.Output[int]
    """The version that the declared mappings are, for dataflows. Each change makes a new one."""
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
        schema_id: pulumi.Input[str],
        mappings: pulumi.Input[MappingsInput],
        schema_version: pulumi.Input[str | None] = None,
        name: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        existing_mapping_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        declared = {
            "name": name,
            "sandbox_name": sandbox_name,
            "schema_id": schema_id,
            "schema_version": schema_version,
            "mappings": mappings,
            "existing_mapping_id": existing_mapping_id,
        }
        super().__init__(resource_name, declared, opts)

    @property
    def mapping_id(self) -> pulumi.Output[str]:
        """The mapping set's id, for dataflows."""
        return self.id
