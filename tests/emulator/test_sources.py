"""Every source that has tables: its connection spec, the credentials it takes, and what simulates its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from pulumi_adobe_aep.emulator.client import EmulatorError, running_emulator
from pulumi_adobe_aep.emulator.databases.stand_ins import StandInColumn, StandInTable
from tests.emulator.api import DATA_LAKE, POSTGRESQL, Api, code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_adobe_aep.emulator.client import Emulator

STRING: Final = "Connection String Based Authentication"
BASIC: Final = "Basic Authentication"
MYSQL: Final = "26d738e0-8963-47ea-aadf-c60de735468a"
BIGQUERY: Final = "3c9b37f8-13a6-43d8-bad3-b863b941fedd"
HIVE: Final = "aac9bbd4-6c01-46ce-b47e-51c6f0f6db3f"
PHOENIX: Final = "102706fb-a5cd-42ee-afe0-bc42f017ff43"


class Credentials(NamedTuple):
    """One kind of credentials: the parameters have values as on the page."""

    spec_id: str
    name: str
    required: dict[str, Any]
    optional: dict[str, Any]
    secrets: set[str]

    @property
    def params(self) -> dict[str, Any]:
        return self.required | self.optional


# Written from Adobe's pages a second time, not from the emulator's tables.
SOURCES: Final = [
    Credentials(
        POSTGRESQL["id"],
        STRING,
        {"connectionString": "Server=h;Database=d;Port=5432;UID=u;Password=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        POSTGRESQL["id"],
        BASIC,
        {"server": "h", "port": "5432", "database": "d", "username": "u", "password": "canary"},
        {"sslMode": "Require"},
        {"password"},
    ),
    Credentials(
        MYSQL, STRING, {"connectionString": "Server=h;Port=1;Database=d;UID=u;PWD=canary"}, {}, {"connectionString"}
    ),
    Credentials(
        MYSQL,
        BASIC,
        {"server": "h", "port": "3306", "database": "d", "username": "u", "password": "canary"},
        {"sslMode": "DISABLED"},
        {"password"},
    ),
    Credentials(
        "3000eb99-cd47-43f3-827c-43caf170f015",
        STRING,
        {"connectionString": "Server=h;Port=1;Database=d;UID=u;PWD=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "3000eb99-cd47-43f3-827c-43caf170f015",
        BASIC,
        {"server": "h", "database": "d", "username": "u", "password": "canary"},
        {"sslMode": "false"},
        {"password"},
    ),
    Credentials(
        "1f372ff9-38a4-4492-96f5-b9a4e4bd00ec",
        STRING,
        {"connectionString": "Data Source=h;Initial Catalog=d;Integrated Security=False;User ID=u;Password=canary;"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "d6b52d86-f0f8-475f-89d4-ce54c8527328",
        "ConnectionString",
        {"connectionString": "Host=h;Port=1521;Sid=s;User Id=u;Password=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "d6b52d86-f0f8-475f-89d4-ce54c8527328",
        BASIC,
        {"server": "h", "port": "1521", "database": "d", "username": "u", "password": "canary", "schema": "s"},
        {"sslMode": "true"},
        {"password"},
    ),
    Credentials(
        "3416976c-a9ca-4bba-901a-1f08f66978ff",
        BASIC,
        {"server": "h", "port": "5439", "username": "u", "password": "canary", "database": "d"},
        {},
        {"password"},
    ),
    Credentials(
        "b2e08744-4f1a-40ce-af30-7abac3e23cf3",
        "KeyPair Authentication",
        {"account": "a", "username": "u", "database": "d", "warehouse": "w", "privateKey": "canary"},
        {"privateKeyPassphrase": "canary-2", "port": "443"},
        {"privateKey", "privateKeyPassphrase"},
    ),
    Credentials(
        "b2e08744-4f1a-40ce-af30-7abac3e23cf3",
        BASIC,
        {
            "host": "h",
            "port": "443",
            "username": "u",
            "password": "canary",
            "database": "d",
            "warehouse": "w",
            "schema": "s",
        },
        {},
        {"password"},
    ),
    Credentials(
        "b2e08744-4f1a-40ce-af30-7abac3e23cf3",
        "ConnectionString",
        {"connectionString": "jdbc:snowflake://a.snowflakecomputing.com/?user=u&password=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        BIGQUERY,
        BASIC,
        {"project": "p", "clientId": "c", "clientSecret": "canary", "refreshToken": "canary-2"},
        {"largeResultsDataSetId": "d"},
        {"clientSecret", "refreshToken"},
    ),
    Credentials(
        BIGQUERY,
        "Service Authentication",
        {"projectId": "p", "keyFileContent": "canary"},
        {"largeResultsDataSetId": "d", "datasetId": "e"},
        {"keyFileContent"},
    ),
    Credentials(
        "a49bcc7d-8038-43af-b1e4-5a7a089a7d79",
        STRING,
        {"connectionString": "Server=tcp:h.database.windows.net,1433;Database=d;User ID=u@h;Password=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "a49bcc7d-8038-43af-b1e4-5a7a089a7d79",
        "Service Principal Key Based Authentication",
        {
            "server": "h",
            "database": "d",
            "tenant": "t",
            "servicePrincipalId": "i",
            "servicePrincipalKey": "canary",
        },
        {},
        {"servicePrincipalKey"},
    ),
    Credentials(
        "e9d7ec6b-0873-4e57-ad21-b3a7c65e310b",
        "Access Token Authentication",
        {"domain": "d", "clusterId": "c", "accessToken": "canary", "database": "d"},
        {"catalog": "c"},
        {"accessToken"},
    ),
    Credentials(
        "2fa8af9c-2d1a-43ea-a253-f00a00c74412",
        "ConnectionString",
        {"connectionString": "DBCName=h;Uid=u;Pwd=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "37b6bf40-d318-4655-90be-5cd6f65d334b",
        BASIC,
        {"connectionString": "HOST=h;PORT=1;DB=d;UID=u;PWD=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "a8b6a1a4-5735-42b4-952c-85dce0ac38b5",
        STRING,
        {"connectionString": "Server=h;Port=1;Database=d;UID=u;PWD=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "09182899-b429-40c9-a15a-bf3ddbc8ced7",
        BASIC,
        {"server": "h:50000", "database": "d", "username": "u", "password": "canary"},
        {"authenticationType": "Basic"},
        {"password"},
    ),
    Credentials(
        HIVE,
        "HDInsights Basic Authentication",
        {"host": "h", "username": "u", "password": "canary"},
        {},
        {"password"},
    ),
    Credentials(
        "6a8d82bc-1caf-45d1-908d-cadabc9d63a6",
        "HDInsights Basic Authentication",
        {"host": "h", "username": "u", "password": "canary"},
        {},
        {"password"},
    ),
    Credentials(
        "0479cc14-7651-4354-b233-7480606c2ac3",
        "Service Principal Based Authentication",
        {
            "endpoint": "h",
            "database": "d",
            "tenant": "t",
            "servicePrincipalId": "i",
            "servicePrincipalKey": "canary",
        },
        {},
        {"servicePrincipalKey"},
    ),
    Credentials(
        "ecde33f2-c56f-46cc-bdea-ad151c16cd69",
        STRING,
        {"connectionString": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=canary"},
        {},
        {"connectionString"},
    ),
    Credentials(
        "1fe283f6-9bec-11ea-bb37-0242ac130002",
        STRING,
        {"connectionString": 'Server=h; Port=1;AuthMech=1;CredString=[{"user":"u","pass":"canary"}];'},
        {},
        {"connectionString"},
    ),
    Credentials(
        PHOENIX,
        BASIC,
        {"host": "h", "username": "u", "password": "canary", "httpPath": "/p", "enableSsl": True},
        {"port": 8765},
        {"password"},
    ),
    Credentials(
        "a8f4d393-1a6b-43f3-931f-91a16ed857f4",
        BASIC,
        {"host": "h", "username": "u", "password": "canary"},
        {"port": "9042"},
        {"password"},
    ),
]
EACH: Final = pytest.mark.parametrize("credentials", SOURCES, ids=lambda each: f"{each.spec_id[:8]} {each.name}")


def body(spec_id: str, name: str, params: dict[str, Any], **auth: Any) -> dict[str, Any]:
    return {
        "name": "crm",
        "auth": {"specName": name, "params": params, **auth},
        "connectionSpec": {"id": spec_id, "version": "1.0"},
    }


def create(api: Api, spec_id: str = MYSQL) -> str:
    """Create a connection with the first kind of credentials that the source has."""
    name, required = next((each[1], each[2]) for each in SOURCES if each[0] == spec_id)
    response = api.post("/connections", body(spec_id, name, required))
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


@pytest.fixture(scope="module")
def loose() -> Iterator[Api]:
    with running_emulator(["--loose"]) as emulator:
        yield Api.of(emulator)


def test_there_are_twenty_one_sources_and_the_data_lake(api: Api) -> None:
    first = api.get("/connectionSpecs").json()
    assert len(first["items"]) == 20, "a client that does not follow the link misses some"
    everything = api.get("/connectionSpecs", limit=100).json()["items"]
    assert {each["id"] for each in everything} == {each[0] for each in SOURCES} | {DATA_LAKE["id"]}
    assert len(everything) == 22 == len({each["name"] for each in everything})


@pytest.mark.parametrize("name", ["mysql", "maria-db", "sql-server", "amazon-redshift", "google-big-query"])
def test_a_spec_is_found_by_the_name_that_adobes_pages_have(api: Api, name: str) -> None:
    (spec,) = api.get(f'/connectionSpecs?property=name=="{name}"').json()["items"]
    assert api.item(f"/connectionSpecs/{spec['id']}") == spec


@EACH
def test_the_schema_says_what_is_required_and_what_is_secret(api: Api, credentials: Credentials) -> None:
    spec_id, name, required, optional, secrets = credentials
    (spec,) = (each["spec"] for each in api.item(f"/connectionSpecs/{spec_id}")["authSpec"] if each["name"] == name)
    types = {str: "string", int: "integer", bool: "boolean"}
    for key, value in (required | optional).items():
        assert spec["properties"][key]["type"] == types[type(value)], key
    if spec_id == HIVE:
        assert spec["anyOf"] == [{"required": list(required)}, {"required": ["connectionString"]}]
        secrets = secrets | {"connectionString"}
    else:
        assert set(spec["required"]) == set(required)
        assert set(spec["properties"]) == set(required | optional)
    assert {key for key, each in spec["properties"].items() if each.get("format") == "password"} == secrets


@EACH
def test_what_the_page_shows_is_taken_and_its_secrets_are_hidden(
    emulator: Emulator, api: Api, credentials: Credentials
) -> None:
    spec_id, name, _, _, secrets = credentials
    params = credentials.params
    response = api.post("/connections", body(spec_id, name, params))
    assert response.status_code == 201, response.text
    connection_id = response.json()["id"]
    plain = {key: value for key, value in params.items() if key not in secrets}
    masked = {key: "*****" if key in secrets else value for key, value in params.items()}
    for mode, shown in (("mask", masked), ("omit", plain), ("plain", params)):
        emulator.switch(secrets=mode)
        assert api.connection(connection_id)["auth"]["params"] == shown
        assert ("canary" in api.get("/connections").text) == (mode == "plain")
    assert api.stored(connection_id)["auth"]["params"] == params


@EACH
def test_what_is_missing_unknown_or_of_the_wrong_type_is_refused_without_the_secret(
    api: Api, credentials: Credentials
) -> None:
    spec_id, name, required, _, secrets = credentials
    for key in required:
        missing = {each: value for each, value in required.items() if each != key}
        response = api.post("/connections", body(spec_id, name, missing))
        assert (code(response), key in response.json()["errorMessage"]) == ("1304-400", True), key
    for key, value in credentials.params.items():
        for wrong in ([value], 7.5, {"a": "b"}):
            response = api.post("/connections", body(spec_id, name, required | {key: wrong}))
            assert code(response) == "1318-400", key
            assert f"parameter {key} " in response.json()["errorMessage"]
            assert "canary" not in response.text
    response = api.post("/connections", body(spec_id, name, required | {"colour": "red"}))
    assert (code(response), "colour" in response.json()["errorMessage"]) == ("1318-400", True)
    assert code(api.post("/connections", body(spec_id, "Magic", required))) == "1415-400"
    assert api.names() == []
    assert secrets <= set(credentials.params)


@EACH
def test_new_credentials_replace_the_old_ones_as_a_whole(api: Api, credentials: Credentials) -> None:
    spec_id, name, required, _, secrets = credentials
    connection_id = api.post("/connections", body(spec_id, name, credentials.params)).json()["id"]
    rotated = {key: value.replace("canary", "rotated") if key in secrets else value for key, value in required.items()}
    change = {"op": "replace", "path": "/auth/params", "value": rotated}
    assert api.change(connection_id, change).status_code == 200
    assert api.stored(connection_id)["auth"]["params"] == rotated
    refused = {**change, "value": {key: value for key, value in rotated.items() if key not in secrets}}
    assert code(api.change(connection_id, refused)) == "1304-400"


def test_a_kind_of_credentials_belongs_to_its_source(api: Api) -> None:
    response = api.post("/connections", body(MYSQL, "KeyPair Authentication", {"privateKey": "canary"}))
    assert code(response) == "1415-400"
    assert MYSQL in response.json()["errorMessage"]


def test_hive_takes_the_pages_example_as_well_as_its_table(api: Api) -> None:
    name = "HDInsights Basic Authentication"
    assert api.post("/connections", body(HIVE, name, {"connectionString": "canary"})).status_code == 201
    assert api.post("/connections", body(HIVE, name, {"host": "h"})).status_code == 400


def test_a_truth_value_is_not_a_number(api: Api) -> None:
    required = next(each[2] for each in SOURCES if each[0] == PHOENIX)
    assert code(api.post("/connections", body(PHOENIX, BASIC, required | {"port": True}))) == "1318-400"
    assert code(api.post("/connections", body(PHOENIX, BASIC, required | {"enableSsl": 1}))) == "1318-400"


def test_ports_of_either_type_can_be_taken(emulator: Emulator, api: Api) -> None:
    emulator.switch(port_type="any")
    for spec_id, port in ((PHOENIX, "8765"), (MYSQL, 3306)):
        required = next(each[2] for each in SOURCES if each[:2] == (spec_id, BASIC))
        assert api.post("/connections", body(spec_id, BASIC, required | {"port": port})).status_code == 201


def test_the_type_of_bigquerys_auth_is_taken_and_shown(api: Api) -> None:
    required = next(each[2] for each in SOURCES if each[:2] == (BIGQUERY, BASIC))
    response = api.post("/connections", body(BIGQUERY, BASIC, required, type="OAuth2.0"))
    assert response.status_code == 201, response.text
    assert api.connection(response.json()["id"])["auth"]["type"] == "OAuth2.0"
    assert api.post("/connections", body(BIGQUERY, BASIC, required)).status_code == 201
    assert code(api.post("/connections", body(BIGQUERY, BASIC, required, type="Magic"))) == "1312-400"


def test_the_type_of_auth_is_refused_where_no_page_has_it(api: Api, loose: Api) -> None:
    required = next(each[2] for each in SOURCES if each[:2] == (MYSQL, BASIC))
    response = api.post("/connections", body(MYSQL, BASIC, required, type="OAuth2.0"))
    assert (code(response), "auth.type" in response.json()["errorMessage"]) == ("1318-400", True)
    assert loose.post("/connections", body(MYSQL, BASIC, required, type="OAuth2.0")).status_code == 201


@pytest.mark.parametrize(
    "text", ["Database=d;Server=h;Port=1;UID=u;PWD=canary", "Server=h;Database=d;Port=1;UID=u;PWD=canary", "canary"]
)
def test_the_order_of_a_connection_string_with_a_pattern_matters(api: Api, loose: Api, text: str) -> None:
    response = api.post("/connections", body(MYSQL, STRING, {"connectionString": text}))
    assert (code(response), "pattern" in response.json()["errorMessage"]) == ("1318-400", True)
    assert "canary" not in response.text
    assert loose.post("/connections", body(MYSQL, STRING, {"connectionString": text})).status_code == 201


def test_the_data_lake_is_not_a_source(api: Api) -> None:
    assert code(api.post("/connections", body(DATA_LAKE["id"], BASIC, {}))) == "1413-400"


def test_credentials_of_an_unknown_kind_are_hidden_as_a_whole(emulator: Emulator, api: Api) -> None:
    fields = body("d0000000-0000-4000-8000-000000000000", "Magic", {"word": "canary"})
    made = emulator.create(fields)
    assert api.connection(str(made["id"]))["auth"]["params"] == {"word": "*****"}


def test_a_draft_may_lack_credentials_of_any_source(api: Api) -> None:
    draft = api.post("/connections", body(MYSQL, BASIC, {"server": "h"}), params={"mode": "draft"})
    assert draft.status_code == 201, draft.text
    assert code(api.post(f"/connections/{draft.json()['id']}/action", params={"op": "publish"})) == "1304-400"


# What simulates a database that the emulator cannot talk to.


def test_a_database_other_than_postgresql_seems_to_be_there(api: Api) -> None:
    path = f"/connections/{create(api)}"
    assert api.get(f"{path}/test").json() == {"result": True}
    tables = api.get(f"{path}/explore", objectType="root").json()
    assert [each["path"] for each in tables] == ["crm.customers", "sales.orders"]
    for each in tables:
        schema = api.get(f"{path}/explore", objectType="table", object=each["path"]).json()
        assert schema["format"] == "flat"
        assert len(schema["schema"]["columns"]) >= 3
    assert code(api.get(f"{path}/explore", objectType="table", object="nothing")) == "1330-400"
    assert api.get(f"{path}/configs", object="crm.customers").json()["items"][0]["columnName"] == "customer_id"


def test_databases_can_seem_to_be_out_of_reach(emulator: Emulator, api: Api) -> None:
    connection_id = create(api)
    emulator.switch(other_databases="unreachable")
    assert api.get(f"/connections/{connection_id}/test").json() == {"result": False}
    assert code(api.get(f"/connections/{connection_id}/explore", objectType="root")) == "1308-400"
    emulator.switch(test_failure="error", create_check="refuse")
    assert code(api.get(f"/connections/{connection_id}/test")) == "1308-400"
    name, required = next((each[1], each[2]) for each in SOURCES if each[0] == MYSQL)
    assert code(api.post("/connections", body(MYSQL, name, required))) == "1308-400"


def test_a_test_can_say_what_stands_in_for_all_databases_and_for_one(emulator: Emulator, api: Api) -> None:
    one, other = create(api), create(api, BIGQUERY)
    emulator.stand_in([StandInTable(path="shared.t", columns=(StandInColumn(name="a", type="date"),))])
    emulator.stand_in(
        [StandInTable(path="own.t", columns=(StandInColumn(name="b", type="long"),))],
        reachable=False,
        connection_id=one,
    )
    (table,) = api.get(f"/connections/{other}/explore", objectType="root").json()
    assert table == {
        "type": "table",
        "name": "shared.t",
        "path": "shared.t",
        "canPreview": True,
        "canFetchSchema": True,
    }
    found = api.get(f"/connections/{other}/explore", objectType="table", object="shared.t").json()
    assert found["schema"]["columns"] == [
        {"name": "a", "type": "string", "meta:xdmType": "date", "xdm": {"type": "string", "format": "date"}}
    ]
    assert api.get(f"/connections/{other}/test").json() == {"result": True}
    assert api.get(f"/connections/{one}/test").json() == {"result": False}
    emulator.reset()
    assert api.get(f"/connections/{create(Api.of(emulator))}/explore", objectType="root").json()[0]["path"] == (
        "crm.customers"
    )


def test_a_stand_in_that_is_none_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="columns"):
        emulator.stand_in([StandInTable(path="a", columns=())])
    with pytest.raises(EmulatorError, match="422"):
        emulator._control("PUT", "/databases", {"tables": [{"path": "a", "columns": [{"name": "b", "type": "c"}]}]})


def test_a_source_connection_is_made_of_any_source(api: Api) -> None:
    created = api.post(
        "/sourceConnections",
        {
            "name": "customers",
            "baseConnectionId": create(api),
            "data": {"format": "tabular"},
            "params": {"tableName": "crm.customers", "columns": [{"name": "a", "type": "string"}]},
            "connectionSpec": {"id": MYSQL, "version": "1.0"},
        },
    )
    assert created.status_code == 201, created.text


def test_the_flow_spec_names_every_source(api: Api) -> None:
    (flow_spec,) = api.get('/flowSpecs?property=name=="CRMToAEP"').json()["items"]
    assert set(flow_spec["sourceConnectionSpecIds"]) == {each[0] for each in SOURCES}
