"""The base connections of the databases, a class each: all of it is in the base class and in the kind.

Every class here is a public name of the package.
"""

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

# The package imports all public names of this module, and the base class is none.
from pulumi_adobe_aep.program.connection_resource import DatabaseConnection as _DatabaseConnection


class PostgresBaseConnection(
    _DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.PostgresBaseConnectionProvider
):
    """A PostgreSQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MySqlBaseConnection(
    _DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.MySqlBaseConnectionProvider
):
    """A MySQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MariaDbBaseConnection(
    _DatabaseConnection[ConnectionStringAuth | BasicAuth], provider=dynamic.MariaDbBaseConnectionProvider
):
    """A MariaDB base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class SqlServerBaseConnection(
    _DatabaseConnection[ConnectionStringAuth], provider=dynamic.SqlServerBaseConnectionProvider
):
    """A Microsoft SQL Server base connection; with `ConnectionStringAuth`."""


class OracleBaseConnection(
    _DatabaseConnection[ConnectionStringAuth | OracleBasicAuth], provider=dynamic.OracleBaseConnectionProvider
):
    """An Oracle DB base connection; with `ConnectionStringAuth` or `OracleBasicAuth`."""


class RedshiftBaseConnection(_DatabaseConnection[BasicAuth], provider=dynamic.RedshiftBaseConnectionProvider):
    """An Amazon Redshift base connection; with `BasicAuth`."""


class SnowflakeBaseConnection(
    _DatabaseConnection[KeyPairAuth | SnowflakeBasicAuth], provider=dynamic.SnowflakeBaseConnectionProvider
):
    """A Snowflake base connection; with `KeyPairAuth` or `SnowflakeBasicAuth`."""


class BigQueryBaseConnection(
    _DatabaseConnection[OAuth2Auth | ServiceAccountAuth], provider=dynamic.BigQueryBaseConnectionProvider
):
    """A Google BigQuery base connection; with `OAuth2Auth` or `ServiceAccountAuth`."""


class SynapseBaseConnection(
    _DatabaseConnection[ConnectionStringAuth | ServicePrincipalAuth], provider=dynamic.SynapseBaseConnectionProvider
):
    """An Azure Synapse Analytics base connection; with `ConnectionStringAuth` or `ServicePrincipalAuth`."""


class DatabricksBaseConnection(_DatabaseConnection[AccessTokenAuth], provider=dynamic.DatabricksBaseConnectionProvider):
    """An Azure Databricks base connection; with `AccessTokenAuth`."""


class TeradataBaseConnection(
    _DatabaseConnection[ConnectionStringAuth], provider=dynamic.TeradataBaseConnectionProvider
):
    """A Teradata Vantage base connection; with `ConnectionStringAuth`."""
