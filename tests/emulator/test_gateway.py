"""Who is let in: tokens, API keys, organizations, sandboxes, permissions, limits."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from tests.emulator.api import Api, code, connection_body, gateway_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def without(api: Api, header: str) -> Api:
    del api.session.headers[header]
    return api


def test_a_missing_token_is_403010(api: Api) -> None:
    response = without(api, "Authorization").get("/connections")
    assert response.status_code == 403
    assert response.json() == {"error_code": "403010", "message": "Oauth token is missing."}


@pytest.mark.parametrize("value", ["Bearer x", "Bearer a.b.c", "Basic eDp5"])
def test_an_invalid_token_is_401013(api: Api, value: str) -> None:
    api.session.headers["Authorization"] = value
    response = api.get("/connections")
    assert response.status_code == 401
    assert response.json() == {"error_code": "401013", "message": "Oauth token is not valid"}


def test_a_token_with_a_changed_byte_is_401013(api: Api) -> None:
    token = str(api.session.headers["Authorization"])
    head, payload, signature = token.split(".")
    api.session.headers["Authorization"] = f"{head}.{payload[:-2]}{'AA' if payload[-2:] != 'AA' else 'BB'}.{signature}"
    assert gateway_code(api.get("/connections")) == "401013"


def test_a_missing_api_key_is_403000(api: Api) -> None:
    assert gateway_code(without(api, "x-api-key").get("/connections")) == "403000"


def test_an_api_key_of_another_client_is_403003(api: Api) -> None:
    api.session.headers["x-api-key"] = "acme"
    assert gateway_code(api.get("/connections")) == "403003"


def test_a_missing_organization_is_400003(api: Api) -> None:
    assert gateway_code(without(api, "x-gw-ims-org-id").get("/connections")) == "400003"


def test_an_empty_organization_is_2001_401(api: Api) -> None:
    api.session.headers["x-gw-ims-org-id"] = ""
    assert code(api.get("/connections")) == "2001-401"


def test_another_organization_is_403025(api: Api) -> None:
    api.session.headers["x-gw-ims-org-id"] = "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg"
    response = api.get("/connections")
    assert response.json() == {"error_code": "403025", "message": "Profile is not valid"}


def test_the_gateway_looks_at_the_token_before_the_body(emulator: Emulator) -> None:
    response = requests.post(f"{emulator.flow_service_url}/connections", data="{", timeout=10)
    assert gateway_code(response) == "403010"


def test_the_gateways_error_code_can_be_an_integer(emulator: Emulator, api: Api) -> None:
    emulator.switch(gateway_code="integer")
    assert without(api, "Authorization").get("/connections").json()["error_code"] == 403010


def test_an_unknown_sandbox_is_2100_404(api: Api) -> None:
    api.session.headers["x-sandbox-name"] = "nowhere"
    response = api.get("/connections")
    assert code(response) == "2100-404"
    assert "'nowhere'" in response.json()["errorMessage"]


def test_a_missing_sandbox_header_lands_in_prod(api: Api) -> None:
    connection_id = without(api, "x-sandbox-name").create()
    assert api.connection(connection_id)["sandboxName"] == "prod"
    assert Api.of(api.emulator, "prod").connection(connection_id)["name"] == "crm"


def test_a_missing_sandbox_header_can_be_2105_400(emulator: Emulator, api: Api) -> None:
    emulator.switch(missing_sandbox="error")
    assert code(without(api, "x-sandbox-name").get("/connections")) == "2105-400"


def test_a_sandbox_id_must_be_that_of_the_named_sandbox(api: Api) -> None:
    sandbox_id = api.connection(api.create())["sandboxId"]
    assert api.call("GET", "/connections", headers={"x-sandbox-id": sandbox_id}).status_code == 200
    assert code(api.call("GET", "/connections", headers={"x-sandbox-id": "other"})) == "2103-404"


def test_all_sandboxes_at_once_are_not_for_this_service(api: Api) -> None:
    api.session.headers["x-sandbox-name"] = "*"
    assert code(api.get("/connections")) == "2112-400"
    assert code(api.call("GET", "/connections", headers={"x-sandbox-id": "*"})) == "2113-400"


def test_sandboxes_see_nothing_of_each_other(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    stage = Api.of(emulator, "stage")
    assert code(stage.get(f"/connections/{connection_id}")) == "1439-404"
    assert code(stage.delete(f"/connections/{connection_id}")) == "1439-404"
    assert stage.names() == []
    assert api.names() == ["crm"]


def test_a_sandbox_can_be_read_from_the_sandbox_api(emulator: Emulator, api: Api) -> None:
    url = f"{emulator.base_url}/data/foundation/sandbox-management/sandboxes"
    sandbox = api.session.get(f"{url}/prod", timeout=10).json()
    assert (sandbox["name"], sandbox["type"], sandbox["state"], sandbox["isDefault"]) == (
        "prod",
        "production",
        "active",
        True,
    )
    assert code(api.session.get(f"{url}/nowhere", timeout=10)) == "2100-404"


def test_every_response_has_a_request_id_of_its_own(api: Api) -> None:
    ids = {api.get("/connections").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert {logged.request_id for logged in api.emulator.requests()} == ids


def test_the_date_is_that_of_the_emulators_clock(emulator: Emulator, api: Api) -> None:
    before = parsedate_to_datetime(api.get("/connections").headers["date"])
    emulator.advance(3600)
    after = parsedate_to_datetime(api.get("/connections").headers["date"])
    assert 3599 <= (after - before).total_seconds() <= 3660


# Several organizations and clients, from a configuration file.

ACME, OTHER = "AAAAAAAAAAAAAAAAAAAAAAAA@AdobeOrg", "BBBBBBBBBBBBBBBBBBBBBBBB@AdobeOrg"
CLIENTS: dict[str, dict[str, Any]] = {
    "acme": {},
    "both": {"organizations": [ACME, OTHER]},
    "rotating": {"clientSecrets": ["secret-of-rotating", "the-next-one"]},
    "disabled": {"enabled": False},
    "reader": {"permissions": ["read"]},
    "nothing": {"permissions": []},
    "person": {"isUser": True},
    "brief": {"tokenLifetime": 60},
    "limited": {"rateLimit": {"requests": 3, "seconds": 60}},
    "eager": {"tokenRateLimit": {"requests": 1, "seconds": 60}},
}


@pytest.fixture(scope="module")
def organizations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    sandboxes = [{"name": "prod", "type": "production", "isDefault": True}, {"name": "dev"}]
    failed = {"name": "broken", "state": "failed"}
    config = {
        "organizations": [
            {"id": ACME, "sandboxes": [*sandboxes, failed]},
            {"id": OTHER, "sandboxes": [{"name": "dev"}]},
        ],
        "clients": [
            {"clientId": name, "clientSecrets": [f"secret-of-{name}"], "organizations": [ACME]} | changes
            for name, changes in CLIENTS.items()
        ],
    }
    path = tmp_path_factory.mktemp("config") / "organizations.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    with running_emulator(["--config", str(path)]) as emulator:
        yield emulator


def as_client(emulator: Emulator, name: str, *, org_id: str = ACME, secret: str | None = None) -> Emulator:
    return Emulator(emulator.base_url, emulator.ims_url, name, secret or f"secret-of-{name}", org_id)


@pytest.fixture
def organization(organizations: Emulator) -> Emulator:
    organizations.reset()
    return organizations


def test_the_ready_file_is_for_the_first_client(organization: Emulator) -> None:
    assert (organization.client_id, organization.org_id) == ("acme", ACME)


def test_organizations_see_nothing_of_each_other(organization: Emulator) -> None:
    mine, theirs = (Api.of(as_client(organization, "both", org_id=each)) for each in (ACME, OTHER))
    connection_id = mine.create()
    assert mine.connection(connection_id)["imsOrgId"] == ACME
    assert code(theirs.get(f"/connections/{connection_id}")) == "1439-404"
    assert theirs.names() == []
    assert mine.connection(connection_id)["sandboxId"] != theirs.connection(theirs.create())["sandboxId"]


def test_an_organization_without_a_default_sandbox_is_2106_404(organization: Emulator) -> None:
    api = Api.of(as_client(organization, "both", org_id=OTHER), None)
    assert code(api.get("/connections")) == "2106-404"


def test_a_sandbox_that_is_not_active_is_not_found(organization: Emulator) -> None:
    assert code(Api.of(organization, "broken").get("/connections")) == "2100-404"


def test_a_client_can_have_two_secrets_while_they_are_rotated(organization: Emulator) -> None:
    for secret in ("secret-of-rotating", "the-next-one"):
        assert Api.of(as_client(organization, "rotating", secret=secret)).get("/connections").status_code == 200


def test_a_disabled_client_gets_no_token(organization: Emulator) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        as_client(organization, "disabled").token()


def test_without_permissions_everything_is_2120_403(organization: Emulator) -> None:
    response = Api.of(as_client(organization, "nothing")).get("/connections")
    assert code(response) == "2120-403"
    assert response.json()["title"] == "Forbidden"


def test_without_the_permission_to_write_a_change_is_2118_403(organization: Emulator) -> None:
    reader = Api.of(as_client(organization, "reader"))
    connection_id = Api.of(organization).create()
    assert reader.connection(connection_id)["name"] == "crm"
    assert reader.post("/connections/search", {"count": True}).json() == {"count": 1}
    assert code(reader.post("/connections", connection_body())) == "2118-403"
    assert code(reader.delete(f"/connections/{connection_id}")) == "2118-403"


def test_the_missing_permission_can_be_2121_403(organization: Emulator) -> None:
    organization.switch(write_denied="2121")
    response = Api.of(as_client(organization, "reader")).post("/connections", connection_body())
    assert code(response) == "2121-403"
    assert "Enterprise Source" in response.json()["errorMessage"]


def test_a_user_token_may_not_change_a_connection_that_is_initializing(organization: Emulator) -> None:
    person = Api.of(as_client(organization, "person"))
    connection_id = person.create()
    change = {"op": "replace", "path": "/name", "value": "crm2"}
    assert code(person.change(connection_id, change)) == "1417-400"
    assert code(person.delete(f"/connections/{connection_id}")) == "1417-400"
    organization.advance(3)
    assert person.change(connection_id, change).status_code == 200
    assert person.delete(f"/connections/{connection_id}").status_code == 204


def test_a_service_token_may_change_a_connection_that_is_initializing(organization: Emulator) -> None:
    api = Api.of(organization)
    connection_id = api.create()
    assert api.connection(connection_id)["state"] == "initializing"
    assert api.change(connection_id, {"op": "replace", "path": "/name", "value": "x"}).status_code == 200
    assert api.delete(f"/connections/{connection_id}").status_code == 204


def test_a_user_token_is_distinguished_from_its_client(organization: Emulator) -> None:
    person = Api.of(as_client(organization, "person"))
    item = person.connection(person.create())
    assert item["createdBy"].endswith("@AdobeID")
    assert item["createdClient"] == "person"


def test_a_user_token_may_not_send_a_sandbox_id(organization: Emulator) -> None:
    person = Api.of(as_client(organization, "person"))
    assert code(person.call("GET", "/connections", headers={"x-sandbox-id": "x"})) == "2110-400"
    person.session.headers["x-sandbox-name"] = "*"
    assert code(person.get("/connections")) == "2111-403"


def test_the_lifetime_of_tokens_is_the_clients(organization: Emulator) -> None:
    api = Api.of(as_client(organization, "brief"))
    organization.advance(59)
    assert api.get("/connections").status_code == 200
    organization.advance(2)
    assert gateway_code(api.get("/connections")) == "401013"


def test_too_many_requests_are_429050_with_retry_after_in_seconds(organization: Emulator) -> None:
    api = Api.of(as_client(organization, "limited"))
    assert [api.get("/connections").status_code for _ in range(4)] == [200, 200, 200, 429]
    response = api.get("/connections")
    assert response.json() == {"error_code": "429050", "message": "Too many requests"}
    wait = int(response.headers["Retry-After"])
    assert 1 <= wait <= 60
    organization.advance(wait)
    assert api.get("/connections").status_code == 200


def test_retry_after_can_be_a_date_or_missing(organization: Emulator) -> None:
    organization.switch(retry_after="date")
    api = Api.of(as_client(organization, "limited"))
    responses = [api.get("/connections") for _ in range(4)]
    wait = parsedate_to_datetime(responses[3].headers["Retry-After"]) - parsedate_to_datetime(
        responses[3].headers["date"]
    )
    assert 0 < wait.total_seconds() <= 61
    organization.switch(retry_after="none")
    assert "Retry-After" not in api.get("/connections").headers


def test_too_many_tokens_are_429(organization: Emulator) -> None:
    eager = as_client(organization, "eager")
    eager.token()
    with pytest.raises(requests.HTTPError, match="429"):
        eager.token()
    organization.advance(61)
    eager.token()


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("{", "organizations.json"),
        ('{"organizations": [], "clients": []}', "organizations: "),
        ('{"organisations": []}', "organisations: "),
        (
            (
                '{"organizations": [{"id": "A@AdobeOrg", "sandboxes": []}],'
                ' "clients": [{"clientId": "c", "clientSecrets": ["canary-secret"], "organizations": ["B@AdobeOrg"]}]}'
            ),
            "client c names the unknown organization B@AdobeOrg",
        ),
        (
            (
                '{"organizations": [{"id": "A@AdobeOrg", "sandboxes": [{"name": "a"}, {"name": "a"}]}],'
                ' "clients": [{"clientId": "c", "clientSecrets": "canary-secret", "organizations": ["A@AdobeOrg"]}]}'
            ),
            "two sandboxes have the same name",
        ),
    ],
)
def test_a_wrong_configuration_file_is_explained_without_its_secrets(tmp_path: Path, config: str, reason: str) -> None:
    path = tmp_path / "organizations.json"
    path.write_text(config, encoding="utf-8")
    with pytest.raises(Exception, match="did not start") as failure, running_emulator(["--config", str(path)]):
        pass
    assert reason in str(failure.value)
    assert "canary-secret" not in str(failure.value)
    assert "Traceback" not in str(failure.value)


def test_forbidden_has_the_body_of_adobes_example(organization: Emulator) -> None:
    response = Api.of(as_client(organization, "nothing")).get("/connections")
    message = (
        "You do not have sufficient permissions to perform the operation. "
        "Please contact your administrator to resolve permissions and try again."
    )
    assert response.json() == {
        "type": "https://ns.adobe.com/aep/errors/FLOW-2120-403",
        "title": "Forbidden",
        "status": 403,
        "report": {"detailed-message": message, "request-id": response.headers["x-request-id"]},
        "errorMessage": message,
        "errorDetails": message,
    }


@pytest.mark.parametrize(
    ("value", "error_code", "message"),
    [(None, "403000", "Api Key is required"), ("acme", "403003", "Api Key is invalid")],
)
def test_the_gateway_says_what_is_wrong_with_an_api_key(
    api: Api, value: str | None, error_code: str, message: str
) -> None:
    response = api.call("GET", "/connections", headers={"x-api-key": value})
    assert response.json() == {"error_code": error_code, "message": message}


def test_the_name_of_a_sandbox_is_in_lower_case(api: Api) -> None:
    api.session.headers["x-sandbox-name"] = "DEV"
    assert code(api.get("/connections")) == "2100-404"


def test_a_sandbox_has_the_fields_of_adobes_reference(emulator: Emulator, api: Api) -> None:
    url = f"{emulator.base_url}/data/foundation/sandbox-management/sandboxes/dev"
    sandbox = api.session.get(url, timeout=10).json()
    assert sandbox | {"id": ""} == {
        "id": "",
        "name": "dev",
        "title": "Dev",
        "state": "active",
        "type": "development",
        "region": "VA7",
        "isDefault": False,
    }
