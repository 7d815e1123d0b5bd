"""A call that waits lends its place in the pool that serves a provider's calls to another one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from pulumi_adobe_aep.pulumi_sdk.worker_pool import extra_worker


def test_calls_that_waited_for_the_threads_run_on_those_of_lent_places() -> None:
    all_at_once = threading.Barrier(16, timeout=10)

    def call() -> bool:
        with extra_worker() as lent:
            all_at_once.wait()
            return lent

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(call) for _ in range(16)]
        assert [each.result() for each in calls] == [True] * 16


def test_a_call_that_only_computes_runs_while_all_others_wait() -> None:
    waiting, over = threading.Barrier(5, timeout=10), threading.Event()

    def wait() -> None:
        with extra_worker():
            waiting.wait()
            over.wait(10)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(wait)
        waiting.wait()
        assert pool.submit(str, "computed").result(timeout=10) == "computed"
        over.set()


def test_a_place_is_given_back() -> None:
    def call() -> bool:
        with extra_worker(5) as lent:
            return lent

    with ThreadPoolExecutor(4) as pool:
        # There is one place to lend, which each call finds again.
        assert [pool.submit(call).result() for _ in range(3)] == [True] * 3


def test_no_more_threads_are_started_than_the_limit() -> None:
    begun = threading.Barrier(5, timeout=10)

    def call() -> bool:
        with extra_worker(5) as lent:
            begun.wait()
            return lent

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(call) for _ in range(5)]
        assert sum(each.result() for each in calls) == 1


def test_outside_of_a_pool_nothing_happens() -> None:
    with extra_worker() as lent:
        assert not lent


def test_a_pool_that_is_being_shut_down_still_finishes_its_calls() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def call() -> bool:
        begun.set()
        go_on.wait(10)
        with extra_worker() as lent:
            return lent

    pool = ThreadPoolExecutor(4)
    last = pool.submit(call)
    begun.wait(10)
    pool.shutdown(wait=False)
    go_on.set()
    assert last.result()
