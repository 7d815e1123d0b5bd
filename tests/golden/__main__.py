"""Write the states of this version: `python -m tests.golden`.

Each goes through the real engine and the emulator: up, then refresh, then `pulumi stack export --show-secrets`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pulumi

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from tests.support.chain import COLUMNS
from tests.support.ingestion import SCHEMA, SCHEMA_VERSION
from tests.support.sources import DECLARED
from tests.support.stack import Stack
from tools.engine import ensure_engine
from tools.interrupts import restore_interrupts

FOLDER = Path(__file__).parent / aep.__version__
NEXT = Path(__file__).parent / "0.2.0"
"""The first version that has ingestions, and databases other than PostgreSQL."""
PASSWORD = "dummy;password{}"
PARTS: dict[str, Any] = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": PASSWORD}
STRING = f"Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password={{{PASSWORD.replace('}', '}}')}}}"

DECLARATIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "connection-string-parts": lambda: {
        "auth": aep.ConnectionStringAuth(**PARTS, port=5433, encryption="verify"),
        "description": "CRM read replica",
    },
    "connection-string-whole": lambda: {
        "auth": aep.ConnectionStringAuth(connection_string=f"{STRING};EncryptionMethod=1"),
        "name": "CRM of Berlin",
    },
    "basic": lambda: {"auth": aep.BasicAuth(**PARTS, ssl_mode="Verify Full"), "verify": False},
    "basic-defaults": lambda: {"auth": aep.BasicAuth(**PARTS)},
    "secret-from-env": lambda: {
        "auth": aep.ConnectionStringAuth(
            **{**PARTS, "password": aep.SecretFromEnv("CRM_DB_PASSWORD", version=3)}, encryption="require"
        )
    },
    "auth-from-an-output": lambda: {
        "auth": pulumi.Output.from_input({**PARTS, "encryption": "request"}),
        "sandbox_name": "stage",
    },
}
"""The arguments of each connection, by the file's name."""


def main() -> None:
    """Write all states of this version, over those that are there."""
    restore_interrupts()
    engine = ensure_engine()
    with running_emulator(["--settle-seconds", "0"]) as emulator:
        for name, arguments in DECLARATIONS.items():
            emulator.seed()
            with tempfile.TemporaryDirectory() as folder:
                environment = {**emulator.environment(), "CRM_DB_PASSWORD": PASSWORD}
                stack = Stack(Path(folder), engine, environment)
                stack.up(partial(declare, arguments))
                write(stack, FOLDER / f"{name}.json")
        emulator.seed()
        with tempfile.TemporaryDirectory() as folder:
            write_ingestion(Stack(Path(folder), engine, emulator.environment()), emulator)
        emulator.seed()
        with tempfile.TemporaryDirectory() as folder:
            write_databases(Stack(Path(folder), engine, emulator.environment()))


def write_ingestion(stack: Stack, emulator: Emulator) -> None:
    """Write the state of a table's ingestion, with all four of its kinds."""
    schema = {"id": SCHEMA, "contentType": SCHEMA_VERSION}
    dataset = emulator.create({"name": "Customers", "schemaRef": schema}, kind="dataSets")["id"]

    def program() -> None:
        connection = aep.PostgresBaseConnection("crm", auth=aep.BasicAuth(**PARTS))
        aep.TableIngestion(
            "customers",
            connection=connection,
            table="public.customers",
            columns=COLUMNS,
            dataset_id=dataset,
            schema_id=SCHEMA,
            mappings={"_acme.first_name": aep.Expression("lower(email)"), "_acme.email": "email"},
            schedule=aep.Schedule("hour", 2, backfill=False),
            delta_column="created_at",
            error_diagnostics=True,
            partial_ingestion_percent=5,
            enabled=False,
            description="rows of the CRM",
        )

    stack.up(program)
    write(stack, NEXT / "ingestion.json")


def write_databases(stack: Stack) -> None:
    """Write the state of a connection with each kind of auth of each source."""

    def program() -> None:
        for declared in DECLARED:
            getattr(aep, declared.resource)(declared.id, **declared.arguments)

    stack.up(program)
    write(stack, NEXT / "databases.json")


def write(stack: Stack, file: Path) -> None:
    """Refresh a stack, and write its state."""
    stack.refresh()
    text = json.dumps(without_places(json.loads(stack.pulumi("stack", "export", "--show-secrets"))), indent=2)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


def declare(arguments: Callable[[], dict[str, Any]]) -> None:
    """Declare the connection `crm`."""
    aep.PostgresBaseConnection("crm", **arguments())


def without_places(exported: Any) -> Any:
    """Leave out where the program lay on the machine that made the state."""
    if isinstance(exported, dict):
        places = ("sourcePosition", "stackTrace")
        return {key: without_places(value) for key, value in exported.items() if key not in places}
    return [without_places(each) for each in exported] if isinstance(exported, list) else exported


if __name__ == "__main__":
    main()
