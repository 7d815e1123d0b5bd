"""The kinds of auth that a program passes to a base connection, and its secrets."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel
from pulumi_adobe_aep.kinds.base_connection.sources import (
    bigquery,
    databricks,
    oracle,
    postgresql,
    snowflake,
    synapse,
)
from pulumi_adobe_aep.program.arguments import checked_constructor
from pulumi_adobe_aep.program.names import name_in_state
from pulumi_adobe_aep.pulumi_sdk.wording import name_in_python
from pulumi_adobe_aep.redaction import MASK


@checked_constructor
@dataclass(frozen=True)
class SecretFromEnv:
    """A secret that never enters the state: the provider reads it from its environment when it creates or updates.

    Args:
        name: The environment variable that holds the secret, set for the process that runs `pulumi`.
        version: Raise it to send a new value of the variable, because the state has no value to compare with. Default:
            `1`.
    """

    name: pulumi.Input[str]
    version: pulumi.Input[int] = 1

    def to_state(self) -> dict[str, Any]:
        """Return the reference with the keys of the state."""
        return {"fromEnv": self.name, "version": self.version}


SecretInput = pulumi.Input[str] | SecretFromEnv
"""A secret's value, which the resource encrypts in the state, or where to read it."""


class _Auth:
    """What all kinds of auth share: their form on the wire and a repr without secrets."""

    _model: type[AuthModel]

    def to_state(self) -> dict[str, Any]:
        """Return the auth with the keys of the state."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(cast(Any, self))}
        spec_name = self._model.model_fields["spec_name"].default
        return {"specName": spec_name, **{name_in_state(name): value for name, value in fields.items()}}

    def __repr__(self) -> str:
        secrets = self._model.marked("secret")
        shown = (
            f"{name_in_python(key)}={MASK if key in secrets and not isinstance(value, SecretFromEnv) else repr(value)}"
            for key, value in self.to_state().items()
            if key != "specName" and value is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class ConnectionStringAuth(_Auth):
    """Adobe's "Connection String Based Authentication": the parts of a connection string, or the whole of it.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it, and nothing else.
        port: Port of the database server. Default: `5432`.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        encryption: TLS to the database: `verify` (encrypt and check the certificate), `require`, `request` or
            `disable`. Default: what Adobe's driver does without it.
        connection_string: The whole connection string, `Server=...;Database=...;Port=...;UID=...;Password=...`, instead
            of all of the above; always encrypted in the state.
    """

    _model = postgresql.ConnectionStringAuthModel

    server: pulumi.Input[str | None] = None
    port: pulumi.Input[int] | pulumi.Input[str | None] = None
    database: pulumi.Input[str | None] = None
    username: pulumi.Input[str | None] = None
    password: SecretInput | None = None
    encryption: pulumi.Input[str | None] = None
    connection_string: SecretInput | None = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class BasicAuth(_Auth):
    """Adobe's "Basic Authentication": the parts, each in a field of its own.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it, and nothing else.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        port: Port of the database server. Default: `5432`.
        ssl_mode: TLS to the database, in Adobe's spelling: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca`,
            `Verify Full`; on AWS `True` or `False`. Adobe's pages contradict each other, so it is sent as it is.
    """

    _model = postgresql.BasicAuthModel

    server: pulumi.Input[str]
    database: pulumi.Input[str]
    username: pulumi.Input[str]
    password: SecretInput
    port: pulumi.Input[int] | pulumi.Input[str | None] = None
    ssl_mode: pulumi.Input[str | None] | pulumi.Input[bool] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class OracleBasicAuth(_Auth):
    """Adobe's "Basic Authentication" of Oracle DB, on AWS.

    Args:
        server: Host name or address of the database server, as Adobe's servers reach it, and nothing else.
        database: Name of the database.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        schema_name: The schema that has the tables.
        port: Port of the database server. Default: `1521`.
        ssl_mode: Whether TLS is used: `True` or `False`.
    """

    _model = oracle.OracleBasicAuthModel

    server: pulumi.Input[str]
    database: pulumi.Input[str]
    username: pulumi.Input[str]
    password: SecretInput
    schema_name: pulumi.Input[str]
    port: pulumi.Input[int] | pulumi.Input[str | None] = None
    ssl_mode: pulumi.Input[str | None] | pulumi.Input[bool] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class KeyPairAuth(_Auth):
    """Adobe's "KeyPair Authentication" of Snowflake.

    Args:
        account: The account's identifier, such as `myorg-myaccount`.
        username: Database role that Experience Platform logs in as.
        database: Name of the database.
        warehouse: The warehouse that runs the queries.
        private_key: The private key, Base64-encoded; encrypted in the state.
        private_key_passphrase: The passphrase of an encrypted private key, on Azure only; encrypted in the state.
        port: Port of the account.
    """

    _model = snowflake.KeyPairAuthModel

    account: pulumi.Input[str]
    username: pulumi.Input[str]
    database: pulumi.Input[str]
    warehouse: pulumi.Input[str]
    private_key: SecretInput
    private_key_passphrase: SecretInput | None = None
    port: pulumi.Input[int] | pulumi.Input[str | None] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class SnowflakeBasicAuth(_Auth):
    """Adobe's "Basic Authentication" of Snowflake, on AWS.

    Args:
        host: The account's host name, such as `myorg-myaccount.snowflakecomputing.com`.
        username: Database role that Experience Platform logs in as.
        password: The role's password; always encrypted in the state.
        database: Name of the database.
        warehouse: The warehouse that runs the queries.
        schema_name: The schema that has the tables.
        port: Port of the database server. Default: `443`.
    """

    _model = snowflake.SnowflakeBasicAuthModel

    host: pulumi.Input[str]
    username: pulumi.Input[str]
    password: SecretInput
    database: pulumi.Input[str]
    warehouse: pulumi.Input[str]
    schema_name: pulumi.Input[str]
    port: pulumi.Input[int] | pulumi.Input[str | None] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class OAuth2Auth(_Auth):
    """Adobe's "Basic Authentication" of Google BigQuery, whose type is `OAuth2.0`.

    Args:
        project: The id of the project.
        client_id: The id of the OAuth client.
        client_secret: The secret of the OAuth client; encrypted in the state.
        refresh_token: The refresh token; encrypted in the state.
        large_results_data_set_id: The data set for results that are larger than BigQuery returns at once.
    """

    _model = bigquery.OAuth2AuthModel

    project: pulumi.Input[str]
    client_id: pulumi.Input[str]
    client_secret: SecretInput
    refresh_token: SecretInput
    large_results_data_set_id: pulumi.Input[str | None] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class ServiceAccountAuth(_Auth):
    """Adobe's "Service Authentication" of Google BigQuery.

    Args:
        project_id: The id of the project.
        key_file_content: The key file, Base64-encoded; encrypted in the state.
        large_results_data_set_id: The data set for results that are larger than BigQuery returns at once.
        dataset_id: The data set; on AWS only.
    """

    _model = bigquery.ServiceAccountAuthModel

    project_id: pulumi.Input[str]
    key_file_content: SecretInput
    large_results_data_set_id: pulumi.Input[str | None] = None
    dataset_id: pulumi.Input[str | None] = None


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class ServicePrincipalAuth(_Auth):
    """Adobe's "Service Principal Key Based Authentication" of Azure Synapse Analytics.

    Args:
        server: Host name, such as `mine.database.windows.net`.
        database: Name of the database.
        tenant: The id or domain of the tenant.
        service_principal_id: The application's client id.
        service_principal_key: The application's key; encrypted in the state.
    """

    _model = synapse.ServicePrincipalAuthModel

    server: pulumi.Input[str]
    database: pulumi.Input[str]
    tenant: pulumi.Input[str]
    service_principal_id: pulumi.Input[str]
    service_principal_key: SecretInput


@checked_constructor
@dataclass(frozen=True, kw_only=True, repr=False)
class AccessTokenAuth(_Auth):
    """Adobe's "Access Token Authentication" of Azure Databricks.

    Args:
        domain: The workspace's address, such as `https://adb-1.2.azuredatabricks.net`.
        cluster_id: The cluster that runs the queries.
        access_token: The personal access token; encrypted in the state.
        database: Name of the database.
        catalog: The catalog in Unity Catalog.
    """

    _model = databricks.AccessTokenAuthModel

    domain: pulumi.Input[str]
    cluster_id: pulumi.Input[str]
    access_token: SecretInput
    database: pulumi.Input[str]
    catalog: pulumi.Input[str | None] = None


def class_of(model: type[AuthModel]) -> str:
    """Return the name of the class that a program uses for a kind of auth."""
    return model.__name__.removesuffix("Model")


AuthInput = ConnectionStringAuth | BasicAuth | Mapping[str, Any]
"""One of PostgreSQL's two kinds of auth, or a dict with the same keys. A dict with `ssl_mode` is a `BasicAuth`, one
without is a `ConnectionStringAuth`, unless its `spec_name` says otherwise."""
