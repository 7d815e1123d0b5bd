"""The connection specs: one of each source that has tables, and the data lake's.

Sources: the connectionSpec objects on Adobe's pages (PostgreSQL in 2020, Azure File Storage and Dynamics since), put
together, because no page shows today's spec of any of them. The ids are Adobe's.
"""

from functools import lru_cache
from typing import Final

from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import SCHEMA, TableSource
from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import JsonObject

DATA_LAKE_ID: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
VERSION: Final = "1.0"
PROVIDER_ID: Final = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
"""Of the provider that runs the connectors to databases."""
SPEC_IDS: Final = frozenset({*TABLE_SOURCES, DATA_LAKE_ID})

_PERMISSIONS: Final[JsonObject] = {
    name: [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": [permission]}]
    for name, permission in (("manage", "write"), ("view", "read"))
}
_COLUMN: Final[JsonObject] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "type": {"type": "string"}, "meta": {"type": "object"}},
}
_SOURCE_SPEC: Final[JsonObject] = {
    "name": "Tabular",
    "type": "Tabular",
    "spec": {
        "$schema": SCHEMA,
        "type": "object",
        "properties": {
            "tableName": {"type": "string", "description": "the table to read"},
            "columns": {"type": "array", "items": _COLUMN},
        },
        "required": ["tableName", "columns"],
    },
    "attributes": {"uiAttributes": {"category": {"key": "database"}}},
}
_DATA_LAKE: Final[JsonObject] = {
    "id": DATA_LAKE_ID,
    "name": "Adobe Experience Platform Data Lake",
    "providerId": PROVIDER_ID,
    "version": VERSION,
    "authSpec": [],
    "attributes": {"isSource": False, "isDraftModeSupported": True},
    "permissionsInfo": _PERMISSIONS,
}


@lru_cache(maxsize=8)
def connection_specs(switches: Switches) -> dict[str, JsonObject]:
    """Return all connection specs by their ids. The result is not to be changed."""
    specs = {each.id: _table_source_spec(each, switches) for each in TABLE_SOURCES.values()}
    return {**specs, DATA_LAKE_ID: _DATA_LAKE}


def _table_source_spec(source: TableSource, switches: Switches) -> JsonObject:
    return {
        "id": source.id,
        "name": source.name,
        "providerId": PROVIDER_ID,
        "version": VERSION,
        "authSpec": [each.spec(source.title, switches) for each in source.auth],
        "sourceSpec": _SOURCE_SPEC,
        "exploreSpec": {"name": "Tabular", "type": "Tabular"},
        "attributes": {
            "category": "Databases",
            "isSource": True,
            "isDraftModeSupported": switches.drafts == "supported",
        },
        "permissionsInfo": _PERMISSIONS,
    }
