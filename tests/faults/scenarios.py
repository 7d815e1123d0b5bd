"""The kinds of entities that live through all faults. A new kind is one more scenario here."""

from __future__ import annotations

from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.scenario import Scenario
from tests.support.host import Wire
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

SCENARIOS = (POSTGRESQL, TOY)
