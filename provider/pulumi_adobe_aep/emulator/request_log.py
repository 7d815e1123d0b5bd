"""What was asked of the emulator: enough to prove what a client did, never a secret."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlencode

from pydantic import ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

_KEPT: Final = 100_000
_PUBLIC_PARAMETERS: Final = frozenset(
    {
        "property",
        "limit",
        "orderby",
        "count",
        "continuationToken",
        "mode",
        "op",
        "subOp",
        "objectType",
        "object",
        "preview",
        "grant_type",
        "client_id",
        "scope",
    }
)


@dataclass(slots=True)
class LoggedRequest:
    """One request.

    Attributes:
        time: milliseconds, by the emulator's clock, when it arrived.
        query: as it was sent, but with the values of parameters that may be secret as ``***``.
        status: of the response that was sent; None while there is none, and when the connection was dropped.
        outcome: ``pending``, ``answered``, or ``dropped`` when the emulator ended the connection.
        handled: whether the service carried it out or refused it by itself, rather than a fault in its place.
        fault: the id of the fault that hit it.
    """

    # A plain dataclass to the requests, which fill it in one field after the other; a model only to those who ask.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(alias_generator=to_camel)

    sequence: int
    time: int
    method: str
    path: str
    query: str
    request_id: str
    status: int | None = None
    outcome: str = "pending"
    handled: bool = False
    fault: int | None = None
    sandbox: str | None = None
    org: str | None = None
    client: str | None = None
    sent_bytes: int = 0
    received_bytes: int = 0
    milliseconds: float | None = None


LOGGED_REQUESTS: Final = TypeAdapter(list[LoggedRequest])
"""Reads and writes requests as the control API has them."""


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)
        self._sequence = 0

    def arrived(self, *, time: int, method: str, path: str, query: str, request_id: str) -> LoggedRequest:
        """Note a request; its entry is filled in while it is handled."""
        self._sequence += 1
        entry = LoggedRequest(
            sequence=self._sequence,
            time=time,
            method=method,
            path=path,
            query=_without_secrets(query),
            request_id=request_id,
        )
        self._requests.append(entry)
        return entry

    def select(self, wanted: Callable[[LoggedRequest], bool]) -> list[LoggedRequest]:
        """Return the requests that are wanted, oldest first."""
        return [entry for entry in self._requests if wanted(entry)]

    def clear(self) -> None:
        """Forget all requests; the numbering goes on."""
        self._requests.clear()


def _without_secrets(query: str) -> str:
    """Hide the values of all parameters but those known to be public: an unknown one may hold anything.

    A filter on credentials is hidden, too.
    """
    if not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    if all(name in _PUBLIC_PARAMETERS and "auth." not in value for name, value in pairs):
        return query
    return urlencode(
        [(name, value if name in _PUBLIC_PARAMETERS and "auth." not in value else "***") for name, value in pairs],
        safe="*",
    )
