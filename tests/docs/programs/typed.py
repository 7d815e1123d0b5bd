"""A user's program, for type checkers: what must fit, and what must not.

Each line with an `ignore` is a mistake that a checker has to find; an ignore that is not needed is an error itself.
"""

from typing import Any

import pulumi
from typing_extensions import assert_type

import pulumi_adobe_aep as aep

config = pulumi.Config()
secret = config.require_secret("password")
server = pulumi.Output.from_input("db.example.com")
port = pulumi.Output.from_input(5432)

# Every input takes a value or an Output of it, and what is optional takes None.
crm = aep.PostgresBaseConnection(
    "crm",
    name=server.apply(lambda known: f"CRM on {known}"),
    description=config.get("description"),
    sandbox_name=pulumi.Output.from_input("dev"),
    verify=pulumi.Output.from_input(True),
    existing_connection_id=None,
    auth=aep.ConnectionStringAuth(
        server=server, port=port, database="crm", username=server, password=secret, encryption="verify"
    ),
    opts=pulumi.ResourceOptions(protect=True),
)
aep.PostgresBaseConnection(
    "whole",
    auth=aep.ConnectionStringAuth(connection_string=aep.SecretFromEnv("CRM_DB", version=config.require_int("version"))),
)
aep.PostgresBaseConnection(
    "parts",
    auth=aep.BasicAuth(
        server=server,
        port=config.require("port"),
        database="crm",
        username="aep_reader",
        password=aep.SecretFromEnv("CRM_DB_PASSWORD"),
        ssl_mode=config.get_bool("ssl"),
    ),
)
aep.PostgresBaseConnection("dict", auth={"server": server, "port": 5432, "password": secret})
aep.PostgresBaseConnection("output", auth=server.apply(lambda known: {"server": known, "database": "crm"}))

# Outputs have types.
assert_type(crm.connection_id, pulumi.Output[str])
assert_type(crm.name, pulumi.Output[str])
assert_type(crm.description, pulumi.Output[str | None])
assert_type(crm.state, pulumi.Output[str | None])
assert_type(crm.auth["server"], pulumi.Output[Any])
assert_type(crm.auth.apply(len), pulumi.Output[int])
assert_type(crm.verify, pulumi.Output[bool])
found = aep.PostgresBaseConnection.get("found", crm.connection_id, sandbox_name=crm.sandbox_name)
assert_type(found, aep.PostgresBaseConnection)
assert_type(aep.__version__, str)

auth: aep.AuthInput = {"server": "db.example.com"}
password: aep.SecretInput = aep.SecretFromEnv("CRM_DB_PASSWORD")


def refused(error: aep.DeclarationError) -> str:
    """Have an error that is of Pulumi's and of ours."""
    raised: pulumi.RunError = error
    return str(raised)


# Mistakes.
aep.PostgresBaseConnection("crm")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
aep.PostgresBaseConnection("crm", auth="a text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
aep.PostgresBaseConnection("crm", auth=auth, sandbox="dev")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
aep.BasicAuth(server="db.example.com")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
aep.ConnectionStringAuth(password=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# Other databases, each with the kinds of auth that it has.
parts = aep.ConnectionStringAuth(server=server, database="crm", username="aep_reader", password=secret)
basic = aep.BasicAuth(server=server, database="crm", username="aep_reader", password=secret)
mysql = aep.MySqlBaseConnection("mysql", auth=parts)
assert_type(aep.MySqlBaseConnection.get("found", mysql.connection_id), aep.MySqlBaseConnection)
aep.MariaDbBaseConnection("mariadb", auth=basic)
aep.SqlServerBaseConnection("sql-server", auth=parts, verify=True)
aep.OracleBaseConnection(
    "oracle",
    auth=aep.OracleBasicAuth(server=server, database="crm", username="u", password=secret, schema_name="CRM"),
)
aep.RedshiftBaseConnection("redshift", auth=basic)
aep.SnowflakeBaseConnection(
    "snowflake",
    auth=aep.KeyPairAuth(account="a", username="u", database="d", warehouse="w", private_key=secret),
)
aep.SnowflakeBaseConnection(
    "snowflake-aws",
    auth=aep.SnowflakeBasicAuth(
        host=server, username="u", password=secret, database="d", warehouse="w", schema_name="PUBLIC"
    ),
)
aep.BigQueryBaseConnection(
    "bigquery", auth=aep.OAuth2Auth(project="p", client_id="c", client_secret=secret, refresh_token=secret)
)
aep.BigQueryBaseConnection(
    "bigquery-key",
    auth=aep.ServiceAccountAuth(project_id="p", key_file_content=aep.SecretFromEnv("KEY_FILE")),
)
aep.SynapseBaseConnection(
    "synapse",
    auth=aep.ServicePrincipalAuth(
        server=server, database="d", tenant="t", service_principal_id="i", service_principal_key=secret
    ),
)
aep.DatabricksBaseConnection(
    "databricks", auth=aep.AccessTokenAuth(domain="d", cluster_id="c", access_token=secret, database="d")
)
aep.TeradataBaseConnection("teradata", auth={"server": server, "username": "u", "password": secret})
anything = aep.BaseConnection(
    "anything",
    connection_spec="greenplum",
    auth_spec_name="Basic Authentication",
    secret_params={"connectionString": secret, "other": aep.SecretFromEnv("OTHER")},
)
aep.BaseConnection(
    "by-id", connection_spec={"id": "an-id", "version": "1.0"}, auth_spec_name=server, params={"server": server}
)
assert_type(anything.params, pulumi.Output[dict[str, Any]])
aep.RedshiftBaseConnection("redshift", auth=parts)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
aep.BaseConnection("crm", auth_spec_name="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
_ = aep.DB2BaseConnection  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
_ = aep.DatabaseConnection  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
