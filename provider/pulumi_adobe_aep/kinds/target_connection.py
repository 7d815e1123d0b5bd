"""Target connections: a dataset in the data lake.

Source of the body: Adobe, "Create a dataflow for database sources", and its table of connection specs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pulumi_adobe_aep.kinds.kind import Dependents, EntityKind, Output, Shown, look_up
from pulumi_adobe_aep.kinds.model import REPLACES, RESOURCE_NAME, TAKES_OVER, Inputs, at
from pulumi_adobe_aep.kinds.values import Line, Lines

DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
"""The connection spec of the data lake."""
SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
"""What Adobe's page says must be sent: the newest minor version of version 1."""


class DataLakeTargetConnectionInputs(Inputs):
    """What a program declares of a target connection."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(
        description="The target connection's name. It need not be unique."
    )
    description: Annotated[Lines | None, at("description")] = Field(default=None, description="A description.")
    dataset_id: Annotated[Line, at("params", "dataSetId"), REPLACES] = Field(description="The dataset's id.")
    schema_id: Annotated[Line, at("data", "schema", "id"), REPLACES] = Field(
        description="The `$id` of the dataset's XDM schema: `https://ns.adobe.com/...`."
    )
    schema_version: Annotated[Line, at("data", "schema", "version"), REPLACES] = Field(
        default=SCHEMA_VERSION,
        description="The schema's version. It must be the same in the dataset, here and in the mapping set.",
    )
    existing_target_connection_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this target connection instead of creating one."
    )


@dataclass(frozen=True, kw_only=True)
class DataLakeTargetConnectionKind(EntityKind):
    """The target connections of the data lake."""

    def wrong_kind(self, shown: Shown) -> str:
        """Return why a target connection has another spec; empty if it has not, as far as the service shows it."""
        spec = look_up(shown, ("connectionSpec", "id"))
        return "" if spec in (None, DATA_LAKE) else f"Its connection spec is {spec}, the data lake's is {DATA_LAKE}."


DATA_LAKE_TARGET_CONNECTION = DataLakeTargetConnectionKind(
    name="DataLakeTargetConnection",
    title="target connection of the data lake",
    noun="target connection",
    path="/targetConnections",
    inputs=DataLakeTargetConnectionInputs,
    id_output=Output("target_connection_id", "The target connection's id, for dataflows."),
    constants={"connectionSpec": {"id": DATA_LAKE, "version": "1.0"}},
    list_filters=(f"connectionSpec.id=={DATA_LAKE}",),
    in_use_codes=frozenset({"1418", "1447"}),
    dependents=(Dependents(path="/flows", noun="dataflow", key="targetConnectionIds"),),
)
