"""The kinds of entities that are tested with all faults. A new kind is one more scenario here."""

from __future__ import annotations

from pulumi_adobe_aep.dynamic import (
    DataflowProvider,
    DataLakeTargetConnectionProvider,
    MappingSetProvider,
    PostgresBaseConnectionProvider,
    TableSourceConnectionProvider,
)
from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.faults import Cell, Operation
from tests.faults.scenario import Scenario
from tests.support.chain import COLUMNS, SCHEDULE
from tests.support.host import Wire
from tests.support.ingestion import SCHEMA, SCHEMA_VERSION
from tests.support.sources import DECLARED, Declared
from tests.support.toy import ToyProvider
from tools.database import PostgresServer, SampleDatabase

_CONNECTION_STRING = "Connection String Based Authentication"
_BASIC = "Basic Authentication"


def _postgresql(secret: str, other: bool) -> Wire:
    parts = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": secret}
    return {"auth": {"specName": _BASIC if other else _CONNECTION_STRING, **parts}}


def _postgresql_held(outputs: Wire) -> Wire:
    auth = outputs["auth"]
    port = str(int(float(str(auth.get("port", 5432)))))
    if auth["specName"] == _BASIC:
        params = {key: auth[key] for key in ("server", "database", "username", "password")} | {"port": port}
    else:
        text = f"Server={auth['server']};Database={auth['database']};Port={port};UID={auth['username']}"
        params = {"connectionString": f"{text};Password={auth['password']}"}
    return {"auth": {"specName": auth["specName"], "params": params}}


def _postgresql_verified(server: PostgresServer, database: SampleDatabase) -> Wire:
    auth = {
        "server": server.host,
        "port": server.port,
        "database": database.name,
        "username": database.role,
        "password": database.password,
    }
    return {"verify": True, "auth": {"specName": _CONNECTION_STRING, **auth}}


POSTGRESQL = Scenario(
    provider=PostgresBaseConnectionProvider,
    collection="connections",
    declare=_postgresql,
    held=_postgresql_held,
    verified=_postgresql_verified,
    with_tokens=True,
)


def _base_connection(emulator: Emulator, sandbox: str) -> Wire:
    return {"baseConnectionId": emulator.create_connection("base", "Server=x", sandbox=sandbox)["id"]}


def _toy(secret: str, other: bool) -> Wire:
    return {"tableName": "orders" if other else "customers", "columns": ["id", "email"], "accessKey": secret}


def _toy_held(outputs: Wire) -> Wire:
    return {
        "baseConnectionId": outputs["baseConnectionId"],
        "params": {key: outputs[key] for key in ("tableName", "columns", "accessKey")},
    }


TOY = Scenario(
    provider=ToyProvider,
    collection="sourceConnections",
    declare=_toy,
    held=_toy_held,
    prepare=_base_connection,
    is_public=False,
)


# What a table's ingestion is made of. None of it has a secret, so the secret only tells one version from the next.


def _table(_secret: str, other: bool) -> Wire:
    return {"table": "public.orders" if other else "public.customers", "columns": COLUMNS}


TABLE = Scenario(
    provider=TableSourceConnectionProvider,
    collection="sourceConnections",
    declare=_table,
    held=lambda outputs: {
        "baseConnectionId": outputs["baseConnectionId"],
        "params": {"tableName": outputs["table"], "columns": outputs["tableColumns"]},
    },
    prepare=_base_connection,
)


def _dataset(emulator: Emulator, sandbox: str) -> Wire:
    fields = {"name": "Customers", "schemaRef": {"id": SCHEMA, "contentType": SCHEMA_VERSION}}
    return {"datasetId": emulator.create(fields, kind="dataSets", sandbox=sandbox)["id"]}


LAKE = Scenario(
    provider=DataLakeTargetConnectionProvider,
    collection="targetConnections",
    declare=lambda _, other: {"schemaId": f"{SCHEMA}/other" if other else SCHEMA},
    held=lambda outputs: {
        "params": {"dataSetId": outputs["datasetId"]},
        "data": {"schema": {"id": outputs["schemaId"], "version": SCHEMA_VERSION}},
    },
    prepare=_dataset,
)


def _deletable(emulator: Emulator, _sandbox: str) -> Wire:
    emulator.switch(mapping_delete="supported")
    return {}


