"""Reading soon after a write: a 404 and an older version are not believed at once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import DeadlineExceeded, EntityGone
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.consistency import VISIBILITY_SECONDS, RecentWrite, format_time, parse_time
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import FastClock, StandingClock
from tests.support.declarations import PARTS

NOT_FOUND = Answer(status=404, body='{"type": "https://ns.adobe.com/aep/errors/FLOW-1439-404", "title": "Not found"}')
DECLARED: dict[str, Any] = {"name": "crm", "description": "first", "auth": PARTS}


@pytest.fixture
def lifecycle(settings: Settings, clock: FastClock) -> Lifecycle:
    return Lifecycle(Planner(POSTGRES, settings), Process(settings, {}, clock))


@pytest.fixture
def created(lifecycle: Lifecycle) -> State:
    return lifecycle.create(DECLARED)


def connection_id(state: State) -> str:
    return state.string("connectionId")


Operation = Callable[[Lifecycle, State], object]
OPERATIONS: list[Operation] = [
    lambda lifecycle, state: lifecycle.read(connection_id(state), state),
    lambda lifecycle, state: lifecycle.update(connection_id(state), state, {**DECLARED, "description": "second"}),
    lambda lifecycle, state: lifecycle.delete(connection_id(state), state),
]
NAMES = ["read", "update", "delete"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_a_404_soon_after_a_create_is_asked_again(
    operation: Operation, lifecycle: Lifecycle, created: State, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(NOT_FOUND, path="/connections/", times=3)
    operation(lifecycle, created)
    left = {each["id"]: each.get("description") for each in aep_emulator.connections()}
    assert left in ({connection_id(created): "first"}, {connection_id(created): "second"}, {})
    assert bool(left) is (operation is not OPERATIONS[2])


def test_a_refresh_soon_after_a_create_keeps_the_connection(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator, clock: FastClock
) -> None:
    aep_emulator.fault(NOT_FOUND, method="GET", path="/connections/", times=3)
    found = lifecycle.read(connection_id(created), created)
    assert found is not None
    assert clock.slept[0] == 0.5


def test_a_404_counts_when_the_window_has_passed(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator, clock: FastClock
) -> None:
    aep_emulator.delete(connection_id(created))
    assert lifecycle.read(connection_id(created), created) is None
    assert VISIBILITY_SECONDS <= sum(clock.slept) <= VISIBILITY_SECONDS + 2


def test_a_404_counts_at_once_when_the_last_write_is_long_ago(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator, clock: FastClock
) -> None:
    aep_emulator.delete(connection_id(created))
    aep_emulator.advance(60)
    assert lifecycle.read(connection_id(created), created) is None
    assert clock.slept == []


def test_without_the_time_to_ask_again_nothing_is_believed(
    settings: Settings, created: State, aep_emulator: Emulator
) -> None:
    hasty = Process(Settings(**{**vars(settings), "timeout": 3.0}), {}, FastClock())
    aep_emulator.delete(connection_id(created))
    with pytest.raises(DeadlineExceeded, match="to appear"):
        Lifecycle(Planner(POSTGRES, settings), hasty).read(connection_id(created), created)


def test_an_older_version_soon_after_a_change_is_asked_again(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator, clock: FastClock
) -> None:
    aep_emulator.advance(60)
    changed = lifecycle.update(connection_id(created), created, {**DECLARED, "description": "second"})
    (shown,) = aep_emulator.connections()
    before = {**shown, "description": "first", "updatedAt": _milliseconds(created.string("updatedAt"))}
    aep_emulator.fault(Answer.model_validate({"status": 200, "body": _items(before)}), method="GET", times=2)
    found = lifecycle.read(connection_id(created), changed)
    assert found is not None
    assert found.properties["description"] == "second"
    assert len(clock.slept) == 2


def test_an_update_of_what_was_deleted_says_so_and_what_to_do(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator
) -> None:
    aep_emulator.delete(connection_id(created))
    aep_emulator.advance(60)
    with pytest.raises(EntityGone) as caught:
        lifecycle.update(connection_id(created), created, {**DECLARED, "description": "second"})
    assert "The connection was deleted outside of Pulumi." in str(caught.value)
    assert "What to do: Run pulumi refresh; pulumi up then creates the connection again" in caught.value.render(PYTHON)


def test_a_state_that_passes_by_itself_is_not_a_difference(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator
) -> None:
    assert created.string("state") == "enabled"
    for shown in ("initializing", "enabled", "updating"):
        aep_emulator.change(connection_id(created), state=shown)
        found = lifecycle.read(connection_id(created), created)
        assert found is not None
        assert found.string("state") == "enabled"
    old = created.updated({"state": "initializing"})
    found = lifecycle.read(connection_id(created), old)
    assert found is not None
    assert found.string("state") == "initializing"


def test_a_connection_that_somebody_disabled_is_a_difference_that_an_update_cannot_mend(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator
) -> None:
    aep_emulator.change(connection_id(created), state="disabled")
    found = lifecycle.read(connection_id(created), created)
    assert found is not None
    difference = lifecycle.planner.diff(found, DECLARED | {"sandboxName": "dev"})
    assert difference.is_disabled
    assert "is disabled in Experience Platform" in str(difference.warnings[0])
    assert lifecycle.update(connection_id(created), found, DECLARED).string("state") == "disabled"
    aep_emulator.change(connection_id(created), state="enabled")
    assert lifecycle.update(connection_id(created), found, DECLARED).string("state") == "enabled"


def _milliseconds(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp() * 1000)


def _items(entity: dict[str, Any]) -> str:
    return json.dumps({"items": [entity]})


def test_what_adobe_does_by_itself_soon_after_a_create_is_not_a_difference(
    lifecycle: Lifecycle, created: State, aep_emulator: Emulator
) -> None:
    aep_emulator.advance(5)
    aep_emulator.change(connection_id(created), fields={"description": "first"})
    found = lifecycle.read(connection_id(created), created)
    assert found == created
    aep_emulator.advance(60)
    aep_emulator.change(connection_id(created), fields={"description": "first"})
    later = lifecycle.read(connection_id(created), created)
    assert later is not None
    assert later.string("updatedAt") > created.string("updatedAt")


# The window itself, on a clock that only waits move.


class Ask:
    """Asks the service, which does not know of the write for some time."""

    def __init__(self, times: int | None = None) -> None:
        self._times = times
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        if self._times is None or self.asked <= self._times:
            raise EntityGone("Not there.", status=404)
        return "there"


@pytest.fixture
def standing() -> StandingClock:
    return StandingClock()


@pytest.fixture
def dated(api: Api, standing: StandingClock) -> FlowService:
    """A service whose time is known from a response."""
    service = api.flow_service("dev", Deadline(300, standing))
    list(service.connections.list())
    return service


def written(service: FlowService, *, ago: float) -> RecentWrite:
    now = service.time_at(service.deadline.clock.monotonic())
    assert now is not None
    return RecentWrite(service, now - timedelta(seconds=ago))


@pytest.mark.parametrize(
    ("ago", "slept"),
    [
        (-1, [0.5, 1, 2, 2, 2, 2, 2]),
        (0, [0.5, 1, 2, 2, 2, 2, 2]),
        (0.5, [0.5, 1, 2, 2, 2, 2]),
        (9.75, [0.5]),
        (10, []),
        (60, []),
    ],
)
def test_a_404_counts_ten_seconds_after_the_write_and_is_asked_again_after_growing_waits(
    ago: float, slept: list[float], dated: FlowService, standing: StandingClock
) -> None:
    ask = Ask()
    with pytest.raises(EntityGone):
        written(dated, ago=ago).wait_and_see(ask, "it to appear")
    assert standing.slept == slept
    assert ask.asked == len(slept) + 1


def test_what_appears_is_returned(dated: FlowService, standing: StandingClock) -> None:
    assert RecentWrite.now(dated).wait_and_see(Ask(times=2), "it to appear") == "there"
    assert standing.slept == [0.5, 1]


@pytest.mark.parametrize(("ago", "found"), [(0, 7), (10, 0)])
def test_a_response_from_before_the_write_counts_ten_seconds_after_it(
    ago: float, found: int, dated: FlowService, standing: StandingClock
) -> None:
    versions = itertools.count()
    assert written(dated, ago=ago).wait_and_see(lambda: next(versions), "it", is_stale=lambda _: True) == found
    assert len(standing.slept) == found


def test_without_a_time_of_the_write_or_of_the_service_a_404_counts_at_once(
    api: Api, dated: FlowService, standing: StandingClock
) -> None:
    undated = api.flow_service("dev", Deadline(300, standing))
    for recent in (
        RecentWrite(dated, None),
        RecentWrite.recorded(dated, "", "yesterday"),
        RecentWrite(undated, datetime.now(timezone.utc)),
        RecentWrite.now(undated),
    ):
        with pytest.raises(EntityGone):
            recent.wait_and_see(Ask(), "it to appear")
    assert standing.slept == []


WRITTEN = "2026-01-31T23:59:59Z"


@pytest.mark.parametrize(
    ("shown", "is_older"),
    [
        (_milliseconds(WRITTEN) - 2001, True),
        (_milliseconds(WRITTEN) - 2000, False),
        (_milliseconds(WRITTEN) + 2001, False),
        (None, False),
    ],
)
def test_an_entity_from_two_seconds_before_the_last_write_is_an_older_version(
    shown: int | None, is_older: bool, dated: FlowService
) -> None:
    entity = Entity.read({"id": "id-1", "updatedAt": shown})
    assert RecentWrite.recorded(dated, "2025-12-31T00:00:00Z", WRITTEN, "").is_older(entity) is is_older
    assert not RecentWrite.recorded(dated).is_older(entity)


def test_a_time_is_recorded_in_utc_to_the_second_and_read_again() -> None:
    at = datetime(2026, 2, 1, 1, 59, 59, 999_000, tzinfo=timezone(timedelta(hours=2)))
    assert format_time(at) == WRITTEN
    assert parse_time(WRITTEN) == datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert (format_time(None), parse_time("yesterday")) == (None, None)
