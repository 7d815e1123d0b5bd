"""More than the four calls at a time that Pulumi's Python SDK allows a dynamic provider.

The SDK serves all resources of a stack from one gRPC server with four threads, however parallel the engine works, so
64 connections would wait in 16 rows, and the check of one for the create of another. The pool can be reached from
inside a call, by private attributes only: where an SDK or a Python changes them, nothing happens and four calls at a
time remain.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue

MAX_THREADS = 256
"""Threads that a pool is never grown beyond."""

_lock = threading.Lock()
logger = logging.getLogger(__name__)


@contextmanager
def extra_worker(max_threads: int = MAX_THREADS) -> Iterator[bool]:
    """Let the pool that runs this thread work on one call more as long as this one waits for a service.

    Calls that only compute are left to the SDK's four threads: more would take the interpreter from each other.

    Args:
        max_threads: Threads that the pool is never grown beyond.

    Returns:
        Whether the pool was found, and has a place left to lend.
    """
    pool = _pool_of_this_thread()
    if pool is None or not _grow(pool, max_threads):
        logger.debug("The SDK's worker pool was not found or is as large as may be: it serves no more calls at a time.")
        yield False
        return
    try:
        yield True
    finally:
        with _lock:
            pool._max_workers -= 1  # noqa: SLF001


def _grow(pool: ThreadPoolExecutor, max_threads: int) -> bool:
    with _lock:
        size, queue = getattr(pool, "_max_workers", None), getattr(pool, "_work_queue", None)
        if not isinstance(size, int) or not isinstance(queue, SimpleQueue) or size >= max_threads:
            return False
        pool._max_workers = size + 1  # noqa: SLF001 - there is no public way, see above
    if not queue.empty():
        # A pool starts threads only when it is given work, so calls that came before would wait for the old ones.
        with suppress(RuntimeError):  # The server is being stopped and takes no more work.
            pool.submit(_start_a_thread)
    return True


def _pool_of_this_thread() -> ThreadPoolExecutor | None:
    # A worker's first argument is a weak reference to its executor (CPython, concurrent.futures.thread).
    arguments = getattr(threading.current_thread(), "_args", None)
    reference = arguments[0] if isinstance(arguments, tuple) and arguments else None
    pool = reference() if isinstance(reference, weakref.ref) else None
    return pool if isinstance(pool, ThreadPoolExecutor) else None


def _start_a_thread() -> None:
    """Do nothing: that it was submitted is what counts."""