def _mapping_held(outputs: Wire) -> Wire:
    mappings = [
        {"sourceType": "EXPRESSION", "source": source["expression"], "destination": path}
        for path, source in outputs["mappings"].items()
    ]
    return {"mappings": mappings}


_CUT_PUT: dict[Operation, Cell] = {Operation.UPDATE: ("sent again", "stops, done in the service: ResponseLost")}
_NO_LAG: dict[Operation, Cell] = dict.fromkeys(Operation, (None, None))
# There is nothing to read before a PUT, and no version that could be refused.
_PUT_WHOLE: dict[str, dict[Operation, Cell]] = {
    "412": {Operation.UPDATE: ("stops: VersionConflict", "stops: VersionConflict")},
    # Each attempt that was handled has made a version, and the one whose response arrived is recorded.
    "body cut off by the connection": _CUT_PUT,
    "half a JSON body": _CUT_PUT,
    "empty body": _CUT_PUT,
    "reads lag behind a create": _NO_LAG,
    "reads lag behind a change": _NO_LAG,
}

MAPPING = Scenario(
    provider=MappingSetProvider,
    collection="mappingSets",
    declare=lambda secret, other: {
        "schemaId": f"{SCHEMA}/other" if other else SCHEMA,
        "mappings": {"_acme.email": {"expression": f"'{len(secret)}'"}},
    },
    held=_mapping_held,
    prepare=_deletable,
    exceptions=_PUT_WHOLE,
)


def _chain(emulator: Emulator, sandbox: str) -> Wire:
    base = _base_connection(emulator, sandbox)
    source = {**base, "name": "crm", "params": {"tableName": "public.customers", "columns": COLUMNS}}
    dataset = _dataset(emulator, sandbox)["datasetId"]
    reference = {"id": SCHEMA, "version": SCHEMA_VERSION}
    target = {"name": "crm", "params": {"dataSetId": dataset}, "data": {"schema": reference}}
    mapping = {
        "name": "crm",
        "version": 0,
        "outputSchema": {"schemaRef": {"id": SCHEMA, "contentType": SCHEMA_VERSION}},
        "mappings": [{"sourceType": "ATTRIBUTE", "source": "email", "destination": "_acme.email"}],
    }
    made = {
        "sourceConnectionId": emulator.create(source, kind="sourceConnections", sandbox=sandbox),
        "targetConnectionId": emulator.create(target, kind="targetConnections", sandbox=sandbox),
        "mappingId": emulator.create(mapping, kind="mappingSets", sandbox=sandbox),
    }
    return {key: entity["id"] for key, entity in made.items()}


FLOW = Scenario(
    provider=DataflowProvider,
    collection="flows",
    # A run would move its version in between.
    declare=lambda _, other: {
        "schedule": {**SCHEDULE, "startTime": "2126-01-01T00:00:00Z"},
        "deltaColumn": "updated_at" if other else "created_at",
    },
    held=lambda outputs: {
        "sourceConnectionIds": [outputs["sourceConnectionId"]],
        "targetConnectionIds": [outputs["targetConnectionId"]],
        "state": outputs["state"],
    },
    prepare=_chain,
    # One source connection has one dataflow: a second one is a reason to stop.
    lives_in_company=False,
)


def _source(declared: Declared) -> Scenario:
    """Return the scenario of one kind of auth of a source. Only its credentials are its own."""
    (outer, inner), *_ = declared.secrets
    kind = declared.kind.inputs.auth_kind(declared.spec_name)
    named = {"specName": declared.spec_name, **({"type": kind.auth_type} if kind and kind.auth_type else {})}
    return Scenario(
        provider=declared.provider,
        collection="connections",
        declare=lambda secret, _: declared.with_secret(secret),
        held=lambda outputs: {"auth": {**named, "params": declared.sent_with(outputs[outer][inner])}},
        variant=declared.spec_name,
    )


SOURCES = tuple(map(_source, DECLARED))
"""Every kind of auth of every source, for the cells in which credentials are sent again, looked for or changed."""
OPERATIONS_OF_SOURCES = (Operation.CREATE, Operation.UPDATE)
# None after which a create looks in vain: that takes ten seconds each.
FAULTS_OF_SOURCES = frozenset(
    {
        "dropped after it was handled",
        "body cut off by the connection",
        "403",
        "412",
        "reads lag behind a change",
    }
)

SCENARIOS = (POSTGRESQL, TOY, TABLE, LAKE, MAPPING, FLOW)
"""The kinds that are tested with every fault."""
