"""The connections that belong to resources of this process: none of them is one whose answer was lost."""

from __future__ import annotations

import threading

_lock = threading.Lock()
_ids: set[str] = set()


def know(connection_id: str) -> None:
    """Remember a connection."""
    with _lock:
        _ids.add(connection_id)


def known_ids() -> frozenset[str]:
    """Return the ids of all that are remembered."""
    with _lock:
        return frozenset(_ids)
