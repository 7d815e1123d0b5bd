"""Reading many entities for the price of a few requests.

A refresh reads every entity of a stack, one call each and many at a time. From the second read of such a burst on,
they are read from the pages of one list, a hundred entities a request; the first one goes alone, so that reading
one entity costs one small request. What must hold:

- Only a GET proves that an entity is gone. An entity that no page shows gets a GET of its own.
- Nothing returned is older than the last write of this process, nor than its burst. A page is used once for each
  entity, so that reading it again sends a request.
- Reading never costs much more than a GET each would: a page is paid for by a read that has begun, so a sandbox with
  far more entities than the stack is not listed to its end, and no read waits for more than
  `max_pages_per_read` pages.
- Only an entity that a page shows as completely as a GET would is taken from it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pulumi_adobe_aep.api.clock import Clock
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.kinds.kind import EntityKind


@dataclass(frozen=True)
class ReadLimits:
    """How far reading from pages goes."""

    burst_idle_seconds: float = 5.0
    """Seconds without a read after which a burst is over."""
    max_burst_seconds: float = 60.0
    """Seconds after which the next read begins a new burst, so that nothing older is returned."""
    max_pages_per_read: int = 10
    """Pages that one read waits for before it sends a GET of its own."""
    max_listed: int = 5_000
    """Entities that were listed and not yet read, in one sandbox: some ten megabytes."""


logger = logging.getLogger(__name__)


@dataclass
class _Burst:
    """Reads in one sandbox that follow closely on each other, and the pages that were fetched for them."""

    began: float
    last_read: float
    reads: int = 0
    under_way: int = 0
    listed: dict[str, Entity] = field(default_factory=dict)
    pages_asked: int = 0
    pages_used: int = 0
    next_page: str = ""
    complete: bool = False
    abandoned: bool = False
    """Its pages are not used any more: a write has begun since, or listing fails."""

    def is_over(self, now: float, limits: ReadLimits) -> bool:
        quiet = self.under_way == 0 and now - self.last_read > limits.burst_idle_seconds
        return quiet or now - self.began > limits.max_burst_seconds

    def abandon(self) -> None:
        self.abandoned = True
        self.listed.clear()

    @property
    def is_listing(self) -> bool:
        return self.pages_asked > self.pages_used

    def pays_another_page(self, limits: ReadLimits) -> bool:
        return not self.complete and self.pages_asked < self.reads and len(self.listed) < limits.max_listed


class EntityReader:
    """Reads the entities of one kind, for all threads of a process.

    Args:
        kind: The kind; others are not listed.
        slots: What bounds how many operations ask the service at once. A read holds one, but not while it waits for a
            page that another one fetches: a read that finds its entity in that page or an earlier one can return
            meanwhile.
        limits: How far it goes.
    """

    def __init__(self, kind: EntityKind, slots: threading.Semaphore, limits: ReadLimits = ReadLimits()) -> None:
        self._slots = slots
        self._limits = limits
        self._kind = kind
        self._bursts: dict[str, _Burst] = {}
        self._changed = threading.Condition()

    def read(
        self, collection: Collection[Entity], entity_id: str, is_current: Callable[[Entity], bool] = lambda _: True
    ) -> Entity:
        """Read an entity as it is now.

        Args:
            collection: Where it is, with the time limit.
            entity_id: Which one.
            is_current: Whether an entity of a list is as complete as one of a GET.

        Raises:
            EntityGone: The service itself says that it does not exist in this sandbox.
        """
        with self._reading(collection.service.sandbox, collection.service.deadline.clock) as (burst, number):
            listed = None if number == 1 else self._from_pages(collection, entity_id, burst)
            return collection.get(entity_id) if listed is None or not is_current(listed) else listed

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Invalidate cached pages before and after a write."""
        self._abandon_pages()
        try:
            yield
        finally:
            self._abandon_pages()

    def _abandon_pages(self) -> None:
        with self._changed:
            for burst in self._bursts.values():
                burst.abandon()
            self._bursts.clear()
            self._changed.notify_all()

    @contextmanager
    def _reading(self, sandbox: str, clock: Clock) -> Iterator[tuple[_Burst, int]]:
        """Join the sandbox's burst; return it and the read's number in it."""
        now = clock.monotonic()
        with self._changed:
            burst = self._bursts.get(sandbox)
            if burst is None or burst.is_over(now, self._limits):
                burst = self._bursts[sandbox] = _Burst(began=now, last_read=now)
            burst.reads += 1
            burst.under_way += 1
            number = burst.reads
        try:
            yield burst, number
        finally:
            with self._changed:
                burst.under_way -= 1
                burst.last_read = clock.monotonic()

    def _from_pages(self, collection: Collection[Entity], entity_id: str, burst: _Burst) -> Entity | None:
        """Search the pages that are there or worth fetching; None if the entity needs a GET of its own.

        One thread fetches a page while the others wait for it.
        """
        last_page = burst.pages_used + self._limits.max_pages_per_read
        while True:
            with self._changed:
                found = burst.listed.pop(entity_id, None)
                if found is not None or burst.abandoned:
                    return found
                seen, is_listing = burst.pages_used, burst.is_listing
                if seen >= last_page:
                    return None
                if not is_listing:
                    if not burst.pays_another_page(self._limits):
                        return None
                    burst.pages_asked += 1
            if not is_listing:
                self._fetch_page(collection, burst)
            elif not self._wait_for_page(burst, seen, collection.service.deadline.remaining()):
                return None

    def _wait_for_page(self, burst: _Burst, seen: int, seconds: float) -> bool:
        self._slots.release()
        try:
            with self._changed:
                return self._changed.wait_for(lambda: burst.abandoned or burst.pages_used > seen, seconds)
        finally:
            # Not inside the lock: the threads that hold the slots need it to continue.
            self._slots.acquire()

    def _fetch_page(self, collection: Collection[Entity], burst: _Burst) -> None:
        page: Sequence[Entity] = ()
        following: str | None = None
        try:
            page, following = collection.page(*self._kind.list_filters, token=burst.next_page)
        except AepError as failure:
            # Each read then sends a GET of its own; where that fails as well, it says why.
            sandbox = collection.service.sandbox
            logger.info("The %ss of sandbox %s are read one by one. %s", self._kind.noun, sandbox, failure)
        finally:
            with self._changed:
                burst.pages_used += 1
                if following is None:
                    burst.abandon()
                elif not burst.abandoned:
                    burst.listed.update((each.id, each) for each in page if self._kind.is_whole(each.shown))
                    burst.next_page, burst.complete = following, not following
                self._changed.notify_all()
