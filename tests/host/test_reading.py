"""Many reads in one process come from a few pages of a list, and are never wrong because of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.emulator.request_log import LoggedRequest
from tests.support.host import Adapter, Connected, Host, Wire, running

CONNECTION_STRING = "Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password=of somebody"
LIST = r"/connections$"
ONE = "/connections/"


@pytest.fixture
def host(aep_emulator: Emulator, tmp_path: Path, adapter: Adapter) -> Iterator[Host]:
    with running(aep_emulator.environment(), tmp_path, adapter) as host:
        yield host


def connections(emulator: Emulator, number: int, sandbox: str = "dev") -> list[str]:
    """Make connections as somebody else would, oldest first, and return their ids."""
    return [
        str(emulator.create_connection(f"crm-{index}", CONNECTION_STRING, sandbox=sandbox)["id"])
        for index in range(number)
    ]


def recorded(connection_id: str, sandbox: str = "dev") -> Wire:
    """Return what a state holds, as far as a read needs it."""
    return {"connectionId": connection_id, "sandboxName": sandbox}


def read_all(host: Host, ids: Sequence[str], sandbox: str = "dev", *, parallel: int = 16) -> list[Connected]:
    with ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(lambda each: host.read(each, recorded(each, sandbox)), ids))


def asked(emulator: Emulator) -> list[LoggedRequest]:
    return [request for request in emulator.requests() if "/ims/" not in request.path]


def lists(emulator: Emulator) -> list[LoggedRequest]:
    return [request for request in asked(emulator) if request.path.endswith("/connections")]


def test_the_read_of_one_connection_costs_a_token_and_one_get(host: Host, aep_emulator: Emulator) -> None:
    (only,) = connections(aep_emulator, 1)

    assert host.read(only, recorded(only)).id == only

    paths = [(request.method, request.path) for request in aep_emulator.requests()]
    assert paths == [("POST", "/ims/token/v3"), ("GET", f"/data/foundation/flowservice/connections/{only}")]


def test_a_refresh_of_500_connections_costs_at_most_10_requests_and_a_token_however_parallel_it_is(
    aep_emulator: Emulator, tmp_path: Path, adapter: Adapter
) -> None:
    ids = connections(aep_emulator, 500)
    shown = {each["id"]: each for each in aep_emulator.connections("dev")}
    for parallel, at_once in ((1, 16), (4, 16), (16, 16), (64, 16), (64, 1)):
        aep_emulator.forget_requests()
        environment = {**aep_emulator.environment(), "AEP_MAX_CONCURRENCY": str(at_once)}
        with running(environment, tmp_path, adapter) as host:
            found = read_all(host, ids, parallel=parallel)

        assert [each.id for each in found] == ids
        assert [each.outputs["name"] for each in found] == [shown[each]["name"] for each in ids]
        assert len(asked(aep_emulator)) <= 10
        assert len(aep_emulator.requests(path="/ims/token")) == 1
        assert all(
            f"connectionSpec.id%3D%3D{POSTGRESQL_SPEC_ID}" in request.query and "limit=100" in request.query
            for request in lists(aep_emulator)
        )


def test_what_comes_from_a_page_is_what_a_get_gives(host: Host, aep_emulator: Emulator) -> None:
    first, second, third = connections(aep_emulator, 3)
    aep_emulator.change(third, fields={"description": "changed by hand"}, state="disabled")

    host.read(first, recorded(first))
    from_pages = [host.read(each, recorded(each)) for each in (second, third)]
    # A page is used once, so these are read one by one.
    from_gets = [host.read(each, recorded(each)) for each in (second, third)]

    assert from_pages == from_gets
    assert from_pages[1].outputs["description"] == "changed by hand"
    kinds = ["GET" if ONE in request.path else "list" for request in asked(aep_emulator)]
    assert kinds == ["GET", "list", "GET", "GET"]


def test_a_connection_that_no_page_shows_is_gone_only_when_a_get_says_so(host: Host, aep_emulator: Emulator) -> None:
    first, second, gone, elsewhere = connections(aep_emulator, 4)
    aep_emulator.delete(gone)
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)
    whole = json.dumps({"items": [each for each in aep_emulator.connections("dev") if each["id"] != elsewhere]})
    aep_emulator.fault(Answer(status=200, body=whole), path=LIST)

    found = [host.read(each, recorded(each)) for each in (first, second, gone, elsewhere)]

    assert [each.id for each in found] == [first, second, "", elsewhere]
    assert [request.path.rpartition("/")[2] for request in asked(aep_emulator)] == [
        first,
        "connections",
        gone,
        elsewhere,
    ]


@pytest.mark.parametrize("write", ["create", "update", "delete"])
def test_no_read_after_a_write_of_this_process_uses_a_page_from_before_it(
    host: Host, aep_emulator: Emulator, write: str
) -> None:
    first, second, third, mine = connections(aep_emulator, 4)
    auth = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": "mine"}
    inputs = {"name": "mine", "sandboxName": "dev", "auth": auth}
    for each in (first, second):
        host.read(each, recorded(each))
    assert len(lists(aep_emulator)) == 1
    aep_emulator.change(third, fields={"description": "changed meanwhile"})

    if write == "create":
        host.create(inputs)
    elif write == "update":
        host.update(mine, {**recorded(mine), "name": "crm-3"}, inputs)
    else:
        host.delete(mine, recorded(mine))

    assert host.read(third, recorded(third)).outputs["description"] == "changed meanwhile"


def test_each_sandbox_has_pages_of_its_own(host: Host, aep_emulator: Emulator) -> None:
    in_dev, in_prod = connections(aep_emulator, 3, "dev"), connections(aep_emulator, 3, "prod")

    found = [*read_all(host, in_dev, "dev", parallel=1), *read_all(host, in_prod, "prod", parallel=1)]

    assert [each.id for each in found] == [*in_dev, *in_prod]
    assert [each.outputs["sandboxName"] for each in found] == ["dev"] * 3 + ["prod"] * 3
    assert [request.sandbox for request in lists(aep_emulator)] == ["dev", "prod"]


def test_where_listing_is_refused_connections_are_read_one_by_one(host: Host, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 5)
    aep_emulator.fault(Answer(status=403), path=LIST, times=None)

    assert [each.id for each in read_all(host, ids)] == ids

    assert len(lists(aep_emulator)) == 1


def test_a_page_that_shows_less_than_a_get_is_not_used(host: Host, aep_emulator: Emulator) -> None:
    first, second = connections(aep_emulator, 2)
    hints = [{key: value for key, value in each.items() if key != "auth"} for each in aep_emulator.connections("dev")]
    aep_emulator.fault(Answer(status=200, body=json.dumps({"items": hints, "_links": {}})), path=LIST)

    found = [host.read(each, recorded(each)) for each in (first, second)]

    assert [each.outputs["authSpecName"] for each in found] == ["Connection String Based Authentication"] * 2
    assert [request.path.rpartition("/")[2] for request in asked(aep_emulator)] == [first, "connections", second]


def test_a_few_reads_in_a_large_sandbox_never_cost_more_than_twice_as_many_requests(
    host: Host, aep_emulator: Emulator
) -> None:
    mine = connections(aep_emulator, 3)
    connections(aep_emulator, 450)

    assert [each.id for each in read_all(host, mine)] == mine

    assert len(asked(aep_emulator)) <= 2 * len(mine)


def test_reads_at_the_same_time_wait_for_one_page_instead_of_asking_each(host: Host, aep_emulator: Emulator) -> None:
    ids = connections(aep_emulator, 40)
    aep_emulator.latency(200)

    assert [each.id for each in read_all(host, ids)] == ids

    assert len(asked(aep_emulator)) == 2


def test_between_writes_and_reads_of_many_threads_no_read_sees_what_was_before_a_write(
    host: Host, aep_emulator: Emulator
) -> None:
    ids = connections(aep_emulator, 24)
    auth = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": "mine"}

    def write_then_read(connection_id: str) -> object:
        inputs = {"name": "crm", "sandboxName": "dev", "auth": auth, "description": f"of {connection_id}"}
        written = host.update(connection_id, recorded(connection_id), inputs)
        return host.read(connection_id, written).outputs["description"]

    def only_read(connection_id: str) -> object:
        return host.read(connection_id, recorded(connection_id)).id

    with ThreadPoolExecutor(16) as pool:
        writers = [pool.submit(write_then_read, each) for each in ids[:12]]
        readers = [pool.submit(only_read, each) for each in [*ids[12:], *ids[12:], *ids[12:]]]
        assert [each.result() for each in writers] == [f"of {each}" for each in ids[:12]]
        assert [each.result() for each in readers] == ids[12:] * 3
