"""Catalog's data sets and the Schema Registry's schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from pulumi_adobe_aep.emulator.client import EmulatorError
from tests.emulator.api import Api, code
from tests.emulator.test_chain import SCHEMA, Chain, make_data_set

if TYPE_CHECKING:
    import requests

    from pulumi_adobe_aep.emulator.client import Emulator

FULL = "application/vnd.adobe.xed-full+json; version=1"


def call(api: Api, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
    url = f"{api.emulator.base_url}/data/foundation/catalog{path}"
    return api.session.request(method, url, json=body, params=query, timeout=10)


def read(api: Api, data_set: str) -> dict[str, Any]:
    response = call(api, "GET", f"/dataSets/{data_set}")
    assert response.status_code == 200, response.text
    assert list(response.json()) == [data_set]
    return dict(response.json()[data_set])


def rename(api: Api, data_set: str, name: str) -> None:
    assert call(api, "PATCH", f"/dataSets/{data_set}", {"name": name}).json() == [f"@/dataSets/{data_set}"]


def test_data_sets_are_listed_by_name_in_pages_with_the_fields_that_are_wanted(api: Api) -> None:
    first, second, third = (make_data_set(api) for _ in range(3))
    rename(api, second, "orders")
    assert list(call(api, "GET", "/dataSets", name="orders").json()) == [second]
    assert call(api, "GET", "/dataSets", name="nothing").json() == {}
    assert list(call(api, "GET", "/dataSets", limit=1, start=2).json()) == [third]
    assert list(call(api, "GET", "/dataSets", orderBy="desc:name", limit=1).json()) == [second]
    assert call(api, "GET", "/dataSets", name="orders", properties="name,imsOrg").json()[second] == {
        "name": "orders",
        "imsOrg": api.emulator.org_id,
    }
    assert code(call(api, "GET", "/dataSets", limit=101)) == "1452-400"
    assert code(call(api, "GET", "/dataSets", start=-1)) == "1452-400"
    assert list(call(Api.of(api.emulator, "stage"), "GET", "/dataSets").json()) == []
    assert first != third


def test_a_change_replaces_fields_and_its_second_version_merges_them(api: Api) -> None:
    data_set = make_data_set(api)
    before = read(api, data_set)
    call(api, "PATCH", f"/v2/dataSets/{data_set}", {"tags": {"owner": ["crm"]}, "description": "of the CRM"})
    assert read(api, data_set)["tags"] == {"unifiedProfile": ["enabled: true"], "owner": ["crm"]}
    call(api, "PATCH", f"/dataSets/{data_set}", {"tags": {"owner": ["web"]}, "description": None})
    after = read(api, data_set)
    assert (after["tags"], "description" in after) == ({"owner": ["web"]}, False)
    assert after["version"] != before["version"]
    assert code(call(api, "PATCH", f"/dataSets/{data_set}", {"imsOrg": "x"})) == "1455-400"
    assert code(call(api, "PATCH", "/dataSets/unknown", {"name": "x"})) == "1439-404"


def test_a_deleted_data_set_takes_its_batches_along_and_a_second_deletion_finds_nothing(
    emulator: Emulator, api: Api
) -> None:
    chain = Chain.make(api)
    emulator.run(chain.flow())
    assert len(emulator.batches(chain.data_set)) == 1
    deleted = call(api, "DELETE", f"/dataSets/{chain.data_set}")
    assert (deleted.status_code, deleted.json()) == (200, [f"@/dataSets/{chain.data_set}"])
    again = call(api, "DELETE", f"/dataSets/{chain.data_set}")
    assert (again.status_code, again.json()) == (200, [])
    assert code(call(api, "GET", f"/dataSets/{chain.data_set}")) == "1439-404"
    assert emulator.batches(chain.data_set) == emulator.entities("batches") == []


# The Schema Registry.


def schemas(api: Api, path: str = "", accept: str | None = FULL) -> requests.Response:
    url = f"{api.emulator.base_url}/data/foundation/schemaregistry/tenant/schemas{path}"
    return api.session.get(url, headers={} if accept is None else {"Accept": accept}, timeout=10)


def test_a_schema_is_read_by_its_id_and_its_alternative_id(emulator: Emulator, api: Api) -> None:
    made = emulator.create_schema(SCHEMA, {"_id": {"type": "string"}}, required=["_id"], title="Customers")
    emulator.change(str(made["id"]), kind="schemas", fields={"meta:altId": "_acme.schemas.customers"})
    for name in (quote(SCHEMA, safe=""), "_acme.schemas.customers"):
        found = schemas(api, f"/{name}").json()
        assert (found["$id"], found["version"], found["required"]) == (SCHEMA, "1.0", ["_id"])
    (listed,) = schemas(api, accept="application/vnd.adobe.xed-id+json").json()["results"]
    assert listed == {
        "$id": SCHEMA,
        "meta:altId": "_acme.schemas.customers",
        "version": "1.0",
        "title": "Customers",
    }
    assert schemas(Api.of(emulator, "stage")).json()["results"] == []
    assert code(schemas(api, "/unknown")) == "1439-404"


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_the_schema_registry_wants_one_of_its_media_types(api: Api, accept: str) -> None:
    assert schemas(api, accept=accept).status_code == 406
    assert schemas(api, "/unknown", accept=accept).status_code == 406


@pytest.mark.parametrize(
    ("fields", "pattern"),
    [
        ({"version": "1.0"}, "has an"),
        ({"$id": SCHEMA}, "has a version"),
        ({"$id": SCHEMA, "version": "1.0", "allOf": [{"$ref": "https://ns.adobe.com/x"}]}, "with all of its fields"),
    ],
)
def test_what_is_not_a_schema_cannot_be_put_there(emulator: Emulator, fields: dict[str, Any], pattern: str) -> None:
    with pytest.raises(EmulatorError, match=pattern):
        emulator.create(fields, kind="schemas")
