"""Exactly one create: what is adopted, what is repeated, and what stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Delay, Drop, Truncate
from tests.faults.messages import assert_plain
from tests.faults.scenario import SECRETS
from tests.faults.scenarios import POSTGRESQL
from tests.faults.scene import StartHost, assert_agree
from tests.support.host import Connected, Host, failure

LIST = r"/connections$"
NAMELESS = {"connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}}


@pytest.fixture
def host(aep_emulator: Emulator, tmp_path: Path, start_host: StartHost) -> Iterator[Host]:
    """Run a provider process."""
    with start_host(aep_emulator.environment(), tmp_path / "provider.log") as host:
        yield host


@pytest.fixture
def real_time_host(aep_emulator: Emulator, tmp_path: Path, start_host: StartHost) -> Iterator[Host]:
    """Run a provider process that waits as long as one of a user."""
    with start_host(aep_emulator.environment(), tmp_path / "real-time.log", is_fast=False) as host:
        yield host


@pytest.fixture
def hasty_host(aep_emulator: Emulator, tmp_path: Path, start_host: StartHost) -> Iterator[Host]:
    """Run a provider process with a time limit too short for looking twice."""
    with start_host({**aep_emulator.environment(), "AEP_TIMEOUT": "3"}, tmp_path / "hasty.log") as host:
        yield host


def create(host: Host, **others: Any) -> Connected:
    return host.create(POSTGRESQL.inputs({}, **others))


def posts(emulator: Emulator) -> int:
    return len(emulator.requests("POST", "/connections"))


def made_by_this_client(emulator: Emulator, **fields: object) -> str:
    """Make a connection as another process with the same credentials would."""
    auth = {"specName": "Connection String Based Authentication", "params": {"connectionString": "Server=x"}}
    fields = {"name": "crm", "auth": auth, **NAMELESS, **fields}
    return str(emulator.create(fields, by=emulator.client_id)["id"])


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition of the emulator's."""
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit, "it never came about"
        time.sleep(0.01)


def while_creating(host: Host, then: Callable[[], None]) -> Future[Connected]:
    """Create, and do something else while that is under way."""
    with ThreadPoolExecutor(1) as pool:
        created = pool.submit(create, host)
        then()
        return created


def failed(created: Future[Connected]) -> str:
    text = failure(created.result)
    assert_plain(text, SECRETS)
    return text


