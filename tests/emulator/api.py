"""A client of Flow Service for the tests: plain HTTP, nothing hidden."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_adobe_aep.emulator.client import Emulator

POSTGRESQL = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
CRM_TO_AEP = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
SECRET = "s3cr3t-of-the-database"
CONNECTION_STRING = f"Server=127.0.0.1;Database=crm;Port=1;UID=reader;Password={SECRET}"
UNKNOWN_ID = "11111111-2222-4333-8444-555555555555"


def connection_body(name: str = "crm", **changes: Any) -> dict[str, Any]:
    """The body of Adobe's page for a connection string; a change of None takes a field away."""
    body: dict[str, Any] = {
        "name": name,
        "description": "PostgreSQL base connection via connection string",
        "auth": {
            "specName": "Connection String Based Authentication",
            "params": {"connectionString": CONNECTION_STRING},
        },
        "connectionSpec": dict(POSTGRESQL),
    }
    body |= changes
    return {key: value for key, value in body.items() if value is not None}


def basic_auth(**params: Any) -> dict[str, Any]:
    """The auth of Adobe's page for Basic Authentication."""
    usual = {
        "server": "localhost",
        "port": "3306",
        "database": "postgresql-acme",
        "username": "acme",
        "password": SECRET,
        "sslMode": "Allow",
    }
    merged = {key: value for key, value in (usual | params).items() if value is not None}
    return {"specName": "Basic Authentication", "params": merged}


@dataclass
class Api:
    """One client in one sandbox."""

    emulator: Emulator
    session: requests.Session

    @classmethod
    def of(cls, emulator: Emulator, sandbox: str | None = "dev") -> Api:
        return cls(emulator, emulator.session(sandbox))

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("timeout", 30)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, self.emulator.flow_service_url + path, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call("POST", path, json=body, **options)

    def patch(self, path: str, body: Any, etag: str | None) -> requests.Response:
        return self.call("PATCH", path, json=body, headers={} if etag is None else {"If-Match": etag})

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def create(self, name: str = "crm", **changes: Any) -> str:
        response = self.post("/connections", connection_body(name, **changes))
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def item(self, path: str) -> dict[str, Any]:
        response = self.get(path)
        assert response.status_code == 200, response.text
        (item,) = response.json()["items"]
        return dict(item)

    def connection(self, connection_id: str) -> dict[str, Any]:
        return self.item(f"/connections/{connection_id}")

    def change(self, connection_id: str, *instructions: dict[str, Any]) -> requests.Response:
        """Patch with the current etag, as a careful client does."""
        etag = self.connection(connection_id)["etag"]
        return self.patch(f"/connections/{connection_id}", list(instructions), etag)

    def names(self, **query: Any) -> list[str]:
        response = self.get("/connections", **query)
        assert response.status_code == 200, response.text
        return [item["name"] for item in response.json()["items"]]

    def stored(self, connection_id: str) -> dict[str, Any]:
        """What the emulator holds, secrets included."""
        return next(each for each in self.emulator.connections(secrets=True) if each["id"] == connection_id)


def code(response: requests.Response) -> str:
    """The catalogue's code in a response, which must be in Flow Service's current shape."""
    body = response.json()
    assert set(body) == {"type", "title", "status", "report", "errorMessage", "errorDetails"}, body
    assert body["status"] == response.status_code
    assert body["errorMessage"] == body["errorDetails"] == body["report"]["detailed-message"]
    assert body["report"]["request-id"] == response.headers["x-request-id"]
    prefix, _, found = body["type"].rpartition("/")[2].partition("-")
    assert prefix in {"FLOW", "CONNECTOR"}
    return str(found)


def gateway_code(response: requests.Response) -> str:
    """The gateway's code in a response, which must be in the gateway's shape."""
    body = response.json()
    assert set(body) == {"error_code", "message"}, body
    assert str(body["error_code"])[:3] == str(response.status_code)
    return str(body["error_code"])


def eventually(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        threading.Event().wait(0.02)


def in_threads(calls: Sequence[Callable[[], object]]) -> None:
    """Run calls at the same time and wait for all of them."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
