"""The time limit of one whole operation."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.api.cancellation import LOOK_SECONDS, Cancellation
from pulumi_adobe_aep.api.deadline import OF_RESOURCE, Deadline
from pulumi_adobe_aep.errors import Cancelled, DeadlineExceeded
from tests.support.clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


def test_what_remains_shrinks_and_never_goes_below_zero(clock: StandingClock) -> None:
    clock.forward(1000)
    deadline = Deadline(100, clock)
    assert deadline.remaining() == 100
    clock.forward(99.5)
    assert deadline.remaining() == 0.5
    clock.forward(1)
    assert deadline.remaining() == 0
    assert Deadline(-5, clock).remaining() == 0


def test_the_clock_is_the_machines_unless_another_is_given() -> None:
    deadline = Deadline(100)
    assert 0 < deadline.remaining() <= 100
    deadline.sleep(0.01, "a moment")
    assert deadline.remaining() <= 99.99


def test_a_sleep_for_which_there_is_time_is_slept(clock: StandingClock) -> None:
    deadline = Deadline(10, clock)
    deadline.sleep(9.5, "a moment")
    assert (clock.slept, deadline.remaining()) == ([9.5], 0.5)


@pytest.mark.parametrize("seconds", [2.5, 60])
def test_a_sleep_for_which_there_is_no_time_fails_at_once_and_names_the_limit(
    seconds: float, clock: StandingClock
) -> None:
    with pytest.raises(DeadlineExceeded) as caught:
        Deadline(2.5, clock).sleep(seconds, "the connection to be deleted")
    assert clock.slept == []
    assert str(caught.value).startswith(
        "Waiting for the connection to be deleted came to the time limit of 2.5 seconds for one operation "
        "(AEP_TIMEOUT).\nWhat to do: Run the command again; if the service is that slow, raise AEP_TIMEOUT."
    )


def test_the_limit_of_a_resource_is_named_as_its_own(clock: StandingClock) -> None:
    with pytest.raises(DeadlineExceeded, match=r"of 3 seconds for one operation \(customTimeouts\)"):
        Deadline(3, clock, setting=OF_RESOURCE).sleep(60, "it")


def test_a_command_that_is_cancelled_during_a_sleep_ends_it(clock: StandingClock) -> None:
    cancellation = Cancellation()
    clock.meanwhile = cancellation.request
    with pytest.raises(Cancelled):
        Deadline(100, clock, cancellation).sleep(1, "it")
    assert clock.slept == [1]


def test_after_a_cancellation_there_is_a_moment_to_find_out_what_became_of_a_request(clock: StandingClock) -> None:
    cancellation = Cancellation()
    cancellation.request()
    after = Deadline(100, clock, cancellation).after_cancellation()
    after.sleep(LOOK_SECONDS / 2, "it")
    assert after.remaining() == LOOK_SECONDS / 2
    with pytest.raises(DeadlineExceeded, match=r"\(the command was cancelled\)"):
        after.sleep(LOOK_SECONDS, "it")
