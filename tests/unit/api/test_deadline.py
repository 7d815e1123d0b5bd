"""The time limit of one whole operation."""

from __future__ import annotations

import time

import pytest

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.errors import DeadlineExceeded


def test_what_remains_shrinks_and_never_goes_below_zero() -> None:
    deadline = Deadline(100)
    assert 0 < deadline.remaining() <= 100
    assert deadline.remaining() >= deadline.remaining()
    assert Deadline(0).remaining() == 0
    assert Deadline(-5).remaining() == 0


def test_a_sleep_for_which_there_is_time_is_slept() -> None:
    before = time.monotonic()
    Deadline(10).sleep(0.02, "a moment")
    assert time.monotonic() - before >= 0.02


def test_a_sleep_for_which_there_is_no_time_fails_at_once_and_names_the_limit() -> None:
    before = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        Deadline(2.5).sleep(60, "the connection to be deleted")
    assert time.monotonic() - before < 1
    assert str(caught.value).startswith(
        "Waiting for the connection to be deleted came to the time limit of 2.5 seconds for one operation "
        "(AEP_TIMEOUT).\nWhat to do: Run the command again; if the service is that slow, raise AEP_TIMEOUT."
    )