@pytest.mark.parametrize("year", [2020, 2040])
def test_only_the_services_own_clock_counts(year: int, host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.seed(time_ms=int((year - 1970) * 365.25 * 86_400_000))
    aep_emulator.fault(Drop(when="after"), method="POST", path=LIST)

    created = create(host)

    assert posts(aep_emulator) == 1
    assert_agree(aep_emulator, created.outputs)


def test_what_is_older_somebody_elses_or_known_is_not_adopted(host: Host, aep_emulator: Emulator) -> None:
    older = made_by_this_client(aep_emulator)
    aep_emulator.advance(60)
    known = create(host).id
    by_the_ui = aep_emulator.create_connection("crm", "Server=x")["id"]
    aep_emulator.fault(Drop(when="before"), method="POST", path=LIST)

    created = create(host)

    assert created.id not in (older, known, by_the_ui)
    assert {each["id"] for each in aep_emulator.connections()} == {older, known, by_the_ui, created.id}


def test_several_stop_with_their_ids_and_the_command_that_takes_one_over(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Drop(when="after"), method="POST", path=LIST)
    aep_emulator.fault(Delay(seconds=3), method="GET", path=LIST)

    def another_one() -> None:
        until(lambda: posts(aep_emulator) == 1)
        made_by_this_client(aep_emulator)

    text = failed(while_creating(host, another_one))

    ids = [str(each["id"]) for each in aep_emulator.connections()]
    assert len(ids) == 2
    assert text.removeprefix("pulumi_adobe_aep.").startswith(
        "AmbiguousEntities: 2 connections were created as 'crm' in sandbox dev"
    )
    assert all(each in text for each in ids)
    commands = (
        [f"pulumi import {host.adapter.resource_type} crm {each}, with AEP_SANDBOX_NAME=dev" for each in ids]
        if host.adapter.imports
        else [f"pulumi-adobe-aep import {each} --name crm --sandbox dev" for each in ids]
    )
    assert any(command in text for command in commands)


@pytest.mark.parametrize(
    "fields",
    [{"description": "another"}, {"auth": {"specName": "Basic Authentication", "params": {"server": "x"}}}],
    ids=["another description", "another kind of auth"],
)
def test_one_that_may_be_somebody_elses_is_neither_adopted_nor_doubled(
    fields: dict[str, object], host: Host, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(Drop(when="before"), method="POST", path=LIST)
    aep_emulator.fault(Delay(seconds=3), method="GET", path=LIST)

    def another_one() -> None:
        until(lambda: posts(aep_emulator) == 1)
        made_by_this_client(aep_emulator, **fields)

    text = failed(while_creating(host, another_one))

    (only,) = aep_emulator.connections()
    assert text.removeprefix("pulumi_adobe_aep.").startswith(
        "AmbiguousEntities: A connection was created as 'crm' in sandbox dev"
    )
    assert str(only["id"]) in text


def test_the_head_of_a_cut_off_response_names_the_connection(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Truncate(keep=0), method="POST", path=LIST)

    created = create(host)

    sent = [(each.method, each.path.rpartition("/")[2]) for each in aep_emulator.requests(path="/connections")]
    assert sent == [("POST", "connections"), ("GET", created.id)]
    assert_agree(aep_emulator, created.outputs)


def test_a_created_that_is_not_shown_is_not_created_again(host: Host, aep_emulator: Emulator) -> None:
    ghost = "11111111-2222-3333-4444-555555555555"
    aep_emulator.fault(
        Answer(status=201, headers={"Location": f"/connections/{ghost}"}, body=""), method="POST", path=LIST
    )

    text = failure(create, host)

    assert posts(aep_emulator) == 1
    assert text.removeprefix("pulumi_adobe_aep.").startswith("OutcomeUnknown: ")
    assert ghost in text
    assert "connections --orphans" in text


def test_looking_that_fails_says_how_to_find_it(hasty_host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Drop(when="after"), method="POST", path=LIST)
    aep_emulator.fault(Answer(status=500), method="GET", path=LIST, times=None)

    text = failure(create, hasty_host)

    assert_plain(text, SECRETS)
    assert len(aep_emulator.connections()) == 1
    assert posts(aep_emulator) == 1
    assert text.removeprefix("pulumi_adobe_aep.").startswith("OutcomeUnknown: ")
    assert "Whether the connection 'crm' exists in sandbox dev is not known." in text
    assert "pulumi-adobe-aep connections --orphans --sandbox dev" in text


def test_a_request_that_is_handled_late_after_all_stops_with_both_ids(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Drop(when="before"), method="POST", path=LIST)
    aep_emulator.fault(Delay(when="after", seconds=3), method="POST", path=LIST)

    def handle_it_late() -> None:
        until(lambda: posts(aep_emulator) == 2)
        made_by_this_client(aep_emulator)

    text = failed(while_creating(host, handle_it_late))

    assert len(aep_emulator.connections()) == 2
    assert all(str(each["id"]) in text for each in aep_emulator.connections())


def test_what_was_created_is_kept_when_the_last_look_fails(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Drop(when="before"), method="POST", path=LIST)
    aep_emulator.fault(Delay(when="after", seconds=3), method="POST", path=LIST)

    def break_lists() -> None:
        until(lambda: posts(aep_emulator) == 2)
        aep_emulator.fault(Answer(status=500), method="GET", path=LIST, times=None)

    created = while_creating(host, break_lists).result()

    assert_agree(aep_emulator, created.outputs)
    assert "created twice could not be found out" in host.log()
    assert "connections --orphans" in host.log()


def test_an_outage_ends_after_three_attempts_and_says_that_nothing_was_created(
    host: Host, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(Answer(status=502, body="<html>"), method="POST", path=LIST, times=None)

    text = failure(create, host)

    assert_plain(text, SECRETS)
    assert posts(aep_emulator) == 3
    assert aep_emulator.connections() == []
    assert text.removeprefix("pulumi_adobe_aep.").startswith("ServiceUnavailable: Creating the connection 'crm' failed")
    assert "The connection 'crm' was not created." in text


def test_a_503_is_left_alone_for_as_long_as_it_asks(real_time_host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Answer(status=503, headers={"Retry-After": "13"}), method="POST", path=LIST)

    created = create(real_time_host)

    first, second = aep_emulator.requests("POST", "/connections")
    assert second.time - first.time >= 13_000
    assert_agree(aep_emulator, created.outputs)


def test_connections_of_one_name_are_never_mistaken_for_each_other(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Drop(when="after"), method="POST", path=LIST, times=2)

    created = host.create_all([POSTGRESQL.inputs({}) for _ in range(4)])

    ids = {each.id for each in created}
    assert len(ids) == 4
    assert ids == {each["id"] for each in aep_emulator.connections()}
