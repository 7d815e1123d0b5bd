"""The base connections of the databases, a class each: all of it is in the base class and in the kind.

Every class here is a public name of the package, and has the provider of its name.
"""

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

# The package exports all public names of this module; the base class is not one.
from pulumi_adobe_aep.program.connection_resource import DatabaseConnection as _DatabaseConnection


class PostgresBaseConnection(_DatabaseConnection[ConnectionStringAuth | BasicAuth]):
    """A PostgreSQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MySqlBaseConnection(_DatabaseConnection[ConnectionStringAuth | BasicAuth]):
    """A MySQL base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class MariaDbBaseConnection(_DatabaseConnection[ConnectionStringAuth | BasicAuth]):
    """A MariaDB base connection; with `ConnectionStringAuth` or `BasicAuth`."""


class SqlServerBaseConnection(_DatabaseConnection[ConnectionStringAuth]):
    """A Microsoft SQL Server base connection; with `ConnectionStringAuth`."""


class OracleBaseConnection(_DatabaseConnection[ConnectionStringAuth | OracleBasicAuth]):
    """An Oracle DB base connection; with `ConnectionStringAuth` or `OracleBasicAuth`."""


class RedshiftBaseConnection(_DatabaseConnection[BasicAuth]):
    """An Amazon Redshift base connection; with `BasicAuth`."""


class SnowflakeBaseConnection(_DatabaseConnection[KeyPairAuth | SnowflakeBasicAuth]):
    """A Snowflake base connection; with `KeyPairAuth` or `SnowflakeBasicAuth`."""


class BigQueryBaseConnection(_DatabaseConnection[OAuth2Auth | ServiceAccountAuth]):
    """A Google BigQuery base connection; with `OAuth2Auth` or `ServiceAccountAuth`."""


class SynapseBaseConnection(_DatabaseConnection[ConnectionStringAuth | ServicePrincipalAuth]):
    """An Azure Synapse Analytics base connection; with `ConnectionStringAuth` or `ServicePrincipalAuth`."""


class DatabricksBaseConnection(_DatabaseConnection[AccessTokenAuth]):
    """An Azure Databricks base connection; with `AccessTokenAuth`."""


class TeradataBaseConnection(_DatabaseConnection[ConnectionStringAuth]):
    """A Teradata Vantage base connection; with `ConnectionStringAuth`."""
