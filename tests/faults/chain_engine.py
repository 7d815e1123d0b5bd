"""A small engine for whole ingestions: resources of all kinds that refer to each other, in Pulumi's own order.

What refers to another is brought after it and deleted before it; what must be deleted before it is replaced is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from tests.faults.model_engine import Resource
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


@dataclass
class ChainEngine:
    """A stack with ingestions.

    Attributes:
        resources: the state.
        to_delete: what replacements have left, the newest last; it is deleted by the next update at the latest.
        doing: the resource that is created at the moment; kept when the create fails.
    """

    resources: dict[Key, Resource] = field(default_factory=dict)
    to_delete: list[tuple[str, Resource]] = field(default_factory=list)
    doing: Key | None = None

    def up(self, host: Host, program: Mapping[str, Ingestion]) -> int:
        """Bring the stack to what the program declares; return how many operations that took."""
        done = self._delete_leftovers(host)
        for name, declared in program.items():
            made: dict[str, Resource] = {}
            for collection in ORDER:
                kind_host = host.serving(PROVIDER_OF[collection])
                inputs = kind_host.checked(declared.inputs(collection, name, made))
                done += self._bring(kind_host, (name, collection), inputs)
                made[collection] = self.resources[name, collection]
        for key in self._removed(program):
            self._delete(host, key)
            done += 1
        return done + self._delete_leftovers(host)

    def refresh(self, host: Host) -> None:
        """Read everything; what is gone leaves the state."""
        for key, resource in list(self.resources.items()):
            found = host.serving(PROVIDER_OF[key[1]]).read(resource.id, resource.outputs)
            if not found.id:
                del self.resources[key]
            else:
                self.resources[key] = Resource(found.id, found.inputs or resource.inputs, found.outputs)

    def known_ids(self) -> set[str]:
        """Return the ids of all that the state knows."""
        return {each.id for each in (*self.resources.values(), *(left for _, left in self.to_delete))}

    def _removed(self, program: Mapping[str, Any]) -> Iterator[Key]:
        for collection in reversed(ORDER):
            yield from [key for key in self.resources if key[1] == collection and key[0] not in program]

    def _bring(self, host: Host, key: Key, inputs: Wire) -> int:
        recorded = self.resources.get(key)
        if recorded is None:
            self._create(host, key, inputs)
            return 1
        difference = host.diff(recorded.id, recorded.outputs, inputs)
        if not difference.is_change:
            return 0
        if not difference.replaces:
            outputs = host.update(recorded.id, recorded.outputs, inputs)
            self.resources[key] = Resource(recorded.id, inputs, outputs)
            return 1
        if difference.deletes_first:
            self._delete(host, key)
        self._create(host, key, inputs)
        if not difference.deletes_first:
            self.to_delete.append((key[1], recorded))
        return 1

    def _create(self, host: Host, key: Key, inputs: Wire) -> None:
        self.doing = key
        created = host.create_checked(inputs)
        self.resources[key] = Resource(created.id, inputs, created.outputs)
        self.doing = None

    def _delete(self, host: Host, key: Key) -> None:
        resource = self.resources[key]
        host.serving(PROVIDER_OF[key[1]]).delete(resource.id, resource.outputs)
        del self.resources[key]

    def _delete_leftovers(self, host: Host) -> int:
        done = 0
        while self.to_delete:
            collection, resource = self.to_delete[-1]
            host.serving(PROVIDER_OF[collection]).delete(resource.id, resource.outputs)
            self.to_delete.pop()
            done += 1
        return done
