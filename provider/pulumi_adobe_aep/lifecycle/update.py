"""Changing an entity that others may change at the same moment: read the etag, PATCH, start again on a conflict."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection, Operation
from pulumi_adobe_aep.errors import AepError, DeadlineExceeded, EntityMismatch, Outcome, VersionConflict
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.lifecycle.consistency import RecentWrite

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
    recent: RecentWrite | None = None,
) -> tuple[EntityT, datetime | None]:
    """Change an entity.

    Args:
        collection: Where it is, with the time limit.
        kind: What it is.
        entity_id: Which one.
        operations: What to change, given what the service has.
        recent: When it was written last, if that is known.

    Returns:
        What the service had before, and when it was changed, by its own clock.

    Raises:
        VersionConflict: Somebody else was faster, `ATTEMPTS` times.
        DeadlineExceeded: It did not leave its transient state in time.
    """
    versions = _Versions(collection, kind, entity_id, recent or RecentWrite(collection.service, None))
    for attempt in range(1, ATTEMPTS + 1):
        entity = versions.read()
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
            versions.refuse(entity, conflict.tried(attempt))
        except AepError as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                raise
            raise failure.with_context(
                what=f"Whether {kind.noun} {entity_id} was changed is not known.",
                # No service shows passwords, so no later read would show that the new one is in force.
                advice=advise(AdviceKey.REPEAT_UPDATE),
            ) from None
    raise AssertionError("the last attempt returns or raises")


class _Versions(Generic[EntityT]):
    """Reads the version of an entity that a change can be based on."""

    def __init__(self, collection: Collection[EntityT], kind: EntityKind, entity_id: str, recent: RecentWrite) -> None:
        self._collection = collection
        self._kind = kind
        self._id = entity_id
        self._recent = recent
        self._refused: str | None = None
        self._lags = False
        self._conflict: VersionConflict | None = None

    def refuse(self, entity: EntityT, conflict: VersionConflict) -> None:
        """Record a version that was not the current one.

        A version that is refused twice was read from a copy that has not seen the current one yet.
        """
        if self._conflict is None:
            self._recent = RecentWrite.now(self._collection.service)
        self._lags = entity.etag == self._refused
        self._refused, self._conflict = entity.etag, conflict

    def read(self) -> EntityT:
        """Read it, and wait while it is in a state in which it cannot be changed.

        Raises:
            VersionConflict: Reads show only the version that was refused, and there is no time left.
            DeadlineExceeded: It did not leave its transient state in time.
        """
        deadline = self._collection.service.deadline
        while True:
            try:
                entity = self._recent.wait_and_see(
                    lambda: self._collection.get(self._id),
                    f"{self._kind.noun} {self._id} to appear",
                    is_stale=self._is_stale,
                )
            except DeadlineExceeded:
                if self._conflict is not None:
                    raise self._conflict from None
                raise
            if entity.state not in self._kind.transient_states:
                return entity
            deadline.sleep(POLL_EVERY, f"{self._kind.noun} {self._id} to leave the state '{entity.state}'")

    def _is_stale(self, entity: EntityT) -> bool:
        if self._conflict is not None:
            return self._lags and entity.etag == self._refused
        return self._recent.is_older(entity)
