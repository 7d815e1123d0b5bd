"""More than the four calls at a time that Pulumi's Python SDK allows a dynamic provider.

The SDK serves all resources of a stack from one gRPC server with four threads, however parallel the engine works, so
64 connections would wait in 16 rows. The pool can be reached from inside a call, by private attributes only: where an
SDK or a Python changes them, nothing happens and four calls at a time remain.
"""

from __future__ import annotations

import logging
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

logger = logging.getLogger(__name__)


def widen(workers: int) -> bool:
    """Let the pool that runs this thread work on more calls at a time, those that wait already included.

    Args:
        workers: How many calls may run at once. A pool is never made smaller.

    Returns:
        Whether the pool was found and has that many threads or may start them.
    """
    pool = _pool_of_this_thread()
    before = getattr(pool, "_max_workers", None)
    if pool is None or not isinstance(before, int):
        logger.debug("The SDK's worker pool was not found: it stays as the SDK made it, with four calls at a time.")
        return False
    if before < workers:
        pool._max_workers = workers  # noqa: SLF001 - there is no public way, see above
        # A pool starts threads only when it is given work, so calls that came before would wait for the old ones.
        with suppress(RuntimeError):  # The server is being stopped and takes no more work.
            for _ in range(workers - before):
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
