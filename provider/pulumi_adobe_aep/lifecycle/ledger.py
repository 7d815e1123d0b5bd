"""What this process knows of its own creates, so that one whose response was lost is not mistaken for another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.errors import DeadlineExceeded


class Ledger:
    """The ids that this process owns, and which names are being created. One for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: set[str] = set()
        self._turns: dict[tuple[str, str, str], threading.Lock] = {}

    def claim(self, entity_id: str) -> None:
        """Record an id that this process owns; a lost create can never be this one."""
        with self._lock:
            self._ids.add(entity_id)

    def owns(self, entity_id: str) -> bool:
        """Return whether an id was claimed."""
        with self._lock:
            return entity_id in self._ids

    @contextmanager
    def turn(self, sandbox: str, noun: str, name: str, deadline: Deadline) -> Iterator[None]:
        """Serialize creates with the same name and sandbox: a lost one cannot be mistaken for another then.

        Args:
            sandbox: The sandbox.
            noun: What is created, for messages.
            name: Its name.
            deadline: How long to wait for the turn at most.

        Raises:
            DeadlineExceeded: Another create took that long.
        """
        with self._lock:
            turn = self._turns.setdefault((sandbox, noun, name), threading.Lock())
        if not turn.acquire(timeout=deadline.remaining()):
            raise DeadlineExceeded(
                f"The {noun} '{name}' was not created: another one of the same name in sandbox {sandbox} took "
                f"{deadline.describe()}.",
                advice=f"Run the command again, or give each {noun} a name of its own.",
            )
        try:
            yield
        finally:
            turn.release()
