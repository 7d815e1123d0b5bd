# ruff: noqa: INP001, D102, D103, PLR2004
"""BENCH_COUNT connections, by a dynamic provider as Pulumi's documentation writes one: a class in the program.

https://www.pulumi.com/docs/iac/concepts/resources/dynamic-providers/ has the pattern: `requests` called as it is, the
address and the token from outside, nothing shared between calls. It is right as far as it goes: it reads before it
changes, because Flow Service wants an etag, and knows a connection that is gone. The token comes ready-made from the
environment, so it pays for none.
"""

import os

import pulumi
import requests
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

SPEC = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}


def url(connection_id=""):
    return f"{os.environ['AEP_BASE_URL']}/data/foundation/flowservice/connections/{connection_id}".rstrip("/")


def headers():
    return {
        "Authorization": f"Bearer {os.environ['AEP_ACCESS_TOKEN']}",
        "x-api-key": os.environ["AEP_CLIENT_ID"],
        "x-gw-ims-org-id": os.environ["AEP_ORG_ID"],
        "x-sandbox-name": os.environ["AEP_SANDBOX_NAME"],
    }


class ConnectionProvider(ResourceProvider):
    """A base connection."""

    def create(self, props):
        body = {
            "name": props["name"],
            "description": props["description"],
            "auth": {
                "specName": "Connection String Based Authentication",
                "params": {"connectionString": props["connection_string"]},
            },
            "connectionSpec": SPEC,
        }
        response = requests.post(url(), json=body, headers=headers(), timeout=60)
        response.raise_for_status()
        return CreateResult(response.json()["id"], props)

    def diff(self, _id, _olds, _news):
        keys = ("name", "description", "connection_string")
        return DiffResult(changes=any(_olds.get(key) != _news.get(key) for key in keys))

    def read(self, id_, props):
        response = requests.get(url(id_), headers=headers(), timeout=60)
        if response.status_code == 404:
            return ReadResult("", {})
        response.raise_for_status()
        found = response.json()["items"][0]
        return ReadResult(id_, {**props, "name": found["name"], "description": found.get("description")})

    def update(self, _id, _olds, _news):
        response = requests.get(url(_id), headers=headers(), timeout=60)
        response.raise_for_status()
        operations = [
            {"op": "replace", "path": "/name", "value": _news["name"]},
            {"op": "add", "path": "/description", "value": _news["description"]},
            {
                "op": "replace",
                "path": "/auth/params",
                "value": {"connectionString": _news["connection_string"]},
            },
        ]
        etag = {"If-Match": response.json()["items"][0]["etag"]}
        requests.patch(url(_id), json=operations, headers={**headers(), **etag}, timeout=60).raise_for_status()
        return UpdateResult(_news)

    def delete(self, _id, _props):
        response = requests.delete(url(_id), headers=headers(), timeout=60)
        if response.status_code != 404:
            response.raise_for_status()


class Connection(Resource):
    """A base connection."""

    def __init__(self, resource_name, description, connection_string):
        properties = {"name": resource_name, "description": description, "connection_string": connection_string}
        super().__init__(ConnectionProvider(), resource_name, properties)


for number in range(int(os.environ["BENCH_COUNT"])):
    Connection(
        f"crm-{number}",
        os.environ["BENCH_DESCRIPTION"],
        pulumi.Output.secret(
            f"Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password=password {number};"
            "EncryptionMethod=1;ValidateServerCertificate=1"
        ),
    )
