"""Changing a connection that others may change at the same moment: read the etag, PATCH, begin again on a conflict."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService, Operation
from pulumi_adobe_aep.errors import AepError, EntityMismatch, Outcome, VersionConflict

ATTEMPTS = 5
"""How often a change is tried when somebody else changes the same connection in between."""
POLL_EVERY = 1.0
"""Seconds between two looks at a connection that cannot be changed yet."""
# Adobe names them in its error catalogue only (1416, 1417, 1420, 1421); each ends by itself.
_PASSING_STATES = frozenset({"initializing", "enabled-finalizing", "disabling", "updating", "enabling", "inProgress"})

logger = logging.getLogger(__name__)


def set_name(name: str) -> Operation:
    """Return the operation that sets the name."""
    return {"op": "replace", "path": "/name", "value": name}


def set_description(wanted: str | None, current: str | None) -> Sequence[Operation]:
    """Return the operations that set, or take away, the description.

    Args:
        wanted: The description, or None for none.
        current: What the service has.
    """
    if wanted is not None:
        # `add` sets what is there as well as what is not.
        return [{"op": "add", "path": "/description", "value": wanted}]
    # RFC 6902 needs no value for a remove; Adobe's schemas require one, and its example carries the old value.
    return [] if current is None else [{"op": "remove", "path": "/description", "value": current}]


def set_params(params: Mapping[str, str]) -> Operation:
    """Return the operation that sets the credentials; always whole, because Adobe replaces all that was there."""
    return {"op": "replace", "path": "/auth/params", "value": dict(params)}


def change(
    service: FlowService, connection_id: str, operations: Callable[[Connection], Sequence[Operation]]
) -> tuple[Connection, datetime | None]:
    """Change a connection.

    Args:
        service: The sandbox, with the time limit.
        connection_id: Which connection.
        operations: What to change, given what the service has.

    Returns:
        What the service had before, and when it was changed, by its own clock.

    Raises:
        VersionConflict: Somebody else was faster, `ATTEMPTS` times.
        DeadlineExceeded: It did not come to rest in time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        connection = _at_rest(service, connection_id)
        if not connection.etag:
            raise EntityMismatch(
                f"Connection {connection_id} has no etag, without which it cannot be changed.",
                advice="Run the command again; if it stays, ask Adobe's support.",
            )
        wanted = operations(connection)
        if not wanted:
            return connection, connection.updated_at
        try:
            return connection, service.patch_connection(connection_id, connection.etag, wanted).at
        except VersionConflict as conflict:
            if attempt == ATTEMPTS:
                conflict.attempts = f"(Tried {attempt} times, with a fresh etag each time.)"
                raise
            logger.info("Connection %s was changed in between; reading it again.", connection_id)
        except AepError as failure:
            if failure.outcome is Outcome.UNKNOWN:
                failure.what += f" Whether connection {connection_id} was changed is not known."
                # No service shows passwords, so nothing would ever tell that the new one stayed.
                failure.advice = (
                    "Run pulumi up again with the same program. Do not go back to the old credentials before that: "
                    "the new ones may be in force."
                )
            raise
    raise AssertionError("the last attempt returns or raises")


def _at_rest(service: FlowService, connection_id: str) -> Connection:
    """Read a connection, and wait while it is in a state in which it cannot be changed."""
    while True:
        connection = service.get_connection(connection_id)
        if connection.state not in _PASSING_STATES:
            return connection
        service.deadline.sleep(POLL_EVERY, f"connection {connection_id} to leave the state '{connection.state}'")
