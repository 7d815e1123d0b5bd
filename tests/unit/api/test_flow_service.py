"""The REST client: what it sends, what it takes for a response, and that nothing else than our errors comes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer as FaultAnswer
from pulumi_adobe_aep.emulator.faults import ExpireTokens
from pulumi_adobe_aep.errors import (
    AepError,
    EntityGone,
    NotFound,
    Outcome,
    ResponseLost,
    ServiceError,
    TokenRefused,
    Unauthorized,
    VersionConflict,
)
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import FastClock
from tests.support.raw_server import RawServer, response

ID = "139f6a5f-a78b-4744-9f6a-5fa78bd74431"
STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=s3cr3t-of-the-database"
BODY = {
    "name": "crm",
    "auth": {"specName": "Connection String Based Authentication", "params": {"connectionString": STRING}},
    "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
}


class Canned:
    """A server that sends the response that a test has put into `response`."""

    def __init__(self, settings: Settings) -> None:
        self.response = response()
        self.server = RawServer(lambda connection: connection.sendall(self.response))
        self._settings = settings

    @contextmanager
    def running(self) -> Iterator[FlowService]:
        with self.server:
            api = Api(replace(self._settings, base_url=self.server.url, access_token="a-ready-made-token"))
            yield api.flow_service("dev", Deadline(300, FastClock(moment=0)))
            api.close()

    def says(self, body: object, status: str = "200 OK", *headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.response = response(status, content, *headers)


@pytest.fixture
def canned(settings: Settings) -> Canned:
    return Canned(settings)


# What is sent.


def test_every_request_has_the_five_headers_of_adobe(canned: Canned, settings: Settings) -> None:
    canned.says({"id": ID, "etag": "x"}, "201 Created")
    with canned.running() as service:
        service.connections.create(BODY)
    head, _, body = canned.server.requests[0].decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /data/foundation/flowservice/connections HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers["Authorization"] == "Bearer a-ready-made-token"
    assert headers["x-api-key"] == settings.client_id
    assert headers["x-gw-ims-org-id"] == settings.org_id
    assert headers["x-sandbox-name"] == "dev"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == BODY


def test_an_id_cannot_lead_to_another_path(canned: Canned) -> None:
    with canned.running() as service, pytest.raises(AepError):
        service.connections.get("../flows?x=1#y")
    assert canned.server.requests[0].startswith(
        b"GET /data/foundation/flowservice/connections/..%2Fflows%3Fx%3D1%23y HTTP/1.1"
    )


def test_an_etag_is_sent_with_its_quotes(canned: Canned) -> None:
    canned.says({"id": ID, "etag": "x"})
    with canned.running() as service:
        service.connections.patch(ID, '"1400dd53-0000"', [{"op": "replace", "path": "/name", "value": "x"}])
    assert b'If-Match: "1400dd53-0000"\r\n' in canned.server.requests[0]


def test_filters_are_repeated_and_encoded(canned: Canned) -> None:
    canned.says({"items": []})
    with canned.running() as service:
        assert list(service.connections.list("name==crm & co", "state==enabled")) == []
    target = canned.server.requests[0].split(b" ")[1].decode()
    assert parse_qsl(urlsplit(target).query) == [
        ("limit", "100"),
        ("property", "name==crm & co"),
        ("property", "state==enabled"),
    ]


# Against the emulator.


def test_a_connection_is_created_read_changed_tested_and_deleted(service: FlowService, aep_emulator: Emulator) -> None:
    created = service.connections.create(BODY)
    assert created.at is not None
    connection = service.connections.get(created.id)
    assert (connection.name, connection.state, connection.sandbox_name) == ("crm", "enabled", "dev")
    assert connection.etag.startswith('"')  # type: ignore[union-attr]
    service.connections.patch(created.id, str(connection.etag), [{"op": "add", "path": "/description", "value": "new"}])
    assert service.connections.get(created.id).description == "new"
    assert service.test_connection(created.id).passed is False
    assert service.connections.delete(created.id) is True
    with pytest.raises(EntityGone):
        service.connections.get(created.id)
    assert aep_emulator.connections() == []


def test_a_deletion_that_is_only_accepted_is_distinguished(service: FlowService, aep_emulator: Emulator) -> None:
    aep_emulator.switch(delete_mode="202")
    assert service.connections.delete(service.connections.create(BODY).id) is False


def test_a_list_is_followed_over_its_pages(service: FlowService, aep_emulator: Emulator) -> None:
    made = {aep_emulator.create_connection(f"crm {number}", STRING)["id"] for number in range(105)}
    assert {connection.id for connection in service.connections.list()} == made
    assert len(aep_emulator.requests("GET", "/connections")) == 2


def test_an_old_etag_is_a_conflict(service: FlowService, aep_emulator: Emulator) -> None:
    created = service.connections.create(BODY)
    etag = str(service.connections.get(created.id).etag)
    aep_emulator.rewrite(created.id)
    with pytest.raises(VersionConflict, match="Somebody changed it at the same moment"):
        service.connections.patch(created.id, etag, [{"op": "replace", "path": "/name", "value": "x"}])


def test_an_expired_token_is_renewed_once_in_mid_run(service: FlowService, aep_emulator: Emulator) -> None:
    aep_emulator.fault(ExpireTokens(), method="GET", path="/connections")
    assert list(service.connections.list()) == []
    sent = [(request.method, request.status) for request in aep_emulator.requests()]
    assert sent == [("GET", 401), ("POST", 200), ("GET", 200)]


def test_a_token_that_is_refused_again_is_an_error(service: FlowService, aep_emulator: Emulator) -> None:
    refusal = FaultAnswer(status=401, body='{"error_code": "401013", "message": "Oauth token is not valid"}')
    aep_emulator.fault(refusal, path="/connections", times=None)
    with pytest.raises(Unauthorized, match="Oauth token is not valid"):
        list(service.connections.list())
    assert [request.method for request in aep_emulator.requests()] == ["GET", "POST", "GET"]


def test_a_ready_made_token_that_is_refused_is_an_error_at_once(settings: Settings, aep_emulator: Emulator) -> None:
    api = Api(replace(settings, access_token="expired"))
    with pytest.raises(Unauthorized, match="a ready-made AEP_ACCESS_TOKEN lasts a day at most"):
        list(api.flow_service("dev", Deadline(20)).connections.list())
    api.close()
    assert [request.path for request in aep_emulator.requests()] == ["/data/foundation/flowservice/connections"]


def test_without_a_token_nothing_else_is_sent(settings: Settings, aep_emulator: Emulator) -> None:
    api = Api(replace(settings, client_secret="wrong"))
    with pytest.raises(TokenRefused):
        list(api.flow_service("dev", Deadline(20)).connections.list())
    api.close()
    assert [request.path for request in aep_emulator.requests()] == ["/ims/token/v3"]


def test_a_sandbox_that_does_not_exist_is_not_proof_that_a_connection_is_gone(
    api: Api, service: FlowService, aep_emulator: Emulator
) -> None:
    created = service.connections.create(BODY)
    with pytest.raises(NotFound) as caught:
        api.flow_service("nowhere", Deadline(20)).connections.get(created.id)
    assert type(caught.value) is NotFound
    assert "(Sandbox: nowhere.)" in str(caught.value)
    assert "it is the sandbox's name, not its title" in str(caught.value)
    assert len(aep_emulator.connections()) == 1


# What is taken for a response.


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{"id": ID}]},
        {"id": ID},
        {"items": [{"id": ID, "name": None, "state": 5, "createdAt": "yesterday", "auth": None, "connectionSpec": []}]},
        {"items": [{"id": ID, "createdAt": 1e30, "updatedAt": True, "auth": {"params": [], "specName": {}}}]},
        {"items": [{"id": ID, "createdAt": 10**400, "newField": {"deep": [1]}}]},
    ],
)
def test_a_connection_may_lack_nearly_everything_and_have_unknown_fields(canned: Canned, body: object) -> None:
    canned.says(body)
    with canned.running() as service:
        connection = service.connections.get(ID)
    assert (connection.id, connection.name, connection.created_at, connection.auth.params) == (ID, None, None, {})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"items": []}, "these fields are missing or not as documented: id"),
        ({"items": [{"id": ID}, {"id": ID}]}, "these fields are missing or not as documented: id"),
        ({"items": [{"id": "another"}]}, f"It is about another, not {ID}."),
        ({"items": [{"id": 5}]}, "these fields are missing or not as documented: id"),
        ({"items": [{"id": ""}]}, "these fields are missing or not as documented: id"),
        ([], "these fields are missing or not as documented: the whole"),
        ("x", "these fields are missing or not as documented: the whole"),
        (None, "these fields are missing or not as documented: the whole"),
    ],
)
def test_what_is_not_a_connection_is_reported_and_is_not_proof_that_it_is_gone(
    canned: Canned, body: object, why: str
) -> None:
    canned.says(body)
    with canned.running() as service, pytest.raises(ResponseLost) as caught:
        service.connections.get(ID)
    assert f"/connections/{ID} (200) is not as documented." in str(caught.value)
    assert why[1:] in str(caught.value)


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ""}, {"id": 5}, [], "x", None])
def test_a_create_without_an_id_may_have_happened(canned: Canned, body: object) -> None:
    canned.says(body, "201 Created")
    with canned.running() as service, pytest.raises(AepError) as caught:
        service.connections.create(BODY)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(canned.server.requests) == 1


@pytest.mark.parametrize(
    "href",
    [
        "/connections?continuationToken=next",
        "https://elsewhere.example.com/x?limit=1&continuationToken=next",
        "?continuationToken=next",
    ],
)
def test_the_next_page_is_asked_for_at_our_own_address(canned: Canned, href: str) -> None:
    canned.says({"items": [], "_links": {"next": {"href": href}}})
    with canned.running() as service:
        assert list(service.connections.list()) == []
    assert len(canned.server.requests) == 2, "the same token again ends the list"
    assert b"continuationToken=next" in canned.server.requests[1]


@pytest.mark.parametrize("links", [None, [], {"next": None}, {"next": {"href": 5}}, {"next": {"href": "http://["}}, {}])
def test_a_list_without_a_next_page_ends(canned: Canned, links: object) -> None:
    canned.says({"items": [], "_links": links})
    with canned.running() as service:
        assert list(service.connections.list()) == []
    assert len(canned.server.requests) == 1


@pytest.mark.parametrize(
    ("body", "passed", "reason"),
    [
        ({"result": True}, True, ""),
        ({"result": False}, False, ""),
        ({"result": False, "message": "password authentication failed"}, False, "password authentication failed"),
        ({"result": False, "errorMessage": 5, "detail": "no route"}, False, "no route"),
    ],
)
def test_a_test_gives_its_result_and_its_reason(canned: Canned, body: object, passed: bool, reason: str) -> None:
    canned.says(body)
    with canned.running() as service:
        result = service.test_connection(ID)
    assert (result.passed, result.reason) == (passed, reason)


def test_a_long_reason_of_a_test_is_cut(canned: Canned) -> None:
    canned.says({"result": False, "message": "words " * 10_000})
    with canned.running() as service:
        assert len(service.test_connection(ID).reason) <= 600


@pytest.mark.parametrize("body", [{}, {"result": "true"}, {"result": 1}, [], None])
def test_a_test_without_a_result_is_reported(canned: Canned, body: object) -> None:
    canned.says(body)
    with canned.running() as service, pytest.raises(ResponseLost, match="It has no result of true or false"):
        service.test_connection(ID)


CALLS: list[Callable[[FlowService], object]] = [
    lambda service: service.connections.get(ID),
    lambda service: service.connections.create(BODY),
    lambda service: service.connections.patch(ID, '"x"', [{"op": "remove", "path": "/description", "value": "x"}]),
    lambda service: service.connections.delete(ID),
    lambda service: service.test_connection(ID),
    lambda service: service.explore(ID),
    lambda service: list(service.connections.list()),
    lambda service: list(service.collection("/sourceConnections", "source connection").list(f"baseConnectionId=={ID}")),
    lambda service: list(service.collection("/flows", "dataflow").list()),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just(ID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["id", "name", "etag", "state", "createdAt", "auth", "connectionSpec", "params", "specName"])
ENTITY = st.dictionaries(
    FIELDS | st.sampled_from(["sourceConnectionIds", "imsOrgId", "items", "_links", "result"]), JSON
)
BODIES = (
    st.fixed_dictionaries({"items": st.lists(ENTITY, max_size=2)}, optional={"_links": JSON}).map(json.dumps)
    | (ENTITY | JSON).map(json.dumps)
    | st.text()
)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[tuple[Canned, FlowService]]:
    canned = Canned(
        Settings(
            client_id="id",
            org_id="AA@AdobeOrg",
            sandbox_name="dev",
            scopes="openid",
            base_url="",
            ims_url="https://unused.invalid",
            timeout=30,
            max_concurrency=4,
            log="warning",
            client_secret="",
            access_token="",
        )
    )
    with canned.running() as service:
        yield canned, service


def texts_in(found: Any) -> Iterator[str]:
    """Return every string in what a call returned."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, BaseModel):
        yield from texts_in(found.model_dump())
    elif is_dataclass(found):
        yield from texts_in(vars(found))
    elif isinstance(found, dict):
        yield from texts_in([*found, *found.values()])
    elif isinstance(found, list):
        for each in found:
            yield from texts_in(each)


