"""From a PostgreSQL database to a dataflow with nothing but requests: the steps of Adobe's tutorials, one by one.

It reads the AEP_* variables that the provider reads, and CONNECTION_STRING. Run it against the emulator or, with a
sandbox that you can spare, against Experience Platform.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from typing import Any

import requests

POSTGRESQL = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
SCOPES = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
TIMEOUT = 60
SETTLING = 60
"""Seconds that a new connection may take to become enabled."""


class Platform:
    """Experience Platform in one sandbox, with a token of its own."""

    def __init__(self) -> None:
        self._base = os.environ.get("AEP_BASE_URL", "https://platform.adobe.io")
        self._session = requests.Session()
        self._session.headers.update(
            {
                "x-api-key": os.environ["AEP_CLIENT_ID"],
                "x-gw-ims-org-id": os.environ["AEP_ORG_ID"],
                "x-sandbox-name": os.environ["AEP_SANDBOX_NAME"],
            }
        )
        answer = requests.post(
            os.environ.get("AEP_IMS_URL", "https://ims-na1.adobelogin.com") + "/ims/token/v3",
            data={
                "grant_type": "client_credentials",
                "client_id": os.environ["AEP_CLIENT_ID"],
                "client_secret": os.environ["AEP_CLIENT_SECRET"],
                "scope": SCOPES,
            },
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, body: Any = None, **query: str) -> requests.Response:
        """Send a request below /data/foundation and return its answer, whatever it is."""
        url = f"{self._base}/data/foundation{path}"
        return self._session.request(method, url, json=body, params=query, timeout=TIMEOUT, allow_redirects=False)

    def get(self, path: str, **query: str) -> Any:
        """Return what a GET answers, or end the script with the reason."""
        return _json(self.call("GET", path, **query))

    def create(self, path: str, body: Any) -> Any:
        """Return what a POST answers, or end the script with the reason."""
        return _json(self.call("POST", path, body))

    def delete(self, path: str) -> None:
        """Delete, or end the script with the reason."""
        answer = self.call("DELETE", path)
        if not answer.ok:
            _json(answer)


def own_fields(schema_id: str) -> str:
    """Return what stands before an organization's own fields in a path: `_acme.`.

    Adobe ("Schema composition", field groups): custom fields lie in a namespace of the tenant, whose name is in the
    schema's id, https://ns.adobe.com/acme/schemas/...
    """
    tenant = re.match(r"https://ns\.adobe\.com/(?!xdm/)([^/]+)/schemas/", schema_id)
    return f"_{tenant[1]}." if tenant else ""


def _json(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json()
    sys.exit(f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text}")


def wait_until_enabled(platform: Platform, connection_id: str) -> None:
    """Wait until Adobe has finished the connection, which it does within seconds."""
    deadline = time.monotonic() + SETTLING
    while True:
        (connection,) = platform.get(f"/flowservice/connections/{connection_id}")["items"]
        if connection["state"] == "enabled":
            return
        if time.monotonic() > deadline:
            sys.exit(f"connection {connection_id} is still {connection['state']}")
        time.sleep(0.5)


def main() -> None:
    """Run the chain, show that the connection is in use, and remove everything again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", help="the table to ingest, such as public.customers")
    parser.add_argument("--delta-column", required=True, metavar="NAME", help="the column that grows with every change")
    parser.add_argument("--schema", required=True, metavar="ID", help="$id of the XDM schema of the data set")
    parser.add_argument("--keep", action="store_true", help="leave everything in place")
    options = parser.parse_args()
    platform = Platform()
    flow_service = "/flowservice"

    base_id = platform.create(
        f"{flow_service}/connections",
        {
            "name": "Ingestion chain",
            "auth": {
                "specName": "Connection String Based Authentication",
                "params": {"connectionString": os.environ["CONNECTION_STRING"]},
            },
            "connectionSpec": POSTGRESQL,
        },
    )["id"]
    say("base connection", base_id)
    wait_until_enabled(platform, base_id)
    if not platform.get(f"{flow_service}/connections/{base_id}/test")["result"]:
        sys.exit("the connection's credentials do not work")

    tables = platform.get(f"{flow_service}/connections/{base_id}/explore", objectType="root")
    say("tables", ", ".join(table["name"] for table in tables))
    explored = platform.get(f"{flow_service}/connections/{base_id}/explore", objectType="table", object=options.table)
    columns = explored["schema"]["columns"]
    say("columns", ", ".join(column["name"] for column in columns))

    source_id = platform.create(
        f"{flow_service}/sourceConnections",
        {
            "name": f"{options.table}",
            "baseConnectionId": base_id,
            "data": {"format": "tabular"},
            "params": {"tableName": options.table, "columns": columns},
            "connectionSpec": POSTGRESQL,
        },
    )["id"]
    say("source connection", source_id)

    (data_set,) = platform.create(
        "/catalog/dataSets",
        {
            "name": f"{options.table}",
            "schemaRef": {"id": options.schema, "contentType": "application/vnd.adobe.xed+json;version=1"},
        },
    )
    data_set_id = data_set.rpartition("/")[2]
    say("data set", data_set_id)
    target_id = platform.create(
        f"{flow_service}/targetConnections",
        {
            "name": f"{options.table}",
            "data": {
                "schema": {"id": options.schema, "version": "application/vnd.adobe.xed-full+json;version=1"},
            },
            "params": {"dataSetId": data_set_id},
            "connectionSpec": DATA_LAKE,
        },
    )["id"]
    say("target connection", target_id)

    fields = {column["name"]: own_fields(options.schema) + column["name"] for column in columns}
    say("fields", ", ".join(fields.values()))
    mapping = platform.create(
        "/conversion/mappingSets",
        {
            "version": 0,
            "xdmSchema": options.schema,
            "xdmVersion": "1.0",
            "mappings": [
                {"destinationXdmPath": field, "sourceAttribute": column, "identity": False}
                for column, field in fields.items()
            ],
        },
    )
    say("mapping", mapping["id"])

    flow_id = platform.create(
        f"{flow_service}/flows",
        {
            "name": f"{options.table} every day",
            "flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"},
            "sourceConnectionIds": [source_id],
            "targetConnectionIds": [target_id],
            "transformations": [
                {"name": "Copy", "params": {"deltaColumn": {"name": options.delta_column}}},
                {
                    "name": "Mapping",
                    "params": {"mappingId": mapping["id"], "mappingVersion": str(mapping["version"])},
                },
            ],
            "scheduleParams": {
                "startTime": str(int(time.time()) + 3600),
                "frequency": "day",
                "interval": "1",
                "backfill": "true",
            },
        },
    )["id"]
    say("flow", flow_id)

    refused = platform.call("DELETE", f"{flow_service}/connections/{base_id}")
    say("deleting the base connection in use", f"{refused.status_code} {refused.json()['errorMessage']}")
    if options.keep:
        return
    for path in (
        f"/flows/{flow_id}",
        f"/sourceConnections/{source_id}",
        f"/targetConnections/{target_id}",
        f"/connections/{base_id}",
    ):
        platform.delete(flow_service + path)
    say("removed", "the flow, its source and target connections, the base connection")


def say(what: str, value: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{what}: {value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
