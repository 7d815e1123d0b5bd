"""The connection specs that a PostgreSQL ingestion needs: the database and the data lake.

Sources: the connectionSpec objects on Adobe's pages (PostgreSQL in 2020, Azure File Storage and Dynamics since), put
together, because no page shows today's spec of PostgreSQL. The ids are Adobe's.
"""

from functools import lru_cache
from typing import Final

from pulumi_adobe_aep.emulator.databases.target import BASIC, CONNECTION_STRING
from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import JsonObject

POSTGRESQL_ID: Final = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
DATA_LAKE_ID: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
VERSION: Final = "1.0"
PROVIDER_ID: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
"""Of the provider that runs the connectors to databases."""

_SCHEMA: Final = "http://json-schema.org/draft-07/schema#"

SSL_MODES: Final[dict[str, tuple[str, ...]]] = {
    "tutorial": ("Disable", "Allow", "Prefer", "Verify Ca", "Verify Full"),
    "overview": ("Disable", "Allow", "Prefer", "Require", "Verify-Ca", "Verify-Full"),
    "boolean": ("true", "false"),
}
"""The lists in Adobe's API tutorial for Azure, in the connector's overview, and in the tutorial for AWS."""


def ssl_modes(switches: Switches) -> tuple[str, ...]:
    """Return the values of sslMode that are taken."""
    if switches.ssl_modes == "all":
        return tuple(dict.fromkeys(mode for modes in SSL_MODES.values() for mode in modes))
    return SSL_MODES[switches.ssl_modes]


@lru_cache(maxsize=8)
def auth_schemas(switches: Switches) -> dict[str, JsonObject]:
    """Return the JSON Schema of the parameters of each auth spec of PostgreSQL, by the auth spec's name."""
    text: JsonObject = {"type": "string"}
    secret: JsonObject = {"type": "string", "format": "password"}
    return {
        CONNECTION_STRING: {
            "$schema": _SCHEMA,
            "type": "object",
            "description": "defines auth params required for connecting to PostgreSQL",
            "properties": {
                "connectionString": {
                    **secret,
                    "description": "An ODBC connection string to connect to Azure Database for PostgreSQL.",
                }
            },
            "required": ["connectionString"],
        },
        BASIC: {
            "$schema": _SCHEMA,
            "type": "object",
            "description": "defines auth params required for connecting to PostgreSQL",
            "properties": {
                "server": text,
                "port": text if switches.port_type == "string" else {"type": ["string", "integer"]},
                "database": text,
                "username": text,
                "password": secret,
                "sslMode": {"type": "string", "enum": list(ssl_modes(switches))},
            },
            "required": ["server", "port", "database", "username", "password"],
        },
    }


@lru_cache(maxsize=32)
def secret_keys(auth_spec: str, switches: Switches) -> frozenset[str]:
    """Return the parameters that the schema marks as passwords."""
    properties = auth_schemas(switches).get(auth_spec, {}).get("properties")
    if not isinstance(properties, dict):
        return frozenset()
    return frozenset(key for key, schema in properties.items() if schema.get("format") == "password")


def connection_specs(switches: Switches) -> list[JsonObject]:
    """Return all connection specs."""
    types = {CONNECTION_STRING: "connectionStringAuth", BASIC: "basicAuthentication"}
    permissions: JsonObject = {
        name: [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": [permission]}]
        for name, permission in (("manage", "write"), ("view", "read"))
    }
    return [
        {
            "id": POSTGRESQL_ID,
            "name": "postgre-sql",
            "providerId": PROVIDER_ID,
            "version": VERSION,
            "authSpec": [
                {"name": name, "type": types[name], "spec": schema} for name, schema in auth_schemas(switches).items()
            ],
            "sourceSpec": {
                "name": "Tabular",
                "type": "Tabular",
                "spec": {
                    "$schema": _SCHEMA,
                    "type": "object",
                    "properties": {
                        "tableName": {"type": "string", "description": "the table to read"},
                        "columns": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "name": {"type": "string"},
                                    "type": {"type": "string"},
                                    "meta": {"type": "object"},
                                },
                            },
                        },
                    },
                    "required": ["tableName", "columns"],
                },
                "attributes": {"uiAttributes": {"category": {"key": "database"}}},
            },
            "exploreSpec": {"name": "Tabular", "type": "Tabular"},
            "attributes": {
                "category": "Databases",
                "isSource": True,
                "isDraftModeSupported": switches.drafts == "supported",
            },
            "permissionsInfo": permissions,
        },
        {
            "id": DATA_LAKE_ID,
            "name": "Adobe Experience Platform Data Lake",
            "providerId": PROVIDER_ID,
            "version": VERSION,
            "authSpec": [],
            "attributes": {"isSource": False, "isDraftModeSupported": True},
            "permissionsInfo": permissions,
        },
    ]


def connection_spec(spec_id: str, switches: Switches) -> JsonObject | None:
    """Return the connection spec with that id."""
    return next((spec for spec in connection_specs(switches) if spec["id"] == spec_id), None)
