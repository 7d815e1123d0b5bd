"""What the chains from a table to a dataset need before they are declared, and what there is of them at the service."""

from __future__ import annotations

from typing import Final

from pulumi_adobe_aep.emulator.client import Emulator, EntityJson
from pulumi_adobe_aep.emulator.databases.stand_ins import StandInColumn, StandInTable
from pulumi_adobe_aep.emulator.store.entities import Kind

MYSQL: Final = "26d738e0-8963-47ea-aadf-c60de735468a"
"""A connection spec whose database the emulator simulates: no database is to be measured."""
SCHEMA: Final = "https://ns.adobe.com/acme/schemas/customers"
KINDS: Final[tuple[Kind, ...]] = ("sourceConnections", "targetConnections", "mappingSets", "flows")


def prepare(emulator: Emulator) -> dict[str, str]:
    """Make the base connection and the dataset that all chains share; return the variables that name them."""
    emulator.switch(mapping_delete="supported")
    columns = (StandInColumn(name="email"), StandInColumn(name="updated_at", type="date-time"))
    emulator.stand_in([StandInTable(path="crm.customers", columns=columns)])
    string = "Server=db.example.com;Port=3306;Database=crm;UID=aep_reader;PWD=of the benchmark"
    auth = {"specName": "Connection String Based Authentication", "params": {"connectionString": string}}
    base = emulator.create({"name": "crm", "auth": auth, "connectionSpec": {"id": MYSQL, "version": "1.0"}})
    reference = {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    dataset = emulator.create({"name": "Customers", "schemaRef": reference}, kind="dataSets")
    return {
        "BENCH_CONNECTION": str(base["id"]),
        "BENCH_DATASET": str(dataset["id"]),
        "BENCH_SPEC": MYSQL,
        "BENCH_SCHEMA": SCHEMA,
    }


def entities(emulator: Emulator) -> list[EntityJson]:
    """Return the entities of all chains."""
    return [each for kind in KINDS for each in emulator.entities(kind, "dev")]
