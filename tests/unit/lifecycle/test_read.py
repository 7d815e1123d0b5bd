"""Reading many connections from a few pages of a list, in one process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Delay
from pulumi_adobe_aep.errors import EntityGone
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle.read import EntityReader, ReadLimits
from tests.support.clock import StandingClock

LIST: dict[str, Any] = {"method": "GET", "path": "/connections$"}
STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=of somebody"


class CountedSlots(threading.Semaphore):
    """Slots that count how often one was released."""

    released = 0

    def release(self, n: int = 1) -> None:
        self.released += 1
        super().release(n)


class Reads:
    """Reads connections, each while it holds one of the slots, on a clock that only a test moves."""

    def __init__(self, api: Api, slots: int = 4, **limits: Any) -> None:
        self._api = api
        self.clock = StandingClock()
        # A burst that begins at 0 would have lasted as many seconds as the clock shows.
        self.clock.forward(3)
        self.slots = CountedSlots(slots)
        self.reader = EntityReader(POSTGRES, self.slots, ReadLimits(**limits))

    def collection(self, sandbox: str = "dev") -> Collection[Entity]:
        return self._api.flow_service(sandbox, Deadline(60, self.clock)).collection("/connections", "connection")

    def __call__(self, *ids: str, sandbox: str = "dev") -> list[Entity]:
        return [self.one(each, sandbox) for each in ids]

    def one(self, connection_id: str, sandbox: str = "dev") -> Entity:
        with self.slots:
            return self.reader.read(self.collection(sandbox), connection_id)

    def without_slot(self, connection_id: str) -> Entity:
        return self.reader.read(self.collection(), connection_id)


class WaitingRead:
    """A read that waits for a page which another one fetches, and then for the only slot until a test lets it go on."""

    def __init__(self, reads: Reads, connection_id: str, pool: Executor) -> None:
        self._reads = reads
        self._id = connection_id
        self._pool = pool
        self._has_slot = threading.Event()

    def begin(self) -> None:
        """Return when it waits for the page."""
        self._found = self._pool.submit(self._read)
        assert self._has_slot.wait(30)
        assert self._reads.slots.acquire(timeout=30)

    def go_on(self) -> None:
        """Let it have the slot as soon as it asks for it."""
        self._reads.slots.release()

    def end(self) -> None:
        """Let it go on, and return when it has ended."""
        self.go_on()
        self.has_ended()

    def has_ended(self) -> None:
        """Return when it has ended."""
        assert self._found.result(timeout=30).id == self._id

    def _read(self) -> Entity:
        with self._reads.slots:
            self._has_slot.set()
            return self._reads.without_slot(self._id)


def read_while_listing(emulator: Emulator, reads: Reads, connection_id: str, meanwhile: Callable[[], object]) -> None:
    """Read a connection, and do something else while a page is fetched for it: before its request is sent again."""
    emulator.fault(Answer(status=503, body="{}"), **LIST)
    reads.clock.meanwhile = meanwhile
    assert reads.without_slot(connection_id).id == connection_id


@pytest.fixture
def reads(api: Api, aep_emulator: Emulator) -> Reads:  # noqa: ARG001 - it is reset first
    return Reads(api)


def connections(emulator: Emulator, number: int, sandbox: str = "dev") -> list[str]:
    """Make connections as somebody else would, and return their ids."""
    return [str(emulator.create_connection(f"crm-{index}", STRING, sandbox=sandbox)["id"]) for index in range(number)]


def asked(emulator: Emulator, ids: Sequence[str]) -> list[str]:
    """Return what was asked for: `list`, or the position of an id."""
    found = [request.path.rpartition("/")[2] for request in emulator.requests() if "/ims/" not in request.path]
    return ["list" if each == "connections" else str(ids.index(each)) for each in found]


def test_the_first_read_goes_alone_and_the_others_come_from_a_page(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 5)
    assert [each.id for each in reads(*ids)] == ids
    assert asked(aep_emulator, ids) == ["0", "list"]
    listed = aep_emulator.requests(path="/connections")[-1]
    assert f"connectionSpec.id%3D%3D{POSTGRESQL_SPEC_ID}" in listed.query


def test_a_page_is_used_once(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    assert reads(*ids)[2] == reads(ids[2])[0]
    assert asked(aep_emulator, ids) == ["0", "list", "2"]


def test_what_no_page_shows_is_asked_for_and_gone_only_when_a_get_says_so(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 4)
    aep_emulator.delete(ids[3])
    whole = json.dumps({"items": [each for each in aep_emulator.connections() if each["id"] != ids[2]]})
    aep_emulator.fault(Answer(status=200, body=whole), **LIST)
    assert [each.id for each in reads(*ids[:3])] == ids[:3]
    with pytest.raises(EntityGone):
        reads(ids[3])
    assert asked(aep_emulator, ids) == ["0", "list", "2", "3"]


def test_a_page_that_shows_less_than_a_get_is_not_used(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    hints = [{key: value for key, value in each.items() if key != "auth"} for each in aep_emulator.connections()]
    aep_emulator.fault(Answer(status=200, body=json.dumps({"items": hints})), **LIST)
    assert [each.shown["auth"]["specName"] for each in reads(*ids[:2])] == [
        "Connection String Based Authentication"
    ] * 2
    assert asked(aep_emulator, ids) == ["0", "list", "1"]


def test_what_is_listed_and_not_current_is_asked_for(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    reads(ids[0])
    found = [reads.reader.read(reads.collection(), each, lambda entity: entity.id != ids[1]) for each in ids[1:]]
    assert [each.id for each in found] == ids[1:]
    assert asked(aep_emulator, ids) == ["0", "list", "1"]


def test_where_listing_is_refused_they_are_read_one_by_one(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 4)
    aep_emulator.fault(Answer(status=403, body="{}"), **LIST, times=None)
    assert [each.id for each in reads(*ids)] == ids
    assert asked(aep_emulator, ids) == ["0", "list", "1", "2", "3"]


def test_pages_from_before_a_write_or_from_within_it_are_not_used(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 5)
    reads(*ids[:2])
    with reads.reader.writing():
        reads(*ids[2:4])
    reads(*ids[3:])
    assert asked(aep_emulator, ids) == ["0", "list", "2", "list", "3", "list"]


def test_a_write_that_fails_ends_what_was_listed_as_well(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 4)

    def write() -> None:
        with reads.reader.writing():
            reads(*ids[:2])
            raise LookupError

    with pytest.raises(LookupError):
        write()
    reads(*ids[2:])
    assert asked(aep_emulator, ids) == ["0", "list", "2", "list"]


def test_each_sandbox_has_pages_of_its_own(reads: Reads, aep_emulator: Emulator) -> None:
    ids = [*connections(aep_emulator, 2), *connections(aep_emulator, 2, "prod")]
    reads(*ids[:2])
    reads(*ids[2:], sandbox="prod")
    assert asked(aep_emulator, ids) == ["0", "list", "2", "list"]


def test_each_read_pays_for_one_page_and_the_last_one_ends_the_list(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 250)
    # The newest come first, so these are on the third page. Two reads have paid for two pages, the third for one more.
    assert [each.id for each in reads(*ids[:5])] == ids[:5]
    assert asked(aep_emulator, ids) == ["0", "list", "list", "1", "list"]
    aep_emulator.forget_requests()
    reads(ids[200], ids[200], ids[201])
    assert asked(aep_emulator, ids) == ["200"]


@pytest.mark.parametrize(
    ("limits", "requests"),
    [
        ({"burst_idle_seconds": -1.0}, ["0", "1", "2", "3"]),
        ({"max_burst_seconds": -1.0}, ["0", "1", "2", "3"]),
        ({"max_listed": 0}, ["0", "1", "2", "3"]),
        ({"max_pages_per_read": 0}, ["0", "1", "2", "3"]),
        ({"max_listed": 1}, ["0", "list"]),
        ({"max_pages_per_read": 1}, ["0", "list"]),
    ],
)
def test_past_each_of_its_limits_reads_ask_one_by_one(
    limits: dict[str, Any], requests: list[str], api: Api, aep_emulator: Emulator
) -> None:
    ids = connections(aep_emulator, 4)
    assert [each.id for each in Reads(api, **limits)(*ids)] == ids
    assert asked(aep_emulator, ids) == requests


def test_a_burst_ends_when_nothing_was_read_for_longer_than_five_seconds(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 5)
    reads(*ids[:2])
    reads.clock.forward(5.5)
    reads(*ids[2:4])
    reads.clock.forward(5)
    reads(ids[4])
    assert asked(aep_emulator, ids) == ["0", "list", "2", "list"]


def test_a_burst_ends_after_a_minute_however_closely_its_reads_follow(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 18)
    reads(*ids[:2])
    for each in ids[2:17]:
        reads.clock.forward(4)
        reads(each)
    reads.clock.forward(0.5)
    reads(ids[17])
    assert asked(aep_emulator, ids) == ["0", "list", "17"]


def test_a_burst_goes_on_while_a_read_is_under_way_and_for_five_seconds_after_it(
    reads: Reads, aep_emulator: Emulator
) -> None:
    ids = connections(aep_emulator, 4)

    def a_long_time_in_which_another_is_read(_: Entity) -> bool:
        reads.clock.forward(10)
        reads(ids[2])
        reads.clock.forward(10)
        return True

    reads(ids[0])
    with reads.slots:
        reads.reader.read(reads.collection(), ids[1], a_long_time_in_which_another_is_read)
    reads(ids[3])
    assert asked(aep_emulator, ids) == ["0", "list"]


def test_a_read_waits_for_no_more_pages_than_its_limit(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 250)
    Reads(api, max_pages_per_read=1)(*ids[:5])
    assert asked(aep_emulator, ids) == ["0", "list", "1", "list", "2", "list"]


def test_a_read_waits_for_no_more_pages_than_its_limit_whoever_fetches_them(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 350)
    reads = Reads(api, slots=1, max_pages_per_read=1)
    reads(ids[0])
    with ThreadPoolExecutor(1) as pool:
        waiting = WaitingRead(reads, ids[1], pool)
        read_while_listing(aep_emulator, reads, ids[2], waiting.begin)
        read_while_listing(aep_emulator, reads, ids[3], waiting.end)
    assert asked(aep_emulator, ids) == ["0", "list", "list", "2", "list", "1", "list", "3"]


def test_a_read_that_comes_back_late_from_its_last_page_fetches_no_other_one(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 350)
    reads = Reads(api, slots=1, max_pages_per_read=1)
    reads(ids[0])
    with ThreadPoolExecutor(1) as pool:
        waiting = WaitingRead(reads, ids[1], pool)
        read_while_listing(aep_emulator, reads, ids[2], waiting.begin)
        reads.without_slot(ids[3])
        waiting.end()
    assert asked(aep_emulator, ids) == ["0", "list", "list", "2", "list", "3", "1"]


def test_nothing_more_is_listed_while_enough_of_it_was_not_read(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 350)
    reads = Reads(api, max_listed=150)
    reads(*ids[:4])
    assert asked(aep_emulator, ids) == ["0", "list", "list", "1", "2", "3"]
    aep_emulator.forget_requests()
    # Two hundred of the newest were listed; with 149 of them it goes on.
    reads(*ids[-51:])
    reads(ids[100])
    assert asked(aep_emulator, ids) == ["list"]


def test_the_limits_are_those_that_the_page_about_refreshes_names() -> None:
    limits = ReadLimits()
    assert (limits.burst_idle_seconds, limits.max_burst_seconds) == (5, 60)
    assert (limits.max_pages_per_read, limits.max_listed) == (10, 5000)


def test_a_read_that_waits_for_a_page_lets_another_operation_go_on(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    reads = Reads(api, slots=2)
    reads(ids[0])
    aep_emulator.fault(Delay(seconds=1.5), **LIST)
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(reads.one, each) for each in ids[1:]]
        while not aep_emulator.requests(path="/connections")[1:]:
            assert not any(each.done() for each in under_way)
        assert reads.slots.acquire(timeout=30)
        reads.slots.release()
        assert [each.result(timeout=30).id for each in under_way] == ids[1:]
    assert asked(aep_emulator, ids) == ["0", "list"]
    assert [reads.slots.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_a_page_is_fetched_by_one_read_while_others_wait_for_it(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 250)
    reads = Reads(api, slots=1)
    reads(ids[0], ids[249])
    with ThreadPoolExecutor(1) as pool:
        waiting = WaitingRead(reads, ids[101], pool)
        read_while_listing(aep_emulator, reads, ids[100], waiting.begin)
        waiting.end()
    assert asked(aep_emulator, ids) == ["0", "list", "list", "list"]


def test_a_read_that_waits_for_a_page_looks_for_it_once(api: Api, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    reads = Reads(api, slots=1)
    reads(ids[0])
    with ThreadPoolExecutor(1) as pool:
        waiting = WaitingRead(reads, ids[1], pool)

        def another_read_waits() -> None:
            waiting.begin()
            waiting.go_on()

        read_while_listing(aep_emulator, reads, ids[2], another_read_waits)
        waiting.has_ended()
    assert asked(aep_emulator, ids) == ["0", "list", "list"]
    # After the first read, while the other one waited, by this test, and at its end.
    assert reads.slots.released == 4


def test_a_page_that_is_fetched_while_a_write_begins_is_no_answer(reads: Reads, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 3)
    reads(ids[0])
    aep_emulator.fault(Delay(seconds=1), **LIST)
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(reads.one, each) for each in ids[1:]]
        while not aep_emulator.faults()[0].hit:
            assert not any(each.done() for each in under_way)
        with reads.reader.writing():
            assert [each.result(timeout=30).id for each in under_way] == ids[1:]
    assert sorted(asked(aep_emulator, ids)) == ["0", "1", "2", "list"]
