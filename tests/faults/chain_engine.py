"""A small engine for whole ingestions: resources of all kinds that refer to each other, in Pulumi's own order.

What refers to another is brought after it and deleted before it; what must be deleted before it is replaced is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from tests.faults.model_engine import Resource, Stack
from tests.support.chain import COLUMNS, KINDS, PROVIDERS
from tests.support.host import Host, Wire
from tests.support.ingestion import SCHEMA

ORDER = ("connections", *KINDS)
PROVIDER_OF: Mapping[str, type[EntityProvider]] = {"connections": PostgresBaseConnectionProvider, **PROVIDERS}
KIND_OF: Mapping[str, EntityKind] = {collection: provider.kind for collection, provider in PROVIDER_OF.items()}
Key = tuple[str, str]
"""A resource in the state: the name of its ingestion, and its collection."""


@dataclass(frozen=True)
class Ingestion:
    """What a program declares of one ingestion."""

    sandbox: str
    dataset_id: str
    password: str
    table: str
    description: str | None
    expression: str
    interval: int
    enabled: bool

    def inputs(self, collection: str, name: str, made: Mapping[str, Resource]) -> Wire:
        """Return the inputs of one of its resources, with what they take from those before it."""
        common: Wire = {"name": name, "sandboxName": self.sandbox}
        described = {**common, "description": self.description}
        if collection == "connections":
            parts = {"server": "db.example.com", "database": "crm", "username": "reader", "password": self.password}
            return {**described, "auth": {"specName": "Basic Authentication", **parts}}
        if collection == "sourceConnections":
            return {
                **described,
                "baseConnectionId": made["connections"].id,
                "table": self.table,
                "columns": COLUMNS,
            }
        if collection == "targetConnections":
            return {**described, "datasetId": self.dataset_id, "schemaId": SCHEMA}
        if collection == "mappingSets":
            mappings = {"_acme.email": "email", "_acme.country": {"expression": self.expression}}
            return {**common, "schemaId": SCHEMA, "mappings": mappings}
        return {
            **described,
            "sourceConnectionId": made["sourceConnections"].id,
            "targetConnectionId": made["targetConnections"].id,
            "mappingId": made["mappingSets"].id,
            "mappingVersion": made["mappingSets"].outputs["version"],
            # No run comes in between, and the start never passes, whatever the time of day is.
            "schedule": {"frequency": "hour", "interval": self.interval, "startTime": "2126-01-01T00:00:00Z"},
            "deltaColumn": "created_at",
            "enabled": self.enabled,
        }


class ChainEngine(Stack[Key]):
    """A stack with ingestions."""

    def serving(self, host: Host, key: Key) -> Host:
        """Return the process for the calls of a resource's kind."""
        return host.serving(PROVIDER_OF[key[1]])

    def up(self, host: Host, program: Mapping[str, Ingestion]) -> int:
        """Bring the stack to what the program declares; return how many operations that took."""
        done = self.delete_leftovers(host)
        for name, declared in program.items():
            made: dict[str, Resource] = {}
            for collection in ORDER:
                key = (name, collection)
                done += self.bring(host, key, declared.inputs(collection, name, made))
                made[collection] = self.resources[key]
        for key in self._removed(program):
            self.delete(host, key)
            done += 1
        return done + self.delete_leftovers(host)

    def _removed(self, program: Mapping[str, Any]) -> Iterator[Key]:
        for collection in reversed(ORDER):
            yield from [key for key in self.resources if key[1] == collection and key[0] not in program]
