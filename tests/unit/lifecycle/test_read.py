"""Reading many connections from a few pages of a list, in one process."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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

LIST: dict[str, Any] = {"method": "GET", "path": "/connections$"}
STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=of somebody"


class Reads:
    """Reads connections, each while it holds one of the slots."""

    def __init__(self, api: Api, slots: int = 4, **limits: Any) -> None:
        self._api = api
        self.slots = threading.Semaphore(slots)
        self.reader = EntityReader(POSTGRES, self.slots, ReadLimits(**limits))

    def collection(self, sandbox: str = "dev") -> Collection[Entity]:
        return self._api.flow_service(sandbox, Deadline(60)).collection("/connections", "connection")

    def __call__(self, *ids: str, sandbox: str = "dev") -> list[Entity]:
        return [self.one(each, sandbox) for each in ids]

    def one(self, connection_id: str, sandbox: str = "dev") -> Entity:
        with self.slots:
            return self.reader.read(self.collection(sandbox), connection_id)


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
