"""Access tokens: one request for all, renewed in time, and every refusal in words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pulumi_adobe_aep.api import ims
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.ims import ImsTokens, ReadyMadeToken, tokens_for
from pulumi_adobe_aep.api.transport import HttpClient
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer as FaultAnswer
from pulumi_adobe_aep.emulator.faults import Delay
from pulumi_adobe_aep.errors import AepError, ResponseLost, ServiceError, TokenRefused
from pulumi_adobe_aep.settings import Credentials, Settings
from tests.support.clock import FastClock
from tests.support.raw_server import RawServer, response, sends


@pytest.fixture
def client() -> Iterator[HttpClient]:
    found = HttpClient(32)
    yield found
    found.close()


@pytest.fixture
def credentials(settings: Settings) -> Credentials:
    return settings.credentials()


@pytest.fixture
def tokens(client: HttpClient, settings: Settings, credentials: Credentials) -> ImsTokens:
    return ImsTokens(client, settings.ims_url, credentials)


def asked(emulator: Emulator) -> int:
    return len(emulator.requests("POST", "/ims/token/v3"))


def test_threads_that_ask_at_the_same_time_share_one_request(tokens: ImsTokens, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Delay(seconds=0.2), path="/ims/")
    barrier = threading.Barrier(16)

    def ask() -> str:
        barrier.wait()
        return tokens.get(Deadline(20))

    with ThreadPoolExecutor(16) as pool:
        given = {future.result() for future in [pool.submit(ask) for _ in range(16)]}
    assert len(given) == 1
    assert asked(aep_emulator) == 1


def test_a_token_is_kept_until_shortly_before_its_end(tokens: ImsTokens, aep_emulator: Emulator) -> None:
    clock = FastClock()
    first = tokens.get(Deadline(20, clock))
    clock.forward(86_399 - ims.RENEW_BEFORE - 5)
    assert tokens.get(Deadline(20, clock)) == first
    assert asked(aep_emulator) == 1
    clock.forward(10)
    assert tokens.get(Deadline(20, clock)) != first
    assert asked(aep_emulator) == 2


@pytest.mark.parametrize(
    ("lifetime", "renewed_after"),
    [
        (10**400, 86_100),
        (1e308, 86_100),
        (100, 90),
        (86_399, 86_099),
        (0, 0),
        (-5, 0),
        ("600", 0),
        (None, 0),
        (True, 0),
    ],
)
def test_a_short_token_is_renewed_after_nine_tenths_of_its_life_and_one_without_a_life_each_time(
    client: HttpClient,
    credentials: Credentials,
    lifetime: object,
    renewed_after: float,
) -> None:
    body = json.dumps({"access_token": "a-token", "expires_in": lifetime}).encode()
    with RawServer(sends(response("200 OK", body))) as server:
        tokens = ImsTokens(client, server.url, credentials)
        clock = FastClock()
        tokens.get(Deadline(20, clock))
        if renewed_after:
            clock.forward(renewed_after - 2)
            tokens.get(Deadline(20, clock))
            assert len(server.requests) == 1
        clock.forward(4)
        tokens.get(Deadline(20, clock))
        assert len(server.requests) == 2


def test_a_refused_token_is_renewed_once_however_many_threads_were_refused(
    tokens: ImsTokens, aep_emulator: Emulator
) -> None:
    refused = tokens.get(Deadline(20))
    with ThreadPoolExecutor(8) as pool:
        fresh = {future.result() for future in [pool.submit(tokens.renew, refused, Deadline(20)) for _ in range(8)]}
    assert len(fresh) == 1
    assert fresh != {refused}
    assert asked(aep_emulator) == 2


def test_the_request_is_the_one_that_adobe_documents(client: HttpClient, credentials: Credentials) -> None:
    asking = replace(credentials, client_secret="s+/=&", scopes="openid AdobeID,session")
    with RawServer(sends(response("200 OK", b'{"access_token": "a-token", "expires_in": 86399}'))) as server:
        ImsTokens(client, server.url, asking).get(Deadline(20))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /ims/token/v3 HTTP/1.1")
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert parse_qs(body.decode(), strict_parsing=True) == {
        "client_id": [credentials.client_id],
        "client_secret": ["s+/=&"],
        "grant_type": ["client_credentials"],
        "scope": ["openid,AdobeID,session"],
    }


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (400, {"error": "invalid_client", "error_description": "invalid client_secret parameter"}, "AEP_CLIENT_SECRET"),
        (401, {"error": "invalid_client", "error_description": "invalid client_secret parameter"}, "AEP_CLIENT_SECRET"),
        (400, {"error": "invalid_client", "error_description": "invalid client_id parameter"}, "AEP_CLIENT_ID is not"),
        (400, {"error": "invalid_scope", "error_description": "invalid scope"}, "AEP_SCOPES asks for more"),
        (400, {"error": "x", "error_description": "not a subset of the metascopes"}, "AEP_SCOPES asks for more"),
        (400, {"error": "unauthorized_client", "error_description": "x"}, "The credential is disabled"),
        (403, {"error": "access_denied", "error_description": "client is disabled"}, "The credential is disabled"),
        (400, {"error": "something_new"}, "Check AEP_CLIENT_ID, AEP_CLIENT_SECRET and AEP_SCOPES"),
        (403, "", "Check AEP_CLIENT_ID, AEP_CLIENT_SECRET and AEP_SCOPES"),
    ],
)
def test_a_refusal_is_reported_in_words_with_adobes_text_and_what_to_change(
    client: HttpClient, credentials: Credentials, status: int, body: object, advice: str
) -> None:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    with (
        RawServer(sends(response(f"{status} X", content, "X-Request-Id: r-1"))) as server,
        pytest.raises(TokenRefused) as caught,
    ):
        ImsTokens(client, server.url, credentials).get(Deadline(20))
    message = str(caught.value)
    assert message.startswith("Adobe's identity service (IMS) refused to give an access token.\nWhy: ")
    assert f"What to do: {advice}" in message
    assert "Adobe's request id: r-1" in message
    assert credentials.client_secret not in message
    assert len(server.requests) == 1
    if isinstance(body, dict):
        assert str(body.get("error_description", body["error"])) in message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407])
def test_a_proxys_page_is_not_a_verdict_of_ims_on_the_credentials(
    client: HttpClient, credentials: Credentials, status: int
) -> None:
    page = response(f"{status} X", b"<html>No</html>", "X-Squid-Error: ERR_ACCESS_DENIED 0")
    with RawServer(sends(page)) as server, pytest.raises(ServiceError) as caught:
        ImsTokens(client, server.url, credentials).get(Deadline(20))
    message = str(caught.value)
    assert f"Getting an access token from IMS failed: the response was {status}" in message
    assert "a proxy between here and Adobe may have written it." in message
    for misleading in ("AEP_CLIENT", "AEP_SCOPES", "credential", "refused to give"):
        assert misleading not in message
    assert len(server.requests) == 1


def test_a_wrong_secret_of_the_emulators_client_is_reported(
    client: HttpClient, settings: Settings, credentials: Credentials
) -> None:
    with pytest.raises(TokenRefused, match="AEP_CLIENT_SECRET is not a secret of this client"):
        ImsTokens(client, settings.ims_url, replace(credentials, client_secret="wrong")).get(Deadline(20))


def test_a_throttled_ims_is_waited_for(tokens: ImsTokens, aep_emulator: Emulator) -> None:
    aep_emulator.fault(FaultAnswer(status=429, headers={"Retry-After": "0"}, body="{}"), path="/ims/")
    assert tokens.get(Deadline(20))
    assert asked(aep_emulator) == 2


def test_an_ims_that_stays_throttled_is_reported_with_the_time_limit(tokens: ImsTokens, aep_emulator: Emulator) -> None:
    aep_emulator.fault(FaultAnswer(status=429, headers={"Retry-After": "60"}, body="{}"), path="/ims/", times=None)
    with pytest.raises(ServiceError, match=r"(?s)Getting an access token from IMS failed.*time limit of 5 seconds"):
        tokens.get(Deadline(5))


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'"token"', b'{"access_token": ""}', b'{"access_token": 5}', b"null", b"<html>", b""]
)
def test_a_response_without_a_token_is_reported(client: HttpClient, credentials: Credentials, body: bytes) -> None:
    with RawServer(sends(response("200 OK", body))) as server:
        with pytest.raises(ResponseLost) as caught:
            ImsTokens(client, server.url, credentials)._request_once(Deadline(20))
        assert f"{server.url}/ims/token/v3" in str(caught.value)


@pytest.mark.parametrize("value", ["line\r\nbreak", "spä\u0308ce", "with space", "null\u0000"])
def test_a_token_that_no_header_can_hold_is_reported(client: HttpClient, credentials: Credentials, value: str) -> None:
    body = json.dumps({"access_token": value, "expires_in": 100}).encode()
    with RawServer(sends(response("200 OK", body))) as server, pytest.raises(AepError) as caught:
        ImsTokens(client, server.url, credentials)._request_once(Deadline(20))
    assert value not in str(caught.value)


def test_a_ready_made_token_is_used_as_it_is_and_cannot_be_renewed(
    client: HttpClient, credentials: Credentials
) -> None:
    tokens = tokens_for(client, "https://unused.invalid", replace(credentials, access_token="ready-made"))
    assert isinstance(tokens, ReadyMadeToken)
    assert tokens.get(Deadline(1)) == "ready-made"
    assert tokens.renew("ready-made", Deadline(1)) is None
