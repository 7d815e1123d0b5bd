"""Changing an entity that others may change at the same moment: read the etag, PATCH, begin again on a conflict."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection, Operation
from pulumi_adobe_aep.errors import AepError, EntityMismatch, Outcome, VersionConflict
from pulumi_adobe_aep.kinds.kind import EntityKind

EntityT = TypeVar("EntityT", bound=Entity)

ATTEMPTS = 5
"""How often a change is tried when somebody else changes the same entity in between."""
POLL_EVERY = 1.0
"""Seconds between two looks at an entity that cannot be changed yet."""

logger = logging.getLogger(__name__)


def change(
    collection: Collection[EntityT],
    kind: EntityKind,
    entity_id: str,
    operations: Callable[[EntityT], Sequence[Operation]],
) -> tuple[EntityT, datetime | None]:
    """Change an entity.

    Args:
        collection: Where it is, with the time limit.
        kind: What it is.
        entity_id: Which one.
        operations: What to change, given what the service has.

    Returns:
        What the service had before, and when it was changed, by its own clock.

    Raises:
        VersionConflict: Somebody else was faster, `ATTEMPTS` times.
        DeadlineExceeded: It did not come to rest in time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        entity = _at_rest(collection, kind, entity_id)
        if not entity.etag:
            raise EntityMismatch(
                f"{kind.noun.capitalize()} {entity_id} has no etag, without which it cannot be changed.",
                advice="Run the command again; if it stays, ask Adobe's support.",
            )
        wanted = operations(entity)
        if not wanted:
            return entity, entity.updated_at
        try:
            return entity, collection.patch(entity_id, entity.etag, wanted).at
        except VersionConflict as conflict:
            if attempt == ATTEMPTS:
                raise conflict.tried(attempt, ", with a fresh etag each time") from None
            logger.info("%s %s was changed in between; reading it again.", kind.noun.capitalize(), entity_id)
        except AepError as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                raise
            raise failure.with_context(
                what=f"Whether {kind.noun} {entity_id} was changed is not known.",
                # No service shows passwords, so nothing would ever tell that the new one stayed.
                advice="Run pulumi up again with the same program. Do not go back to the old credentials before that: "
                "the new ones may be in force.",
            ) from None
    raise AssertionError("the last attempt returns or raises")


def _at_rest(collection: Collection[EntityT], kind: EntityKind, entity_id: str) -> EntityT:
    """Read an entity, and wait while it is in a state in which it cannot be changed."""
    while True:
        entity = collection.get(entity_id)
        if entity.state not in kind.transient_states:
            return entity
        waiting_for = f"{kind.noun} {entity_id} to leave the state '{entity.state}'"
        collection.service.deadline.sleep(POLL_EVERY, waiting_for)
