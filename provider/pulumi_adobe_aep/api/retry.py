"""Retries: which requests, how often and after how long."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import TypeVar

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.errors import (
    AepError,
    NotSent,
    Outcome,
    ProxyUnusable,
    ServiceError,
    TooManyRequests,
    TransientState,
    UntrustedCertificate,
)

ATTEMPTS = 5
"""How often a request is sent if the service does not say when to retry."""
INITIAL_DELAY = 0.5
"""Seconds before the first retry; each further delay is twice as long."""
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
    # A defect of this package or the user's interruption: no retry.
    if not isinstance(failure, AepError):
        return False
    # The request for a token failed and was retried already. Or it is a certificate or a
    # proxy's refusal, which a retry does not change.
    if failure.tries or isinstance(failure, (UntrustedCertificate, ProxyUnusable)):
        return False
    # The service did not handle it, and says that it will later.
    if isinstance(failure, (TooManyRequests, TransientState)):
        return True
    # The service has not seen it, so whatever it was, this would be the first time.
    if isinstance(failure, NotSent):
        return True
    # It may have been done: only what can be done twice is sent again.
    if failure.outcome is Outcome.UNKNOWN:
        return repeatable
    # The service has refused it, and would refuse it again.
    return False


def retries_until_deadline(failure: AepError) -> bool:
    """Return whether a retry will succeed later, so that only the time limit ends the attempts."""
    return isinstance(failure, (TooManyRequests, TransientState))


def run(call: Callable[[], T], *, repeatable: bool, deadline: Deadline) -> T:
    """Make a call, and repeat it as the policy says.

    Args:
        call: Sends one request and returns its result or raises.
        repeatable: See `may_repeat`.
        deadline: No attempt begins after it.

    Raises:
        AepError: The last failure, with the number of attempts in its message.
    """
    tries, may_be_done = 0, False
    while True:
        tries += 1
        try:
            return call()
        except AepError as failure:
            failure.follows_unknown_outcome = may_be_done
            may_be_done = may_be_done or failure.outcome is Outcome.UNKNOWN
            # The end of a wait must not hide that an earlier attempt may have been handled.
            if deadline.cancellation.is_requested or not may_repeat(failure, repeatable=repeatable):
                raise
            wait = delay(failure, tries)
            if wait + MIN_ATTEMPT_SECONDS >= deadline.remaining():
                raise failure.tried(tries, f"; another time would pass {deadline.describe()}") from None
            if tries >= ATTEMPTS and not retries_until_deadline(failure):
                raise failure.tried(tries) from None
            logger.info("%s Trying again in %.1f s.", failure.what, wait)
            deadline.sleep(wait, "the service to take the request")


def delay(failure: AepError, tries: int) -> float:
    """Return the seconds to wait before a request is sent again.

    Args:
        failure: How it failed.
        tries: How often it was sent.
    """
    jitter = random.uniform(0, JITTER)  # noqa: S311 - no secret comes of it
    if isinstance(failure, ServiceError) and failure.retry_after is not None:
        # A "0" must not cause a burst of requests, and clients that got the same time must not all send again at it.
        return max(failure.retry_after, INITIAL_DELAY) + jitter
    # Past the tenth try the power is far beyond the maximum, and some thousand tries later no float holds it.
    return min(INITIAL_DELAY * 2.0 ** min(tries - 1, 10), MAX_DELAY) + jitter