@given(call=st.sampled_from(CALLS), body=BODIES)
@example(call=CALLS[0], body='{"items": [{"id": "' + ID + '", "name": "\\ud800", "etag": "\\n\\u20ac"}]}')
@example(call=CALLS[1], body='{"id": "\\ud800"}')
@example(call=CALLS[6], body='{"items": [], "_links": {"next": {"href": "http://[?continuationToken=x"}}}')
@example(call=CALLS[6], body='{"items": [], "_links": {"next": {"href": "?continuationToken=\\ud800"}}}')
@example(call=CALLS[0], body="[" * 100_000)
@example(call=CALLS[8], body='{"items": [{"id": "x", "sourceConnectionIds": null}]}')
def test_every_200_gives_a_result_or_one_of_our_errors(
    fuzzed: tuple[Canned, FlowService], call: Callable[[FlowService], object], body: str
) -> None:
    canned, service = fuzzed
    canned.says(body.encode("utf-8", "surrogatepass"))
    service.deadline = Deadline(30, FastClock(moment=0))
    try:
        found = call(service)
    except AepError as error:
        found = str(error)
    # What cannot be written as UTF-8 would fail later, on its way into the state or onto the console.
    "".join(texts_in(found)).encode()


@given(call=st.sampled_from(CALLS), body=BODIES, status=st.sampled_from([400, 401, 403, 404, 409, 412, 422]))
def test_every_error_status_gives_one_of_our_errors(
    fuzzed: tuple[Canned, FlowService], call: Callable[[FlowService], object], body: str, status: int
) -> None:
    canned, service = fuzzed
    canned.says(body.encode("utf-8", "surrogatepass"), f"{status} X")
    service.deadline = Deadline(30, FastClock(moment=0))
    with pytest.raises(ServiceError) as caught:
        call(service)
    str(caught.value).encode()
