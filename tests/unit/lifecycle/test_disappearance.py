"""Whether a dataflow is gone that the service says does not exist."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import EntityMismatch, Forbidden
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle import disappearance

RECORDED = State({"name": "hourly", "sourceConnectionId": "source-1"})


def confirm(service: FlowService, flow_id: str = "id-1") -> None:
    disappearance.confirm(service.collection(DATAFLOW.path, DATAFLOW.noun), DATAFLOW, flow_id, RECORDED)


def make_flow(emulator: Emulator, name: str) -> str:
    """Make a dataflow with a source connection of its own."""
    base = emulator.create_connection("crm", "Server=db")
    source = emulator.create(
        {"name": name, "baseConnectionId": base["id"], "connectionSpec": base["connectionSpec"]},
        kind="sourceConnections",
    )
    flow = {"name": name, "sourceConnectionIds": [source["id"]], "flowSpec": DATAFLOW.constants["flowSpec"]}
    return str(emulator.create(flow, kind="flows")["id"])


def test_what_a_change_does_not_find_either_is_gone(service: FlowService, aep_emulator: Emulator) -> None:
    other = make_flow(aep_emulator, "of another table")
    confirm(service)
    assert [request.method for request in aep_emulator.requests()] == ["PATCH", "GET"]
    assert [each["id"] for each in aep_emulator.entities("flows")] == [other]


def test_what_may_not_be_changed_is_hidden(service: FlowService, aep_emulator: Emulator) -> None:
    flow_id = make_flow(aep_emulator, "hourly")
    aep_emulator.hide_flow(flow_id)
    with pytest.raises(Forbidden) as caught:
        confirm(service, flow_id)
    message = str(caught.value)
    assert f"The dataflow 'hourly' ({flow_id}) is not shown, and may not be changed, in sandbox dev." in message
    assert DATAFLOW.may_be_hidden in message
    assert "The state is left as it is." in message


def test_what_refuses_the_etag_is_there_and_stays_as_it_is(service: FlowService, aep_emulator: Emulator) -> None:
    flow_id = make_flow(aep_emulator, "daily")
    with pytest.raises(EntityMismatch) as caught:
        confirm(service, flow_id)
    message = str(caught.value)
    assert f"The dataflow 'hourly' ({flow_id}) is not shown in sandbox dev, and yet it is there." in message
    assert "Why: The response to a change of it is not the one for an entity that does not exist: " in message
    assert [each["name"] for each in aep_emulator.entities("flows")] == ["daily"]


def test_what_takes_a_change_is_there(service: FlowService, aep_emulator: Emulator) -> None:
    aep_emulator.fault(Answer(status=200, body='{"id": "id-1"}'), method="PATCH")
    with pytest.raises(EntityMismatch, match=r"Why: A change of it was taken\."):
        confirm(service)


def test_another_one_that_does_what_it_did_is_named(service: FlowService, aep_emulator: Emulator) -> None:
    rival = make_flow(aep_emulator, "by hand")
    aep_emulator.change(rival, kind="flows", fields={"sourceConnectionIds": ["source-1"]})
    with pytest.raises(EntityMismatch) as caught:
        confirm(service)
    message = str(caught.value)
    assert "The dataflow 'hourly' (id-1) is gone from sandbox dev, and another dataflow does what it did: " in message
    assert f"'by hand' ({rival})." in message
