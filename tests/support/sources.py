"""A declaration of each kind of auth of each source, and what Adobe must be sent: one table for every suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.registry import BASE_CONNECTIONS
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider

SECRET = "s3cr3t;of}the{'data\"base"
"""What every dialect must quote."""
CANARY = "s3cr3t-2"
ODBC_SECRET = "{s3cr3t;of}}the{'data\"base}"
ADO_NET_SECRET = '"s3cr3t;of}the{\'data""base"'
LOGIN: Mapping[str, Any] = {"server": "db.example.com", "database": "crm", "username": "reader", "password": SECRET}
STRING = "Connection String Based Authentication"
BASIC = "Basic Authentication"


@dataclass(frozen=True)
class Declared:
    """One declaration.

    Attributes:
        resource: the resource's name.
        spec_name: the auth spec's name.
        inputs: the inputs beyond name and sandbox.
        sent: what `auth.params` must be.
        secrets: the paths of the secrets in the inputs.
    """

    resource: str
    spec_name: str
    inputs: Mapping[str, Any]
    sent: Mapping[str, Any]
    secrets: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> BaseConnectionKind:
        """The kind."""
        return next(each for each in BASE_CONNECTIONS if each.name == self.resource)

    @property
    def provider(self) -> type[EntityProvider]:
        """The class that states refer to."""
        found: type[EntityProvider] = getattr(dynamic, f"{self.resource}Provider")
        return found

    @property
    def id(self) -> str:
        """The test's name."""
        return f"{self.resource.removesuffix('BaseConnection') or 'Any'} {self.spec_name}"

    @property
    def arguments(self) -> dict[str, Any]:
        """The inputs as a program in Python passes them."""
        return _to_arguments(self.inputs)

    def arguments_with(self, secret: object) -> dict[str, Any]:
        """Return them with another value for every secret."""
        return _to_arguments(self.with_secret(secret))

    @property
    def rotated(self) -> dict[str, Any]:
        """The inputs with other secrets."""
        return self.with_secret(CANARY)

    @property
    def sent_rotated(self) -> dict[str, Any]:
        """What `auth.params` must be after it."""
        return self.sent_with(CANARY)

    def with_secret(self, secret: object) -> dict[str, Any]:
        """Return the inputs with another value for every secret."""
        changed: dict[str, Any] = {
            key: dict(value) if isinstance(value, Mapping) else value for key, value in self.inputs.items()
        }
        for outer, inner in self.secrets:
            changed[outer][inner] = secret
        return changed

    def sent_with(self, secret: str) -> dict[str, Any]:
        """Return what `auth.params` must be with a secret that no dialect quotes."""

        def replaced(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            return secret if value == SECRET else value.replace(ODBC_SECRET, secret).replace(ADO_NET_SECRET, secret)

        return {key: replaced(value) for key, value in self.sent.items()}


def _to_arguments(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {to_snake(key): value for key, value in inputs.items()}


def _typed(
    resource: str,
    spec_name: str,
    auth: Mapping[str, Any],
    sent: Mapping[str, str],
    *secrets: str,
    by_name: bool = False,
) -> Declared:
    declared = {**auth, "specName": spec_name} if by_name else dict(auth)
    return Declared(
        f"{resource}BaseConnection", spec_name, {"auth": declared}, sent, tuple(("auth", each) for each in secrets)
    )


def _string(resource: str, text: str, *, spec_name: str = STRING, **auth: Any) -> Declared:
    login = {key: value for key, value in {**LOGIN, **auth}.items() if value is not None}
    return _typed(resource, spec_name, login, {"connectionString": text}, "password")


def _basic(resource: str, sent: Mapping[str, str], *, by_name: bool = True, **auth: Any) -> Declared:
    return _typed(resource, BASIC, {**LOGIN, **auth}, {**LOGIN, **sent}, "password", by_name=by_name)


DECLARED: tuple[Declared, ...] = (
    _string(
        "Postgres",
        f"Server=db.example.com;Database=crm;Port=5432;UID=reader;Password={ODBC_SECRET};EncryptionMethod=1;"
        "ValidateServerCertificate=1",
        encryption="verify",
    ),
    _basic("Postgres", {"port": "5432", "sslMode": "Verify Full"}, sslMode="Verify Full"),
    _string(
        "MySql",
        f"Server=db.example.com;Port=3306;Database=crm;UID=reader;PWD={ODBC_SECRET};SSLMode=4;UseSystemTrustStore=1",
        encryption="verify",
    ),
    _basic("MySql", {"port": "3306", "sslMode": "VERIFY_IDENTITY"}, sslMode="VERIFY_IDENTITY"),
    _string(
        "MariaDb",
        f"Server=db.example.com;Port=3307;Database=crm;UID=reader;PWD={ODBC_SECRET};SSLMode=2",
        port=3307,
        encryption="require",
    ),
    _basic("MariaDb", {"sslMode": "false"}, sslMode="false"),
    _string(
        "SqlServer",
        f"Data Source=db.example.com,1433;Initial Catalog=crm;Integrated Security=False;User ID=reader;"
        f"Password={ADO_NET_SECRET};Encrypt=True;TrustServerCertificate=False",
        encryption="verify",
    ),
    _string(
        "Oracle",
        f"Host=db.example.com;Port=1521;Sid=crm;User Id=reader;Password={ODBC_SECRET};EncryptionMethod=1;"
        "ValidateServerCertificate=1",
        spec_name="ConnectionString",
        encryption="verify",
    ),
    _typed(
        "Oracle",
        BASIC,
        {**LOGIN, "schemaName": "CRM", "sslMode": "true"},
        {**LOGIN, "port": "1521", "schema": "CRM", "sslMode": "true"},
        "password",
    ),
    _basic("Redshift", {"port": "5439"}, by_name=False),
    _typed(
        "Snowflake",
        "KeyPair Authentication",
        {
            "account": "org-account",
            "username": "reader",
            "database": "CRM",
            "warehouse": "WH",
            "privateKey": SECRET,
            "privateKeyPassphrase": SECRET,
        },
        {
            "account": "org-account",
            "username": "reader",
            "database": "CRM",
            "warehouse": "WH",
            "privateKey": SECRET,
            "privateKeyPassphrase": SECRET,
        },
        "privateKey",
        "privateKeyPassphrase",
    ),
    _typed(
        "Snowflake",
        BASIC,
        {
            "host": "org-account.snowflakecomputing.com",
            "username": "reader",
            "password": SECRET,
            "database": "CRM",
            "warehouse": "WH",
            "schemaName": "PUBLIC",
        },
        {
            "host": "org-account.snowflakecomputing.com",
            "port": "443",
            "username": "reader",
            "password": SECRET,
            "database": "CRM",
            "warehouse": "WH",
            "schema": "PUBLIC",
        },
        "password",
    ),
    _typed(
        "BigQuery",
        BASIC,
        {"project": "crm-1", "clientId": "c.apps", "clientSecret": SECRET, "refreshToken": SECRET},
        {"project": "crm-1", "clientId": "c.apps", "clientSecret": SECRET, "refreshToken": SECRET},
        "clientSecret",
        "refreshToken",
    ),
    _typed(
        "BigQuery",
        "Service Authentication",
        {"projectId": "crm-1", "keyFileContent": SECRET, "largeResultsDataSetId": "big"},
        {"projectId": "crm-1", "keyFileContent": SECRET, "largeResultsDataSetId": "big"},
        "keyFileContent",
    ),
    _string(
        "Synapse",
        f"Server=tcp:db.example.com,1433;Database=crm;User ID=reader;Password={ADO_NET_SECRET};"
        "Trusted_Connection=False;Encrypt=True;Connection Timeout=30",
    ),
    _typed(
        "Synapse",
        "Service Principal Key Based Authentication",
        {
            "server": "db.example.com",
            "database": "crm",
            "tenant": "example.com",
            "servicePrincipalId": "an-id",
            "servicePrincipalKey": SECRET,
        },
        {
            "server": "db.example.com",
            "database": "crm",
            "tenant": "example.com",
            "servicePrincipalId": "an-id",
            "servicePrincipalKey": SECRET,
        },
        "servicePrincipalKey",
    ),
    _typed(
        "Databricks",
        "Access Token Authentication",
        {
            "domain": "https://adb-1.2.azuredatabricks.net",
            "clusterId": "0123-456789-abc",
            "accessToken": SECRET,
            "database": "crm",
            "catalog": "main",
        },
        {
            "domain": "https://adb-1.2.azuredatabricks.net",
            "clusterId": "0123-456789-abc",
            "accessToken": SECRET,
            "database": "crm",
            "catalog": "main",
        },
        "accessToken",
    ),
    _string(
        "Teradata",
        f"DBCName=db.example.com;Uid=reader;Pwd={ODBC_SECRET};SSLMode=Verify-Full",
        spec_name="ConnectionString",
        database=None,
        encryption="verify",
    ),
    Declared(
        "BaseConnection",
        BASIC,
        {
            "connectionSpec": "mysql",
            "authSpecName": BASIC,
            "params": {"server": "db.example.com", "port": "3306", "database": "crm", "username": "reader"},
            "secretParams": {"password": SECRET},
        },
        {**LOGIN, "port": "3306"},
        (("secretParams", "password"),),
    ),
)

_PHOENIX: Mapping[str, Any] = {
    "host": "phoenix.example.com",
    "username": "reader",
    "port": 8765,
    "httpPath": "/gateway",
    "enableSsl": True,
}
WITHOUT_CLASS = Declared(
    "BaseConnection",
    BASIC,
    {"connectionSpec": "phoenix", "authSpecName": BASIC, "params": _PHOENIX, "secretParams": {"password": SECRET}},
    {**_PHOENIX, "password": SECRET},
    (("secretParams", "password"),),
)
"""A connection of a source that has no class of its own, with parameters of every type."""
