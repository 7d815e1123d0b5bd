"""The token endpoint of IMS."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.emulator.api import Api, gateway_code

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

SCOPES = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"


def form(emulator: Emulator, **changes: str | None) -> dict[str, str]:
    fields = {
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "grant_type": "client_credentials",
        "scope": SCOPES,
    }
    return {key: value for key, value in (fields | changes).items() if value is not None}


def ask(emulator: Emulator, data: Any = None, **options: Any) -> requests.Response:
    return requests.post(f"{emulator.ims_url}/ims/token/v3", data=data, timeout=10, **options)


def test_a_token_is_a_bearer_token_and_expires_in_is_seconds(emulator: Emulator) -> None:
    response = ask(emulator, form(emulator))
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in"}
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 86399


def test_a_token_has_three_parts_and_names_its_client(emulator: Emulator) -> None:
    head, payload, signature = emulator.token().split(".")
    assert head
    assert signature
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert claims["client_id"] == emulator.client_id
    assert claims["type"] == "access_token"


def test_the_query_works_as_well_as_the_body(emulator: Emulator) -> None:
    assert ask(emulator, params=form(emulator)).status_code == 200


def test_a_secret_in_the_query_is_not_in_the_request_log(emulator: Emulator) -> None:
    ask(emulator, params=form(emulator))
    (logged,) = emulator.requests(path="/ims/token")
    assert emulator.client_secret not in str(logged)
    assert "client_secret=***" in logged.query


def test_a_wrong_secret_is_a_400_that_names_the_parameter(emulator: Emulator) -> None:
    response = ask(emulator, form(emulator, client_secret="wrong"))
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_client", "error_description": "invalid client_secret parameter"}


def test_an_unknown_client_is_a_400_that_names_the_parameter(emulator: Emulator) -> None:
    response = ask(emulator, form(emulator, client_id="nobody"))
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_client", "error_description": "invalid client_id parameter"}


@pytest.mark.parametrize("missing", ["client_id", "client_secret", "grant_type", "scope"])
def test_all_four_parameters_are_mandatory(emulator: Emulator, missing: str) -> None:
    response = ask(emulator, form(emulator, **{missing: None}))
    assert response.status_code == 400
    assert set(response.json()) == {"error", "error_description"}


def test_scopes_are_separated_by_commas_not_blanks(emulator: Emulator) -> None:
    assert ask(emulator, form(emulator, scope="openid, AdobeID")).status_code == 200
    refused = ask(emulator, form(emulator, scope="openid AdobeID"))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_a_scope_that_the_client_does_not_have_is_refused(emulator: Emulator) -> None:
    response = ask(emulator, form(emulator, scope=f"{SCOPES},ent_campaign_sdk"))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_scope")


def test_every_request_gives_another_token(emulator: Emulator) -> None:
    assert emulator.token() != emulator.token()


def test_an_expired_token_is_401013(emulator: Emulator, api: Api) -> None:
    assert api.get("/connections").status_code == 200
    emulator.advance(86400)
    response = api.get("/connections")
    assert response.status_code == 401
    assert gateway_code(response) == "401013"


def test_all_tokens_can_be_made_to_expire_and_new_ones_work(emulator: Emulator, api: Api) -> None:
    emulator.expire_tokens()
    assert gateway_code(api.get("/connections")) == "401013"
    assert Api.of(emulator).get("/connections").status_code == 200


def test_only_v3_is_there(emulator: Emulator) -> None:
    response = requests.post(f"{emulator.ims_url}/ims/token/v2", data=form(emulator), timeout=10)
    assert response.status_code == 404
