"""The rows and columns of the fault matrix: what may fail, and while doing what."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from pulumi_adobe_aep.emulator.faults import Action, Answer, Delay, Drop, ExpireTokens, Redirect, Slow, Truncate

HTML = "<html><body><h1>Bad Gateway</h1></body></html>"
PROBLEM = '{"type":"https://ns.adobe.com/aep/errors/FLOW-%s","title":"Fault","status":%s,"report":{"request-id":"r-1"}}'


class Operation(enum.Enum):
    """What is done while it fails, as a column of the page."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    VERIFY = "verify"
    TOKEN = "token"


Cell = tuple[str | None, str | None]
"""What happens when a fault passes and when it stays; None for a fault that cannot pass, or is none of this
operation's."""


class Place(enum.Enum):
    """A fault that is not the emulator's to make: the address leads elsewhere."""

    CLOSED_PORT = "nobody listens"
    NO_SUCH_NAME = "a name that does not exist"
    UNTRUSTED = "a server with a certificate that nobody trusts"


class Lag(enum.Enum):
    """A fault that is not one request's: reads do not show a write of a moment ago yet."""

    CREATE = "the entity was just created"
    CHANGE = "the entity was just changed"


@dataclass(frozen=True)
class Fault:
    """A row of the matrix.

    Attributes:
        name: what fails, as the page and the test's name have it.
        action: what the emulator does; given the address of another host and the service's time.
        place: or where the address leads.
        lag: or which write reads do not show yet: in one replica of two, or in all as long as it stays.
        waits: whether it shows only when the time limit ends it, so that the limit is short.
        cuts: whether it leaves a response's status and takes its body, so that a refusal still counts as one.
    """

    name: str
    action: Callable[[str], Action] | None = None
    place: Place | None = None
    lag: Lag | None = None
    waits: bool = False
    cuts: bool = False


def _response(
    status: int | None, body: str | None = None, *, when: str = "before", **headers: str
) -> Callable[[str], Action]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer.model_validate({"status": status, "body": body, "when": when, "headers": named})


def _soon(_: str) -> Action:
    """Ask for a pause until a date, a second after the one that the response bears."""
    until = datetime.now(timezone.utc) + timedelta(seconds=1)
    return Answer(status=429, headers={"Retry-After": format_datetime(until, usegmt=True)}, body=TOO_MANY)


TOO_MANY = '{"error_code":"429050","message":"Too many requests"}'
_FORBIDDEN = PROBLEM % ("2120-403", 403)
_CONFLICT = PROBLEM % ("1404-412", 412)

FAULTS = (
    Fault("connection refused", place=Place.CLOSED_PORT),
    Fault("name not found", place=Place.NO_SUCH_NAME),
    Fault("certificate not trusted", place=Place.UNTRUSTED),
    Fault("dropped before it is handled", lambda _: Drop(when="before")),
    Fault("reset before it is handled", lambda _: Drop(when="before", how="reset")),
    Fault("dropped after it was handled", lambda _: Drop(when="after")),
    Fault("reset after it was handled", lambda _: Drop(when="after", how="reset")),
    Fault("response slower than the time limit", lambda _: Delay(when="after", seconds=30), waits=True),
    Fault("1 byte a second", lambda _: Slow(size=1, interval=1), waits=True),
    Fault("429 with Retry-After in seconds", _response(429, TOO_MANY, Retry_After="1")),
    Fault("429 with Retry-After as a date", _soon),
    Fault("429 without Retry-After", _response(429, TOO_MANY)),
    Fault("500", _response(500, PROBLEM % ("1400-500", 500))),
    Fault("502 with an HTML page", _response(502, HTML, Content_Type="text/html")),
    Fault("503", _response(503, "", Content_Type="text/plain")),
    Fault("504, not handled", _response(504, PROBLEM % ("1104-504", 504))),
    Fault("504, handled", _response(504, PROBLEM % ("1104-504", 504), when="after")),
    Fault("body cut off by the connection", lambda _: Truncate(), cuts=True),
    Fault("half a JSON body", _response(None, '{"id":"2c15b1', when="after"), cuts=True),
    Fault("empty body", _response(None, "", when="after"), cuts=True),
    Fault("wrong content type", _response(None, when="after", Content_Type="text/html")),
    Fault("200 with a proxy's page, not handled", _response(200, HTML, Content_Type="text/html")),
    Fault("401 because the token has expired", lambda _: ExpireTokens()),
    Fault("403", _response(403, _FORBIDDEN)),
    Fault("404 from something in between", _response(404, "<html>not here</html>", Content_Type="text/html")),
    Fault("412", _response(412, _CONFLICT)),
    Fault("redirect to another host", lambda other: Redirect(location=f"{other}/elsewhere")),
    Fault("reads lag behind a create", lag=Lag.CREATE),
    Fault("reads lag behind a change", lag=Lag.CHANGE),
)
