"""Eventual consistency: reads that lag behind writes, with the option for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_adobe_aep.emulator.client import EmulatorError, running_emulator
from pulumi_adobe_aep.emulator.clock import SteppedClock
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.store.entities import Author, Place
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore
from pulumi_adobe_aep.emulator.store.journal import MemoryJournal
from pulumi_adobe_aep.emulator.store.replicas import Replicas, Replication
from tests.emulator.api import Api, basic_auth, code, connection_body
from tests.emulator.test_chain import Chain

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

HOUR = 3600
"""Longer than any test: a lag that only ends when the clock is put forward."""
RENAMED = {"op": "replace", "path": "/name", "value": "renamed"}


@pytest.fixture
def lagging(emulator: Emulator, api: Api) -> Api:
    """A client of an emulator with two replicas, the first of which is an hour behind."""
    emulator.switch(read_lag_seconds=HOUR, settle_seconds=0)
    return api


def create(api: Api, **changes: Any) -> dict[str, str]:
    response = api.post("/connections", connection_body(**changes))
    assert response.status_code == 201, response.text
    return dict(response.json())


def statuses(api: Api, path: str, times: int = 4) -> list[int]:
    return [api.get(path).status_code for _ in range(times)]


def test_by_default_every_read_sees_every_write(api: Api) -> None:
    created = create(api)
    path = f"/connections/{created['id']}"
    assert statuses(api, path) == [200] * 4
    assert api.patch(path, [RENAMED], api.connection(created["id"])["etag"]).status_code == 200
    assert {api.connection(created["id"])["name"] for _ in range(4)} == {"renamed"}
    assert api.delete(path).status_code == 204
    assert statuses(api, path) == [404] * 4


def test_after_a_create_every_second_read_finds_nothing(emulator: Emulator, lagging: Api) -> None:
    path = f"/connections/{create(lagging)['id']}"
    response = lagging.get(path)
    assert (response.status_code, code(response)) == (404, "1439-404")
    assert statuses(lagging, path) == [200, 404, 200, 404]
    emulator.advance(HOUR)
    assert statuses(lagging, path) == [200] * 4


def test_after_an_update_every_second_read_is_the_old_version(emulator: Emulator, lagging: Api) -> None:
    created = create(lagging)
    connection_id = created["id"]
    emulator.advance(HOUR)
    changed = lagging.patch(f"/connections/{connection_id}", [RENAMED], created["etag"])
    assert changed.status_code == 200, changed.text
    seen = [lagging.connection(connection_id) for _ in range(4)]
    assert [each["name"] for each in seen] == ["crm", "renamed", "crm", "renamed"]
    assert [each["etag"] for each in seen[:2]] == [created["etag"], changed.json()["etag"]]
    emulator.advance(HOUR)
    assert {lagging.connection(connection_id)["name"] for _ in range(4)} == {"renamed"}


def test_after_a_delete_every_second_read_still_finds_it(emulator: Emulator, lagging: Api) -> None:
    path = f"/connections/{create(lagging)['id']}"
    emulator.advance(HOUR)
    assert lagging.delete(path).status_code == 204
    assert statuses(lagging, path) == [200, 404, 200, 404]
    emulator.advance(HOUR)
    assert statuses(lagging, path) == [404] * 4


def test_lists_counts_and_searches_lag_as_well(emulator: Emulator, lagging: Api) -> None:
    first = create(lagging, name="first")["id"]
    emulator.advance(HOUR)
    create(lagging, name="second")
    assert [sorted(lagging.names()) for _ in range(3)] == [["first"], ["first", "second"], ["first"]]
    lagging.delete(f"/connections/{first}")
    assert [sorted(lagging.names()) for _ in range(3)] == [["first"], ["second"], ["first"]]
    emulator.advance(HOUR)
    create(lagging, name="third")
    counts = [lagging.get("/connections", count="true").json()["count"] for _ in range(4)]
    assert counts == [1, 2, 1, 2]
    found = [len(lagging.post("/connections/search", {}).json()["items"]) for _ in range(2)]
    assert found == [1, 2]


def test_the_first_read_after_each_write_is_of_the_first_replica(lagging: Api) -> None:
    created = create(lagging)
    path = f"/connections/{created['id']}"
    assert statuses(lagging, path, 3) == [404, 200, 404]
    assert lagging.patch(path, [RENAMED], created["etag"]).status_code == 200
    assert statuses(lagging, path, 2) == [404, 200]


def test_the_reads_of_one_entity_do_not_depend_on_those_of_another(lagging: Api) -> None:
    first, second = (f"/connections/{create(lagging)['id']}" for _ in range(2))
    assert statuses(lagging, first, 1) == [404]
    assert statuses(lagging, second, 2) == [404, 200]
    assert statuses(lagging, first, 1) == [200]


def test_writes_see_every_write(lagging: Api) -> None:
    created = create(lagging)
    path = f"/connections/{created['id']}"
    changed = lagging.patch(path, [RENAMED], created["etag"])
    assert changed.status_code == 200, changed.text
    assert code(lagging.patch(path, [RENAMED], created["etag"])) == "1404-412"
    assert lagging.delete(path).status_code == 204
    assert code(lagging.delete(path)) == "1439-404"


def test_test_and_explore_find_the_connection_as_a_replica_shows_it(lagging: Api) -> None:
    path = f"/connections/{create(lagging)['id']}"
    assert statuses(lagging, f"{path}/test", 2) == [404, 200]
    assert code(lagging.get(f"{path}/explore", objectType="root")) == "1439-404"
    assert code(lagging.get(f"{path}/explore", objectType="root")) == "1308-400"


def test_a_test_after_a_change_may_still_use_the_old_credentials(emulator: Emulator, lagging: Api) -> None:
    emulator.switch(secrets="plain")
    created = create(lagging)
    emulator.advance(HOUR)
    change = {
        "op": "replace",
        "path": "/auth/params",
        "value": {"connectionString": "Server=b;Database=c;Port=1;UID=d;Password=e"},
    }
    assert lagging.patch(f"/connections/{created['id']}", [change], created["etag"]).status_code == 200
    shown = [lagging.connection(created["id"])["auth"]["params"]["connectionString"] for _ in range(2)]
    assert [text.partition(";")[0] for text in shown] == ["Server=127.0.0.1", "Server=b"]


def test_every_kind_of_entity_lags(emulator: Emulator, api: Api) -> None:
    chain = Chain.make(api)
    emulator.switch(read_lag_seconds=HOUR)
    flow = chain.flow()
    assert statuses(api, f"/flows/{flow}", 2) == [404, 200]
    for kind, entity_id in (("sourceConnections", chain.source), ("targetConnections", chain.target)):
        emulator.change(entity_id, kind=kind, fields={"name": "renamed"})  # type: ignore[arg-type]
        first, second = (api.item(f"/{kind}/{entity_id}") for _ in range(2))
        assert first["name"] != "renamed" == second["name"]


def test_more_replicas_may_lag_and_all_may(emulator: Emulator, lagging: Api) -> None:
    emulator.switch(replicas=3, lagging_replicas=2)
    assert statuses(lagging, f"/connections/{create(lagging)['id']}", 6) == [404, 404, 200, 404, 404, 200]
    emulator.switch(replicas=1, lagging_replicas=1)
    path = f"/connections/{create(lagging)['id']}"
    assert statuses(lagging, path) == [404] * 4
    emulator.advance(HOUR)
    assert statuses(lagging, path) == [200] * 4


def test_what_time_alone_changes_is_seen_late_as_well(emulator: Emulator, api: Api) -> None:
    emulator.switch(read_lag_seconds=HOUR, settle_seconds=10)
    connection_id = create(api)["id"]
    emulator.advance(HOUR + 5)
    assert {api.connection(connection_id)["state"] for _ in range(2)} == {"initializing", "enabled"}
    emulator.advance(HOUR)
    assert {api.connection(connection_id)["state"] for _ in range(2)} == {"enabled"}


def test_switching_the_lag_off_shows_everything_at_once(emulator: Emulator, lagging: Api) -> None:
    path = f"/connections/{create(lagging)['id']}"
    emulator.switch(read_lag_seconds=0)
    assert statuses(lagging, path) == [200] * 4


def test_the_control_api_sees_every_write(emulator: Emulator, lagging: Api) -> None:
    connection_id = create(lagging)["id"]
    assert [[each["id"] for each in emulator.connections()] for _ in range(3)] == [[connection_id]] * 3


def test_a_reset_ends_the_lag(emulator: Emulator, lagging: Api) -> None:
    create(lagging)
    emulator.reset()
    fresh = Api.of(emulator)
    assert statuses(fresh, f"/connections/{create(fresh)['id']}") == [200] * 4


def test_the_lag_is_an_option_of_the_command_line() -> None:
    with running_emulator(["--read-lag-seconds", str(HOUR), "--replicas", "3"]) as emulator:
        api = Api.of(emulator)
        assert statuses(api, f"/connections/{create(api)['id']}") == [404, 200, 200, 404]


def test_there_is_at_least_one_replica(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="replicas is a number, 1 or more"):
        emulator.switch(replicas=0)


def test_the_next_read_of_one_connection_can_be_made_to_find_nothing(emulator: Emulator, api: Api) -> None:
    hidden, other = api.create("hidden"), api.create("other", auth=basic_auth())
    emulator.hide(hidden)
    assert statuses(api, f"/connections/{other}", 1) == [200]
    response = api.get(f"/connections/{hidden}")
    assert (response.status_code, code(response)) == (404, "1439-404")
    assert response.json()["report"] == {
        "detailed-message": f"The requested connections resource {hidden} is not found. "
        "Verify the resource ID before trying again.",
        "id": hidden,
        "type": "connections",
        "request-id": response.headers["x-request-id"],
    }
    assert statuses(api, f"/connections/{hidden}", 1) == [200]


def test_a_request_that_names_no_entity_passes_the_fault_that_hides_them(emulator: Emulator, api: Api) -> None:
    emulator.hide("", times=None)
    assert api.get("/connections").status_code == 200


def test_what_no_replica_shows_any_more_is_forgotten() -> None:
    clock = SteppedClock(1_800_000_000_000)
    store = EntityStore(clock, Identifiers(1), MemoryJournal())
    replicas = Replicas()
    replicas.use(Replication(lag=1000, replicas=1))
    for _ in range(50):
        entity = store.add("connections", Place("A@AdobeOrg", "1", "dev"), Author("me", "me"), {})
        replicas.record(None, entity, clock.now())
        clock.advance(600)
        replicas.record(entity, None, clock.now())
        assert entity.id in replicas.recently_written("connections")
        assert len(replicas.recently_written("connections")) <= 3
        clock.advance(600)
