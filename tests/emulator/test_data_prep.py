"""Data Prep: mapping sets in both of Adobe's forms, their versions, and what is said of wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.api import Api, code
from tests.emulator.test_chain import COPY, SCHEMA, Chain

if TYPE_CHECKING:
    import requests

    from pulumi_adobe_aep.emulator.client import Emulator

REFERENCE = {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
OLDER = {
    "version": 0,
    "xdmSchema": SCHEMA,
    "xdmVersion": "1.0",
    "id": None,
    "mappings": [{"sourceAttribute": "id", "destinationXdmPath": "_id", "identity": False, "version": 0}],
}
UPPER = {"sourceType": "EXPRESSION", "source": "upper(name)", "destination": "person.name"}
NEWER: dict[str, Any] = {
    "name": "customers",
    "outputSchema": {"schemaRef": REFERENCE},
    "mappings": [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}, UPPER],
}


def call(api: Api, method: str, path: str = "", body: Any = None, **query: Any) -> requests.Response:
    url = f"{api.emulator.base_url}/data/foundation/conversion/mappingSets{path}"
    return api.session.request(method, url, json=body, params=query, timeout=10)


def create(api: Api, body: dict[str, Any]) -> str:
    response = call(api, "POST", body=body)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}
    assert (response.json()["version"], len(response.json()["id"])) == (0, 32)
    return str(response.json()["id"])


def read(api: Api, mapping_set: str, **query: Any) -> dict[str, Any]:
    response = call(api, "GET", f"/{mapping_set}", **query)
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.mark.parametrize("body", [OLDER, NEWER])
def test_a_mapping_set_of_either_form_is_read_in_both_spellings(api: Api, body: dict[str, Any]) -> None:
    found = read(api, create(api, body))
    assert (found["xdmSchema"], found["outputSchema"]["schemaRef"]["id"], found["status"]) == (
        SCHEMA,
        SCHEMA,
        "PUBLISHED",
    )
    first = found["mappings"][0]
    assert (first["source"], first["sourceAttribute"]) == ("id", "id")
    assert (first["destination"], first["destinationXdmPath"]) == ("_id", "_id")
    assert first["sourceType"] == "ATTRIBUTE"


def test_an_update_makes_a_new_version_and_the_old_one_can_be_read(emulator: Emulator, api: Api) -> None:
    mapping_set = create(api, OLDER)
    response = call(api, "PUT", f"/{mapping_set}", NEWER)
    assert (response.status_code, response.json()["version"], response.json()["id"]) == (200, 1, mapping_set)
    assert call(api, "PUT", f"/{mapping_set}", response.json()).json()["version"] == 2, "what was read may be sent back"
    assert [len(read(api, mapping_set, version=number)["mappings"]) for number in (0, 1, 2)] == [1, 2, 2]
    assert read(api, mapping_set)["version"] == 2
    emulator.switch(mapping_version="first")
    assert read(api, mapping_set)["version"] == 0
    assert code(call(api, "GET", f"/{mapping_set}", version=3)) == "1439-404"


def test_a_flow_may_use_any_version_of_a_mapping_set(api: Api) -> None:
    chain = Chain.make(api)
    call(api, "PUT", f"/{chain.mapping}", NEWER)

    def mapping(version: object) -> dict[str, Any]:
        params = {"mappingId": chain.mapping, "mappingVersion": version}
        return {"transformations": [COPY, {"name": "Mapping", "params": params}]}

    for version in (0, "0", 1, "1"):
        assert chain.flow(**mapping(version))
    for version in (2, "newest"):
        assert chain.refused(**mapping(version)) == "1412-400"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"mappings": [UPPER]}, "1304-400"),
        ({"xdmSchema": SCHEMA}, "1304-400"),
        ({**OLDER, "id": "mine"}, "1312-400"),
        ({**OLDER, "surprise": 1}, "1318-400"),
    ],
)
def test_a_body_that_is_not_a_mapping_set_is_refused(api: Api, body: dict[str, Any], expected: str) -> None:
    assert code(call(api, "POST", body=body)) == expected
    if expected != "1318-400":
        assert code(call(api, "PUT", f"/{create(api, OLDER)}", body)) == expected
        assert code(call(api, "PUT", "/unknown", body)) == "1439-404"


def test_validation_returns_a_result_for_each_mapping(emulator: Emulator, api: Api) -> None:
    wrong = {"sourceType": "EXPRESSION", "source": "capitalize(name)", "destination": "person.name"}
    body = {**NEWER, "mappings": [UPPER, wrong]}
    first, second = call(api, "POST", "/validate", body).json()["validationResponse"]
    assert first == {"status": "SUCCESS", "errors": None}
    assert second == {
        "status": "FAILED",
        "errors": [{**wrong, "exception": "the function capitalize does not exist"}],
    }
    emulator.create_schema(SCHEMA, {"_id": {"type": "string"}})
    first, second = call(api, "POST", "/validate", NEWER).json()["validationResponse"]
    assert first["status"] == "SUCCESS"
    assert second["errors"][0]["exception"] == "the schema has no such field"


@pytest.mark.parametrize("wrap", [lambda data: data, lambda data: [data]])
def test_a_preview_maps_the_data_that_it_is_given(api: Api, wrap: Any) -> None:
    data = {"id": 1234, "name": "Jim"}
    response = call(api, "POST", "/preview", {"data": wrap(data), "mappingSet": NEWER})
    assert response.json() == {"data": {"_id": 1234, "person": {"name": "JIM"}}}


def test_a_preview_that_fails_says_where(api: Api) -> None:
    number = {"sourceType": "EXPRESSION", "source": "to_integer(name)", "destination": "_id"}
    body = {"data": {"name": "Jim"}, "mappingSet": {**NEWER, "mappings": [number]}}
    response = call(api, "POST", "/preview", body).json()
    assert response == {"data": {}, "errors": [{**number, "exception": "a value is not a number"}]}


@pytest.mark.parametrize(("switch", "status"), [("missing", 404), ("refused", 405), ("supported", 204)])
def test_a_deletion_does_what_the_switch_says(emulator: Emulator, api: Api, switch: str, status: int) -> None:
    emulator.switch(mapping_delete=switch)
    mapping_set = create(api, OLDER)
    assert call(api, "DELETE", f"/{mapping_set}").status_code == status
    assert call(api, "GET", f"/{mapping_set}").status_code == (404 if status == 204 else 200)
    assert code(call(api, "DELETE", "/unknown")) == "1439-404"
