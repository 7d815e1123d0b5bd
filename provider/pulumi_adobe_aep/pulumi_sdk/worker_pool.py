"""Raise the limit of four concurrent calls that Pulumi's Python SDK sets for a dynamic provider.

The SDK serves all resources of a stack from one gRPC server with four threads, however parallel the engine works, so
64 connections would take 16 rounds, and the check of one would wait for the create of another. The pool can be reached
from inside a call, by private attributes only: where an SDK or a Python changes them, nothing happens and four calls at
a time remain.
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
    """Raise the limit of the SDK's thread pool by one while this call waits for a service.

    Calls that only compute stay on the SDK's four threads: with more, they would compete for the interpreter.

    Args:
        max_threads: Threads that the pool is never grown beyond.

    Returns:
        Whether the limit was raised: the pool was found and is below `max_threads`.
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
    """Do nothing: submitting it starts a thread."""
