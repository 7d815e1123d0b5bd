"""Retries: which requests, how often and after how long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pulumi_adobe_aep.api import retry
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.errors import (
    AepError,
    Forbidden,
    NotSent,
    ProxyUnusable,
    ResponseLost,
    ServiceError,
    ServiceUnavailable,
    TokenRefused,
    TooManyRequests,
    TransientState,
    Unauthorized,
    UntrustedCertificate,
    VersionConflict,
)
from tests.support.clock import FastClock


class Calls:
    """A call that fails in the given ways, and then returns "done"."""

    def __init__(self, *failures: Callable[[], BaseException]) -> None:
        self._failures = list(failures)
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        if self.made <= len(self._failures):
            failure = self._failures[self.made - 1]()
            raise failure
        return "done"


def lost() -> AepError:
    return ResponseLost("Lost.")


def not_sent() -> AepError:
    return NotSent("Not sent.")


def busy(after: float | None = 0.0) -> AepError:
    error = TooManyRequests("Busy.", status=429)
    error.retry_after = after
    return error


def passing() -> AepError:
    return TransientState("Passing.", status=400)


def unavailable() -> AepError:
    return ServiceUnavailable("Down.", status=503)


@pytest.mark.parametrize(
    ("failure", "of_a_get", "of_a_post"),
    [
        (not_sent(), True, True),
        (busy(), True, True),
        (passing(), True, True),
        (lost(), True, False),
        (unavailable(), True, False),
        (UntrustedCertificate("Not trusted."), False, False),
        (ProxyUnusable("407."), False, False),
        (ServiceError("No.", status=400), False, False),
        (Unauthorized("No.", status=401), False, False),
        (Forbidden("No.", status=403), False, False),
        (VersionConflict("No.", status=412), False, False),
        (TokenRefused("No."), False, False),
        (ValueError("a defect"), False, False),
        (KeyboardInterrupt(), False, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_the_policy_is_this_table(failure: BaseException, of_a_get: bool, of_a_post: bool) -> None:
    assert retry.may_repeat(failure, repeatable=True) is of_a_get
    assert retry.may_repeat(failure, repeatable=False) is of_a_post


@pytest.mark.parametrize("failure", [not_sent, lost, unavailable])
def test_what_may_pass_is_tried_five_times(failure: Callable[[], AepError]) -> None:
    calls = Calls(*[failure] * 4)
    assert retry.run(calls, repeatable=True, deadline=Deadline(300, FastClock(moment=0))) == "done"
    assert calls.made == 5

    calls = Calls(*[failure] * 9)
    with pytest.raises(AepError) as caught:
        retry.run(calls, repeatable=True, deadline=Deadline(300, FastClock(moment=0)))
    assert calls.made == 5
    assert "(Tried 5 times.)" in str(caught.value)


@pytest.mark.parametrize("failure", [busy, passing])
def test_where_the_service_asks_for_patience_only_the_time_limit_ends_the_attempts(
    failure: Callable[[], AepError],
) -> None:
    calls = Calls(*[failure] * 50)
    assert retry.run(calls, repeatable=False, deadline=Deadline(86_400, FastClock(moment=0))) == "done"
    assert calls.made == 51


@pytest.mark.parametrize("failure", [lost, unavailable])
def test_what_may_have_been_done_is_not_sent_twice(failure: Callable[[], AepError]) -> None:
    calls = Calls(failure)
    with pytest.raises(AepError):
        retry.run(calls, repeatable=False, deadline=Deadline(300, FastClock(moment=0)))
    assert calls.made == 1


@pytest.mark.parametrize(
    ("earlier", "may_be_done"),
    [([], False), ([not_sent], False), ([lost], True), ([unavailable, not_sent], True), ([not_sent, lost], True)],
)
def test_a_failure_says_whether_an_earlier_attempt_may_have_been_done(
    earlier: list[Callable[[], AepError]], may_be_done: bool
) -> None:
    calls = Calls(*earlier, lambda: Forbidden("No.", status=403))
    with pytest.raises(Forbidden) as caught:
        retry.run(calls, repeatable=True, deadline=Deadline(300, FastClock(moment=0)))
    assert caught.value.follows_unknown_outcome is may_be_done


def test_a_token_that_could_not_be_had_is_not_asked_for_five_times_as_often() -> None:
    token = Calls(*[lambda: NotSent("Refused.")] * 99)

    def request() -> str:
        return retry.run(token, repeatable=True, deadline=Deadline(300, FastClock(moment=0)))

    with pytest.raises(NotSent, match="Tried 5 times"):
        retry.run(request, repeatable=True, deadline=Deadline(300, FastClock(moment=0)))

    assert token.made == retry.ATTEMPTS


def test_a_defect_of_ours_comes_out_as_it_is() -> None:
    calls = Calls(lambda: ZeroDivisionError("a defect"))
    with pytest.raises(ZeroDivisionError):
        retry.run(calls, repeatable=True, deadline=Deadline(300, FastClock(moment=0)))
    assert calls.made == 1


def test_a_wait_that_would_pass_the_time_limit_ends_at_once_and_names_it() -> None:
    before = time.monotonic()
    with pytest.raises(TooManyRequests) as caught:
        retry.run(Calls(lambda: busy(3600)), repeatable=False, deadline=Deadline(7))
    assert time.monotonic() - before < 1
    assert str(caught.value).startswith(
        "Busy. (Tried once; another time would pass the time limit of 7 seconds for one operation (AEP_TIMEOUT).)"
    )


def test_delays_double_from_half_a_second_to_eight_with_jitter() -> None:
    for attempt, least in enumerate([0.5, 1, 2, 4, 8, 8, 8], start=1):
        assert least <= retry.delay(not_sent(), attempt) <= least + retry.JITTER


@pytest.mark.parametrize(("after", "least"), [(38.0, 38.0), (0.0, 0.5), (None, 0.5)])
def test_what_the_service_asks_for_is_waited_at_least_and_a_zero_does_not_flood_it(
    after: float | None, least: float
) -> None:
    assert least <= retry.delay(busy(after), 1) <= least + retry.JITTER


@pytest.mark.parametrize(("seconds", "made"), [(3.9, 1), (4.6, 2)])
def test_no_attempt_begins_with_less_than_a_second_left(seconds: float, made: int) -> None:
    # It waits for 3 to 3.5 seconds: with 3.9 less than a second is left in any case, with 4.6 more.
    calls = Calls(lambda: busy(3.0))
    deadline = Deadline(seconds, FastClock())
    if made == 1:
        with pytest.raises(TooManyRequests, match="another time would pass"):
            retry.run(calls, repeatable=True, deadline=deadline)
    else:
        assert retry.run(calls, repeatable=True, deadline=deadline) == "done"
    assert calls.made == made


def test_chance_adds_half_a_second_at_most() -> None:
    assert all(0.5 <= retry.delay(not_sent(), 1) <= 1.0 for _ in range(200))
