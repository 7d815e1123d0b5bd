"""The base connections of the databases, a class each: all of it is in the base class and in the kind."""

from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.program.auth import (
    AccessTokenAuth,
    BasicAuth,
    ConnectionStringAuth,
    KeyPairAuth,
    OAuth2Auth,
    OracleBasicAuth,
    ServiceAccountAuth,
    ServicePrincipalAuth,
    SnowflakeBasicAuth,
)
from pulumi_adobe_aep.program.connection_resource import DatabaseConnection


class PostgresBaseConnection(
    DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.PostgresBaseConnectionProvider
):
    """A PostgreSQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MySqlBaseConnection(
    DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.MySqlBaseConnectionProvider
):
    """A MySQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MariaDbBaseConnection(
    DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.MariaDbBaseConnectionProvider
):
    """A MariaDB base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class SqlServerBaseConnection(
    DatabaseConnection[ConnectionStringAuth], provider=dynamic.SqlServerBaseConnectionProvider
):
    """A Microsoft SQL Server base connection; with `ConnectionStringAuth`."""


class OracleBaseConnection(
    DatabaseConnection[ConnectionStringAuth | OracleBasicAuth], provider=dynamic.OracleBaseConnectionProvider
):
    """An Oracle DB base connection; with `ConnectionStringAuth` or `OracleBasicAuth`."""


class RedshiftBaseConnection(DatabaseConnection[BasicAuth], provider=dynamic.RedshiftBaseConnectionProvider):
    """An Amazon Redshift base connection; with `BasicAuth`."""


class SnowflakeBaseConnection(
    DatabaseConnection[KeyPairAuth | SnowflakeBasicAuth], provider=dynamic.SnowflakeBaseConnectionProvider
):
    """A Snowflake base connection; with `KeyPairAuth` or `SnowflakeBasicAuth`."""


class BigQueryBaseConnection(
    DatabaseConnection[OAuth2Auth | ServiceAccountAuth], provider=dynamic.BigQueryBaseConnectionProvider
):
    """A Google BigQuery base connection; with `OAuth2Auth` or `ServiceAccountAuth`."""


class SynapseBaseConnection(
    DatabaseConnection[ConnectionStringAuth | ServicePrincipalAuth], provider=dynamic.SynapseBaseConnectionProvider
):
    """An Azure Synapse Analytics base connection; with `ConnectionStringAuth` or `ServicePrincipalAuth`."""


class DatabricksBaseConnection(DatabaseConnection[AccessTokenAuth], provider=dynamic.DatabricksBaseConnectionProvider):
    """An Azure Databricks base connection; with `AccessTokenAuth`."""


class TeradataBaseConnection(DatabaseConnection[ConnectionStringAuth], provider=dynamic.TeradataBaseConnectionProvider):
    """A Teradata Vantage base connection; with `ConnectionStringAuth`."""
