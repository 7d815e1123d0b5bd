"""What create, read, update, delete and adopt send, and what the state holds afterwards."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from pulumi_adobe_aep.errors import (
    AepError,
    EntityGone,
    EntityMismatch,
    Forbidden,
    InvalidInputs,
    ServiceError,
    VerificationFailed,
)
from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.partial import PartialFailure
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import StandingClock
from tests.support.declarations import CONNECTION_STRING, SECRET, STRING
from tests.support.ingestion import SCHEMA

# No second of this machine decides what the service says of the time.
pytestmark = pytest.mark.usefixtures("standing_service")

SEEDED = "2026-01-01T00:00:00Z"
# Nobody listens on port 1, so the emulator's log-in fails.
PARTS: dict[str, Any] = {
    "specName": CONNECTION_STRING,
    "server": "127.0.0.1",
    "port": 1,
    "database": "crm",
    "username": "reader",
    "password": SECRET,
}
CRM: dict[str, Any] = {"name": "crm", "description": "first", "auth": PARTS}
OTHER_PASSWORD = {**CRM, "auth": {**PARTS, "password": "s3cr3t-of-the-next-month"}}
MAPPING: dict[str, Any] = {"name": "customers", "schemaId": SCHEMA, "mappings": {"_acme.email": "email"}}
PASSED = Answer(status=200, body='{"result": true}')
REFUSED = Answer(status=403, body="{}")

Lives = Callable[[EntityKind], Lifecycle]


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def lives(settings: Settings, clock: StandingClock) -> Lives:
    process = Process(settings, {}, clock)
    return lambda kind: Lifecycle(Planner(kind, settings), process)


@pytest.fixture
def crm(lives: Lives) -> Lifecycle:
    return lives(POSTGRES)


@pytest.fixture
def flow(lives: Lives, aep_emulator: Emulator) -> dict[str, Any]:
    """Return the declaration of a dataflow."""
    base = aep_emulator.create_connection("crm", STRING)
    source = aep_emulator.create(
        {
            "name": "table",
            "baseConnectionId": base["id"],
            "connectionSpec": base["connectionSpec"],
            "params": {"tableName": "public.customers"},
        },
        kind="sourceConnections",
    )
    target = aep_emulator.create(
        {"name": "lake", "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}},
        kind="targetConnections",
    )
    return {
        "name": "hourly",
        "sourceConnectionId": source["id"],
        "targetConnectionId": target["id"],
        "mappingId": lives(MAPPING_SET).create(MAPPING).string("mappingId"),
        "mappingVersion": 0,
        "schedule": {"frequency": "hour", "interval": 1, "startTime": "2126-01-01T00:00:00Z"},
        "deltaColumn": "created_at",
    }


def sent(emulator: Emulator) -> list[str]:
    """Return the requests so far without those for tokens, and forget them."""
    requests = [each for each in emulator.requests() if "/ims/" not in each.path]
    emulator.forget_requests()
    return [f"{each.method} {each.path.rpartition('/')[2]}" for each in requests]


def password(emulator: Emulator) -> str:
    (found,) = emulator.connections(secrets=True)
    return str(found["auth"]["params"]["connectionString"]).partition("Password=")[2].partition(";")[0]


# Connections.


def test_the_state_after_a_create_has_what_is_declared_and_what_the_response_says(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    created = crm.create(CRM)
    (found,) = aep_emulator.connections()
    assert created.properties == {
        "name": "crm",
        "description": "first",
        "sandboxName": "dev",
        "verify": False,
        "auth": PARTS,
        "authSpecName": CONNECTION_STRING,
        "connectionId": found["id"],
        "state": "enabled",
        "createdAt": SEEDED,
        "updatedAt": SEEDED,
        "orgId": aep_emulator.org_id,
    }
    assert crm.read(found["id"], created) == created


def test_the_state_after_an_update_has_the_new_values_and_the_time_of_the_change(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    created = crm.create(CRM)
    aep_emulator.advance(60)
    sent(aep_emulator)
    updated = crm.update(created.string("connectionId"), created, {**CRM, "name": "renamed"})
    assert sent(aep_emulator) == [f"GET {created.string('connectionId')}", f"PATCH {created.string('connectionId')}"]
    assert updated == created.updated({"name": "renamed", "updatedAt": "2026-01-01T00:01:00Z"})


def test_the_time_of_a_create_is_taken_from_the_service_where_the_state_lacks_it(crm: Lifecycle) -> None:
    created = crm.create(CRM)
    lacking = created.updated({"createdAt": None, "orgId": None})
    updated = crm.update(created.string("connectionId"), lacking, {**CRM, "name": "renamed"})
    assert (updated.string("createdAt"), updated.string("orgId")) == (SEEDED, created.string("orgId"))


def test_the_time_of_a_create_stays_where_the_service_does_not_show_it(crm: Lifecycle, aep_emulator: Emulator) -> None:
    created = crm.create(CRM)
    (shown,) = aep_emulator.connections()
    hidden = {key: value for key, value in shown.items() if key != "createdAt"}
    aep_emulator.fault(Answer(status=200, body=json.dumps({"items": [hidden]})), method="GET")
    updated = crm.update(created.string("connectionId"), created, {**CRM, "name": "renamed"})
    assert updated.string("createdAt") == SEEDED


def test_a_state_without_a_sandbox_is_updated_in_the_sandbox_that_is_declared(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    created = crm.create(CRM)
    crm.update(created.string("connectionId"), created.updated({"sandboxName": None}), {**CRM, "name": "renamed"})
    assert [each["name"] for each in aep_emulator.connections()] == ["renamed"]


def test_an_update_without_changes_reads_only_what_somebody_has_switched_off(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    created = crm.create(CRM)
    connection_id, declared = created.string("connectionId"), created.inputs(POSTGRES.inputs)
    sent(aep_emulator)
    assert crm.update(connection_id, created, declared) == created
    assert sent(aep_emulator) == []
    assert crm.update(connection_id, created.updated({"state": "disabled"}), declared).string("state") == "enabled"
    assert sent(aep_emulator) == [f"GET {connection_id}"]


def test_what_is_in_no_state_is_adopted_with_references_for_its_secrets(crm: Lifecycle, aep_emulator: Emulator) -> None:
    connection = aep_emulator.create_connection("crm", STRING, sandbox="stage")
    adopted = crm.adopt(str(connection["id"]), "stage")
    assert (adopted.sandbox_name, adopted.name) == ("stage", "crm")
    assert adopted.properties["auth"] == {
        "specName": CONNECTION_STRING,
        "connectionString": {"fromEnv": "CRM_CONNECTION_STRING", "version": 1},
    }
    with pytest.raises(EntityGone, match="Check the id, and that sandboxName is the sandbox that the connection is in"):
        crm.adopt(str(connection["id"]))


def test_what_is_only_looked_at_and_not_there_is_an_error(lives: Lives) -> None:
    with pytest.raises(EntityGone, match="Check the id"):
        lives(POSTGRES).read("id-1", State())
    with pytest.raises(EntityGone, match="access label"):
        lives(DATAFLOW).read("id-1", State())


def test_an_entity_is_sought_in_the_sandbox_of_the_state(crm: Lifecycle, aep_emulator: Emulator) -> None:
    connection_id = str(aep_emulator.create_connection("crm", STRING, sandbox="stage")["id"])
    recorded = State({"connectionId": connection_id, "sandboxName": "stage", "auth": PARTS, "name": "crm"})
    assert crm.read(connection_id, recorded) is not None
    crm.update(connection_id, recorded, {**CRM, "sandboxName": "stage"})
    crm.delete(connection_id, recorded)
    assert aep_emulator.connections(sandbox="stage") == []


def test_a_state_without_a_sandbox_is_one_of_the_sandbox_in_the_settings(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    connection_id = str(aep_emulator.create_connection("crm", STRING)["id"])
    crm.delete(connection_id, State({"connectionId": connection_id}))
    assert aep_emulator.connections() == []


# Verifying.


def test_only_what_is_to_be_verified_is_tested(crm: Lifecycle, aep_emulator: Emulator) -> None:
    aep_emulator.fault(PASSED, path="/test$", times=None)
    plain = crm.create(CRM)
    assert sent(aep_emulator) == ["POST connections"]
    crm.update(plain.string("connectionId"), plain, OTHER_PASSWORD)
    assert "GET test" not in sent(aep_emulator)
    verified = crm.create({**CRM, "name": "verified", "verify": True})
    assert sent(aep_emulator) == ["POST connections", "GET test"]
    crm.update(verified.string("connectionId"), verified, {**CRM, "verify": True, "description": "second"})
    assert "GET test" not in sent(aep_emulator)
    crm.update(verified.string("connectionId"), verified, {**OTHER_PASSWORD, "verify": True})
    assert sent(aep_emulator)[-1] == "GET test"


def test_a_new_connection_that_does_not_work_is_in_no_state(crm: Lifecycle, aep_emulator: Emulator) -> None:
    with pytest.raises(VerificationFailed, match=r"of 'crm', so the new connection was deleted again\."):
        crm.create({**CRM, "verify": True})
    assert aep_emulator.connections() == []


def test_a_new_connection_that_does_not_work_and_stays_is_recorded_without_its_secrets(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(REFUSED, method="DELETE")
    with pytest.raises(PartialFailure, match="deleted again, which failed") as caught:
        crm.create({**CRM, "verify": True})
    (found,) = aep_emulator.connections()
    assert caught.value.entity_id == found["id"] == caught.value.state.string("connectionId")
    assert caught.value.state.properties["auth"] == {key: value for key, value in PARTS.items() if key != "password"}
    assert isinstance(caught.value.failure, VerificationFailed)


def test_credentials_that_do_not_work_are_changed_back(crm: Lifecycle, aep_emulator: Emulator) -> None:
    created = crm.create(CRM)
    with pytest.raises(VerificationFailed, match="The old ones were restored"):
        crm.update(created.string("connectionId"), created, {**OTHER_PASSWORD, "verify": True})
    assert password(aep_emulator) == SECRET


def test_credentials_that_do_not_work_and_stay_are_not_recorded(crm: Lifecycle, aep_emulator: Emulator) -> None:
    created = crm.create(CRM)
    aep_emulator.fault(REFUSED, method="PATCH", skip=1)
    with pytest.raises(PartialFailure, match="Restoring the old ones failed") as caught:
        crm.update(created.string("connectionId"), created, {**OTHER_PASSWORD, "verify": True})
    assert "password" not in caught.value.state.properties["auth"]
    assert caught.value.entity_id == created.string("connectionId")


def test_what_is_taken_over_and_does_not_work_is_recorded_without_its_secrets(
    crm: Lifecycle, aep_emulator: Emulator
) -> None:
    existing = str(aep_emulator.create_connection("by hand", STRING)["id"])
    with pytest.raises(PartialFailure, match="The old ones are not known, so the new ones stay in force") as caught:
        crm.create({**CRM, "existingConnectionId": existing, "verify": True})
    assert caught.value.entity_id == existing
    assert "password" not in caught.value.state.properties["auth"]


def test_the_parameters_of_any_source_are_checked_whenever_they_are_sent(
    lives: Lives, aep_emulator: Emulator, settings: Settings
) -> None:
    declared = {
        "name": "crm",
        "connectionSpec": {"id": POSTGRESQL_SPEC_ID},
        "authSpecName": CONNECTION_STRING,
        "secretParams": {"connectionString": STRING},
    }
    wrong = {**declared, "params": {"port": 5432}}
    with pytest.raises(InvalidInputs, match="port is not a parameter of it"):
        lives(ANY_SOURCE).create(wrong)
    assert aep_emulator.connections() == []
    created = lives(ANY_SOURCE).create(declared)
    with pytest.raises(InvalidInputs, match="port is not a parameter of it"):
        lives(ANY_SOURCE).update(created.string("connectionId"), created, wrong)
    assert aep_emulator.requests("PATCH") == []
    fresh = Lifecycle(Planner(ANY_SOURCE, settings), Process(settings, {}, StandingClock()))
    fresh.update(created.string("connectionId"), created, {**created.inputs(ANY_SOURCE.inputs), "name": "renamed"})
    assert len(aep_emulator.requests("GET", "/connectionSpecs")) == 1


# What is read.

RECORDED: Mapping[str, Any] = {"name": "crm", "auth": PARTS, "state": "enabled", "createdAt": SEEDED}


def observed(crm: Lifecycle, shown: Mapping[str, Any], **recorded: Any) -> State:
    entity = Entity.read(json.loads(json.dumps({"id": "id-1", "name": "crm", **shown})))
    return crm.observe(entity, State({**RECORDED, **recorded}), "dev")


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (0, SEEDED),
        (10, SEEDED),
        (-10, SEEDED),
        (10.5, "2026-01-01T00:00:10Z"),
        (-10.5, "2025-12-31T23:59:49Z"),
        (60, "2026-01-01T00:01:00Z"),
    ],
)
def test_a_time_within_ten_seconds_of_the_recorded_one_is_the_same(seconds: float, found: str, crm: Lifecycle) -> None:
    shown = {"createdAt": int(1_767_225_600_000 + seconds * 1000)}
    assert observed(crm, shown).string("createdAt") == found


def test_a_time_that_is_not_shown_is_not_known(crm: Lifecycle) -> None:
    assert "createdAt" not in observed(crm, {}).properties
    assert "createdAt" not in observed(crm, {}, createdAt=None).properties


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("enabled", "updating", "enabled"),
        ("initializing", "enabled", "initializing"),
        ("enabled", "disabled", "disabled"),
        ("disabled", "enabled", "enabled"),
        ("enabled", "deleted", "deleted"),
        (None, "initializing", "enabled"),
        (None, None, None),
        ("enabled", None, None),
    ],
)
def test_a_state_that_ends_by_itself_is_not_a_difference(
    before: str | None, now: str | None, found: str | None, crm: Lifecycle
) -> None:
    assert observed(crm, {"state": now}, state=before).properties.get("state") == found


@pytest.mark.parametrize(("state", "count"), [("disabled", 1), ("enabled", 0), ("deleted", 0)])
def test_a_connection_that_is_disabled_is_warned_of(
    state: str, count: int, crm: Lifecycle, warnings: pytest.LogCaptureFixture
) -> None:
    observed(crm, {"state": state})
    assert len([each for each in warnings.records if each.levelno == logging.WARNING]) == count
    assert warnings.text.count("'crm'") == count


@pytest.mark.parametrize(
    ("recorded", "shown", "name"), [("crm", "renamed", "crm"), (None, "renamed", "renamed"), ("crm", None, "crm")]
)
def test_a_connection_that_is_disabled_is_called_as_the_state_has_it_or_as_it_is_shown(
    recorded: str | None, shown: str | None, name: str, crm: Lifecycle, warnings: pytest.LogCaptureFixture
) -> None:
    observed(crm, {"state": "disabled", "name": shown}, name=recorded)
    assert f"'{name}'" in warnings.text


def test_what_is_no_longer_shown_goes_and_what_is_not_an_output_of_the_kind_too(crm: Lifecycle) -> None:
    found = observed(crm, {}, description="old", existingConnectionId="id-1", color="red")
    assert found.properties.keys() & {"description", "color"} == set()
    assert found.string("existingConnectionId") == "id-1"


def test_the_organization_is_the_one_that_is_shown_or_the_one_in_the_settings(crm: Lifecycle) -> None:
    assert observed(crm, {"imsOrgId": "shown"}).org_id == "shown"
    assert observed(crm, {}).org_id == crm.planner.settings.org_id


def test_what_is_not_shown_rules_nothing_out(crm: Lifecycle) -> None:
    crm.check_belongs(Entity.read({"id": "id-1"}), "dev")
    crm.check_belongs(Entity.read({"id": "id-1", "sandboxName": "dev", "imsOrgId": crm.planner.settings.org_id}), "dev")


# Mapping sets, of which only the whole can be sent.


def test_a_mapping_set_is_sent_whole_and_its_version_is_recorded(lives: Lives, aep_emulator: Emulator) -> None:
    mappings = lives(MAPPING_SET)
    created = mappings.create(MAPPING)
    mapping_id = created.string("mappingId")
    assert (created.properties["version"], created.string("createdAt")) == (0, SEEDED)
    aep_emulator.advance(60)
    sent(aep_emulator)
    updated = mappings.update(mapping_id, created, {**MAPPING, "mappings": {"_acme.email": "mail"}})
    assert sent(aep_emulator) == ["POST validate", f"PUT {mapping_id}"]
    assert (updated.properties["version"], updated.properties["mappings"]) == (1, {"_acme.email": "mail"})
    assert (updated.string("createdAt"), updated.string("updatedAt")) == (SEEDED, "2026-01-01T00:01:00Z")
    assert "state" not in updated.properties


def test_a_response_to_a_put_without_a_version_is_read_again(lives: Lives, aep_emulator: Emulator) -> None:
    mappings = lives(MAPPING_SET)
    created = mappings.create(MAPPING)
    mapping_id = created.string("mappingId")
    aep_emulator.fault(Answer(when="after", body=json.dumps({"id": mapping_id})), method="PUT")
    sent(aep_emulator)
    updated = mappings.update(mapping_id, created, {**MAPPING, "mappings": {"_acme.email": "mail"}})
    assert sent(aep_emulator) == ["POST validate", f"PUT {mapping_id}", f"GET {mapping_id}"]
    assert updated.properties["version"] == 1


@pytest.mark.parametrize(("fault", "is_known"), [(Drop(when="after"), False), (REFUSED, True)], ids=["lost", "refused"])
def test_a_put_of_which_no_response_comes_says_that_it_is_not_known(
    fault: Drop | Answer, is_known: bool, lives: Lives, aep_emulator: Emulator
) -> None:
    mappings = lives(MAPPING_SET)
    created = mappings.create(MAPPING)
    aep_emulator.fault(fault, method="PUT", times=None)
    with pytest.raises(AepError) as caught:
        mappings.update(created.string("mappingId"), created, {**MAPPING, "mappings": {"_acme.email": "mail"}})
    assert ("was changed is not known" in str(caught.value)) is not is_known


def test_a_mapping_set_that_exists_is_taken_over_with_a_put(lives: Lives, aep_emulator: Emulator) -> None:
    mappings = lives(MAPPING_SET)
    existing = mappings.create(MAPPING).string("mappingId")
    aep_emulator.advance(60)
    sent(aep_emulator)
    taken = mappings.create({**MAPPING, "name": "renamed", "existingMappingId": existing})
    assert sent(aep_emulator) == [f"GET {existing}", "POST validate", f"PUT {existing}"]
    assert (taken.name, taken.string("mappingId"), taken.string("createdAt")) == ("renamed", existing, SEEDED)


def test_a_mapping_set_whose_recorded_version_is_gone_is_there(lives: Lives, aep_emulator: Emulator) -> None:
    mappings = lives(MAPPING_SET)
    created = mappings.create(MAPPING)
    mapping_id = created.string("mappingId")
    aep_emulator.advance(60)
    found = mappings.read(mapping_id, created.updated({"version": 7}))
    assert found is not None
    assert found.properties["version"] == 0
    aep_emulator.delete(mapping_id, kind="mappingSets")
    assert mappings.read(mapping_id, created) is None


# Dataflows, which are switched on and off.


def test_a_dataflow_is_switched_on_and_off_by_actions(
    lives: Lives, flow: dict[str, Any], aep_emulator: Emulator
) -> None:
    flows = lives(DATAFLOW)
    created = flows.create({**flow, "enabled": False})
    flow_id = created.string("flowId")
    assert created.string("state") == "disabled"
    sent(aep_emulator)
    enabled = flows.update(flow_id, created, {**created.inputs(DATAFLOW.inputs), "enabled": True})
    assert sent(aep_emulator) == [f"GET {flow_id}", "POST action"]
    assert (enabled.string("state"), enabled.properties["enabled"]) == ("enabled", True)
    flows.update(flow_id, enabled, enabled.inputs(DATAFLOW.inputs))
    assert sent(aep_emulator) == []


def test_a_dataflow_that_is_not_shown_is_not_reported_as_deleted(
    lives: Lives, flow: dict[str, Any], aep_emulator: Emulator
) -> None:
    flows = lives(DATAFLOW)
    created = flows.create(flow)
    flow_id = created.string("flowId")
    aep_emulator.advance(60)
    aep_emulator.hide_flow(flow_id)
    with pytest.raises(Forbidden, match="may not be changed"):
        flows.read(flow_id, created)
    with pytest.raises(EntityGone, match="Give the role the label"):
        flows.update(flow_id, created, {**flow, "name": "renamed"})


def test_a_dataflow_that_a_change_does_not_find_either_is_gone(
    lives: Lives, flow: dict[str, Any], aep_emulator: Emulator
) -> None:
    flows = lives(DATAFLOW)
    created = flows.create(flow)
    aep_emulator.delete(created.string("flowId"), kind="flows")
    aep_emulator.advance(60)
    assert flows.read(created.string("flowId"), created) is None


def test_a_start_that_has_passed_by_the_services_clock_is_sent_once_more_by_that_clock(
    flow: dict[str, Any], aep_emulator: Emulator, settings: Settings
) -> None:
    aep_emulator.advance(100 * 365 * 86_400)
    # In a process that has not read the time from a response yet.
    fresh = Lifecycle(Planner(DATAFLOW, settings), Process(settings, {}, StandingClock()))
    sent(aep_emulator)
    created = fresh.create({**flow, "schedule": {"frequency": "hour", "interval": 1}})
    assert sent(aep_emulator) == ["POST flows", "POST flows"]
    assert created.string("effectiveStartTime") > "2125"


def test_a_start_that_is_declared_and_has_passed_by_the_services_clock_is_sent_once(
    flow: dict[str, Any], aep_emulator: Emulator, settings: Settings
) -> None:
    aep_emulator.advance(200 * 365 * 86_400)
    fresh = Lifecycle(Planner(DATAFLOW, settings), Process(settings, {}, StandingClock()))
    sent(aep_emulator)
    with pytest.raises(ServiceError):
        fresh.create(flow)
    assert sent(aep_emulator) == ["POST flows"]


def test_a_new_dataflow_that_is_to_start_in_the_past_is_refused_before_any_request(
    lives: Lives, flow: dict[str, Any], aep_emulator: Emulator
) -> None:
    sent(aep_emulator)
    with pytest.raises(InvalidInputs, match="lies in the past"):
        lives(DATAFLOW).create({**flow, "schedule": {**flow["schedule"], "startTime": "2020-01-01T00:00:00Z"}})
    assert sent(aep_emulator) == []


def test_what_differs_from_the_declaration_and_cannot_be_changed_is_not_taken_over(
    lives: Lives, flow: dict[str, Any], aep_emulator: Emulator
) -> None:
    flows = lives(DATAFLOW)
    existing = flows.create(flow).string("flowId")
    with pytest.raises(EntityMismatch, match="differs from the declaration in deltaColumn"):
        flows.create({**flow, "deltaColumn": "another", "existingFlowId": existing})
    assert aep_emulator.requests("PATCH") == []
    taken = flows.create({**flow, "name": "renamed", "enabled": False, "existingFlowId": existing})
    assert (taken.name, taken.string("flowId"), taken.string("state")) == ("renamed", existing, "disabled")
