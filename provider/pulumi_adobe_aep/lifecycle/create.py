"""Exactly one connection for one create, whatever happens to the answer.

Flow Service has no idempotency key and its names are not unique, so a POST whose answer was lost is neither repeated
blindly nor given up: the service is asked whether the connection is there. Then

- one that is proven to be the one is adopted,
- none, for long enough, means that the request was not handled, and it is sent again,
- anything else stops, with the ids and the command that takes a connection over.
"""

from __future__ import annotations

import logging
import re
import shlex
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService, Json, WriteReceipt
from pulumi_adobe_aep.errors import (
    AepError,
    AmbiguousEntities,
    DeadlineExceeded,
    Outcome,
    OutcomeUnknown,
    ResponseLost,
    ServiceError,
)
from pulumi_adobe_aep.lifecycle.owned_ids import know, known_ids

ATTEMPTS = 3
"""How often the request is sent when each time it turns out that it was not handled. A fault that ends by itself has
mostly ended after one look, which takes `CREATE_VISIBILITY_SECONDS`; one that outlasts three of them is an outage."""
CREATE_VISIBILITY_SECONDS = 10.0
"""Seconds in which a connection whose answer was lost may still appear in lists. Adobe names no limit. In Adobe's own
examples the service has written a new connection for the last time 2 to 5 seconds after it was asked to create it, so
this is twice as long; and where the answer was lost to a timeout, a minute or half of the time limit has passed before.
A request that is handled even later is looked for once more after the next attempt."""
LOOK_EVERY = 2.0
"""Seconds between two looks: often enough to go on soon, rare enough for six requests in all."""
CLOCK_STEP = timedelta(seconds=2)
"""What the clocks of the gateway, which writes `Date`, and of the service, which writes `createdAt`, may differ by."""

# In a filter a comma separates alternatives, and Adobe does not say how it or a quote is escaped: such a name is only
# compared here.
_PLAIN = re.compile(r"[\w .:/()-]+")
_LOCATION = re.compile(r"/connections/([\w-]+)/?$")

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_being_created: dict[tuple[str, str], threading.Lock] = {}


def create_once(service: FlowService, body: Mapping[str, Json]) -> WriteReceipt:
    """Create a connection, and find it again when the answer is lost.

    Args:
        service: The sandbox to create it in, with the time limit.
        body: What to POST.

    Raises:
        AmbiguousEntities: There are connections that may be the one; the message has their ids.
        AepError: The connection was not created, or the message says how to find it.
    """
    with _alone(service, str(body["name"])):
        created = _Creation(service, body).run()
        know(created.id)
        return created


@contextmanager
def _alone(service: FlowService, name: str) -> Iterator[None]:
    """Let creates of one name in one sandbox go one after the other: a lost one cannot be mistaken for another then."""
    with _lock:
        turn = _being_created.setdefault((service.sandbox, name), threading.Lock())
    if not turn.acquire(timeout=service.deadline.remaining()):
        raise DeadlineExceeded(
            f"The connection '{name}' was not created: another one of the same name in sandbox {service.sandbox} took "
            f"{service.deadline.describe()}.",
            advice="Run the command again, or give each connection a name of its own.",
        )
    try:
        yield
    finally:
        turn.release()


