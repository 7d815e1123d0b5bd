"""The control API."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from pulumi_adobe_aep.emulator.client import Emulator, EmulatorError, running_emulator
from tests.emulator.api import CONNECTION_STRING, SECRET, Api, code, eventually
from tests.emulator.test_process import started

if TYPE_CHECKING:
    from pathlib import Path


def test_the_control_api_is_not_there_unless_it_is_asked_for(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file):
        emulator = Emulator.from_ready_file(ready_file)
        for method, path in (("GET", "state"), ("POST", "reset"), ("GET", "requests"), ("POST", "faults")):
            assert requests.request(method, f"{emulator.base_url}/_emulator/{path}", timeout=10).status_code == 404
        assert "/_emulator/state" not in requests.get(f"{emulator.base_url}/openapi.json", timeout=10).json()["paths"]


def test_the_control_api_serves_this_computer_only() -> None:
    with running_emulator(["--host", "0.0.0.0"]) as emulator:  # noqa: S104 - to reach it by another address
        port = urlsplit(emulator.base_url).port
        local = f"{emulator.base_url}/_emulator/state"
        assert requests.get(local, timeout=10).status_code == 200
        # A page from elsewhere whose name resolves to this computer.
        assert requests.get(local, headers={"Host": "evil.example"}, timeout=10).status_code == 403
        address = outside_address()
        assert address is not None, "this machine has no address but the loopback's"
        assert requests.get(f"http://{address}:{port}/_emulator/state", timeout=10).status_code == 403


def test_an_allowed_name_opens_the_control_api_to_callers_from_elsewhere() -> None:
    with running_emulator(["--host", "0.0.0.0", "--allow-host", "Emulator"]) as emulator:  # noqa: S104 - see above
        address = outside_address()
        assert address is not None, "this machine has no address but the loopback's"
        url = f"http://{address}:{urlsplit(emulator.base_url).port}/_emulator/state"
        assert requests.get(url, headers={"Host": "emulator:8080"}, timeout=10).status_code == 200
        assert requests.get(url, headers={"Host": "EMULATOR"}, timeout=10).status_code == 200
        assert requests.get(url, headers={"Host": "emulator.example"}, timeout=10).status_code == 403
        assert requests.get(url, headers={"Host": "localhost"}, timeout=10).status_code == 403
        assert requests.get(url, timeout=10).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.2:80", "[::1]", "[::1]:8080"])
def test_every_name_of_the_loopback_is_one_of_this_computer(emulator: Emulator, host: str) -> None:
    url = f"{emulator.base_url}/_emulator/state"
    assert requests.get(url, headers={"Host": host}, timeout=10).status_code == 200


def outside_address() -> str | None:
    """Return an address of this machine that is not the loopback's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only looks up the route.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return None if address.startswith("127.") else address


def test_reset_forgets_everything(emulator: Emulator, api: Api) -> None:
    api.create()
    emulator.switch(secrets="plain")
    emulator.latency(20)
    emulator.advance(100_000)
    emulator.reset()
    assert emulator.connections() == []
    assert emulator.requests() == []
    assert emulator.faults() == []
    fresh = Api.of(emulator)
    assert fresh.connection(fresh.create())["auth"]["params"] == {"connectionString": "*****"}
    assert emulator.requests()[-1].milliseconds is not None
    assert abs(fresh.connection(fresh.create())["createdAt"] - time.time() * 1000) < 60_000


def test_the_same_seed_gives_the_same_ids_and_times(emulator: Emulator) -> None:
    def run() -> list[object]:
        emulator.seed(42, time_ms=1_800_000_000_000)
        api = Api.of(emulator)
        first = api.connection(api.create("a"))
        second = api.connection(api.create("b"))
        api.change(first["id"], {"op": "replace", "path": "/name", "value": "c"})
        return [first, second, api.connection(first["id"])]

    assert run() == run()
    emulator.seed(43, time_ms=1_800_000_000_000)
    api = Api.of(emulator)
    first = api.connection(api.create("a"))
    assert first != run()[0]
    assert 1_800_000_000_000 < first["createdAt"] < 1_800_000_010_000


