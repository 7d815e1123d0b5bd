"""Reading many connections for the price of a few requests.

A refresh reads every connection of a stack, one call each and many at a time. From the second read of such a burst on,
they are answered from the pages of one list, a hundred connections a request; the first one goes alone, so that reading
one connection costs one small request. What must hold:

- Only a GET proves that a connection is gone. What no page shows is asked for by itself.
- No answer is older than the last write of this process, nor than its burst. A page answers each connection once, so
  that reading it again asks again.
- Reading never costs much more than a GET each would: a page is paid for by a read that has begun, so a sandbox with
  far more connections than the stack is not listed to its end, and no read waits for more than
  `MAX_PAGES_PER_READ` pages.
- Only a connection that a page shows as completely as a GET would is taken from it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import AepError

BURST_IDLE_SECONDS = 5.0
"""Seconds without a read after which a burst is over."""
MAX_BURST_SECONDS = 60.0
"""Seconds after which the next read begins a new burst, so that nothing older is an answer."""
MAX_PAGES_PER_READ = 10
"""Pages that one read waits for before it asks by itself."""
MAX_LISTED = 5_000
"""Connections that were listed and not yet asked for, in one sandbox: some ten megabytes."""

logger = logging.getLogger(__name__)


@dataclass
class _Burst:
    """Reads in one sandbox that follow closely on each other, and the pages that were fetched for them."""

    began: float
    last_read: float
    reads: int = 0
    under_way: int = 0
    listed: dict[str, Connection] = field(default_factory=dict)
    pages_asked: int = 0
    pages_answered: int = 0
    next_page: str = ""
    complete: bool = False
    abandoned: bool = False
    """Its pages are no answers any more: a write has begun since, or listing fails."""

    def is_over(self, now: float) -> bool:
        quiet = self.under_way == 0 and now - self.last_read > BURST_IDLE_SECONDS
        return quiet or now - self.began > MAX_BURST_SECONDS

    def abandon(self) -> None:
        self.abandoned = True
        self.listed.clear()

    @property
    def is_listing(self) -> bool:
        return self.pages_asked > self.pages_answered

    def pays_another_page(self) -> bool:
        return not self.complete and self.pages_asked < self.reads and len(self.listed) < MAX_LISTED


class ConnectionReader:
    """Reads the connections of one connection spec, for all threads of a process.

    Args:
        spec_id: The connection spec; connections of others are not listed.
        slots: What bounds how many operations ask the service at once. A read holds one, but not while it waits for a
            page that another one fetches: what that page or an earlier one shows can be answered meanwhile.
    """

    def __init__(self, spec_id: str, slots: threading.Semaphore) -> None:
        self._slots = slots
        self._filter = f"connectionSpec.id=={spec_id}"
        self._bursts: dict[str, _Burst] = {}
        self._changed = threading.Condition()

    def read(self, service: FlowService, connection_id: str) -> Connection:
        """Read a connection as it is now.

        Args:
            service: The sandbox, with the time limit.
            connection_id: Which connection.

        Raises:
            EntityGone: The service itself says that it does not exist in this sandbox.
        """
        with self._reading(service.sandbox) as (burst, number):
            listed = None if number == 1 else self._from_pages(service, connection_id, burst)
            return service.get_connection(connection_id) if listed is None else listed

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let no page that was asked for before the end of a write answer a read after its beginning."""
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
    def _reading(self, sandbox: str) -> Iterator[tuple[_Burst, int]]:
        """Join the sandbox's burst; gives it and the read's number in it."""
        now = time.monotonic()
        with self._changed:
            burst = self._bursts.get(sandbox)
            if burst is None or burst.is_over(now):
                burst = self._bursts[sandbox] = _Burst(began=now, last_read=now)
            burst.reads += 1
            burst.under_way += 1
            number = burst.reads
        try:
            yield burst, number
        finally:
            with self._changed:
                burst.under_way -= 1
                burst.last_read = time.monotonic()

    def _from_pages(self, service: FlowService, connection_id: str, burst: _Burst) -> Connection | None:
        """Look through the pages that are there or worth fetching; None when the connection must be asked for.

        One thread fetches a page while the others wait for it.
        """
        last_page = burst.pages_asked + MAX_PAGES_PER_READ
        while True:
            with self._changed:
                found = burst.listed.pop(connection_id, None)
                if found is not None or burst.abandoned:
                    return found
                answered, is_listing = burst.pages_answered, burst.is_listing
                if not is_listing:
                    if burst.pages_asked >= last_page or not burst.pays_another_page():
                        return None
                    burst.pages_asked += 1
            if not is_listing:
                self._fetch_page(service, burst)
            elif not self._wait_for_page(burst, answered, service.deadline.remaining()):
                return None

    def _wait_for_page(self, burst: _Burst, answered: int, seconds: float) -> bool:
        self._slots.release()
        try:
            with self._changed:
                return self._changed.wait_for(lambda: burst.abandoned or burst.pages_answered > answered, seconds)
        finally:
            # Not inside of the lock, which those that hold the slots need to go on.
            self._slots.acquire()

    def _fetch_page(self, service: FlowService, burst: _Burst) -> None:
        page: list[Connection] = []
        following: str | None = None
        try:
            page, following = service.connections_page(self._filter, token=burst.next_page)
        except AepError as failure:
            # The reads ask by themselves; where that fails as well, they say why.
            logger.info("The connections of sandbox %s are read one by one. %s", service.sandbox, failure)
        finally:
            with self._changed:
                burst.pages_answered += 1
                if following is None:
                    burst.abandon()
                elif not burst.abandoned:
                    burst.listed.update((each.id, each) for each in page if _is_whole(each))
                    burst.next_page, burst.complete = following, not following
                self._changed.notify_all()


def _is_whole(connection: Connection) -> bool:
    """Return whether a page shows of a connection what a GET would. Adobe's examples do; no document promises it."""
    return bool(connection.connection_spec.id and connection.auth.spec_name and connection.auth.params)
