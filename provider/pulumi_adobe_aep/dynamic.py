"""The provider classes that states refer to.

The state of every stack refers to a class here by its module and its name, and to nothing else of this package: both
are kept for ever, and the constructors take no arguments.
"""

from __future__ import annotations

from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.source_connection import TABLE_SOURCE_CONNECTION
from pulumi_adobe_aep.kinds.target_connection import DATA_LAKE_TARGET_CONNECTION
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider


class PostgresBaseConnectionProvider(EntityProvider):
    """The provider of `PostgresBaseConnection`. Every state refers to it by this module and this name."""

    kind = POSTGRES


class TableSourceConnectionProvider(EntityProvider):
    """The provider of `TableSourceConnection`. Every state refers to it by this module and this name."""

    kind = TABLE_SOURCE_CONNECTION


class DataLakeTargetConnectionProvider(EntityProvider):
    """The provider of `DataLakeTargetConnection`. Every state refers to it by this module and this name."""

    kind = DATA_LAKE_TARGET_CONNECTION


class MappingSetProvider(EntityProvider):
    """The provider of `MappingSet`. Every state refers to it by this module and this name."""

    kind = MAPPING_SET


class DataflowProvider(EntityProvider):
    """The provider of `Dataflow`. Every state refers to it by this module and this name."""

    kind = DATAFLOW