def test_the_log_has_each_request_and_its_status(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    response = api.get("/connections", limit=3, property="name==crm")
    created, listed = emulator.requests()
    assert (created.method, created.path, created.status) == ("POST", "/data/foundation/flowservice/connections", 201)
    assert (created.sandbox, created.org, created.client) == ("dev", emulator.org_id, emulator.client_id)
    assert listed.sequence == created.sequence + 1
    assert listed.query == "limit=3&property=name%3D%3Dcrm"
    assert listed.request_id == response.headers["x-request-id"]
    assert (listed.outcome, listed.handled, listed.sent_bytes) == ("answered", True, len(response.content))
    assert created.received_bytes > 100
    assert connection_id


def test_the_log_can_be_narrowed(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    api.get("/connections")
    api.connection(connection_id)
    assert [each.method for each in emulator.requests("get")] == ["GET", "GET"]
    assert len(emulator.requests(path=connection_id)) == 1
    last = emulator.requests()[-1].sequence
    assert emulator.requests(after=last) == []
    emulator.forget_requests()
    assert emulator.requests() == []
    api.get("/connections")
    assert emulator.requests()[0].sequence == last + 1


def test_requests_to_the_control_api_are_not_in_the_log(emulator: Emulator) -> None:
    emulator.connections()
    assert emulator.requests() == []


def test_a_request_is_in_the_log_while_it_is_handled(emulator: Emulator, api: Api) -> None:
    emulator.latency(60_000)
    with pytest.raises(requests.ReadTimeout):
        api.call("GET", "/connections", timeout=0.2)
    (logged,) = emulator.requests()
    assert (logged.status, logged.outcome) == (None, "pending")


def test_latency_holds_up_every_response(emulator: Emulator, api: Api) -> None:
    emulator.latency(150)
    began = time.monotonic()
    api.get("/connections")
    assert time.monotonic() - began >= 0.15
    emulator.latency(0)


def test_latency_of_one_request_does_not_hold_up_another(emulator: Emulator) -> None:
    sessions = [Api.of(emulator) for _ in range(10)]
    emulator.latency(1000)
    began = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda each: each.get("/connections").status_code, sessions))
    assert statuses == [200] * 10
    assert time.monotonic() - began < 8


def test_somebody_else_can_change_a_connection(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    before = api.connection(connection_id)
    emulator.change(connection_id, fields={"name": "drifted", "description": None}, state="disabled")
    after = api.connection(connection_id)
    assert (after["name"], after["state"]) == ("drifted", "disabled")
    assert "description" not in after
    assert (after["updatedBy"], after["createdBy"]) == ("exc_app", before["createdBy"])
    assert after["etag"] != before["etag"]


def test_somebody_else_can_change_the_credentials(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    emulator.change(connection_id, params={"connectionString": "changed", "extra": 1})
    assert api.stored(connection_id)["auth"]["params"] == {"connectionString": "changed", "extra": 1}
    emulator.change(connection_id, params={"extra": None})
    assert api.stored(connection_id)["auth"]["params"] == {"connectionString": "changed"}


def test_somebody_else_can_create_and_delete_a_connection(emulator: Emulator, api: Api) -> None:
    made = emulator.create_connection("theirs", CONNECTION_STRING, sandbox="dev", description="by hand")
    item = api.connection(str(made["id"]))
    assert (item["name"], item["state"], item["createdClient"]) == ("theirs", "enabled", "exc_app")
    assert SECRET not in str(made)
    assert emulator.connections("stage") == []
    assert len(emulator.connections("dev")) == 1
    emulator.delete(str(made["id"]))
    assert code(api.get(f"/connections/{made['id']}")) == "1439-404"
    assert [each.method for each in emulator.requests()] == ["GET", "GET"]


def test_a_change_of_what_is_not_there_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="there is no entity x"):
        emulator.change("x", state="disabled")
    with pytest.raises(EmulatorError, match="there is no sandbox nowhere"):
        emulator.create_connection("a", CONNECTION_STRING, sandbox="nowhere")


def test_the_clock_can_be_put_forward(emulator: Emulator, api: Api) -> None:
    before = api.connection(api.create())["createdAt"]
    emulator.advance(3600)
    assert api.connection(api.create())["createdAt"] - before >= 3_600_000


def test_the_environment_points_a_program_at_the_emulator(emulator: Emulator) -> None:
    variables = emulator.environment("stage")
    assert variables == {
        "AEP_BASE_URL": emulator.base_url,
        "AEP_IMS_URL": emulator.ims_url,
        "AEP_CLIENT_ID": emulator.client_id,
        "AEP_CLIENT_SECRET": emulator.client_secret,
        "AEP_ORG_ID": emulator.org_id,
        "AEP_SANDBOX_NAME": "stage",
    }
    assert "AEP_SANDBOX_NAME" not in emulator.environment(None)


def test_a_switch_of_the_command_line_is_what_reset_goes_back_to() -> None:
    with running_emulator(["--secrets", "plain", "--settle-seconds", "0", "--latency", "1"]) as emulator:
        api = Api.of(emulator)
        emulator.switch(secrets="omit")
        emulator.reset()
        item = api.connection(api.create())
        assert item["auth"]["params"] == {"connectionString": CONNECTION_STRING}
        assert item["state"] == "enabled"
        eventually(lambda: emulator.requests()[-1].milliseconds is not None)
        assert (emulator.requests()[-1].milliseconds or 0) >= 1
