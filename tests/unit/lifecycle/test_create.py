"""Exactly one connection for one create, whatever happens to the answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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

STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=s3cr3t-of-the-database"
BODY: dict[str, Any] = {
    "name": "crm",
    "description": "CRM read replica",
    "auth": {"specName": "Connection String Based Authentication", "params": {"connectionString": STRING}},
    "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
}


Create = Callable[[dict[str, Any]], WriteReceipt]


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
def test_a_connection_whose_answer_was_lost_is_found_and_not_made_twice(
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


def test_a_service_that_stays_down_is_told_with_what_was_made_of_it(
    aep_emulator: Emulator, create_once: Create
) -> None:
    aep_emulator.fault(Answer(status=503, body=""), method="POST", path="/connections$", times=None)
    with pytest.raises(AepError, match="The connection 'crm' was not created"):
        create_once(BODY)
    assert sent(aep_emulator).count("POST") == create.ATTEMPTS
    assert ids(aep_emulator) == []


def test_a_refusal_is_not_looked_after(aep_emulator: Emulator, create_once: Create) -> None:
    with pytest.raises(ServiceError, match="Creating the connection 'crm' failed: Adobe answered 400"):
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
    assert "Looking for it failed, too: Listing the connections failed: Adobe answered 403 Forbidden." in message
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
