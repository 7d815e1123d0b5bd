"""What each operation costs Adobe in requests, exactly, and what it costs the state in bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.host import Adapter, Host, Wire, pickled_provider, running
from tools.database import PostgresServer, SampleDatabase

FLOW_SERVICE = "/data/foundation/flowservice"
TOKEN = "POST /ims/token/v3"
AUTH = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": "a first one"}
INPUTS: Wire = {"name": "crm", "sandboxName": "dev", "auth": AUTH}


@pytest.fixture
def host(aep_emulator: Emulator, tmp_path: Path, adapter: Adapter) -> Iterator[Host]:
    with running(aep_emulator.environment(), tmp_path, adapter) as host:
        yield host


def spent(emulator: Emulator) -> list[str]:
    """Return the requests since the last time, without Flow Service's path and with ID for ids."""
    requests = emulator.requests()
    emulator.forget_requests()
    ids = [str(each["id"]) for each in emulator.connections()]
    lines = [f"{request.method} {request.path.removeprefix(FLOW_SERVICE)}" for request in requests]
    for each in ids:
        lines = [line.replace(each, "ID") for line in lines]
    return lines


def test_check_and_diff_cost_nothing_not_even_a_token(host: Host, aep_emulator: Emulator) -> None:
    inputs = host.checked(INPUTS)
    host.diff("an-id", {**inputs, "connectionId": "an-id"}, {**inputs, "description": "another"})

    assert spent(aep_emulator) == []


def test_a_process_pays_for_one_token_and_each_operation_for_as_few_requests_as_can_be(
    host: Host, aep_emulator: Emulator
) -> None:
    created = host.create(INPUTS)
    assert spent(aep_emulator) == [TOKEN, "POST /connections"]

    read = host.read(created.id, created.outputs)
    assert spent(aep_emulator) == ["GET /connections/ID"]

    renamed = host.update(created.id, read.outputs, {**INPUTS, "name": "crm-2"})
    assert spent(aep_emulator) == ["GET /connections/ID", "PATCH /connections/ID"]

    rotated = host.update(created.id, renamed, {**INPUTS, "name": "crm-2", "auth": {**AUTH, "password": "another"}})
    assert spent(aep_emulator) == ["GET /connections/ID", "PATCH /connections/ID"]

    host.delete(created.id, rotated)
    assert [line.replace(created.id, "ID") for line in spent(aep_emulator)] == ["DELETE /connections/ID"]


def test_switching_verification_on_is_not_worth_a_request(host: Host, aep_emulator: Emulator) -> None:
    created = host.create(INPUTS)
    spent(aep_emulator)

    host.update(created.id, created.outputs, {**INPUTS, "verify": True})

    assert spent(aep_emulator) == []


def test_verification_costs_one_request_more(
    host: Host, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    auth = {
        "server": postgres.host,
        "port": postgres.port,
        "database": crm.name,
        "username": crm.role,
        "password": crm.password,
    }
    inputs = {**INPUTS, "auth": auth, "verify": True}

    created = host.create(inputs)
    assert spent(aep_emulator) == [TOKEN, "POST /connections", "GET /connections/ID/test"]

    host.update(created.id, created.outputs, {**inputs, "auth": {**auth, "encryption": "disable"}})
    assert spent(aep_emulator) == ["GET /connections/ID", "PATCH /connections/ID", "GET /connections/ID/test"]


def test_a_ready_made_token_costs_no_token(aep_emulator: Emulator, tmp_path: Path, adapter: Adapter) -> None:
    environment = aep_emulator.environment()
    del environment["AEP_CLIENT_SECRET"]
    token = aep_emulator.token()
    aep_emulator.forget_requests()

    with running({**environment, "AEP_ACCESS_TOKEN": token}, tmp_path, adapter) as host:
        host.create(INPUTS)

    assert spent(aep_emulator) == ["POST /connections"]


def test_creates_at_the_same_time_share_one_token(host: Host, aep_emulator: Emulator) -> None:
    host.create_all([{**INPUTS, "name": f"crm-{number}"} for number in range(16)])

    assert sorted(spent(aep_emulator)) == ["POST /connections"] * 16 + [TOKEN]


def test_the_outputs_hold_nothing_that_nobody_needs_and_stay_below_a_kilobyte(host: Host) -> None:
    created = host.create({**INPUTS, "description": "CRM read replica"})
    outputs = host.read(created.id, created.outputs).outputs

    inputs = {"name", "description", "sandboxName", "auth", "verify"}
    # No etag: Adobe rewrites it by itself.
    assert set(outputs) == {*inputs, "connectionId", "state", "createdAt", "updatedAt", "orgId", "authSpecName"}
    assert len(json.dumps(outputs, separators=(",", ":"))) <= 700


def test_the_provider_in_the_state_is_short() -> None:
    # Every resource has it twice, and every write of the state writes it again.
    assert len(pickled_provider()) <= 150
