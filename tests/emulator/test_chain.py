"""From a base connection to a flow, and what "in use" means."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.api import CRM_TO_AEP, DATA_LAKE, POSTGRESQL, UNKNOWN_ID, Api, code, eventually
from tests.emulator.test_databases import by_string, connection_string

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator
    from tools.database import PostgresServer, SampleDatabase

SCHEMA = "https://ns.adobe.com/acme/schemas/customers"


@dataclass
class Chain:
    """The parts of one dataflow, made in the order of Adobe's tutorial."""

    api: Api
    base: str
    source: str
    target: str
    data_set: str
    mapping: str

    @classmethod
    def make(cls, api: Api) -> Chain:
        base = api.create()
        source = make(api, "/sourceConnections", source_body(base))
        data_set = make_data_set(api)
        target = make(api, "/targetConnections", target_body(data_set))
        return cls(api, base, source, target, data_set, make_mapping(api))

    def flow_body(self, **changes: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "name": "customers every day",
            "flowSpec": dict(CRM_TO_AEP),
            "sourceConnectionIds": [self.source],
            "targetConnectionIds": [self.target],
            "transformations": [
                {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}},
                {"name": "Mapping", "params": {"mappingId": self.mapping, "mappingVersion": "0"}},
            ],
            "scheduleParams": {
                "startTime": str(int(time.time()) + 3600),
                "frequency": "day",
                "interval": "1",
                "backfill": "true",
            },
        }
        return {key: value for key, value in (body | changes).items() if value is not None}

    def flow(self, **changes: Any) -> str:
        return make(self.api, "/flows", self.flow_body(**changes))

    def refused(self, **changes: Any) -> str:
        return code(self.api.post("/flows", self.flow_body(**changes)))


