"""The OpenAPI page: what it says is what the emulator does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_adobe_aep.emulator.http import bodies
from tests.emulator.api import Api, connection_body
from tests.emulator.test_chain import Chain

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

BASE = "/data/foundation/flowservice"


@pytest.fixture
def document(emulator: Emulator) -> dict[str, Any]:
    return dict(requests.get(f"{emulator.base_url}/openapi.json", timeout=10).json())


def test_the_page_itself_is_there(emulator: Emulator) -> None:
    assert "swagger" in requests.get(f"{emulator.base_url}/docs", timeout=10).text.lower()


def test_every_documented_path_is_on_the_page(document: dict[str, Any]) -> None:
    methods = {path: set(operations) for path, operations in document["paths"].items()}
    assert methods["/ims/token/v3"] == {"post"}
    assert methods[f"{BASE}/connections"] == {"get", "post"}
    assert methods[f"{BASE}/connections/{{connection_id}}"] == {"get", "patch", "delete"}
    for action, method in (("test", "get"), ("explore", "get"), ("configs", "get"), ("action", "post")):
        assert methods[f"{BASE}/connections/{{connection_id}}/{action}"] == {method}
    assert methods[f"{BASE}/connections/search"] == {"post"}
    for kind in ("sourceConnections", "targetConnections", "flows"):
        assert methods[f"{BASE}/{kind}"] == {"get", "post"}
        assert methods[f"{BASE}/{kind}/{{entity_id}}"] == {"get", "patch", "delete"}
    assert methods[f"{BASE}/runs"] == {"get", "post"}
    assert methods[f"{BASE}/runs/{{run_id}}"] == {"get"}
    assert methods[f"{BASE}/runs/{{run_id}}/action"] == {"post"}
    for kind in ("connectionSpecs", "flowSpecs"):
        assert methods[f"{BASE}/{kind}"] == {"get"}
    foundation = "/data/foundation"
    assert methods[f"{foundation}/catalog/dataSets"] == {"get", "post"}
    assert methods[f"{foundation}/catalog/dataSets/{{data_set_id}}"] == {"get", "patch", "delete"}
    assert methods[f"{foundation}/conversion/mappingSets"] == {"get", "post"}
    assert methods[f"{foundation}/conversion/mappingSets/{{mapping_set_id}}"] == {"get", "put", "delete"}
    assert methods[f"{foundation}/schemaregistry/tenant/schemas"] == {"get"}


def test_every_operation_has_a_summary_and_an_id_of_its_own(document: dict[str, Any]) -> None:
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert all(each.get("summary") for each in operations)
    assert len({each["operationId"] for each in operations}) == len(operations)


def test_every_operation_of_the_platform_asks_for_its_headers(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert {scheme.get("name", scheme.get("scheme")) for scheme in schemes.values()} == {
        "bearer",
        "x-api-key",
        "x-gw-ims-org-id",
    }
    for path, operations in document["paths"].items():
        if not path.startswith("/data/"):
            continue
        for operation in operations.values():
            assert operation["security"] == [{name: [] for name in schemes}]
            assert "x-sandbox-name" in {each["name"] for each in operation["parameters"]}


def test_statuses_are_those_that_the_emulator_returns(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert "201" in paths[f"{BASE}/connections"]["post"]["responses"]
    assert {"204", "202"} <= set(paths[f"{BASE}/connections/{{connection_id}}"]["delete"]["responses"])
    assert "If-Match".lower() in {
        each["name"].lower() for each in paths[f"{BASE}/connections/{{connection_id}}"]["patch"]["parameters"]
    }


def test_fields_have_adobes_names(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["ConnectionBody"]["properties"]) == {"name", "description", "auth", "connectionSpec"}
    assert schemas["ConnectionBody"]["additionalProperties"] is False
    assert set(schemas["SpecReference"]["required"]) == {"id", "version"}
    assert {"createdAt", "imsOrgId", "lastOperation"} <= set(schemas["Item"]["required"])


def test_the_refusals_are_described_as_adobe_writes_them(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith("/data/"):
                assert "422" not in operation["responses"] or path.endswith("/connections"), path
                assert {"400", "401", "403", "404", "429"} <= set(operation["responses"]), path


def test_responses_have_the_shape_that_the_page_describes(api: Api) -> None:
    response = api.post("/connections", connection_body())
    bodies.Created.model_validate(response.json(), strict=True)
    connection_id = response.json()["id"]
    bodies.ItemList.model_validate(api.get(f"/connections/{connection_id}").json(), strict=True)
    bodies.PageOfItems.model_validate(api.get("/connections").json(), strict=True)
    bodies.Count.model_validate(api.get("/connections", count="true").json(), strict=True)
    bodies.TestResult.model_validate(api.get(f"/connections/{connection_id}/test").json(), strict=True)
    bodies.SpecPage.model_validate(api.get("/connectionSpecs").json(), strict=True)
    bodies.SpecPage.model_validate(api.get("/flowSpecs").json(), strict=True)
    chain = Chain.make(api)
    flow = chain.flow()
    for path in (f"/sourceConnections/{chain.source}", f"/targetConnections/{chain.target}", f"/flows/{flow}"):
        bodies.ItemList.model_validate(api.get(path).json(), strict=True)
    bodies.ErrorBody.model_validate(api.get("/connections/x").json(), strict=True)
    del api.session.headers["Authorization"]
    bodies.GatewayErrorBody.model_validate(api.get("/connections").json(), strict=True)
