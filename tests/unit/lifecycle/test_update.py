"""Changing a connection that others change at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import Operation
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import DeadlineExceeded, EntityGone, EntityMismatch, VersionConflict
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle import update
from tests.support.clock import StandingClock

STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=s3cr3t-of-the-database"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def connection_id(aep_emulator: Emulator) -> str:
    return str(aep_emulator.create_connection("crm", STRING, description="old")["id"])


def change(
    service: FlowService, connection_id: str, operations: Callable[[Connection], Sequence[Operation]]
) -> tuple[Connection, datetime | None]:
    return update.change(service.connections, POSTGRES, connection_id, operations)


def rename(_current: Connection) -> Sequence[Operation]:
    return [{"op": "replace", "path": "/name", "value": "renamed"}]


def test_a_change_is_a_get_and_a_patch_and_gives_what_was_there_before(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    before, at = change(service, connection_id, rename)
    assert (before.name, before.description) == ("crm", "old")
    assert at is not None
    (found,) = aep_emulator.connections()
    assert (found["name"], found["description"]) == ("renamed", "old")
    assert [request.method for request in aep_emulator.requests()] == ["GET", "PATCH"]


def test_nothing_to_change_is_a_get_only(service: FlowService, aep_emulator: Emulator, connection_id: str) -> None:
    change(service, connection_id, lambda _current: [])
    assert [request.method for request in aep_emulator.requests()] == ["GET"]


def test_when_somebody_else_was_faster_it_is_read_again(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    others: Iterator[str] = iter(["first", "second"])

    def rename_after_somebody_else(current: Connection) -> Sequence[Operation]:
        description = next(others, None)
        if description is not None:
            aep_emulator.change(connection_id, fields={"description": description})
        return rename(current)

    change(service, connection_id, rename_after_somebody_else)
    (found,) = aep_emulator.connections()
    assert (found["name"], found["description"]) == ("renamed", "second")
    assert [request.status for request in aep_emulator.requests("PATCH")] == [412, 412, 200]


def test_when_somebody_else_is_always_faster_it_ends(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    def rename_after_adobe(current: Connection) -> Sequence[Operation]:
        aep_emulator.rewrite(connection_id)
        return rename(current)

    with pytest.raises(VersionConflict) as caught:
        change(service, connection_id, rename_after_adobe)
    assert "(Tried 5 times, with a fresh etag each time.)" in str(caught.value)
    assert [request.method for request in aep_emulator.requests()] == ["GET", "PATCH"] * 5
    assert aep_emulator.connections()[0]["name"] == "crm"


def test_a_new_connection_is_waited_for(service: FlowService, aep_emulator: Emulator, clock: StandingClock) -> None:
    aep_emulator.switch(settle_seconds=2.5)
    clock.meanwhile = lambda: aep_emulator.advance(1)
    body = {
        "name": "crm",
        "auth": {"specName": "Connection String Based Authentication", "params": {"connectionString": STRING}},
        "connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"},
    }
    created = service.connections.create(body)
    before, _ = change(service, created.id, rename)
    assert before.state == "enabled"
    assert [request.method for request in aep_emulator.requests(path=created.id)] == [*["GET"] * 4, "PATCH"]
    assert clock.slept == [1.0] * 3


def test_a_state_that_does_not_pass_ends_at_the_time_limit(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.change(connection_id, state="updating")
    service.deadline = Deadline(5, clock)
    with pytest.raises(DeadlineExceeded, match=f"connection {connection_id} to leave the state 'updating'"):
        change(service, connection_id, rename)


def test_a_service_that_says_that_the_state_passes_is_asked_again(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    passing = Answer(status=400, body='{"type": "https://ns.adobe.com/aep/errors/FLOW-1421-400", "title": "x"}')
    aep_emulator.fault(passing, method="PATCH")
    change(service, connection_id, rename)
    assert [request.status for request in aep_emulator.requests("PATCH")] == [400, 200]


def test_a_connection_without_an_etag_is_not_changed(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(Answer(status=200, body=f'{{"items": [{{"id": "{connection_id}"}}]}}'), method="GET")
    with pytest.raises(EntityMismatch, match="has no etag, without which it cannot be changed"):
        change(service, connection_id, rename)
    assert aep_emulator.requests("PATCH") == []


def test_a_connection_that_is_gone_is_told(service: FlowService, aep_emulator: Emulator, connection_id: str) -> None:
    aep_emulator.delete(connection_id)
    with pytest.raises(EntityGone):
        change(service, connection_id, rename)
