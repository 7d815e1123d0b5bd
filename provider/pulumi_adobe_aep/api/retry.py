"""What is repeated, how often and after how long."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NoReturn, TypeVar

import tenacity

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.errors import (
    AepError,
    NotSent,
    Outcome,
    ServiceError,
    TooManyRequests,
    TransientState,
    UntrustedCertificate,
)

ATTEMPTS = 5
"""How often a request is sent when nobody says that waiting will help."""
INITIAL_DELAY = 0.5
"""Seconds before the first repetition; each further delay is twice as long."""
MAX_DELAY = 8.0
JITTER = 0.5
"""Seconds at most that are added by chance, so that parallel requests do not come back together."""
MIN_ATTEMPT_SECONDS = 1.0
"""Seconds that an attempt must have. In less it would only replace what the service said by a time-out of its own."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


def may_repeat(failure: BaseException, *, repeatable: bool) -> bool:
    """Decide whether a request that failed is sent again. This is the whole policy.

    Args:
        failure: How it failed.
        repeatable: Whether doing it twice has the effect of doing it once: GET, DELETE, and a PATCH with If-Match are,
            a POST that creates something is not.
    """
    # A defect of ours or the user's interruption: not ours to repeat.
    if not isinstance(failure, AepError):
        return False
    # It was repeated already, on the way to this request: a token that could not be had. Or it is a certificate, and
    # the same one will be shown again.
    if failure.attempts or isinstance(failure, UntrustedCertificate):
        return False
    # The service did not do it, and says that it will later.
    if isinstance(failure, (TooManyRequests, TransientState)):
        return True
    # The service has not seen it, so whatever it was, this would be the first time.
    if isinstance(failure, NotSent):
        return True
    # It may have been done: only what can be done twice is sent again.
    if failure.outcome is Outcome.UNKNOWN:
        return repeatable
    # The service has said no, and would say no again.
    return False


def retries_until_deadline(failure: BaseException | None) -> bool:
    """Return whether waiting will help, so that only the time limit ends the attempts."""
    return isinstance(failure, (TooManyRequests, TransientState))


def run(call: Callable[[], T], *, repeatable: bool, deadline: Deadline) -> T:
    """Make a call, and repeat it as the policy says.

    Args:
        call: Sends one request and gives its result or raises.
        repeatable: See `may_repeat`.
        deadline: No attempt begins after it.

    Raises:
        AepError: The last failure, with the number of attempts in its message.
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda failure: may_repeat(failure, repeatable=repeatable)),
        wait=_wait,
        stop=lambda state: _stop(state, deadline),
        before_sleep=_log,
        retry_error_callback=lambda state: _give_up(state, deadline),
    )
    return retrying(call)


_exponential = tenacity.wait_exponential(multiplier=INITIAL_DELAY, max=MAX_DELAY) + tenacity.wait_random(0, JITTER)


_jitter = tenacity.wait_random(0, JITTER)


def _wait(state: tenacity.RetryCallState) -> float:
    failure = _failure(state)
    if isinstance(failure, ServiceError) and failure.retry_after is not None:
        # A "0" must not become a storm, and all who were told the same moment must not come back at it.
        return max(failure.retry_after, INITIAL_DELAY) + _jitter(state)
    return _exponential(state)


def _stop(state: tenacity.RetryCallState, deadline: Deadline) -> bool:
    if _is_last(state, deadline):
        return True
    return not retries_until_deadline(_failure(state)) and state.attempt_number >= ATTEMPTS


def _is_last(state: tenacity.RetryCallState, deadline: Deadline) -> bool:
    return state.upcoming_sleep + MIN_ATTEMPT_SECONDS >= deadline.remaining()


def _give_up(state: tenacity.RetryCallState, deadline: Deadline) -> NoReturn:
    failure = _failure(state)
    if isinstance(failure, AepError):
        times = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        limit = f"; another time would pass {deadline.describe()}" if _is_last(state, deadline) else ""
        failure.attempts = f"(Tried {times}{limit}.)"
    raise failure


def _log(state: tenacity.RetryCallState) -> None:
    failure = _failure(state)
    what = failure.what if isinstance(failure, AepError) else type(failure).__name__
    logger.info("%s Trying again in %.1f s.", what, state.upcoming_sleep)


def _failure(state: tenacity.RetryCallState) -> BaseException:
    failure = state.outcome.exception() if state.outcome else None
    if failure is None:
        raise AssertionError("only a failed call is looked at")
    return failure
