"""Create exactly one entity, also when the response is lost.

Flow Service has no idempotency key and its names are not unique, so a POST whose response was lost is neither repeated
blindly nor given up: the entity is looked for. Then

- one that is proven to be the one is adopted,
- none, for long enough, means that the request was not handled, and it is sent again,
- anything else stops, with the ids and the command that takes a connection over.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime

from pulumi_adobe_aep.advice import Advice, AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection, Json, WriteReceipt
from pulumi_adobe_aep.errors import (
    AepError,
    AmbiguousEntities,
    Outcome,
    OutcomeUnknown,
    ResponseLost,
    ServiceError,
)
from pulumi_adobe_aep.kinds.kind import EntityKind, Match
from pulumi_adobe_aep.lifecycle.consistency import CLOCK_STEP, VISIBILITY_SECONDS
from pulumi_adobe_aep.lifecycle.ledger import Ledger

ATTEMPTS = 3
"""How often the request is sent when each time it turns out that it was not handled. A fault that ends by itself has
usually ended after one look, which takes `VISIBILITY_SECONDS`; one that lasts for three looks is an outage."""
LOOK_EVERY = 2.0
"""Seconds between two looks for a lost entity: often enough to go on soon, rare enough for six requests in all. It may
appear in lists for `VISIBILITY_SECONDS`; where the response was lost to a timeout, a minute or half of the time limit
has passed before. A request that is handled even later is looked for once more after the next attempt."""

# In a filter a comma separates alternatives, and Adobe does not say how it or a quote is escaped: such a name is only
# compared here.
_PLAIN = re.compile(r"[\w .:/()-]+")

logger = logging.getLogger(__name__)


def create_once(
    collection: Collection[Entity], kind: EntityKind, body: Mapping[str, Json], ledger: Ledger
) -> WriteReceipt:
    """Create an entity, and find it again if the response is lost.

    Args:
        collection: Where to create it, with the time limit.
        kind: What it is.
        body: What to POST.
        ledger: What this process has created.

    Raises:
        AmbiguousEntities: There are entities that may be the one; the message has their ids.
        AepError: It was not created, or the message says how to find it.
    """
    service = collection.service
    with ledger.turn(service.sandbox, kind.noun, str(body["name"]), service.deadline):
        created = _Creation(collection, kind, body, ledger).run()
        ledger.claim(created.id)
        return created


class _Creation:
    """One create, from the first POST to an entity that is certain."""

    def __init__(
        self, collection: Collection[Entity], kind: EntityKind, body: Mapping[str, Json], ledger: Ledger
    ) -> None:
        self._collection = collection
        self._service = collection.service
        self._deadline = collection.service.deadline
        self._kind = kind
        self._body = body
        self._ledger = ledger
        self._name = str(body["name"])
        self._title = f"{kind.noun} '{self._name}'"
        self._began = self._now()

    def _now(self) -> float:
        return self._deadline.clock.monotonic()

    def run(self) -> WriteReceipt:
        attempt = 1
        while True:
            try:
                created = self._collection.create(self._body)
            except AepError as failure:
                if failure.outcome is not Outcome.UNKNOWN:
                    raise
                logger.warning("%s Looking whether the %s was created.", failure.what, self._kind.noun)
                failed_at = self._now()
                if self._deadline.cancellation.is_requested:
                    self._deadline = self._service.deadline = self._deadline.after_cancellation()
                found = self._find(failure)
                if found is not None:
                    logger.warning("It was: %s.", found.id)
                    return WriteReceipt(found.id, found.created_at)
                again_in = _asked_to_wait(failure) - (self._now() - failed_at)
                if attempt == ATTEMPTS or again_in >= self._deadline.remaining():
                    raise failure.with_context(what=f"The {self._title} was not created.") from None
                if again_in > 0:
                    self._deadline.sleep(again_in, "the service to take requests again")
                logger.warning("It was not; sending the request again.")
                attempt += 1
            else:
                if attempt > 1:
                    self._look_for_twins(created)
                return created

    def _find(self, lost: AepError) -> Entity | None:
        """Look for the connection until it is there, or until it is certain enough that it will not be."""
        until = self._now() + VISIBILITY_SECONDS
        named = self._named_in(lost)
        try:
            while True:
                found = self._read(named) or self._only(self._candidates())
                if found is not None:
                    return found
                if self._now() >= until:
                    break
                self._deadline.sleep(LOOK_EVERY, f"the lost {self._kind.noun} to appear")
        except AmbiguousEntities:
            raise
        except AepError as failure:
            raise self._unknown(lost, f"Looking for it failed, too: {failure.what} {failure.why}") from None
        if named:
            raise self._unknown(lost, f"The service said that it created {named}, but does not show it.")
        return None

    def _read(self, entity_id: str) -> Entity | None:
        """Read the entity that the head of a cut-off response names, if any."""
        if not entity_id:
            return None
        try:
            entity = self._collection.get(entity_id)
        except ServiceError:
            return None  # Then the list shows it.
        return entity if self._is_it(entity) else None

    def _named_in(self, lost: AepError) -> str:
        """Return the id in the head of a cut-off response; empty if it has none."""
        location = lost.location if isinstance(lost, ResponseLost) else ""
        found = re.search(rf"{re.escape(self._kind.path)}/([\w-]+)/?$", location)
        return found.group(1) if found else ""

    def _only(self, candidates: list[Entity]) -> Entity | None:
        if not candidates:
            return None
        if len(candidates) == 1 and self._is_it(candidates[0]):
            return candidates[0]
        raise self._ambiguous([entity.id for entity in candidates])

    def _look_for_twins(self, created: WriteReceipt) -> None:
        """Check that an earlier attempt was not handled late."""
        self._ledger.claim(created.id)
        try:
            twins = self._candidates()
        except AepError as failure:
            # A failure here must not lose the entity that was created.
            logger.warning(
                "Whether %s was created twice could not be found out: %s %s",
                self._title,
                failure.what,
                self._how_to_look(AdviceKey.FIND_TWIN),
            )
            return
        if twins:
            raise self._ambiguous([created.id, *(entity.id for entity in twins)])

    def _candidates(self) -> list[Entity]:
        """List the entities that may be the created one."""
        filters = list(self._kind.list_filters)
        if _PLAIN.fullmatch(self._name):
            filters.append(f"name=={self._name}")
        return [
            each
            for each in self._collection.list(*filters)
            if not self._ledger.owns(each.id) and self._match(each) is not Match.NO
        ]

    def _match(self, entity: Entity) -> Match:
        """Return whether it is the one. If the service does not show enough, nothing is guessed."""
        since, client = self._since(), self._service.client_id
        if since is not None and entity.created_at is not None and entity.created_at < since:
            return Match.NO
        # A ready-made token may be another client's than the settings name.
        if self._service.client_is_certain and entity.created_client not in (None, client):
            return Match.NO
        match = self._kind.match(self._body, entity.shown)
        is_ours = entity.created_client == client or not self._kind.shows_creator
        is_proven = is_ours and since is not None and entity.created_at is not None
        return match if is_proven or match is Match.NO else Match.POSSIBLE

    def _is_it(self, entity: Entity) -> bool:
        return self._match(entity) is Match.CERTAIN

    def _since(self) -> datetime | None:
        """Return the time at which the request began, by the service's own clock; None if no response had it."""
        began = self._service.time_at(self._began)
        return None if began is None else began - CLOCK_STEP

    def _how_to_look(self, key: AdviceKey) -> str | Advice:
        sandbox = self._service.sandbox
        if self._kind.orphans:
            return advise(key, sandbox=sandbox)
        return f"Look for {self._kind.noun}s named '{self._name}' in sandbox {sandbox} before the next update."

    def _unknown(self, lost: AepError, why: str) -> OutcomeUnknown:
        where = f"{self._title} exists in sandbox {self._service.sandbox}"
        return OutcomeUnknown(
            f"{lost.what} Whether the {where} is not known.",
            why=f"{lost.why} {why}".strip(),
            advice=self._how_to_look(AdviceKey.FIND_LOST),
            request_id=lost.request_id,
        )

    def _ambiguous(self, ids: list[str]) -> AmbiguousEntities:
        noun = self._kind.noun
        were = f"A {noun} was" if len(ids) == 1 else f"{len(ids)} {noun}s were"
        sandbox = self._service.sandbox
        return AmbiguousEntities(
            f"{were} created as '{self._name}' in sandbox {sandbox} at the same time: {', '.join(ids)}.",
            ids=ids,
            why=f"A response was lost, and what the service shows does not prove which {noun} was asked for.",
            advice=advise(AdviceKey.TAKE_OVER, kind=self._kind.name, id=ids[0], name=self._name, sandbox=sandbox)
            if self._kind.orphans
            else "Delete what nobody needs in Experience Platform, and run the command again.",
        )


def _asked_to_wait(failure: AepError) -> float:
    """Return the seconds to wait by `Retry-After`."""
    return (failure.retry_after or 0.0) if isinstance(failure, ServiceError) else 0.0
