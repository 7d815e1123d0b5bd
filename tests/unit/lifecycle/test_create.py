"""Exactly one connection for one create, whatever happens to the response."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.cancellation import Cancellation
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import WriteReceipt
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, Delay, Drop, Truncate
from pulumi_adobe_aep.errors import AepError, AmbiguousEntities, Cancelled, OutcomeUnknown, ServiceError
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle import create
from pulumi_adobe_aep.lifecycle.ledger import Ledger
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import StandingClock

# No second of this machine decides what the service says of the time.
pytestmark = pytest.mark.usefixtures("standing_service")

STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=s3cr3t-of-the-database"
BODY: dict[str, Any] = {
    "name": "crm",
    "description": "CRM read replica",
    "auth": {"specName": "Connection String Based Authentication", "params": {"connectionString": STRING}},
    "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
}


Create = Callable[[dict[str, Any]], WriteReceipt]


LIST: dict[str, Any] = {"method": "GET", "path": "/connections$"}
POST: dict[str, Any] = {"method": "POST", "path": "/connections$"}
NOTHING = Answer(status=200, body='{"items": []}')


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def create_once(service: FlowService, ledger: Ledger) -> Create:
    connections = service.collection("/connections", "connection")
    return lambda body: create.create_once(connections, POSTGRES, body, ledger)


def ids(emulator: Emulator) -> list[str]:
    return [str(each["id"]) for each in emulator.connections()]


def sent(emulator: Emulator) -> list[str]:
    return [request.method for request in emulator.requests(path="/connections")]


def test_a_create_is_one_request(aep_emulator: Emulator, create_once: Create) -> None:
    created = create_once(BODY)
    assert ids(aep_emulator) == [created.id]
    assert sent(aep_emulator) == ["POST"]


@pytest.mark.parametrize(
    "fault",
    [
        Drop(when="after"),
        Drop(when="after", how="reset"),
        Truncate(),
        Truncate(keep=0),
        Answer(when="after", status=502, body="<html>"),
        Answer(when="after", status=504, body="{}"),
        Answer(when="after", status=500, body=""),
        Answer(when="after", body="<html>"),
        Answer(when="after", body="{}"),
    ],
    ids=str,
)
def test_a_connection_whose_response_was_lost_is_found_and_not_made_twice(
    aep_emulator: Emulator, fault: Action, create_once: Create
) -> None:
    aep_emulator.fault(fault, method="POST", path="/connections$")
    created = create_once(BODY)
    assert ids(aep_emulator) == [created.id]
    assert sent(aep_emulator).count("POST") == 1


@pytest.mark.parametrize("fault", [Drop(), Answer(status=503, body=""), Answer(status=502, body="<html>")], ids=str)
def test_a_request_that_was_not_handled_is_sent_again_after_looking(
    aep_emulator: Emulator, fault: Action, create_once: Create
) -> None:
    aep_emulator.fault(fault, method="POST", path="/connections$")
    created = create_once(BODY)
    assert ids(aep_emulator) == [created.id]
    requests = sent(aep_emulator)
    assert requests[0] == "POST"
    assert requests[1] == "GET"
    assert requests.count("POST") == 2


def test_a_service_that_stays_down_is_reported_with_what_was_made_of_it(
    aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Answer(status=503, body=""), method="POST", path="/connections$", times=None)
    with pytest.raises(AepError, match="The connection 'crm' was not created"):
        create_once(BODY)
    assert sent(aep_emulator).count("POST") == create.ATTEMPTS
    assert ids(aep_emulator) == []


def test_a_lost_connection_is_looked_for_every_two_seconds_for_ten_and_is_asked_for_three_times(
    clock: StandingClock, aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Drop(), **POST, times=None)
    with pytest.raises(AepError, match="The connection 'crm' was not created"):
        create_once(BODY)
    assert sent(aep_emulator) == ["POST", *["GET"] * 6] * 3
    assert clock.slept == [2.0] * 15


def test_the_head_of_a_cut_off_response_names_the_connection(aep_emulator: Emulator, create_once: Create) -> None:
    aep_emulator.fault(Truncate(keep=0), **POST)
    created = create_once(BODY)
    assert [(each.method, each.path.rpartition("/")[2]) for each in aep_emulator.requests()] == [
        ("POST", "connections"),
        ("GET", created.id),
    ]
    assert created.at is not None


def test_a_connection_that_the_head_of_a_response_names_and_nothing_shows_is_not_created_again(
    clock: StandingClock, aep_emulator: Emulator, create_once: Create
) -> None:
    clock.meanwhile = lambda: clock.forward(0.25)
    aep_emulator.fault(Answer(status=201, headers={"Location": "/connections/a-ghost/"}, body=""), **POST)
    with pytest.raises(OutcomeUnknown, match="said that it created a-ghost, but does not show it"):
        create_once(BODY)
    assert sent(aep_emulator).count("POST") == 1
    assert sum(clock.slept) == 10


def test_a_connection_that_the_head_of_a_response_names_must_be_the_one_that_was_asked_for(
    aep_emulator: Emulator, create_once: Create
) -> None:
    other = str(aep_emulator.create_connection("other", STRING)["id"])
    aep_emulator.fault(Answer(when="after", headers={"Location": f"/connections/{other}"}, body=""), **POST)
    created = create_once(BODY)
    assert created.id != other
    assert len(ids(aep_emulator)) == 2


@pytest.mark.parametrize("location", ["/sourceConnections", "connections", "/connections/a b"])
def test_another_location_names_no_connection(location: str, aep_emulator: Emulator, create_once: Create) -> None:
    aep_emulator.fault(Answer(when="after", headers={"Location": location}, body=""), **POST)
    create_once(BODY)
    assert [each.path.rpartition("/")[2] for each in aep_emulator.requests()] == ["connections"] * 2


def test_only_connections_of_the_name_are_listed(aep_emulator: Emulator, create_once: Create) -> None:
    aep_emulator.fault(Drop(when="after"), **POST)
    create_once(BODY)
    (listed,) = aep_emulator.requests("GET")
    assert "name%3D%3Dcrm" in listed.query


def test_a_connection_that_appears_between_two_looks_is_found(
    clock: StandingClock, aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Drop(when="after"), **POST)
    aep_emulator.fault(NOTHING, **LIST, times=2)
    created = create_once(BODY)
    assert ids(aep_emulator) == [created.id]
    assert sent(aep_emulator) == ["POST", "GET", "GET", "GET"]
    assert clock.slept == [2.0, 2.0]


def test_a_request_that_is_handled_later_than_anyone_waits_stops_with_both_ids(
    aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Drop(when="after"), **POST)
    aep_emulator.fault(NOTHING, **LIST, times=6)
    with pytest.raises(AmbiguousEntities, match="2 connections were created as 'crm' in sandbox dev") as caught:
        create_once(BODY)
    assert sorted(caught.value.ids) == sorted(ids(aep_emulator))
    assert sent(aep_emulator).count("POST") == 2


def test_what_was_created_is_kept_when_the_look_for_a_second_one_fails(
    aep_emulator: Emulator, create_once: Create, warnings: pytest.LogCaptureFixture
) -> None:
    aep_emulator.fault(Drop(), **POST)
    aep_emulator.fault(NOTHING, **LIST, times=6)
    aep_emulator.fault(Answer(status=403, body="{}"), **LIST)
    created = create_once(BODY)
    assert ids(aep_emulator) == [created.id]
    assert "Whether connection 'crm' was created twice could not be found out" in warnings.text


def test_one_that_may_be_somebody_elses_is_neither_adopted_nor_doubled(
    service: FlowService, aep_emulator: Emulator, create_once: Create
) -> None:
    other = service.connections.create({**BODY, "description": "another"}).id
    aep_emulator.fault(Drop(), **POST)
    with pytest.raises(AmbiguousEntities, match="A connection was created as 'crm' in sandbox dev") as caught:
        create_once(BODY)
    assert caught.value.ids == (other,) == tuple(ids(aep_emulator))


def test_one_that_is_older_than_the_request_is_another(
    service: FlowService, aep_emulator: Emulator, create_once: Create
) -> None:
    older = service.connections.create(BODY).id
    aep_emulator.advance(60)
    aep_emulator.fault(Drop(when="after"), **POST)
    created = create_once(BODY)
    assert set(ids(aep_emulator)) == {older, created.id}
    assert older != created.id


def test_a_service_that_does_not_tell_the_time_proves_nothing(
    api: Api, aep_emulator: Emulator, clock: StandingClock, ledger: Ledger
) -> None:
    service = api.flow_service("dev", Deadline(300, clock))
    aep_emulator.fault(Answer(when="after", headers={"Date": "", "Location": ""}, body=""), **POST)
    aep_emulator.fault(Answer(when="after", headers={"Date": ""}), **LIST)
    with pytest.raises(AmbiguousEntities) as caught:
        create.create_once(service.collection("/connections", "connection"), POSTGRES, BODY, ledger)
    assert list(caught.value.ids) == ids(aep_emulator)


@pytest.mark.parametrize("client", ["another-client", "0-client"])
def test_a_ready_made_token_may_be_another_clients_so_that_no_creator_is_ruled_out(
    client: str, settings: Settings, aep_emulator: Emulator, clock: StandingClock, ledger: Ledger
) -> None:
    other = str(aep_emulator.create(BODY, by=client)["id"])
    with closing(Api(replace(settings, access_token=aep_emulator.token()))) as api:
        service = api.flow_service("dev", Deadline(300, clock))
        aep_emulator.fault(Drop(), **POST)
        with pytest.raises(AmbiguousEntities) as caught:
            create.create_once(service.collection("/connections", "connection"), POSTGRES, BODY, ledger)
    assert caught.value.ids == (other,) == tuple(ids(aep_emulator))


def test_what_another_client_has_created_is_another(aep_emulator: Emulator, create_once: Create) -> None:
    other = str(aep_emulator.create(BODY, by="another-client")["id"])
    aep_emulator.fault(Drop(), **POST)
    assert create_once(BODY).id != other


def test_a_service_is_left_alone_for_as_long_as_it_asks(
    clock: StandingClock, aep_emulator: Emulator, create_once: Create
) -> None:
    clock.forward(100)
    aep_emulator.fault(Answer(status=503, headers={"Retry-After": "11"}), **POST)
    create_once(BODY)
    assert clock.slept == [2.0] * 5 + [1.0]


@pytest.mark.parametrize("seconds", [300, 301])
def test_a_service_that_asks_for_more_time_than_there_is_ends_the_create(
    seconds: int, aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Answer(status=503, headers={"Retry-After": str(seconds)}), **POST)
    with pytest.raises(ServiceError, match="The connection 'crm' was not created"):
        create_once(BODY)
    assert sent(aep_emulator).count("POST") == 1


def test_a_refusal_is_not_looked_after(aep_emulator: Emulator, create_once: Create) -> None:
    with pytest.raises(ServiceError, match="Creating the connection 'crm' failed: Adobe responded with 400"):
        create_once({**BODY, "connectionSpec": {"id": "another", "version": "1.0"}})
    assert sent(aep_emulator) == ["POST"]


def test_others_of_the_same_name_are_not_taken_for_the_lost_one(
    service: FlowService, aep_emulator: Emulator, create_once: Create, ledger: Ledger
) -> None:
    by_hand = str(aep_emulator.create_connection("crm", STRING)["id"])
    of_this_process = service.connections.create(BODY).id
    ledger.claim(of_this_process)
    aep_emulator.fault(Drop(when="after"), method="POST", path="/connections$")
    created = create_once(BODY)
    assert created.id not in (by_hand, of_this_process)
    assert sorted(ids(aep_emulator)) == sorted([by_hand, of_this_process, created.id])


def test_when_several_may_be_the_one_it_stops_with_their_ids_and_the_command(
    service: FlowService, aep_emulator: Emulator, create_once: Create
) -> None:
    earlier = service.connections.create(BODY).id
    aep_emulator.fault(Drop(when="after"), method="POST", path="/connections$")
    with pytest.raises(AmbiguousEntities) as caught:
        create_once(BODY)
    assert set(caught.value.ids) == set(ids(aep_emulator))
    assert earlier in str(caught.value)
    assert f"pulumi-adobe-aep import {caught.value.ids[0]} --name crm --sandbox dev" in caught.value.render(PYTHON)


def test_when_looking_fails_the_error_says_how_to_find_out(aep_emulator: Emulator, create_once: Create) -> None:
    aep_emulator.fault(Drop(when="after"), method="POST", path="/connections$")
    aep_emulator.fault(Answer(status=403, body="{}"), method="GET", path="/connections$", times=None)
    with pytest.raises(OutcomeUnknown) as caught:
        create_once(BODY)
    message = caught.value.render(PYTHON)
    assert "Whether the connection 'crm' exists in sandbox dev is not known." in message
    assert "Looking for it failed, too: Listing the connections failed: Adobe responded with 403 Forbidden." in message
    assert "pulumi-adobe-aep connections --orphans --sandbox dev" in message
    assert len(ids(aep_emulator)) == 1


def test_a_name_that_a_filter_cannot_say_is_compared_here(aep_emulator: Emulator, create_once: Create) -> None:
    aep_emulator.fault(Drop(when="after"), method="POST", path="/connections$")
    created = create_once({**BODY, "name": 'a "quoted", name & more'})
    assert ids(aep_emulator) == [created.id]


def test_two_creates_of_one_name_go_one_after_the_other(
    service: FlowService, create_once: Create, ledger: Ledger
) -> None:
    service.deadline = Deadline(0.2)
    busy = ledger.turn("dev", "connection", "crm", Deadline(1))
    with busy, pytest.raises(AepError, match="another one of the same name in sandbox dev"):
        create_once(BODY)


@pytest.mark.parametrize("seconds", [0.1, 30])
def test_what_was_created_before_the_command_was_cancelled_is_adopted(
    aep_emulator: Emulator, api: Api, ledger: Ledger, seconds: float
) -> None:
    cancellation = Cancellation()
    flow_service = api.flow_service("dev", Deadline(300, cancellation=cancellation))
    aep_emulator.fault(Delay(seconds=seconds, when="after"), method="POST", path="/connections$")
    collection = flow_service.collection("/connections", "connection")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(create.create_once, collection, POSTGRES, BODY, ledger)
        while not aep_emulator.connections():
            assert not call.done()
        cancellation.request()
        assert ids(aep_emulator) == [call.result(timeout=10).id]


def test_a_create_that_is_cancelled_before_it_is_sent_sends_nothing(
    aep_emulator: Emulator, api: Api, ledger: Ledger
) -> None:
    cancellation = Cancellation()
    cancellation.request()
    flow_service = api.flow_service("dev", Deadline(300, cancellation=cancellation))
    with pytest.raises(Cancelled):
        create.create_once(flow_service.collection("/connections", "connection"), POSTGRES, BODY, ledger)
    assert aep_emulator.requests() == []


def test_a_create_that_was_cancelled_and_is_not_found_says_how_to_look_for_it(
    aep_emulator: Emulator, api: Api, ledger: Ledger
) -> None:
    cancellation = Cancellation()
    flow_service = api.flow_service("dev", Deadline(300, cancellation=cancellation))
    aep_emulator.fault(Delay(seconds=30, when="before"), method="POST", path="/connections$")
    collection = flow_service.collection("/connections", "connection")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(create.create_once, collection, POSTGRES, BODY, ledger)
        while not aep_emulator.faults()[0].hit:
            assert not call.done()
        cancellation.request()
        failure = call.exception(timeout=10)
    assert isinstance(failure, OutcomeUnknown)
    assert "look in sandbox dev for what the service has and the stack has not" in str(failure)
    assert sent(aep_emulator).count("POST") == 1
