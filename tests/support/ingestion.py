"""What it takes to bring the table public.customers of the sample database into a dataset of the emulator."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.stack import Program
from tools.database import PostgresServer, SampleDatabase

SCHEMA = "https://ns.adobe.com/acme/schemas/customers"
SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
MAPPINGS: dict[str, Any] = {
    "_acme.customer_id": "external_id",
    "_acme.email": aep.Expression("lower(email)"),
    "_acme.country": "country",
}


def make_dataset(emulator: Emulator, name: str = "Customers", *, schema: str = SCHEMA, sandbox: str = "dev") -> str:
    """Make a dataset as somebody else would, and return its id. The request is not in the log."""
    session = emulator.session(sandbox)
    response = session.post(
        f"{emulator.base_url}/data/foundation/catalog/dataSets",
        json={"name": name, "schemaRef": {"id": schema, "contentType": SCHEMA_VERSION}},
        timeout=30,
    )
    response.raise_for_status()
    emulator.forget_requests()
    (reference,) = response.json()
    return str(reference).rpartition("/")[2]


def auth_of(postgres: PostgresServer, crm: SampleDatabase) -> aep.BasicAuth:
    """Return what logs in to the sample database."""
    return aep.BasicAuth(
        server=postgres.host,
        port=postgres.port,
        database=crm.name,
        username=crm.role,
        password=crm.password,
        ssl_mode="Disable",
    )


def ingestion(postgres: PostgresServer, crm: SampleDatabase, dataset_id: str, **arguments: Any) -> Program:
    """Return a program that brings the table public.customers into a dataset."""

    def program() -> None:
        connection = aep.PostgresBaseConnection("crm", auth=auth_of(postgres, crm))
        usual: dict[str, Any] = {
            "table": "public.customers",
            "dataset_id": dataset_id,
            "schema_id": SCHEMA,
            "mappings": MAPPINGS,
            "schedule": aep.Schedule("hour", 1),
            "delta_column": "created_at",
        }
        customers = aep.TableIngestion("customers", connection=connection, **{**usual, **arguments})
        pulumi.export("flowId", customers.flow_id)

    return program


def entity_ids(emulator: Emulator) -> dict[str, list[str]]:
    """Return the ids of all that a table's ingestion makes, by kind."""
    kinds = ("connections", "sourceConnections", "targetConnections", "mappingSets", "flows")
    return {kind: [str(each["id"]) for each in emulator.entities(kind)] for kind in kinds}  # type: ignore[arg-type]


def paths(emulator: Emulator) -> list[str]:
    """Return the requests since the last call, without the address that all have, ids as ID; then forget them."""
    ids = sorted({each for found in entity_ids(emulator).values() for each in found}, key=len, reverse=True)
    lines = []
    for request in emulator.requests():
        line = f"{request.method} {request.path.removeprefix('/data/foundation')}"
        for each in ids:
            line = line.replace(each, "ID")
        lines.append(line)
    emulator.forget_requests()
    return lines
