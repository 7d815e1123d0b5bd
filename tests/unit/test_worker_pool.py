"""The pool that serves a provider's calls can be widened from inside a call."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from pulumi_adobe_aep.worker_pool import widen


def test_calls_that_waited_for_the_old_threads_run_on_the_new_ones() -> None:
    all_at_once = threading.Barrier(16, timeout=10)

    def call() -> bool:
        found = widen(16)
        all_at_once.wait()
        return found

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(call) for _ in range(16)]
        assert [each.result() for each in calls] == [True] * 16


def test_a_pool_is_never_made_smaller() -> None:
    with ThreadPoolExecutor(4) as pool:
        pool.submit(widen, 2).result()
        all_at_once = threading.Barrier(4, timeout=10)
        for each in [pool.submit(all_at_once.wait) for _ in range(4)]:
            each.result()


def test_outside_of_a_pool_nothing_happens() -> None:
    assert not widen(16)


def test_a_pool_that_is_being_shut_down_still_finishes_its_calls() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def call() -> bool:
        begun.set()
        go_on.wait(10)
        return widen(16)

    pool = ThreadPoolExecutor(4)
    last = pool.submit(call)
    begun.wait(10)
    pool.shutdown(wait=False)
    go_on.set()
    assert last.result()
