# ruff: noqa: INP001, D103
"""BENCH_COUNT connections, one after the other, as Adobe's tutorial does it with curl: `script.py STEP IDS_FILE`."""

import json
import os
import sys
from pathlib import Path

import requests

URL = f"{os.environ['AEP_BASE_URL']}/data/foundation/flowservice/connections"
HEADERS = {
    "Authorization": f"Bearer {os.environ['AEP_ACCESS_TOKEN']}",
    "x-api-key": os.environ["AEP_CLIENT_ID"],
    "x-gw-ims-org-id": os.environ["AEP_ORG_ID"],
    "x-sandbox-name": os.environ["AEP_SANDBOX_NAME"],
}


def send(method, url, body=None, **more):
    response = requests.request(method, url, json=body, headers={**HEADERS, **more}, timeout=60)
    response.raise_for_status()
    return response


def create(number):
    connection_string = f"Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password=password {number}"
    body = {
        "name": f"crm-{number}",
        "description": os.environ["BENCH_DESCRIPTION"],
        "auth": {
            "specName": "Connection String Based Authentication",
            "params": {"connectionString": connection_string},
        },
        "connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"},
    }
    return send("POST", URL, body).json()["id"]


def update(connection_id):
    etag = send("GET", f"{URL}/{connection_id}").json()["items"][0]["etag"]
    operations = [{"op": "add", "path": "/description", "value": os.environ["BENCH_DESCRIPTION"]}]
    send("PATCH", f"{URL}/{connection_id}", operations, **{"If-Match": etag})


step, ids_file = sys.argv[1], Path(sys.argv[2])
if step == "up":
    ids_file.write_text(json.dumps([create(number) for number in range(int(os.environ["BENCH_COUNT"]))]))
for each in json.loads(ids_file.read_text()):
    if step == "refresh":
        send("GET", f"{URL}/{each}")
    if step == "update":
        update(each)
    if step == "destroy":
        send("DELETE", f"{URL}/{each}")
