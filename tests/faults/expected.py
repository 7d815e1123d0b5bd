"""What happens in each cell of the fault matrix. The tests compare it with what they observe, the page is made of it.

A cell says what happens when the fault passes and when it stays; `None` stands for a fault that cannot pass. The rows
hold for every kind of entity; what a kind does otherwise is among the exceptions of its scenario.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.faults import Cell, Fault, Operation
from tests.faults.scenario import Scenario

CREATE, READ, UPDATE, DELETE, VERIFY, TOKEN = Operation

Row = Mapping[Operation, Cell]


def _everywhere(passes: str | None, stays: str) -> Row:
    """Return the row of a fault that does not depend on the operation."""
    return dict.fromkeys(Operation, (passes, stays))


def _refused(passes: str, stays: str) -> Row:
    """Return the row of a response that is believed; a test of the credentials that gets it was not possible."""
    return {**_everywhere(passes, stays), VERIFY: (_unverified(passes), _unverified(stays))}


def _unverified(outcome: str) -> str:
    return "created, not verified" if outcome.startswith("stops") else outcome


def _lost(error: str) -> Row:
    """Return the row of a request that nobody handled, which the client cannot know."""
    return {**_refused("sent again", f"stops: {error}"), CREATE: ("looked for, sent again", "stops: OutcomeUnknown")}


def _handled(error: str) -> Row:
    """Return the row of a request that was handled, which the client cannot know."""
    done = ("sent again", f"stops, done in the service: {error}")
    return {**_lost(error), CREATE: ("adopted", "adopted"), UPDATE: done, DELETE: done}


LOST = _lost("ResponseLost")
LOST_AFTERWARDS = _handled("ResponseLost")
CUT_SLOWLY = {**LOST_AFTERWARDS, DELETE: ("done", "done")}
"""The head of the response arrives: a deletion needs no body."""
# The change was made, so its etag is another one when it is sent again.
CUT = {**CUT_SLOWLY, UPDATE: ("sent again", "stops, done in the service: VersionConflict")}
TOO_MANY = _refused("sent again", "stops: TooManyRequests")
UNAVAILABLE = _lost("ServiceUnavailable")
NOBODY_LISTENS = _everywhere("sent again", "stops: NotSent")
NO_TOKEN = ("stops: TokenRefused", "stops: TokenRefused")

EXPECTED: dict[str, Row] = {
    "connection refused": NOBODY_LISTENS,
    "name not found": _everywhere(None, "stops: NotSent"),
    "certificate not trusted": _everywhere(None, "stops: UntrustedCertificate"),
    "dropped before it is handled": LOST,
    "reset before it is handled": LOST,
    "dropped after it was handled": LOST_AFTERWARDS,
    "reset after it was handled": LOST_AFTERWARDS,
    "response slower than the time limit": LOST_AFTERWARDS,
    "1 byte a second": CUT_SLOWLY,
    "429 with Retry-After in seconds": TOO_MANY,
    "429 with Retry-After as a date": TOO_MANY,
    "429 without Retry-After": TOO_MANY,
    "500": UNAVAILABLE,
    "502 with an HTML page": UNAVAILABLE,
    "503": UNAVAILABLE,
    "504, not handled": UNAVAILABLE,
    "504, handled": _handled("ServiceUnavailable"),
    "body cut off by the connection": CUT,
    "half a JSON body": CUT,
    "empty body": CUT,
    "wrong content type": _everywhere("done", "done"),
    "200 with a proxy's page, not handled": LOST,
    "401 because the token has expired": {**_refused("done with a new token", "stops: Unauthorized"), TOKEN: NO_TOKEN},
    "403": {**_refused("stops: Forbidden", "stops: Forbidden"), TOKEN: NO_TOKEN},
    "404 from something in between": _refused("stops: NotFound", "stops: NotFound"),
    "412": {
        **_refused("stops: VersionConflict", "stops: VersionConflict"),
        UPDATE: ("sent again", "stops: VersionConflict"),
    },
    "redirect to another host": _refused("stops: ServiceError", "stops: ServiceError"),
    "reads lag behind a create": {
        CREATE: ("done", "done"),
        READ: ("repeated", "stops: DeadlineExceeded"),
        UPDATE: ("repeated", "stops: DeadlineExceeded"),
        DELETE: ("done", "done"),
        VERIFY: ("repeated", "created, not verified"),
        TOKEN: (None, None),
    },
    "reads lag behind a change": {
        CREATE: (None, None),
        READ: ("repeated", "stops: DeadlineExceeded"),
        UPDATE: ("repeated", "stops: DeadlineExceeded"),
        DELETE: ("done", "done"),
        VERIFY: (None, None),
        TOKEN: (None, None),
    },
}


def expected(scenario: Scenario, fault: Fault, operation: Operation) -> Cell:
    """Return what happens to a kind of entity in a cell."""
    row = scenario.exceptions.get(fault.name, {})
    return row[operation] if operation in row else EXPECTED[fault.name][operation]
