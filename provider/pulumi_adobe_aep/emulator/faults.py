"""Faults to order: which requests they hit, and what happens to those."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.emulator.identifiers import Identifiers

_HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
_HeaderValue = Annotated[str, Field(pattern=r"^[\x21-\x7e\xa0-\xff]([\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?$|^$")]


class _Settings(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Drop(_Settings):
    """End the TCP connection without a response.

    Attributes:
        when: before the request is handled, or after it was.
        how: ``close`` ends the connection in order, ``reset`` breaks it.
    """

    kind: Literal["drop"] = "drop"
    when: Literal["before", "after"] = "before"
    how: Literal["close", "reset"] = "close"


class Answer(_Settings):
    """Return another response.

    Attributes:
        when: instead of handling the request, or after it was handled.
        status: the status; None keeps that of the real response (200 when there is none).
        headers: headers to add, or to put in place of the real response's. An empty value takes a header away.
        body: the body; None keeps that of the real response.
    """

    kind: Literal["answer"] = "answer"
    when: Literal["before", "after"] = "before"
    status: int | None = Field(default=None, ge=200, le=599)
    headers: dict[_HeaderName, _HeaderValue] = {}
    body: str | None = None


class NotFound(_Settings):
    """Respond that there is no such entity: 1439-404, with the kind and the id that the request's path names.

    It is sent instead of handling the request. A request whose path names no entity is handled as usual.
    """

    kind: Literal["not-found"] = "not-found"


class Truncate(_Settings):
    """Handle the request, send the head and a part of the body, then end the connection.

    Attributes:
        keep: how many bytes of the body are sent; None sends half of it.
    """

    kind: Literal["truncate"] = "truncate"
    keep: int | None = Field(default=None, ge=0)


class Slow(_Settings):
    """Handle the request and send the body a few bytes at a time.

    Attributes:
        size: bytes at a time.
        interval: seconds between them.
    """

    kind: Literal["slow"] = "slow"
    size: int = Field(default=1, ge=1)
    interval: float = Field(default=1.0, ge=0)


class Delay(_Settings):
    """Wait.

    Attributes:
        when: before the request is handled, or after it was.
        seconds: how long.
    """

    kind: Literal["delay"] = "delay"
    when: Literal["before", "after"] = "before"
    seconds: float = Field(ge=0)


class ExpireTokens(_Settings):
    """Make all tokens invalid, then handle the request."""

    kind: Literal["expire-tokens"] = "expire-tokens"


class Redirect(_Settings):
    """Send the client elsewhere."""

    kind: Literal["redirect"] = "redirect"
    location: _HeaderValue
    status: Literal[301, 302, 303, 307, 308] = 307


Action = Annotated[
    Drop | Answer | NotFound | Truncate | Slow | Delay | ExpireTokens | Redirect, Field(discriminator="kind")
]


class Fault(_Settings):
    """What happens to which requests.

    Attributes:
        method: the method; None for all.
        path: a regular expression, searched for in the path; None for all.
        query: a regular expression, searched for in the query as it was sent; None for all.
        skip: how many matching requests pass first.
        times: how many are hit after those; None for all.
        probability: the chance of each of them to be hit.
        action: what happens to them.
    """

    method: str | None = None
    path: str | None = None
    query: str | None = None
    skip: int = Field(default=0, ge=0)
    times: int | None = Field(default=1, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    action: Action

    @field_validator("path", "query")
    @classmethod
    def _is_a_regular_expression(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                re.compile(text)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
        return text


class FaultState(_Settings):
    """A fault and what has become of it."""

    id: int
    fault: Fault
    matched: int
    hit: int


class FaultPlan:
    """All faults that are in force. The first one that a request meets decides."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self._faults: list[FaultState] = []
        self._next_id = 1

    def use(self, identifiers: Identifiers) -> None:
        """Go on with another source of chance."""
        self._identifiers = identifiers

    def add(self, faults: Iterable[Fault]) -> list[FaultState]:
        """Put faults into force, after those that are."""
        added: list[FaultState] = []
        for fault in faults:
            added.append(FaultState(id=self._next_id, fault=fault, matched=0, hit=0))
            self._next_id += 1
        self._faults.extend(added)
        return added

    def all(self) -> list[FaultState]:
        """Return all faults, spent ones included."""
        return list(self._faults)

    def clear(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def take(self, method: str, path: str, query: str) -> FaultState | None:
        """Return the fault that hits a request, and count it."""
        for position, before in enumerate(self._faults):
            fault = before.fault
            if not _matches(fault, method, path, query):
                continue
            is_due = before.matched >= fault.skip and (fault.times is None or before.hit < fault.times)
            is_hit = is_due and (fault.probability >= 1 or self._identifiers.chance() < fault.probability)
            now = before.model_copy(update={"matched": before.matched + 1, "hit": before.hit + is_hit})
            self._faults[position] = now
            if is_hit:
                return now
        return None


def _matches(fault: Fault, method: str, path: str, query: str) -> bool:
    return (
        (fault.method is None or fault.method.upper() == method)
        and (fault.path is None or re.search(fault.path, path) is not None)
        and (fault.query is None or re.search(fault.query, query) is not None)
    )
