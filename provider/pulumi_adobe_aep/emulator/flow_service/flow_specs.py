"""The flow spec of ingestion from databases.

Source: the response to ``GET /flowSpecs?property=name=="CRMToAEP"`` on Adobe's page about collecting data from
databases.
"""

from typing import Final

from pulumi_adobe_aep.emulator.flow_service.connection_specs import DATA_LAKE_ID, PROVIDER_ID, VERSION
from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.emulator.store.entities import JsonObject

CRM_TO_AEP_ID: Final = "14518937-270c-4525-bdec-c2ba7cce3860"
FREQUENCIES: Final = ("once", "minute", "hour", "day", "week")


def flow_specs() -> list[JsonObject]:
    """Return all flow specs. Of the sources of the real one those that have tables are named."""
    text: JsonObject = {"type": "string"}
    return [
        {
            "id": CRM_TO_AEP_ID,
            "name": "CRMToAEP",
            "providerId": PROVIDER_ID,
            "version": VERSION,
            "sourceConnectionSpecIds": list(TABLE_SOURCES),
            "targetConnectionSpecIds": [DATA_LAKE_ID],
            "transformationSpecs": [
                {
                    "name": "Copy",
                    "spec": _schema(
                        {
                            "deltaColumn": {
                                "type": "object",
                                "properties": {"name": text, "dateFormat": text, "timezone": text},
                                "required": ["name"],
                            }
                        },
                        ["deltaColumn"],
                    ),
                },
                {"name": "Mapping", "spec": _schema({"mappingId": text, "mappingVersion": text}, ["mappingId"])},
            ],
            "scheduleSpec": {
                "name": "PeriodicSchedule",
                "type": "Periodic",
                "spec": _schema(
                    {
                        "startTime": {"type": "integer", "description": "epoch time"},
                        "frequency": {"type": "string", "enum": list(FREQUENCIES)},
                        "interval": {"type": "integer"},
                        "backfill": {"type": "boolean", "default": True},
                    },
                    ["startTime", "frequency"],
                ),
            },
            "attributes": {"isSourceFlow": True, "isDraftModeSupported": True},
        }
    ]


def _schema(properties: JsonObject, required: list[str]) -> JsonObject:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": properties,
        "required": required,
    }
