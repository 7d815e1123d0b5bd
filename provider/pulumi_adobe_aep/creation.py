"""Exactly one connection for one create, whatever happens to the answer.

Flow Service has no idempotency key and its names are not unique, so a POST whose answer was lost is neither repeated
blindly nor given up: the service is asked whether the connection is there.
"""

from __future__ import annotations

import logging
import re
import shlex
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from pulumi_adobe_aep.entities import Connection
from pulumi_adobe_aep.errors import AepError, AmbiguousConnections, Outcome, OutcomeUnknown
from pulumi_adobe_aep.flow_service import Created, FlowService, Json

ATTEMPTS = 3
"""How often the request is sent when each time it turns out that it was not handled."""
SETTLE = 10.0
"""Seconds in which a connection whose answer was lost may still appear. When it has not, the request counts as not
handled; that it appears even later is looked for after the next attempt."""
LOOK_EVERY = 2.0
"""Seconds between two looks."""
CLOCK_STEP = timedelta(seconds=2)
"""What a `Date` header, which counts whole seconds, and a look-up's way back may be off."""

# In a filter a comma separates alternatives, and Adobe does not say how it or a quote is escaped: such a name is only
# compared here.
_PLAIN = re.compile(r"[\w .:/()-]+")

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_known: set[str] = set()


def know(connection_id: str) -> None:
    """Remember a connection that belongs to a resource of this process: it is nobody's lost one."""
    with _lock:
        _known.add(connection_id)


def create_once(service: FlowService, client_id: str, body: Mapping[str, Json]) -> Created:
    """Create a connection, and find it again when the answer is lost.

    Args:
        service: The sandbox to create it in, with the time limit.
        client_id: Who creates it: a connection that somebody else made is not ours.
        body: What to POST.

    Raises:
        AmbiguousConnections: Several connections may be the one; the message has their ids.
        AepError: The connection was not created, or the message says how to find it.
    """
    began = time.monotonic()
    attempt = 1
    while True:
        try:
            created = service.create_connection(body)
        except AepError as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                raise
            logger.warning("%s Looking whether the connection was created.", failure.what)
            found = _look(service, client_id, body, began, failure)
            if found is not None:
                know(found.id)
                return Created(found.id, found.created_at)
            if attempt == ATTEMPTS:
                failure.what += f" The connection '{body['name']}' was not created."
                raise
            logger.warning("It was not created; sending the request again.")
            attempt += 1
        else:
            know(created.id)
            if attempt > 1:
                _look_for_twin(service, client_id, body, began, created)
            return created


def _look(
    service: FlowService, client_id: str, body: Mapping[str, Json], began: float, lost: AepError
) -> Connection | None:
    """Look for the connection until it is there, or until it is certain enough that it will not be."""
    until = time.monotonic() + SETTLE
    while True:
        try:
            found = _candidates(service, client_id, body, began)
            if len(found) > 1:
                raise _ambiguous(service, body, [connection.id for connection in found])
            if found:
                return found[0]
            if time.monotonic() >= until:
                return None
            service.deadline.sleep(LOOK_EVERY, "the lost connection to appear")
        except AmbiguousConnections:
            raise
        except AepError as failure:
            raise _unknown(service, body, lost, failure) from None


def _look_for_twin(
    service: FlowService, client_id: str, body: Mapping[str, Json], began: float, created: Created
) -> None:
    """Make sure that an earlier attempt was not handled after all, later than anyone would expect."""
    twins = _candidates(service, client_id, body, began)
    if twins:
        raise _ambiguous(service, body, [created.id, *(connection.id for connection in twins)])


def _candidates(service: FlowService, client_id: str, body: Mapping[str, Json], began: float) -> list[Connection]:
    name, spec_id = body["name"], body["connectionSpec"]["id"]
    filters = [f"connectionSpec.id=={spec_id}"]
    if _PLAIN.fullmatch(name):
        filters.append(f"name=={name}")
    found = list(service.list_connections(*filters))
    since = _since(service, began)
    with _lock:
        return [connection for connection in found if _may_be_it(connection, client_id, body, since)]


def _may_be_it(connection: Connection, client_id: str, body: Mapping[str, Json], since: datetime) -> bool:
    return (
        connection.id not in _known
        and connection.name == body["name"]
        and connection.connection_spec.id == body["connectionSpec"]["id"]
        and connection.created_client in (None, client_id)
        and (connection.created_at is None or connection.created_at >= since)
    )


def _since(service: FlowService, began: float) -> datetime:
    """Give the time at which the request began, by the service's own clock."""
    now = service.last_seen or datetime.now(timezone.utc)
    return now - timedelta(seconds=time.monotonic() - began) - CLOCK_STEP


def _unknown(service: FlowService, body: Mapping[str, Json], lost: AepError, failure: AepError) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{lost.what} Whether the connection '{body['name']}' exists in sandbox {service.sandbox} is not known.",
        why=f"{lost.why} Looking for it failed, too: {failure.what} {failure.why}".strip(),
        advice="Before the next pulumi up, list what the service has and the stack has not: "
        f"pulumi-adobe-aep connections --orphans --sandbox {service.sandbox}",
        request_id=lost.request_id or failure.request_id,
    )


def _ambiguous(service: FlowService, body: Mapping[str, Json], ids: list[str]) -> AmbiguousConnections:
    return AmbiguousConnections(
        f"{len(ids)} connections named '{body['name']}' were created in sandbox {service.sandbox} at the same time: "
        f"{', '.join(ids)}.",
        ids=ids,
        why="An answer was lost, and any of them may be the one that was asked for.",
        advice="Keep one, delete the others in Experience Platform, and take the one over: "
        f"pulumi-adobe-aep import {ids[0]} --name {shlex.quote(str(body['name']))} --sandbox {service.sandbox}",
    )
