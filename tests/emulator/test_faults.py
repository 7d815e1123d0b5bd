"""Faults: each does to the wire exactly what it says."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from pulumi_adobe_aep.emulator.client import EmulatorError
from pulumi_adobe_aep.emulator.faults import Action, Answer, Delay, Drop, ExpireTokens, Redirect, Slow, Truncate
from tests.emulator.api import Api, connection_body, gateway_code

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator


def hit_create(emulator: Emulator, action: Action) -> None:
    emulator.fault(action, method="POST", path="/connections$")


def raw(api: Api, path: str = "/connections") -> bytes:
    """Send a GET over a bare socket and return every byte until the server ends the connection."""
    address = urlsplit(api.emulator.base_url)
    with closing(socket.create_connection(("127.0.0.1", address.port or 0), timeout=10)) as connection:
        headers = "".join(
            f"{name}: {value!s}\r\n" for name, value in api.session.headers.items() if name != "Connection"
        )
        target = f"{urlsplit(api.emulator.flow_service_url).path}{path}"
        request = f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\n{headers}\r\n"
        connection.sendall(request.encode())
        received = bytearray()
        while piece := connection.recv(65536):
            received += piece
    return bytes(received)


def test_a_drop_before_handling_ends_the_connection_and_does_nothing(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Drop())
    with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
        api.post("/connections", connection_body())
    assert emulator.connections() == []
    (logged,) = emulator.requests()
    assert (logged.outcome, logged.status, logged.handled) == ("dropped", None, False)


def test_a_drop_after_handling_ends_the_connection_and_keeps_what_was_done(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Drop(when="after"))
    with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
        api.post("/connections", connection_body("committed"))
    assert [each["name"] for each in emulator.connections()] == ["committed"]
    (logged,) = emulator.requests()
    assert (logged.outcome, logged.status, logged.handled) == ("dropped", None, True)


def test_a_drop_sends_not_a_single_byte(emulator: Emulator, api: Api) -> None:
    emulator.fault(Drop())
    assert raw(api) == b""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reset_breaks_the_connection(emulator: Emulator, api: Api, when: str) -> None:
    hit_create(emulator, Drop(when="before" if when == "before" else "after", how="reset"))
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        api.post("/connections", connection_body())
    assert len(emulator.connections()) == (when == "after")


def test_a_status_with_headers_and_body_of_any_kind(emulator: Emulator, api: Api) -> None:
    page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    emulator.fault(Answer(status=502, headers={"Content-Type": "text/html", "Server": "nginx"}, body=page))
    response = api.get("/connections")
    assert (response.status_code, response.text) == (502, page)
    assert (response.headers["Content-Type"], response.headers["Server"]) == ("text/html", "nginx")
    assert api.get("/connections").status_code == 200


@pytest.mark.parametrize(("when", "expected"), [("before", 0), ("after", 1)])
def test_a_gateway_timeout_committed_or_not(emulator: Emulator, api: Api, when: str, expected: int) -> None:
    hit_create(emulator, Answer(when="before" if when == "before" else "after", status=504, body=""))
    response = api.post("/connections", connection_body())
    assert (response.status_code, response.content) == (504, b"")
    assert len(emulator.connections()) == expected


def test_an_empty_body_with_the_real_status(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Answer(when="after", body=""))
    response = api.post("/connections", connection_body())
    assert (response.status_code, response.content) == (201, b"")
    assert response.headers["Location"]


def test_a_wrong_content_type_with_the_real_body(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(when="after", headers={"content-type": "text/plain"}))
    response = api.get("/connections")
    assert response.headers["Content-Type"] == "text/plain"
    assert response.json() == {"items": [], "_links": {}}


def test_a_header_can_be_taken_away(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(when="after", headers={"date": ""}))
    assert "Date" not in api.get("/connections").headers


def test_retry_after_can_be_anything(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(status=429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, body="{}"))
    assert api.get("/connections").headers["Retry-After"] == "Wed, 21 Oct 2026 07:28:00 GMT"


def test_a_truncated_body_announces_more_than_it_sends(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Truncate())
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.post("/connections", connection_body())
    assert len(emulator.connections()) == 1
    emulator.fault(Truncate(keep=5))
    head, body = raw(api).split(b"\r\n\r\n")
    assert body == b'{"ite'
    assert b"content-length: " in head
    assert b"content-length: 5" not in head


def test_a_slow_body_comes_a_byte_at_a_time(emulator: Emulator, api: Api) -> None:
    emulator.fault(Slow(interval=0.01))
    began = time.monotonic()
    response = api.get("/connections")
    assert response.json() == {"items": [], "_links": {}}
    # The last byte is followed by the end, not by another one.
    assert time.monotonic() - began >= 0.01 * (len(response.content) - 1)


def test_a_client_that_gives_up_on_a_slow_body_ends_it(emulator: Emulator, api: Api) -> None:
    emulator.fault(Slow(interval=60))
    with pytest.raises(requests.RequestException):
        api.call("GET", "/connections", timeout=0.2)
    assert Api.of(emulator).get("/connections").status_code == 200


def test_a_delay_before_handling(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Delay(seconds=0.3))
    began = time.monotonic()
    assert api.post("/connections", connection_body()).status_code == 201
    assert time.monotonic() - began >= 0.3


def test_a_delay_after_handling_has_committed_when_the_client_gives_up(emulator: Emulator, api: Api) -> None:
    hit_create(emulator, Delay(when="after", seconds=60))
    with pytest.raises(requests.ReadTimeout):
        api.call("POST", "/connections", json=connection_body(), timeout=0.3)
    assert len(emulator.connections()) == 1


def test_tokens_can_expire_in_mid_run(emulator: Emulator, api: Api) -> None:
    emulator.fault(ExpireTokens(), skip=1)
    assert api.get("/connections").status_code == 200
    assert gateway_code(api.get("/connections")) == "401013"
    assert Api.of(emulator).get("/connections").status_code == 200


def test_a_redirect_to_another_host(emulator: Emulator, api: Api) -> None:
    emulator.fault(Redirect(location="http://127.0.0.1:1/elsewhere", status=302))
    response = api.get("/connections")
    assert (response.status_code, response.headers["Location"]) == (302, "http://127.0.0.1:1/elsewhere")


def test_the_token_endpoint_can_be_hit_as_well(emulator: Emulator) -> None:
    emulator.fault(Answer(status=503, body="down"), path="^/ims/")
    with pytest.raises(requests.HTTPError, match="503"):
        emulator.token()
    assert emulator.token()


def test_a_fault_hits_only_what_it_matches(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(status=500), method="get", path="/connections$", query="limit=7", times=None)
    assert api.get("/connections").status_code == 200
    assert api.get("/connections", limit=7).status_code == 500
    assert api.get("/connections", limit=7).status_code == 500
    assert api.get("/flows", limit=7).status_code == 200
    assert api.post("/connections", connection_body()).status_code == 201


def test_the_nth_requests_can_be_hit(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(status=500), skip=1, times=2)
    assert [api.get("/connections").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    (state,) = emulator.faults()
    assert (state.matched, state.hit) == (5, 2)


def test_the_first_fault_that_hits_decides(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(status=500))
    emulator.fault(Answer(status=503))
    assert [api.get("/connections").status_code for _ in range(3)] == [500, 503, 200]


def test_a_share_of_requests_can_be_hit_the_same_for_the_same_seed(emulator: Emulator) -> None:
    def run() -> list[int]:
        emulator.seed(7)
        emulator.fault(Answer(status=500), path="/connections", probability=0.3, times=None)
        api = Api.of(emulator)
        return [api.get("/connections").status_code for _ in range(60)]

    first = run()
    assert 5 < first.count(500) < 35
    assert run() == first


def test_faults_can_be_lifted(emulator: Emulator, api: Api) -> None:
    emulator.fault(Answer(status=500), times=None)
    assert api.get("/connections").status_code == 500
    emulator.lift_faults()
    assert api.get("/connections").status_code == 200
    assert emulator.faults() == []


def test_the_log_names_the_fault(emulator: Emulator, api: Api) -> None:
    state = emulator.fault(Answer(status=500))
    api.get("/connections")
    api.get("/connections")
    assert [(each.fault, each.status) for each in emulator.requests()] == [(state.id, 500), (None, 200)]


def test_a_fault_that_makes_no_sense_is_refused(emulator: Emulator) -> None:
    url = f"{emulator.base_url}/_emulator/faults"
    for body in (
        {},
        {"action": {"kind": "explode"}},
        {"path": "(", "action": {"kind": "drop"}},
        {"action": {"kind": "answer", "headers": {"a": "b\r\nc: d"}}},
        {"action": {"kind": "delay", "seconds": -1}},
        {"action": {"kind": "drop"}, "colour": "red"},
    ):
        assert requests.post(url, json=body, timeout=10).status_code == 422, body
    assert emulator.faults() == []


def test_several_faults_can_be_ordered_at_once(emulator: Emulator, api: Api) -> None:
    body = [{"action": {"kind": "answer", "status": 500}}, {"action": {"kind": "answer", "status": 501}}]
    assert requests.post(f"{emulator.base_url}/_emulator/faults", json=body, timeout=10).status_code == 201
    assert [api.get("/connections").status_code for _ in range(2)] == [500, 501]


def test_a_refused_control_request_is_an_error_of_the_client(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="there is no switch nonsense"):
        emulator.switch(nonsense=1)