def source_body(base: str, **changes: Any) -> dict[str, Any]:
    columns = [{"name": "id", "type": "string", "xdm": {"type": "string"}}]
    body: dict[str, Any] = {
        "name": "customers",
        "baseConnectionId": base,
        "data": {"format": "tabular"},
        "params": {"tableName": "public.customers", "columns": columns},
        "connectionSpec": dict(POSTGRESQL),
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def target_body(data_set: str, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": "customers",
        "data": {"schema": {"id": SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=1"}},
        "params": {"dataSetId": data_set},
        "connectionSpec": dict(DATA_LAKE),
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def make(api: Api, path: str, body: dict[str, Any], **options: Any) -> str:
    response = api.post(path, body, **options)
    assert response.status_code == 201, response.text
    assert set(response.json()) == {"id", "etag"}
    assert response.headers["Location"] == f"{path}/{response.json()['id']}"
    return str(response.json()["id"])


def neighbour(api: Api, path: str, body: dict[str, Any]) -> Any:
    response = api.session.post(f"{api.emulator.base_url}/data/foundation{path}", json=body, timeout=10)
    assert response.ok, response.text
    return response.json()


def make_data_set(api: Api, schema: str = SCHEMA) -> str:
    body = {
        "name": "customers",
        "schemaRef": {"id": schema, "contentType": "application/vnd.adobe.xed+json;version=1"},
        "tags": {"unifiedProfile": ["enabled: true"]},
    }
    (reference,) = neighbour(api, "/catalog/dataSets", body)
    prefix, _, data_set = reference.rpartition("/")
    assert prefix == "@/dataSets"
    return str(data_set)


def make_mapping(api: Api) -> str:
    mapping = {"destinationXdmPath": "id", "sourceAttribute": "id", "identity": False}
    body = {"version": 0, "xdmSchema": SCHEMA, "xdmVersion": "1.0", "id": None, "mappings": [mapping]}
    made = neighbour(api, "/conversion/mappingSets", body)
    assert set(made) == {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}
    return str(made["id"])


@pytest.fixture
def chain(api: Api) -> Chain:
    return Chain.make(api)


def test_the_steps_of_adobes_tutorials_lead_from_a_database_to_a_flow_and_back(
    emulator: Emulator, api: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    base = api.create(auth=by_string(connection_string(server, sample)))
    eventually(lambda: api.connection(base)["state"] == "enabled")
    assert api.get(f"/connections/{base}/test").json()["result"] is True
    tables = api.get(f"/connections/{base}/explore", objectType="root").json()
    assert "sales.orders" in [table["path"] for table in tables]
    table = {"objectType": "table", "object": "public.customers"}
    columns = api.get(f"/connections/{base}/explore", **table).json()["schema"]["columns"]
    names = [column["name"] for column in columns]
    assert names[:3] == ["customer_id", "external_id", "email"]

    params = {"tableName": "public.customers", "columns": columns}
    source = make(api, "/sourceConnections", source_body(base, params=params))
    data_set = make_data_set(api)
    target = make(api, "/targetConnections", target_body(data_set))
    # An organization's own fields lie under its tenant's name, which the schema's id has.
    fields = [{"destinationXdmPath": f"_acme.{name}", "sourceAttribute": name, "identity": False} for name in names]
    sets = {"version": 0, "xdmSchema": SCHEMA, "xdmVersion": "1.0", "mappings": fields}
    mapping = neighbour(api, "/conversion/mappingSets", sets)
    chain = Chain(api, base, source, target, data_set, str(mapping["id"]))
    copy = {"name": "Copy", "params": {"deltaColumn": {"name": "created_at"}}}
    mapped = {"name": "Mapping", "params": {"mappingId": chain.mapping, "mappingVersion": str(mapping["version"])}}
    flow = chain.flow(transformations=[copy, mapped])
    emulator.run(flow)
    assert [row["_acme"]["email"] for row in emulator.rows(data_set)][:2] == ["ada@example.com", "grace@example.com"]

    refused = api.delete(f"/connections/{base}")
    assert code(refused) == "1418-400"
    assert refused.json()["errorMessage"].startswith("The base connection with the ID")
    for path in (f"/flows/{flow}", f"/sourceConnections/{source}", f"/targetConnections/{target}"):
        assert api.delete(path).status_code == 204
    assert api.delete(f"/connections/{base}").status_code == 204
    assert api.names() == []


def test_a_base_connection_in_use_is_1418_400_until_its_flow_is_deleted(chain: Chain) -> None:
    flow = chain.flow()
    response = chain.api.delete(f"/connections/{chain.base}")
    assert code(response) == "1418-400"
    assert chain.base in response.json()["errorMessage"]
    assert chain.api.delete(f"/flows/{flow}").status_code == 204
    assert chain.api.delete(f"/connections/{chain.base}").status_code == 204


def test_a_source_connection_alone_does_not_keep_a_base_connection(chain: Chain) -> None:
    assert chain.api.delete(f"/connections/{chain.base}").status_code == 204


def test_a_source_connection_alone_can_keep_a_base_connection(emulator: Emulator, chain: Chain) -> None:
    emulator.switch(in_use_by="source-connections")
    assert code(chain.api.delete(f"/connections/{chain.base}")) == "1418-400"
    assert chain.api.delete(f"/sourceConnections/{chain.source}").status_code == 204
    assert chain.api.delete(f"/connections/{chain.base}").status_code == 204


def test_a_flow_of_another_connection_does_not_keep_this_one(chain: Chain) -> None:
    chain.flow()
    assert chain.api.delete(f"/connections/{chain.api.create('other')}").status_code == 204


def test_deleting_a_flow_leaves_its_source_and_target_connections(chain: Chain) -> None:
    chain.api.delete(f"/flows/{chain.flow()}")
    assert chain.api.item(f"/sourceConnections/{chain.source}")["state"] == "enabled"
    assert chain.api.item(f"/targetConnections/{chain.target}")["state"] == "enabled"


def test_what_uses_a_connection_can_be_found_with_filters(chain: Chain) -> None:
    flow = chain.flow()
    (source,) = chain.api.get("/sourceConnections", property=f"baseConnectionId=={chain.base}").json()["items"]
    assert source["id"] == chain.source
    (found,) = chain.api.get("/flows", property=f"sourceConnectionIds[]=={chain.source},x").json()["items"]
    assert found["id"] == flow
    path = "inheritedAttributes.sourceConnections[].baseConnection.id"
    (found,) = chain.api.get("/flows", property=f"{path}=={chain.base}").json()["items"]
    assert found["id"] == flow
    for query in (
        f"sourceConnectionIds[]=={UNKNOWN_ID}",
        "inheritedAttributes.properties.isDestinationFlow==true",
        "state==disabled",
    ):
        assert chain.api.get("/flows", property=query).json()["items"] == []


def test_a_flow_shows_the_specs_that_it_inherits(chain: Chain) -> None:
    item = chain.api.item(f"/flows/{chain.flow()}")
    inherited = item["inheritedAttributes"]
    assert inherited["sourceConnections"] == [
        {
            "id": chain.source,
            "connectionSpec": POSTGRESQL,
            "baseConnection": {"id": chain.base, "connectionSpec": POSTGRESQL},
        }
    ]
    assert inherited["targetConnections"] == [{"id": chain.target, "connectionSpec": DATA_LAKE}]
    assert item["flowSpec"] == CRM_TO_AEP
    assert item["state"] == "enabled"


def test_source_connections_show_their_base_connection(chain: Chain) -> None:
    inherited = chain.api.item(f"/sourceConnections/{chain.source}")["inheritedAttributes"]
    assert inherited == {"baseConnection": {"id": chain.base, "connectionSpec": POSTGRESQL}}


def test_source_connections_can_be_filtered_by_table_and_column(chain: Chain) -> None:
    for query in ("params.tableName==public.customers", "params.columns[].name==id"):
        assert len(chain.api.get("/sourceConnections", property=query).json()["items"]) == 1
    assert chain.api.get("/sourceConnections", property="params.columns[].name==x").json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"baseConnectionId": None}, "1320-400"),
        ({"baseConnectionId": UNKNOWN_ID}, "1439-404"),
        ({"connectionSpec": {"id": UNKNOWN_ID, "version": "1.0"}}, "1413-400"),
        ({"connectionSpec": DATA_LAKE}, "1413-400"),
        ({"params": {"columns": [{"name": "id"}]}}, "1304-400"),
        ({"data": {"format": "delimited"}}, "1327-400"),
        ({"params": {"tableName": "a", "filters": {"type": "PQL"}}}, "1353-400"),
    ],
)
def test_a_wrong_source_connection_is_refused(chain: Chain, changes: dict[str, Any], expected: str) -> None:
    assert code(chain.api.post("/sourceConnections", source_body(chain.base, **changes))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"connectionSpec": POSTGRESQL}, "1307-400"),
        ({"params": {"dataSetId": "nothing"}}, "1312-400"),
        ({"params": None}, "1304-400"),
        ({"params": {"dataSetId": ""}}, "1325-400"),
        ({"params": {"other": 1}}, "1325-400"),
        ({"data": {"schema": {}}}, "1304-400"),
    ],
)
def test_a_wrong_target_connection_is_refused(chain: Chain, changes: dict[str, Any], expected: str) -> None:
    assert code(chain.api.post("/targetConnections", target_body(chain.data_set, **changes))) == expected


