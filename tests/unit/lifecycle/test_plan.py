"""What a plan asks of a new entity, before a replacement, and what it expects of a state."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pulumi_adobe_aep import sandbox
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import UNKNOWN, Properties
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.settings import load
from tests.support.declarations import PARTS

ORG = "AA@AdobeOrg"
STARTED: Properties = {
    "name": "customers",
    "sandboxName": "dev",
    "sourceConnectionId": "source",
    "targetConnectionId": "target",
    "mappingId": "mapping",
    "mappingVersion": 0,
    "schedule": {"frequency": "hour", "interval": 1, "startTime": "2026-01-31T23:59:59Z", "backfill": True},
    "deltaColumn": "updated_at",
}
# Strings of a state are other objects than those of the settings and of the code.
RECORDED_ORG = "".join(("AA", "@AdobeOrg"))
DISABLED = "".join(("dis", "abled"))
RECORDED_FLOW = State(
    {**STARTED, "flowId": "flow-1", "orgId": RECORDED_ORG, "effectiveStartTime": STARTED["schedule"]["startTime"]}
)
CRM: Properties = {"name": "crm", "sandboxName": "dev", "auth": PARTS}


def planner(kind: EntityKind, org_id: str = ORG) -> Planner:
    return Planner(kind, load({"AEP_ORG_ID": org_id}), lambda: datetime(2026, 6, 1, tzinfo=timezone.utc))


def test_only_the_sandbox_that_is_missing_is_explained_by_the_settings() -> None:
    found = planner(POSTGRES).check({"auth": PARTS, "verify": "perhaps"}).problems
    explained = {problem.path: problem.advice for problem in found}
    assert explained.pop(("sandboxName",)) == sandbox.MISSING
    assert explained.keys() == {("name",), ("verify",)}
    assert sandbox.MISSING not in explained.values()


def test_a_start_in_the_past_is_wrong_for_a_new_dataflow_alone() -> None:
    plan = planner(DATAFLOW)
    assert plan.check(STARTED).problems == []
    assert plan.require(STARTED).to_state()["schedule"] == STARTED["schedule"]
    (problem,) = plan.check(STARTED, is_new=True).problems
    assert "lies in the past" in problem.sentence()
    with pytest.raises(InvalidInputs, match="lies in the past"):
        plan.require(STARTED, is_new=True)


def test_a_dataflow_is_not_deleted_for_one_that_cannot_be_created() -> None:
    with pytest.raises(InvalidInputs, match="lies in the past"):
        planner(DATAFLOW).diff(RECORDED_FLOW, {**STARTED, "targetConnectionId": "another"})


def test_a_dataflow_that_is_not_replaced_may_have_started() -> None:
    found = planner(DATAFLOW).diff(RECORDED_FLOW, {**STARTED, "name": "clients"})
    assert found.changed == {"name"}
    assert not found.replaces


@pytest.mark.parametrize(("org_id", "expected"), [(ORG, ORG), ("", UNKNOWN)])
def test_of_what_is_to_be_created_the_organization_and_the_state_are_expected(org_id: str, expected: str) -> None:
    found = planner(POSTGRES, org_id).expect(CRM)
    assert found.items() >= CRM.items()
    assert (found["orgId"], found["state"]) == (expected, "enabled")
    assert (found["connectionId"], found["createdAt"], found["updatedAt"]) == (UNKNOWN, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(("state", "expected"), [("enabled", "enabled"), ("deleted", "deleted"), (DISABLED, UNKNOWN)])
def test_what_is_recorded_is_expected_to_stay_except_that_it_is_disabled(state: str, expected: str) -> None:
    kept = {"connectionId": "id-1", "createdAt": "2026-01-01T00:00:00Z", "orgId": ORG}
    recorded = State({**CRM, **kept, "updatedAt": "2026-01-02T00:00:00Z", "state": state})
    found = planner(POSTGRES).expect({**CRM, "name": "erp"}, recorded)
    assert found.items() >= {**CRM, **kept, "name": "erp"}.items()
    assert (found["state"], found["updatedAt"]) == (expected, UNKNOWN)
