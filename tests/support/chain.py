"""The inputs of each kind of a table's ingestion in wire form, for tests without the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from tests.support.host import Connected, Host, Wire
from tests.support.ingestion import SCHEMA, SCHEMA_VERSION, make_dataset

COLUMNS = [
    {"name": "email", "type": "string", "xdm": {"type": "string"}},
    {
        "name": "created_at",
        "type": "string",
        "meta:xdmType": "date-time",
        "xdm": {"type": "string", "format": "date-time"},
    },
]
MAPPINGS = {"_acme.email": "email", "_acme.first_name": {"expression": "lower(email)"}}
SCHEDULE = {"frequency": "hour", "interval": 1}
KINDS = ("sourceConnections", "targetConnections", "mappingSets", "flows")
PROVIDERS: dict[str, type[EntityProvider]] = {
    "sourceConnections": dynamic.TableSourceConnectionProvider,
    "targetConnections": dynamic.DataLakeTargetConnectionProvider,
    "mappingSets": dynamic.MappingSetProvider,
    "flows": dynamic.DataflowProvider,
}


@dataclass
class Chain:
    """A base connection and a dataset that exist, and what is made between them by a provider's process."""

    host: Host
    emulator: Emulator
    connection_id: str
    dataset_id: str

    @classmethod
    def begin(cls, host: Host, emulator: Emulator, string: str = "Server=db;Database=crm;Port=5432") -> Chain:
        connection = emulator.create_connection("crm", string)
        return cls(host, emulator, str(connection["id"]), make_dataset(emulator))

    def of(self, kind: str) -> Host:
        """Return the process for resources of a kind."""
        return self.host.serving(PROVIDERS[kind])

    def inputs(self, kind: str, **changes: Any) -> Wire:
        """Return valid inputs of a kind, with the entities that it needs."""
        inputs: Wire = {"name": "customers", "sandboxName": "dev"}
        if kind == "sourceConnections":
            inputs |= {"baseConnectionId": self.connection_id, "table": "public.customers", "columns": COLUMNS}
        elif kind == "targetConnections":
            inputs |= {"datasetId": self.dataset_id, "schemaId": SCHEMA, "schemaVersion": SCHEMA_VERSION}
        elif kind == "mappingSets":
            inputs |= {"schemaId": SCHEMA, "mappings": MAPPINGS}
        else:
            inputs |= {
                "sourceConnectionId": self.create("sourceConnections").id,
                "targetConnectionId": self.create("targetConnections").id,
                "mappingId": self.create("mappingSets").id,
                "schedule": SCHEDULE,
                "deltaColumn": "created_at",
            }
        self.emulator.forget_requests()
        return {key: value for key, value in {**inputs, **changes}.items() if value is not None}

    def create(self, kind: str, **changes: Any) -> Connected:
        """Create an entity of a kind."""
        return self.of(kind).create(self.inputs(kind, **changes))

    def spent(self) -> list[str]:
        """Return the requests since the last time, with ID for ids and without tokens."""
        kinds = ("connections", *KINDS)
        ids = [str(each["id"]) for kind in kinds for each in self.emulator.entities(kind)]  # type: ignore[arg-type]
        lines = []
        for request in self.emulator.requests():
            line = f"{request.method} {request.path.removeprefix('/data/foundation').removeprefix('/flowservice')}"
            for each in ids:
                line = line.replace(each, "ID")
            lines.append(line)
        self.emulator.forget_requests()
        return [line for line in lines if "/ims/" not in line]
