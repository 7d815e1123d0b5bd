"""Changing a connection that others change at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import Operation
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from pulumi_adobe_aep.errors import (
    DeadlineExceeded,
    EntityGone,
    EntityMismatch,
    Forbidden,
    ResponseLost,
    VersionConflict,
)
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle import update
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from tests.support.clock import StandingClock

# No second of this machine decides what the service says of the time.
pytestmark = pytest.mark.usefixtures("standing_service")

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


def changes_of(emulator: Emulator) -> list[tuple[str, int | None]]:
    return [(request.method, request.status) for request in emulator.requests()]


READ, REFUSED, CHANGED = ("GET", 200), ("PATCH", 412), ("PATCH", 200)


def test_a_version_that_is_refused_twice_is_read_until_there_is_another(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(read_lag_seconds=3, replicas=1)
    clock.meanwhile = lambda: aep_emulator.advance(clock.slept[-1])
    aep_emulator.change(connection_id, fields={"description": "of somebody else"})
    change(service, connection_id, rename)
    (found,) = aep_emulator.connections()
    assert (found["name"], found["description"]) == ("renamed", "of somebody else")
    # After 0.5, 1 and 2 seconds more.
    assert changes_of(aep_emulator) == [READ, REFUSED, READ, REFUSED, *[READ] * 4, CHANGED]
    assert clock.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("etag", ['"a"', '"c"'])
def test_any_other_version_than_the_one_that_is_refused_is_not_waited_for(
    etag: str, service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    for shown in ('"b"', '"b"', etag):
        body = json.dumps({"items": [{"id": connection_id, "etag": shown}]})
        aep_emulator.fault(Answer(status=200, body=body), method="GET")
    aep_emulator.fault(Answer(status=412, body="{}"), method="PATCH", times=2)
    aep_emulator.fault(Answer(status=200, body=json.dumps({"id": connection_id})), method="PATCH")
    change(service, connection_id, rename)
    assert changes_of(aep_emulator) == [READ, REFUSED, READ, REFUSED, READ, CHANGED]
    assert clock.slept == []


def test_a_version_that_is_refused_and_stays_for_long_is_the_one_there_is(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(read_lag_seconds=3600, replicas=1)
    clock.meanwhile = lambda: aep_emulator.advance(clock.slept[-1])
    aep_emulator.change(connection_id, fields={"description": "of somebody else"})
    with pytest.raises(VersionConflict, match="Tried 5 times"):
        change(service, connection_id, rename)
    # Half a second, one, and then two at a time, until ten have passed since the first conflict.
    assert clock.slept == [0.5, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0]


def test_a_version_that_is_refused_is_reported_where_there_is_no_time_to_wait_for_another(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(read_lag_seconds=3600, replicas=1)
    aep_emulator.change(connection_id, fields={"description": "of somebody else"})
    service.deadline = Deadline(3, clock)
    with pytest.raises(VersionConflict, match="Tried 2 times"):
        change(service, connection_id, rename)


def test_a_change_of_which_no_response_comes_says_that_it_is_not_known(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(Drop(when="after"), method="PATCH", times=None)
    with pytest.raises(ResponseLost, match=f"Whether connection {connection_id} was changed is not known") as caught:
        change(service, connection_id, lambda _current: [{"op": "replace", "path": "/name", "value": "crm"}])
    assert "What to do: Run pulumi up again with the same program" in caught.value.render(PYTHON)


def test_a_change_that_is_refused_is_reported_as_it_is(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(Answer(status=403, body="{}"), method="PATCH")
    with pytest.raises(Forbidden) as caught:
        change(service, connection_id, rename)
    assert "is not known" not in str(caught.value)


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


def test_a_connection_that_is_gone_is_reported(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.delete(connection_id)
    with pytest.raises(EntityGone):
        change(service, connection_id, rename)
