"""Cancelling: every wait ends, none begins, and what was sent is not forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_adobe_aep.api import retry
from pulumi_adobe_aep.api.cancellation import GRACE_SECONDS, LOOK_SECONDS, Cancellation
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.transport import HttpClient, Request
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay
from pulumi_adobe_aep.errors import Cancelled, Outcome, ResponseLost

LONG = 300.0


@pytest.fixture
def client() -> Iterator[HttpClient]:
    http = HttpClient(4)
    yield http
    http.close()


def test_a_sleep_ends_when_it_is_requested() -> None:
    cancellation = Cancellation()
    threading.Timer(0.05, cancellation.request).start()
    with pytest.raises(Cancelled, match="Waiting for the end was cancelled"):
        Deadline(LONG, cancellation=cancellation).sleep(200, "the end")


def test_no_sleep_and_no_request_begins_afterwards(client: HttpClient, aep_emulator: Emulator) -> None:
    cancellation = Cancellation()
    cancellation.request()
    deadline = Deadline(LONG, cancellation=cancellation)
    with pytest.raises(Cancelled):
        deadline.sleep(200, "the end")
    with pytest.raises(Cancelled):
        client.send(Request("GET", aep_emulator.base_url), deadline)
    assert aep_emulator.requests() == []


def test_a_callback_is_called_also_if_it_comes_late_and_not_after_it_has_left() -> None:
    cancellation, called = Cancellation(), []
    with cancellation.calling(lambda: called.append("left")):
        pass
    with cancellation.calling(lambda: called.append("waiting")):
        cancellation.request()
    with cancellation.calling(lambda: called.append("late")):
        pass
    assert called == ["waiting", "late"]


def test_a_response_that_does_not_come_is_given_up_and_whether_it_was_handled_is_not_known(
    client: HttpClient, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(Delay(seconds=30, when="after"), method="POST")
    cancellation = Cancellation()
    request = Request("POST", f"{aep_emulator.ims_url}/ims/token/v3", body=b"grant_type=client_credentials")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.send, request, Deadline(LONG, cancellation=cancellation))
        while not aep_emulator.faults()[0].hit:
            assert not call.done()
        cancellation.request()
        lost = call.exception(timeout=10)
    assert isinstance(lost, ResponseLost)
    assert lost.outcome is Outcome.UNKNOWN
    assert "was cancelled before the response came" in str(lost)


def test_what_is_done_afterwards_takes_less_than_a_second() -> None:
    assert min(GRACE_SECONDS, LOOK_SECONDS) > 0
    assert GRACE_SECONDS + LOOK_SECONDS < 1


def test_a_request_that_may_have_been_handled_is_not_repeated_afterwards() -> None:
    cancellation = Cancellation()
    cancellation.request()
    lost = ResponseLost("It was sent.")

    def call() -> None:
        raise lost

    with pytest.raises(ResponseLost) as raised:
        retry.run(call, repeatable=True, deadline=Deadline(LONG, cancellation=cancellation))
    assert raised.value is lost
