"""List calls: pages, filters, order, count, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.emulator.api import POSTGRESQL, SECRET, UNKNOWN_ID, Api, basic_auth, code

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator


def walk(api: Api, path: str) -> list[list[str]]:
    """Follow the next links and return the names on each page."""
    pages: list[list[str]] = []
    link: str | None = path
    while link is not None:
        response = api.get(link)
        assert response.status_code == 200, response.text
        pages.append([item["name"] for item in response.json()["items"]])
        following = response.json()["_links"].get("next")
        link = None if following is None else following["href"]
    return pages


def test_an_empty_list_has_items_and_empty_links(api: Api) -> None:
    assert api.get("/connections").json() == {"items": [], "_links": {}}


def test_the_latest_come_first(emulator: Emulator, api: Api) -> None:
    first = api.create("a")
    for name in ("b", "c"):
        emulator.advance(1)
        api.create(name)
    assert api.names() == ["c", "b", "a"]
    emulator.advance(1)
    api.change(first, {"op": "replace", "path": "/description", "value": "changed"})
    assert api.names() == ["a", "c", "b"]


def test_the_next_link_is_relative_to_the_base_and_the_last_page_has_none(api: Api) -> None:
    for number in range(5):
        api.create(f"c{number}")
    response = api.get("/connections", limit=2).json()
    href = response["_links"]["next"]["href"]
    assert href.startswith("/connections?")
    assert "continuationToken" in parse_qs(urlsplit(href).query)
    assert [len(page) for page in walk(api, "/connections?limit=2")] == [2, 2, 1]
    assert walk(api, "/connections?limit=2&orderby=name") == [["c0", "c1"], ["c2", "c3"], ["c4"]]


def test_the_next_link_keeps_filters_and_order(api: Api) -> None:
    for number in range(6):
        api.create(f"c{number}", description="odd" if number % 2 else "even")
    pages = walk(api, "/connections?limit=2&orderby=-name&property=description==odd")
    assert pages == [["c5", "c3"], ["c1"]]


def test_a_page_that_is_exactly_full_is_the_last(api: Api) -> None:
    for number in range(4):
        api.create(f"c{number}")
    assert [len(page) for page in walk(api, "/connections?limit=2")] == [2, 2]


def test_what_comes_and_goes_between_two_pages_moves_nothing(api: Api) -> None:
    ids = [api.create(f"c{number}") for number in range(4)]
    first = api.get("/connections?limit=2&orderby=name").json()
    api.delete(f"/connections/{ids[0]}")
    api.create("b")
    href = first["_links"]["next"]["href"]
    assert [item["name"] for item in api.get(href).json()["items"]] == ["c2", "c3"]


def test_a_list_without_limit_has_the_services_own_page_size(emulator: Emulator, api: Api) -> None:
    emulator.switch(page_size=3)
    for number in range(4):
        api.create(f"c{number}")
    assert [len(page) for page in walk(api, "/connections")] == [3, 1]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1.5", ""])
def test_a_limit_is_a_number_from_1_to_100(api: Api, limit: str) -> None:
    assert code(api.get("/connections", limit=limit)) == "1452-400"


def test_a_limit_of_100_is_taken(api: Api) -> None:
    assert api.get("/connections", limit=100).status_code == 200


@pytest.mark.parametrize("token", ["x", "W10", "bnVsbA"])
def test_a_continuation_token_of_somebody_else_is_refused(api: Api, token: str) -> None:
    assert code(api.get("/connections", continuationToken=token)) == "1453-400"


def test_a_continuation_token_is_for_its_own_order(api: Api) -> None:
    for number in range(2):
        api.create(f"c{number}")
    href = api.get("/connections?limit=1&orderby=name").json()["_links"]["next"]["href"]
    assert code(api.get(href.replace("orderby=name", "orderby=-name"))) == "1453-400"


def test_count_returns_the_number_and_no_items(api: Api) -> None:
    for name in ("a", "b", "b"):
        api.create(name)
    assert api.get("/connections", count="true").json() == {"count": 3}
    assert api.get("/connections", count="true", property="name==b").json() == {"count": 2}


def test_limit_and_count_together_are_1401_400(api: Api) -> None:
    assert code(api.get("/connections", limit=1, count="true")) == "1401-400"
    assert api.get("/connections", limit=1, count="false").status_code == 200


def test_an_unknown_query_parameter_is_1451_400(api: Api) -> None:
    response = api.get("/connections", testParam="1")
    assert code(response) == "1451-400"
    assert response.json()["errorMessage"] == "Invalid params testParam provided in query params."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("property=name==a", ["a"]),
        ('property=name=="a"', ["a"]),
        ("property=name==a,b", ["a", "b"]),
        ('property=name=="with, comma",a', ["a", "with, comma"]),
        ("property=description==Test%20description", ["a"]),
        (f"property=connectionSpec.id=={POSTGRESQL['id']}", ["a", "b", "with, comma"]),
        (f"property=connectionSpec.id=={UNKNOWN_ID},{POSTGRESQL['id']}", ["a", "b", "with, comma"]),
        (f"property=id=={UNKNOWN_ID}", []),
        ("property=state==enabled", ["a", "b", "with, comma"]),
        ("property=state==disabled", []),
        ("property=name==a&property=state==enabled", ["a"]),
        ("property=name==a&property=state==disabled", []),
        ("property=name==a,connectionSpec.version==1.0", ["a"]),
        ("property=auth.params.server==db.example.com", ["b"]),
        ("property=createdAt>0", ["a", "b", "with, comma"]),
        ("property=createdAt>=0&property=createdAt<=1", []),
        ("property=createdAt<1", []),
    ],
)
def test_the_documented_filters(emulator: Emulator, api: Api, query: str, expected: list[str]) -> None:
    emulator.switch(settle_seconds=0)
    api.create("a", description="Test description")
    api.create("b", auth=basic_auth(server="db.example.com"))
    api.create("with, comma")
    response = api.get(f"/connections?{query}&orderby=name")
    assert response.status_code == 200, response.text
    assert [item["name"] for item in response.json()["items"]] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("property=name~a", "1440-400"),
        ("property=name!=a", "1440-400"),
        ("property=createdAt>=1,2", "1443-400"),
        ("property=id>=1", "1448-400"),
        ("property=a%20b==1", "1449-400"),
        ("property===1", "1449-400"),
        ("property=nothing==like-it", "1449-400"),
        ("property=Name==a", "1449-400"),
        ("property=name==a&property=nothing.at.all==1&count=true", "1449-400"),
        ("property=name!>a", "1450-400"),
        ("property=name=a", "1450-400"),
        ("property=createdAt>yesterday", "1452-400"),
        ("property=createdAt==", "1453-400"),
        ("property=name", "1453-400"),
        ('property=name=="\\q"', "1453-400"),
        ("property=", "1453-400"),
    ],
)
def test_filters_that_the_catalogue_refuses(api: Api, query: str, expected: str) -> None:
    assert code(api.get(f"/connections?{query}")) == expected


def test_a_secret_cannot_be_found_with_a_filter(api: Api) -> None:
    api.create("a", auth=basic_auth())
    assert api.names(property=f"auth.params.password=={SECRET}") == []
    (logged,) = api.emulator.requests("GET", "/connections")
    assert SECRET not in str(logged)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["a", "b", "b"]),
        ("+name", ["a", "b", "b"]),
        ("%2Bname", ["a", "b", "b"]),
        ("-name", ["b", "b", "a"]),
        ("-name,createdAt", ["b", "b", "a"]),
        ("connectionSpec.id,name", ["a", "b", "b"]),
        ("description", ["b", "b", "a"]),
    ],
)
def test_lists_can_be_ordered(api: Api, order: str, expected: list[str]) -> None:
    api.create("b", description=None)
    api.create("a")
    api.create("b", description=None)
    response = api.get(f"/connections?orderby={order}")
    assert [item["name"] for item in response.json()["items"]] == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name,", "1432-400"),
        ("-", "1432-400"),
        ("name:desc", "1432-400"),
        ("name%20asc", "1432-400"),
        ("name-", "1432-400"),
        ("%23id", "1433-400"),
        ("nothing", "1433-400"),
        ("Name", "1433-400"),
        ("name,nothing.at.all", "1433-400"),
        ("flowId", "1433-400"),
    ],
)
def test_a_wrong_order_is_refused(api: Api, order: str, expected: str) -> None:
    assert code(api.get(f"/connections?orderby={order}")) == expected


@pytest.mark.parametrize(
    "path", ["sourceConnections", "targetConnections", "flows", "runs", "connectionSpecs", "flowSpecs"]
)
def test_every_list_knows_its_own_fields(api: Api, path: str) -> None:
    assert code(api.get(f"/{path}", orderby="nothing")) == "1433-400"
    assert code(api.get(f"/{path}", property="nothing==1")) == "1449-400"
    for item in api.get(f"/{path}").json()["items"]:
        for field in item:
            assert api.get(f"/{path}", orderby=f"-{field}").status_code == 200


def test_a_search_refuses_unknown_fields_as_well(api: Api) -> None:
    assert code(api.post("/connections/search", {"orderby": "nothing"})) == "1433-400"
    assert code(api.post("/connections/search", {"queryString": "nothing==1"})) == "1449-400"


def search(api: Api, body: dict[str, Any], **query: str) -> Any:
    response = api.post("/connections/search", body, params=query)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_search_finds_what_a_list_finds(api: Api) -> None:
    for name in ("a", "b", "b"):
        api.create(name)
    for text in ("property=name==b", "?property=name==b", "name==b", 'name=="b"&connectionSpec.version==1.0'):
        assert [item["name"] for item in search(api, {"queryString": text})["items"]] == ["b", "b"]
    assert search(api, {"queryString": "name==b", "count": True}) == {"count": 2}
    assert [item["name"] for item in search(api, {"orderby": "name"})["items"]] == ["a", "b", "b"]


def test_a_search_goes_on_with_the_token_of_its_next_link(api: Api) -> None:
    for number in range(3):
        api.create(f"c{number}")
    body = {"limit": 2, "orderby": "name"}
    first = search(api, body)
    href = first["_links"]["next"]["href"]
    assert href.startswith("/connections/search?")
    token = parse_qs(urlsplit(href).query)["continuationToken"][0]
    second = search(api, body, continuationToken=token)
    assert [item["name"] for item in second["items"]] == ["c2"]
    assert second["_links"] == {}


def test_the_limit_of_a_search_is_1000(api: Api) -> None:
    assert search(api, {"limit": 1000})["items"] == []
    assert code(api.post("/connections/search", {"limit": 1001})) == "1452-400"


def test_specs_can_be_listed_and_filtered(api: Api) -> None:
    response = api.get('/connectionSpecs?property=name=="postgre-sql"')
    (spec,) = response.json()["items"]
    assert spec["id"] == POSTGRESQL["id"]
    assert code(api.get(f"/connectionSpecs/{UNKNOWN_ID}")) == "1439-404"
    (flow_spec,) = api.get('/flowSpecs?property=name=="CRMToAEP"').json()["items"]
    assert POSTGRESQL["id"] in flow_spec["sourceConnectionSpecIds"]
    assert api.item(f"/flowSpecs/{flow_spec['id']}") == flow_spec
    assert code(api.get(f"/flowSpecs/{UNKNOWN_ID}")) == "1439-404"


def test_the_postgresql_spec_describes_both_kinds_of_credentials(api: Api) -> None:
    spec = api.item(f"/connectionSpecs/{POSTGRESQL['id']}")
    by_name = {each["name"]: each["spec"] for each in spec["authSpec"]}
    assert set(by_name) == {"Connection String Based Authentication", "Basic Authentication"}
    connection_string = by_name["Connection String Based Authentication"]
    assert connection_string["required"] == ["connectionString"]
    assert connection_string["properties"]["connectionString"]["format"] == "password"
    basic = by_name["Basic Authentication"]
    assert basic["properties"]["password"]["format"] == "password"
    assert basic["required"] == ["server", "port", "database", "username", "password"]
    assert spec["permissionsInfo"]["manage"][0]["permissions"] == ["write"]
    assert spec["exploreSpec"] == {"name": "Tabular", "type": "Tabular"}
    assert spec["sourceSpec"]["spec"]["required"] == ["tableName", "columns"]


@pytest.mark.parametrize("what", ["explore", "configs"])
def test_a_spec_without_a_connection_cannot_be_explored(api: Api, what: str) -> None:
    assert code(api.get(f"/connectionSpecs/{POSTGRESQL['id']}/{what}")) == "1336-400"
    assert code(api.get(f"/connectionSpecs/{UNKNOWN_ID}/{what}")) == "1439-404"


def test_the_postgresql_spec_has_the_parts_of_adobes_examples(api: Api) -> None:
    spec = api.item(f"/connectionSpecs/{POSTGRESQL['id']}")
    assert (spec["name"], spec["version"]) == ("postgre-sql", "1.0")
    assert spec["providerId"] == "0ed90a81-07f4-4586-8190-b40eccef1c5a"
    assert [(each["name"], each["type"]) for each in spec["authSpec"]] == [
        ("Connection String Based Authentication", "connectionStringAuth"),
        ("Basic Authentication", "basicAuthentication"),
    ]
    for each in spec["authSpec"]:
        assert each["spec"]["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert each["spec"]["type"] == "object"
    low_level = {"@type": "lowLevel", "name": "EnterpriseSource"}
    assert spec["permissionsInfo"] == {
        "manage": [low_level | {"permissions": ["write"]}],
        "view": [low_level | {"permissions": ["read"]}],
    }
    assert spec["sourceSpec"]["attributes"]["uiAttributes"]["category"]["key"] == "database"
    assert (spec["attributes"]["isSource"], spec["attributes"]["isDraftModeSupported"]) == (True, True)


def test_the_postgresql_spec_lists_the_ssl_modes_that_are_taken(emulator: Emulator, api: Api) -> None:
    emulator.switch(ssl_modes="tutorial")
    specs = api.item(f"/connectionSpecs/{POSTGRESQL['id']}")["authSpec"]
    (basic,) = (each["spec"] for each in specs if each["name"] == "Basic Authentication")
    assert basic["properties"]["sslMode"]["enum"] == ["Disable", "Allow", "Prefer", "Verify Ca", "Verify Full"]
    assert basic["properties"]["port"]["type"] == "string"


def test_a_filter_reaches_into_the_credentials_and_compares_truth_values(emulator: Emulator, api: Api) -> None:
    private = api.create("private", auth=basic_auth())
    api.create("public", auth=basic_auth())
    emulator.change(private, params={"privateEndpointId": "pe-1", "usePrivateLink": True})
    for query in (f"id=={private}", "auth.params.privateEndpointId==pe-1", "auth.params.usePrivateLink==true"):
        assert api.names(property=query) == ["private"]
    assert api.names(property="auth.params.usePrivateLink==false") == []
    assert len(api.names(property="createdAt<=9999999999999")) == 2