class _Creation:
    """One create, from the first POST to a connection that is certain."""

    def __init__(self, service: FlowService, body: Mapping[str, Json]) -> None:
        self._service = service
        self._body = body
        self._name = str(body["name"])
        self._began = time.monotonic()

    def run(self) -> WriteReceipt:
        attempt = 1
        while True:
            try:
                created = self._service.create_connection(self._body)
            except AepError as failure:
                if failure.outcome is not Outcome.UNKNOWN:
                    raise
                logger.warning("%s Looking whether the connection was created.", failure.what)
                failed_at = time.monotonic()
                found = self._find(failure)
                if found is not None:
                    logger.warning("It was: %s.", found.id)
                    return WriteReceipt(found.id, found.created_at)
                again_in = _asked_to_wait(failure) - (time.monotonic() - failed_at)
                if attempt == ATTEMPTS or again_in >= self._service.deadline.remaining():
                    failure.what += f" The connection '{self._name}' was not created."
                    raise
                if again_in > 0:
                    self._service.deadline.sleep(again_in, "the service to take requests again")
                logger.warning("It was not; sending the request again.")
                attempt += 1
            else:
                if attempt > 1:
                    self._look_for_twins(created)
                return created

    def _find(self, lost: AepError) -> Connection | None:
        """Look for the connection until it is there, or until it is certain enough that it will not be."""
        until = time.monotonic() + CREATE_VISIBILITY_SECONDS
        named = _named_in(lost)
        try:
            while True:
                found = self._read(named) or self._only(self._candidates())
                if found is not None:
                    return found
                if time.monotonic() >= until:
                    break
                self._service.deadline.sleep(LOOK_EVERY, "the lost connection to appear")
        except AmbiguousEntities:
            raise
        except AepError as failure:
            raise self._unknown(lost, f"Looking for it failed, too: {failure.what} {failure.why}") from None
        if named:
            raise self._unknown(lost, f"The service said that it created {named}, but does not show it.")
        return None

    def _read(self, connection_id: str) -> Connection | None:
        """Read the connection that the head of a cut-off answer names, if any."""
        if not connection_id:
            return None
        try:
            connection = self._service.get_connection(connection_id)
        except ServiceError:
            return None  # The list tells, then.
        return connection if self._is_it(connection) else None

    def _only(self, candidates: list[Connection]) -> Connection | None:
        if not candidates:
            return None
        if len(candidates) == 1 and self._is_it(candidates[0]):
            return candidates[0]
        raise self._ambiguous([connection.id for connection in candidates])

    def _look_for_twins(self, created: WriteReceipt) -> None:
        """Make sure that an earlier attempt was not handled after all, later than anyone would expect."""
        know(created.id)
        try:
            twins = self._candidates()
        except AepError as failure:
            # What was created must not be lost over this.
            logger.warning(
                "Whether connection '%s' was created twice could not be found out: %s Look for the second one with: %s",
                self._name,
                failure.what,
                self._orphans(),
            )
            return
        if twins:
            raise self._ambiguous([created.id, *(connection.id for connection in twins)])

    def _candidates(self) -> list[Connection]:
        """List the connections that nothing rules out."""
        filters = [f"connectionSpec.id=={self._body['connectionSpec']['id']}"]
        if _PLAIN.fullmatch(self._name):
            filters.append(f"name=={self._name}")
        found = list(self._service.list_connections(*filters))
        known = known_ids()
        return [each for each in found if each.id not in known and not self._is_ruled_out(each)]

    def _is_ruled_out(self, connection: Connection) -> bool:
        since, created_at = self._since(), connection.created_at
        client = self._service.client_id
        return (
            connection.name != self._name
            or connection.connection_spec.id not in (None, self._body["connectionSpec"]["id"])
            # A ready-made token may be another client's than the settings name.
            or (self._service.client_is_certain and connection.created_client not in (None, client))
            or (since is not None and created_at is not None and created_at < since)
        )

    def _is_it(self, connection: Connection) -> bool:
        """Return whether everything speaks for it. Where the service does not show enough, nothing is guessed."""
        auth = connection.auth.spec_name
        return (
            not self._is_ruled_out(connection)
            and connection.connection_spec.id is not None
            and connection.created_client == self._service.client_id
            and connection.created_at is not None
            and self._since() is not None
            and (connection.description or None) == self._body.get("description")
            and auth in (None, self._body["auth"]["specName"])
        )

    def _since(self) -> datetime | None:
        """Return the time at which the request began, by the service's own clock; None when it has not told any."""
        began = self._service.time_at(self._began)
        return None if began is None else began - CLOCK_STEP

    def _orphans(self) -> str:
        return f"pulumi-adobe-aep connections --orphans --sandbox {self._service.sandbox}"

    def _unknown(self, lost: AepError, why: str) -> OutcomeUnknown:
        where = f"connection '{self._name}' exists in sandbox {self._service.sandbox}"
        return OutcomeUnknown(
            f"{lost.what} Whether the {where} is not known.",
            why=f"{lost.why} {why}".strip(),
            advice="Before the next pulumi up, list what the service has and the stack has not: " + self._orphans(),
            request_id=lost.request_id,
        )

    def _ambiguous(self, ids: list[str]) -> AmbiguousEntities:
        were = "A connection was" if len(ids) == 1 else f"{len(ids)} connections were"
        sandbox, name = self._service.sandbox, shlex.quote(self._name)
        return AmbiguousEntities(
            f"{were} created as '{self._name}' in sandbox {sandbox} at the same time: {', '.join(ids)}.",
            ids=ids,
            why="An answer was lost, and what the service shows does not prove which connection was asked for.",
            advice="Take the one that is yours over, and delete what nobody needs in Experience Platform: "
            f"pulumi-adobe-aep import {ids[0]} --name {name} --sandbox {sandbox}",
        )


def _named_in(lost: AepError) -> str:
    """Return the id in the head of a cut-off answer; empty where it has none."""
    location = _LOCATION.search(lost.location) if isinstance(lost, ResponseLost) else None
    return location.group(1) if location else ""


def _asked_to_wait(failure: AepError) -> float:
    """Return the seconds for which the service wants to be left alone."""
    return (failure.retry_after or 0.0) if isinstance(failure, ServiceError) else 0.0
