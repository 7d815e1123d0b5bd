"""Changes that have an endpoint of their own."""

from __future__ import annotations

import json

import pytest

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import AepError, Forbidden, ServiceError
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import Action
from pulumi_adobe_aep.lifecycle import act
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON

DONE = frozenset({"1422"})
ENABLE, DISABLE = Action("enable", "enabled", DONE), Action("disable", "disabled", DONE)
REFUSED = Answer(status=403, body="{}")


@pytest.fixture
def flows(service: FlowService) -> Collection[Entity]:
    return service.collection(DATAFLOW.path, DATAFLOW.noun)


@pytest.fixture
def flow_id(aep_emulator: Emulator) -> str:
    base = aep_emulator.create_connection("crm", "Server=db")
    source = aep_emulator.create(
        {"name": "table", "baseConnectionId": base["id"], "connectionSpec": base["connectionSpec"]},
        kind="sourceConnections",
    )
    flow = {"name": "hourly", "sourceConnectionIds": [source["id"]], "flowSpec": DATAFLOW.constants["flowSpec"]}
    return str(aep_emulator.create(flow, kind="flows")["id"])


def state(emulator: Emulator) -> list[str]:
    return [str(each["state"]) for each in emulator.entities("flows")]


def test_actions_are_carried_out_in_order_and_the_last_one_says_the_state(
    flows: Collection[Entity], flow_id: str, aep_emulator: Emulator
) -> None:
    assert act.act(flows, flow_id, (DISABLE, ENABLE, DISABLE), "enabled") == "disabled"
    assert state(aep_emulator) == ["disabled"]
    assert [each.query for each in aep_emulator.requests("POST")] == ["op=disable", "op=enable", "op=disable"]


def test_without_an_action_the_state_stays(flows: Collection[Entity], flow_id: str, aep_emulator: Emulator) -> None:
    assert act.act(flows, flow_id, (), "updating") == "updating"
    assert aep_emulator.requests() == []


@pytest.mark.parametrize("code", ["1422", "1423"])
def test_only_an_action_that_has_nothing_to_do_may_be_refused(
    code: str, flows: Collection[Entity], flow_id: str, aep_emulator: Emulator
) -> None:
    body = json.dumps({"type": f"https://ns.adobe.com/aep/errors/FLOW-{code}-400", "title": "x"})
    aep_emulator.fault(Answer(status=400, body=body), method="POST", path="/action$")
    if code in DONE:
        assert act.act(flows, flow_id, (DISABLE,), "enabled") == "disabled"
    else:
        with pytest.raises(ServiceError):
            act.act(flows, flow_id, (DISABLE,), "enabled")


def test_a_new_entity_is_in_its_resting_state_until_it_is_acted_on(
    flows: Collection[Entity], flow_id: str, aep_emulator: Emulator
) -> None:
    assert act.after_create(flows, DATAFLOW, flow_id, "hourly", ()) == "enabled"
    assert act.after_create(flows, DATAFLOW, flow_id, "hourly", (DISABLE,)) == "disabled"
    assert state(aep_emulator) == ["disabled"]


def test_a_new_entity_is_deleted_again_when_an_action_fails(
    flows: Collection[Entity], flow_id: str, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(REFUSED, method="POST", path="/action$")
    with pytest.raises(Forbidden) as caught:
        act.after_create(flows, DATAFLOW, flow_id, "hourly", (DISABLE,))
    assert f"The new dataflow 'hourly' ({flow_id}) was deleted again." in str(caught.value)
    assert aep_emulator.entities("flows") == []


def test_a_new_entity_that_cannot_be_deleted_again_is_named(
    flows: Collection[Entity], flow_id: str, aep_emulator: Emulator
) -> None:
    aep_emulator.fault(REFUSED, method="POST", path="/action$")
    aep_emulator.fault(REFUSED, method="DELETE")
    with pytest.raises(AepError) as caught:
        act.after_create(flows, DATAFLOW, flow_id, "hourly", (DISABLE,))
    message = caught.value.render(PYTHON)
    assert f"The new dataflow 'hourly' ({flow_id}) was to be deleted again, which failed: Deleting" in message
    assert f"What to do: Delete dataflow 'hourly' ({flow_id}) in sandbox dev before the next pulumi up." in message
