"""The state machine by itself: entities, time, the journal. No HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep.emulator.clock import SteppedClock, SystemClock
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.limits import RateLimiter
from pulumi_adobe_aep.emulator.organizations import RateLimit
from pulumi_adobe_aep.emulator.store.entities import Author, Entity, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore
from pulumi_adobe_aep.emulator.store.journal import MemoryJournal, SqliteJournal

if TYPE_CHECKING:
    from pathlib import Path

START = 1_800_000_000_000
DEV = Place("A@AdobeOrg", "1", "dev")
STAGE = Place("A@AdobeOrg", "2", "stage")
ME, YOU = Author("me", "me"), Author("you", "you")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def store(clock: SteppedClock) -> EntityStore:
    return EntityStore(clock, Identifiers(1), MemoryJournal())


def current(store: EntityStore, entity: Entity) -> Entity:
    found = store.get(entity.kind, entity.place, entity.id)
    assert found is not None
    return found


def test_an_entity_settles_when_its_time_has_come_and_not_before(store: EntityStore, clock: SteppedClock) -> None:
    entity = store.add("connections", DEV, ME, {}, settle_after=2000)
    clock.advance(1999)
    assert current(store, entity).state == "initializing"
    clock.advance(1)
    settled = current(store, entity)
    assert settled.state == "enabled"
    assert settled.etag != entity.etag
    assert settled.updated_at == entity.updated_at


def test_a_settled_etag_does_not_depend_on_who_looks_when() -> None:
    def run(looks: list[int]) -> str:
        clock = SteppedClock(START)
        store = EntityStore(clock, Identifiers(1), MemoryJournal())
        entity = store.add("connections", DEV, ME, {}, settle_after=2000)
        for milliseconds in looks:
            clock.advance(milliseconds)
            current(store, entity)
        return current(store, entity).etag

    assert run([2000]) == run([500, 500, 9000]) == run([60_000])


def test_a_change_while_initializing_does_not_stop_the_settling(store: EntityStore, clock: SteppedClock) -> None:
    entity = store.add("connections", DEV, ME, {}, settle_after=2000)
    clock.advance(1000)
    changed = store.update(entity, YOU, fields={"name": "x"})
    assert changed.state == "initializing"
    clock.advance(1000)
    settled = current(store, entity)
    assert (settled.state, settled.fields) == ("enabled", {"name": "x"})
    assert settled.etag != changed.etag


def test_a_change_notes_who_and_when(store: EntityStore, clock: SteppedClock) -> None:
    entity = store.add("connections", DEV, ME, {})
    clock.advance(5000)
    changed = store.update(entity, YOU, fields={})
    assert (changed.created, changed.updated) == (ME, YOU)
    assert (changed.created_at, changed.updated_at) == (START, START + 5000)
    assert changed.operation == "update"


def test_an_overwrite_notes_neither(store: EntityStore, clock: SteppedClock) -> None:
    entity = store.add("connections", DEV, ME, {})
    clock.advance(5000)
    overwritten = store.overwrite(entity)
    assert (overwritten.updated, overwritten.updated_at) == (ME, START)
    assert overwritten.etag != entity.etag


def test_an_accepted_deletion_takes_its_time(store: EntityStore, clock: SteppedClock) -> None:
    entity = store.add("connections", DEV, ME, {})
    store.remove(entity, after=3000)
    clock.advance(2999)
    assert current(store, entity).state == "delete-finalizing"
    clock.advance(1)
    assert store.get("connections", DEV, entity.id) is None
    assert list(store.all("connections", DEV)) == []


def test_places_and_kinds_are_apart(store: EntityStore) -> None:
    entity = store.add("connections", DEV, ME, {})
    assert store.get("connections", STAGE, entity.id) is None
    assert store.get("flows", DEV, entity.id) is None
    assert list(store.all("connections", STAGE)) == []
    assert list(store.all("connections")) == [entity]


@given(st.lists(st.sampled_from(["update", "overwrite", "wait", "look"]), max_size=12))
def test_every_write_gives_an_etag_that_was_never_there_before(steps: list[str]) -> None:
    clock = SteppedClock(START)
    store = EntityStore(clock, Identifiers(1), MemoryJournal())
    entity = store.add("connections", DEV, ME, {}, settle_after=2000)
    etags = [entity.etag]
    for step in steps:
        if step == "wait":
            clock.advance(1500)
        entity = current(store, entity)
        if entity.etag != etags[-1]:
            etags.append(entity.etag)
        if step == "update":
            entity = store.update(entity, ME, fields={})
            etags.append(entity.etag)
        elif step == "overwrite":
            entity = store.overwrite(entity)
            etags.append(entity.etag)
    assert len(set(etags)) == len(etags)


def test_a_document_gives_the_entity_back(store: EntityStore) -> None:
    entity = store.add("connections", DEV, ME, {"name": "ü", "nested": {"a": [1, None]}}, settle_after=10)
    assert Entity.from_document(entity.document()) == entity


def test_a_journal_on_disk_gives_everything_back_in_order(tmp_path: Path, clock: SteppedClock) -> None:
    journal = SqliteJournal(tmp_path / "a.sqlite")
    store = EntityStore(clock, Identifiers(), journal)
    entities = [store.add("connections", DEV, ME, {"name": str(number)}) for number in range(5)]
    store.remove(entities[1])
    changed = store.update(entities[0], YOU, fields={"name": "changed"})
    journal.note("key", "one")
    journal.note("key", "two")
    journal.close()
    journal = SqliteJournal(tmp_path / "a.sqlite")
    again = EntityStore(clock, Identifiers(), journal)
    assert list(again.all("connections")) == [changed, *entities[2:]]
    assert (journal.noted("key"), journal.noted("nothing")) == ("two", None)
    journal.close()


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second, other = Identifiers(1), Identifiers(1), Identifiers(2)
    assert [first.uuid(), first.hexadecimal(24)] == [second.uuid(), second.hexadecimal(24)]
    assert other.uuid() != Identifiers(1).uuid()
    assert len(Identifiers().hexadecimal(24)) == 24


def test_a_stepped_clock_moves_with_the_requests() -> None:
    clock = SteppedClock(START, 250)
    assert clock.now() == clock.now() == START
    clock.begin_request()
    assert clock.now() == START + 250


def test_the_system_clock_can_be_put_forward() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.begin_request()
    clock.advance(10_000)
    assert 10_000 <= clock.now() - before < 60_000


def test_a_rate_limit_is_a_window_that_slides() -> None:
    limiter, limit = RateLimiter(), RateLimit(requests=2, seconds=10)
    assert [limiter.wait("a", limit, now) for now in (0, 4000, 5000)] == [0, 0, 5]
    assert limiter.wait("b", limit, 5000) == 0
    assert [limiter.wait("a", limit, now) for now in (10_000, 10_001, 14_000)] == [0, 4, 0]
    assert limiter.wait("a", None, 14_000) == 0
