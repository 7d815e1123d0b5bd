# ruff: noqa: INP001, D103
"""BENCH_COUNT chains, one request after the other, as Adobe's tutorials do it: `chains.py STEP IDS_FILE`."""

import json
import os
import sys
import time
from pathlib import Path

import requests

DATA = f"{os.environ['AEP_BASE_URL']}/data/foundation"
FLOW_SERVICE, MAPPING_SETS = f"{DATA}/flowservice", f"{DATA}/conversion/mappingSets"
HEADERS = {
    "Authorization": f"Bearer {os.environ['AEP_ACCESS_TOKEN']}",
    "x-api-key": os.environ["AEP_CLIENT_ID"],
    "x-gw-ims-org-id": os.environ["AEP_ORG_ID"],
    "x-sandbox-name": os.environ["AEP_SANDBOX_NAME"],
}
SCHEMA, VERSION = os.environ["BENCH_SCHEMA"], "application/vnd.adobe.xed-full+json;version=1"
SPEC = {"id": os.environ["BENCH_SPEC"], "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
CRM_TO_AEP = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}


def send(method, url, body=None, **more):
    response = requests.request(method, url, json=body, headers={**HEADERS, **more}, timeout=60)
    response.raise_for_status()
    return response


def mapping_set(name):
    mappings = [{"sourceType": "ATTRIBUTE", "source": "email", "destination": "_acme.email"}]
    return {"name": name, "outputSchema": {"schemaRef": {"id": SCHEMA, "contentType": VERSION}}, "mappings": mappings}


def create(number):
    name = f"customers-{number} {os.environ['BENCH_DESCRIPTION']}"
    base = os.environ["BENCH_CONNECTION"]
    explored = send("GET", f"{FLOW_SERVICE}/connections/{base}/explore?objectType=table&object=crm.customers").json()
    params = {"tableName": "crm.customers", "columns": explored["schema"]["columns"]}
    table = {"baseConnectionId": base, "data": {"format": "tabular"}, "params": params, "connectionSpec": SPEC}
    source = send("POST", f"{FLOW_SERVICE}/sourceConnections", {"name": name, **table}).json()["id"]
    schema, dataset = {"schema": {"id": SCHEMA, "version": VERSION}}, {"dataSetId": os.environ["BENCH_DATASET"]}
    lake = {"name": name, "data": schema, "params": dataset, "connectionSpec": DATA_LAKE}
    target = send("POST", f"{FLOW_SERVICE}/targetConnections", lake).json()["id"]
    send("POST", f"{MAPPING_SETS}/validate", mapping_set(name))
    mapping = send("POST", MAPPING_SETS, mapping_set(name)).json()
    flow = {
        "name": name,
        "flowSpec": CRM_TO_AEP,
        "sourceConnectionIds": [source],
        "targetConnectionIds": [target],
        "transformations": [
            {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}},
            {"name": "Mapping", "params": {"mappingId": mapping["id"], "mappingVersion": mapping["version"]}},
        ],
        "scheduleParams": {"startTime": str(int(time.time()) + 300), "frequency": "hour", "interval": "1"},
    }
    return [
        f"{FLOW_SERVICE}/flows/{send('POST', f'{FLOW_SERVICE}/flows', flow).json()['id']}",
        f"{FLOW_SERVICE}/sourceConnections/{source}",
        f"{FLOW_SERVICE}/targetConnections/{target}",
        f"{MAPPING_SETS}/{mapping['id']}",
    ]


def update(url, number):
    name = f"customers-{number} {os.environ['BENCH_DESCRIPTION']}"
    if url.startswith(MAPPING_SETS):
        send("PUT", url, mapping_set(name))
        return
    etag = send("GET", url).json()["items"][0]["etag"]
    send("PATCH", url, [{"op": "replace", "path": "/name", "value": name}], **{"If-Match": etag})


step, ids_file = sys.argv[1], Path(sys.argv[2])
if step == "up":
    ids_file.write_text(json.dumps([create(number) for number in range(int(os.environ["BENCH_COUNT"]))]))
for count, urls in enumerate(json.loads(ids_file.read_text())):
    for each in urls:
        if step == "refresh":
            send("GET", each)
        if step == "update":
            update(each, count)
        if step == "destroy":
            send("DELETE", each)