def schedule(**changes: Any) -> dict[str, Any]:
    usual = {"startTime": int(time.time()) + 3600, "frequency": "day", "interval": 1}
    return {key: value for key, value in (usual | changes).items() if value is not None}


COPY = {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "enabled"}, "1410-400"),
        ({"mode": "draft"}, "1368-400"),
        ({"flowSpec": {"id": UNKNOWN_ID, "version": "1.0"}}, "1413-400"),
        ({"sourceConnectionIds": None}, "1320-400"),
        ({"sourceConnectionIds": [UNKNOWN_ID]}, "1439-404"),
        ({"targetConnectionIds": []}, "1320-400"),
        ({"targetConnectionIds": [UNKNOWN_ID, UNKNOWN_ID]}, "1321-400"),
        ({"sourceConnectionIds": [None]}, "1338-400"),
        ({"targetConnectionIds": [""]}, "1338-400"),
        ({"transformations": []}, "1367-400"),
        ({"transformations": [{"name": "Copy", "params": {"deltaColumn": {}}}]}, "1367-400"),
        ({"transformations": [COPY]}, "1370-400"),
        ({"transformations": [COPY, {"name": "Mapping", "params": {}}]}, "1328-400"),
        ({"transformations": [COPY, {"name": "Mapping"}]}, "1328-400"),
        ({"transformations": [COPY, {"name": "Mapping", "params": {"mappingId": "x"}}]}, "1419-400"),
        ({"options": {"partialIngestionPercent": 0}}, "1312-400"),
        ({"options": {"partialIngestionPercent": 101}}, "1312-400"),
        ({"options": {"partialIngestionPercent": True}}, "1312-400"),
        ({"options": {"errorDiagnosticsEnabled": "true"}}, "1312-400"),
        ({"scheduleParams": {}}, "1317-400"),
        ({"scheduleParams": None}, "1304-400"),
        ({"scheduleParams": schedule(startTime=None)}, "1304-400"),
        ({"scheduleParams": schedule(startTime="soon")}, "1340-400"),
        ({"scheduleParams": schedule(startTime="\u00b2")}, "1340-400"),
        ({"scheduleParams": schedule(startTime="9" * 5000)}, "1340-400"),
        ({"scheduleParams": schedule(frequency="hourly")}, "1397-400"),
        ({"scheduleParams": schedule(interval=None)}, "1363-400"),
        ({"scheduleParams": schedule(frequency="minute", interval=5)}, "1362-400"),
        ({"scheduleParams": schedule(frequency="once")}, "1361-400"),
        ({"scheduleParams": schedule(frequency="once", interval=None, backfill="true")}, "1364-400"),
        ({"scheduleParams": schedule(frequency="once", interval=None, backfill="false")}, "1364-400"),
        ({"scheduleParams": schedule(startTime=1)}, "1360-400"),
        ({"scheduleParams": schedule(frequency="once", interval=None)}, "1369-400"),
    ],
)
def test_a_wrong_flow_is_refused(chain: Chain, changes: dict[str, Any], expected: str) -> None:
    assert chain.refused(**changes) == expected


