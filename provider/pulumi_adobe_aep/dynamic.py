"""The provider classes that states refer to.

The state of every stack refers to a class here by its module and its name, and to nothing else of this package: both
are kept for ever, and the constructors take no arguments.
"""

from __future__ import annotations

from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.sources.bigquery import BIGQUERY
from pulumi_adobe_aep.kinds.base_connection.sources.databricks import DATABRICKS
from pulumi_adobe_aep.kinds.base_connection.sources.mariadb import MARIADB
from pulumi_adobe_aep.kinds.base_connection.sources.mysql import MYSQL
from pulumi_adobe_aep.kinds.base_connection.sources.oracle import ORACLE
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.base_connection.sources.redshift import REDSHIFT
from pulumi_adobe_aep.kinds.base_connection.sources.snowflake import SNOWFLAKE
from pulumi_adobe_aep.kinds.base_connection.sources.sql_server import SQL_SERVER
from pulumi_adobe_aep.kinds.base_connection.sources.synapse import SYNAPSE
from pulumi_adobe_aep.kinds.base_connection.sources.teradata import TERADATA
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


class MySqlBaseConnectionProvider(EntityProvider):
    """The provider of `MySqlBaseConnection`. Every state refers to it by this module and this name."""

    kind = MYSQL


class MariaDbBaseConnectionProvider(EntityProvider):
    """The provider of `MariaDbBaseConnection`. Every state refers to it by this module and this name."""

    kind = MARIADB


class SqlServerBaseConnectionProvider(EntityProvider):
    """The provider of `SqlServerBaseConnection`. Every state refers to it by this module and this name."""

    kind = SQL_SERVER


class OracleBaseConnectionProvider(EntityProvider):
    """The provider of `OracleBaseConnection`. Every state refers to it by this module and this name."""

    kind = ORACLE


class RedshiftBaseConnectionProvider(EntityProvider):
    """The provider of `RedshiftBaseConnection`. Every state refers to it by this module and this name."""

    kind = REDSHIFT


class SnowflakeBaseConnectionProvider(EntityProvider):
    """The provider of `SnowflakeBaseConnection`. Every state refers to it by this module and this name."""

    kind = SNOWFLAKE


class BigQueryBaseConnectionProvider(EntityProvider):
    """The provider of `BigQueryBaseConnection`. Every state refers to it by this module and this name."""

    kind = BIGQUERY


class SynapseBaseConnectionProvider(EntityProvider):
    """The provider of `SynapseBaseConnection`. Every state refers to it by this module and this name."""

    kind = SYNAPSE


class DatabricksBaseConnectionProvider(EntityProvider):
    """The provider of `DatabricksBaseConnection`. Every state refers to it by this module and this name."""

    kind = DATABRICKS


class TeradataBaseConnectionProvider(EntityProvider):
    """The provider of `TeradataBaseConnection`. Every state refers to it by this module and this name."""

    kind = TERADATA


class BaseConnectionProvider(EntityProvider):
    """The provider of `BaseConnection`. Every state refers to it by this module and this name."""

    kind = ANY_SOURCE