def test_the_scalars_of_a_schedule_may_be_strings_or_numbers(chain: Chain) -> None:
    assert chain.flow(scheduleParams=schedule(startTime="1893456000", interval="1", backfill="true"))
    assert chain.flow(scheduleParams=schedule(startTime=1893456000, interval=1, backfill=True))


def test_a_mapping_of_another_version_is_1412_400(chain: Chain) -> None:
    mapping = {"name": "Mapping", "params": {"mappingId": chain.mapping, "mappingVersion": "7"}}
    assert chain.refused(transformations=[COPY, mapping]) == "1412-400"


def test_a_mapping_for_another_schema_than_the_data_sets_is_1425_400(chain: Chain) -> None:
    data_set = make_data_set(chain.api, "https://ns.adobe.com/acme/schemas/other")
    target = make(chain.api, "/targetConnections", target_body(data_set))
    assert chain.refused(targetConnectionIds=[target]) == "1425-400"


def test_flows_are_enabled_and_disabled_by_actions(chain: Chain) -> None:
    flow = chain.flow()
    path = f"/flows/{flow}/action"
    assert chain.api.post(path, params={"op": "disable"}).status_code == 200
    assert chain.api.item(f"/flows/{flow}")["state"] == "disabled"
    assert code(chain.api.post(path, params={"op": "disable"})) == "1422-400"
    assert chain.api.post(path, params={"op": "enable"}).status_code == 200
    assert code(chain.api.post(path, params={"op": "reverse"})) == "1435-400"


def patch(chain: Chain, path: str, *instructions: dict[str, Any]) -> Any:
    return chain.api.patch(path, list(instructions), chain.api.item(path)["etag"])


def test_a_schedule_can_change_but_not_its_start_once_that_has_passed(emulator: Emulator, chain: Chain) -> None:
    flow = f"/flows/{chain.flow()}"
    start = int(time.time()) + 7200
    change = {"op": "replace", "path": "/scheduleParams/startTime", "value": str(start)}
    assert patch(chain, flow, change).status_code == 200
    emulator.advance(7300)
    assert code(patch(chain, flow, change | {"value": str(start + 60)})) == "1366-400"
    frequency = {"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}
    assert patch(chain, flow, frequency).status_code == 200
    assert chain.api.item(flow)["scheduleParams"] == {
        "startTime": str(start),
        "frequency": "week",
        "interval": "1",
        "backfill": "true",
    }


def test_patches_of_the_other_resources_need_if_match_too(chain: Chain) -> None:
    change = {"op": "add", "path": "/description", "value": "x"}
    for path in (
        f"/sourceConnections/{chain.source}",
        f"/targetConnections/{chain.target}",
        f"/flows/{chain.flow()}",
    ):
        assert code(chain.api.patch(path, [change], None)) == "1403-400"
        assert code(chain.api.patch(path, [change], '"x"')) == "1404-412"
        assert patch(chain, path, change).status_code == 200
        assert chain.api.item(path)["description"] == "x"
        assert code(patch(chain, path, change | {"path": "/id"})) == "1365-400"


def test_a_part_of_a_targets_params_can_be_added(chain: Chain) -> None:
    path = f"/targetConnections/{chain.target}"
    change = {"op": "add", "path": "/params/appendSegmentId", "value": True}
    assert patch(chain, path, change).status_code == 200
    assert chain.api.item(path)["params"]["appendSegmentId"] is True


def test_labels_can_be_added_to_a_flow(chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    assert patch(chain, path, {"op": "add", "path": "/labels", "value": ["core/C1"]}).status_code == 200
    assert chain.api.item(path)["labels"] == ["core/C1"]


def test_drafts_are_published_from_the_base_connection_up(emulator: Emulator, api: Api) -> None:
    emulator.switch(settle_seconds=0)
    draft = {"params": {"mode": "draft"}}
    publish = {"params": {"op": "publish"}}
    base = api.create()
    emulator.change(base, state="draft")
    source = make(api, "/sourceConnections", source_body(base, params=None), **draft)
    path = f"/sourceConnections/{source}"
    assert api.item(path)["state"] == "draft"
    assert code(api.post(f"{path}/action", **publish)) == "1422-400"
    assert api.post(f"/connections/{base}/action", **publish).status_code == 200
    assert code(api.post(f"{path}/action", **publish)) == "1304-400"
    params = source_body(base)["params"]
    assert api.patch(path, [{"op": "add", "path": "/params", "value": params}], api.item(path)["etag"]).ok
    assert api.post(f"{path}/action", **publish).status_code == 200
    assert api.item(path)["state"] == "enabled"
    flow = make(api, "/flows", {"name": "draft", "flowSpec": CRM_TO_AEP, "sourceConnectionIds": [source]}, **draft)
    assert code(api.post(f"/flows/{flow}/action", **publish)) == "1320-400"
    assert code(api.post(f"/flows/{flow}/action", params={"op": "enable"})) == "1422-400"


def test_runs_appear_two_to_three_minutes_after_the_start(emulator: Emulator, chain: Chain) -> None:
    once: dict[str, Any] = {"startTime": int(time.time()) + 60, "frequency": "once"}
    mapping = {"name": "Mapping", "params": {"mappingId": chain.mapping, "mappingVersion": 0}}
    flow = chain.flow(scheduleParams=once, transformations=[mapping])
    emulator.advance(60 + 110)
    assert chain.api.get("/runs", property=f"flowId=={flow}").json()["items"] == []
    emulator.advance(70)
    (run,) = chain.api.get("/runs", property=f"flowId=={flow}").json()["items"]
    assert run["metrics"]["statusSummary"]["status"] == "failed", "nobody listens on the port of the chain's database"
    assert run["createdAt"] == once["startTime"] * 1000
    assert chain.api.item(f"/runs/{run['id']}") == run
    started = f"metrics.durationSummary.startedAtUTC>={run['createdAt']}"
    assert chain.api.get("/runs", property=started, count="true").json() == {"count": 1}
    assert code(chain.api.get(f"/runs/{UNKNOWN_ID}")) == "1439-404"
    emulator.advance(86400 * 0.9)
    assert chain.api.get("/runs", count="true").json() == {"count": 1}


def test_a_daily_flow_runs_every_day(emulator: Emulator, chain: Chain) -> None:
    chain.flow(scheduleParams=schedule(startTime=int(time.time()) + 60, frequency="hour", interval=2))
    emulator.advance(5 * 3600)
    assert chain.api.get("/runs", count="true").json() == {"count": 3}


def test_data_sets_and_mapping_sets_can_be_read_again(chain: Chain) -> None:
    base = f"{chain.api.emulator.base_url}/data/foundation"
    session = chain.api.session
    data_set = session.get(f"{base}/catalog/dataSets/{chain.data_set}", timeout=10).json()
    assert data_set[chain.data_set]["schemaRef"]["id"] == SCHEMA
    mapping = session.get(f"{base}/conversion/mappingSets/{chain.mapping}", timeout=10).json()
    assert (mapping["id"], mapping["version"], mapping["xdmSchema"]) == (chain.mapping, 0, SCHEMA)
    assert session.get(f"{base}/catalog/dataSets/x", timeout=10).status_code == 404


def test_the_chain_stays_in_its_sandbox(emulator: Emulator, chain: Chain) -> None:
    stage = Api.of(emulator, "stage")
    assert code(stage.post("/sourceConnections", source_body(chain.base))) == "1439-404"
    assert code(stage.post("/flows", chain.flow_body())) == "1439-404"


def test_not_found_has_the_body_of_adobes_example(api: Api) -> None:
    response = api.get(f"/flows/{UNKNOWN_ID}")
    message = f"The requested flows resource {UNKNOWN_ID} is not found. Verify the resource ID before trying again."
    assert response.status_code == 404
    assert response.json() == {
        "type": "https://ns.adobe.com/aep/errors/FLOW-1439-404",
        "title": "Resource not found",
        "status": 404,
        "report": {
            "detailed-message": message,
            "id": UNKNOWN_ID,
            "request-id": response.headers["x-request-id"],
            "type": "flows",
        },
        "errorMessage": message,
        "errorDetails": message,
    }


def test_one_transformation_of_a_flow_can_be_replaced(chain: Chain) -> None:
    path = f"/flows/{chain.flow()}"
    column = {"name": "created_at", "dateFormat": "yyyy-MM-dd'T'HH:mm:ss", "timezone": "UTC"}
    copy = {"name": "Copy", "params": {"deltaColumn": column}}
    assert patch(chain, path, {"op": "replace", "path": "/transformations/0", "value": copy}).status_code == 200
    first, second = chain.api.item(path)["transformations"]
    assert (first, second["name"]) == (copy, "Mapping")


def test_a_complete_draft_of_a_flow_is_published(chain: Chain) -> None:
    path = f"/flows/{make(chain.api, '/flows', chain.flow_body(), params={'mode': 'draft'})}"
    assert chain.api.item(path)["state"] == "draft"
    response = chain.api.post(f"{path}/action", params={"op": "publish"})
    assert (response.status_code, set(response.json())) == (200, {"id", "etag"})
    assert chain.api.item(path)["state"] == "enabled"


def test_fifteen_minutes_are_the_shortest_interval(chain: Chain) -> None:
    assert chain.refused(scheduleParams=schedule(frequency="minute", interval=14)) == "1362-400"
    assert chain.flow(scheduleParams=schedule(frequency="minute", interval=15))
