"""Deleting a connection, and what keeps it from being deleted."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from pulumi_adobe_aep.errors import DeadlineExceeded, EntityInUse, NotFound, ServiceError
from pulumi_adobe_aep.kinds.base_connection.kind import SOURCE_CONNECTIONS
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle import delete as deletion
from pulumi_adobe_aep.lifecycle.consistency import RecentWrite
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from tests.support.clock import StandingClock

# No second of this machine decides what the service says of the time.
pytestmark = pytest.mark.usefixtures("standing_service")

STRING = "Server=db;Database=crm;Port=5432;UID=reader;Password=s3cr3t-of-the-database"
POSTGRESQL = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
CRM_TO_AEP = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def connection_id(aep_emulator: Emulator) -> str:
    return str(aep_emulator.create_connection("crm", STRING)["id"])


def delete(service: FlowService, connection_id: str, name: str) -> None:
    deletion.delete(service, POSTGRES, connection_id, name)


def use(emulator: Emulator, connection_id: str, name: str) -> tuple[str, str]:
    """Make a source connection and a flow on a base connection; return their ids."""
    source = emulator.create(
        {"name": f"{name} table", "baseConnectionId": connection_id, "connectionSpec": POSTGRESQL},
        kind="sourceConnections",
    )
    flow = emulator.create(
        {"name": f"{name} flow", "sourceConnectionIds": [source["id"]], "flowSpec": CRM_TO_AEP}, kind="flows"
    )
    return str(source["id"]), str(flow["id"])


def error(code: str) -> str:
    """Return the body of an error of Flow Service."""
    return json.dumps({"type": f"https://ns.adobe.com/aep/errors/FLOW-{code}", "title": "x"})


def sent(emulator: Emulator) -> list[tuple[str, int | None]]:
    return [(request.method, request.status) for request in emulator.requests()]


def test_a_deletion_that_is_done_at_once_is_one_request(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    delete(service, connection_id, "crm")
    assert aep_emulator.connections() == []
    assert sent(aep_emulator) == [("DELETE", 204)]


def test_a_deletion_that_is_only_accepted_is_waited_for(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(delete_mode="202", delete_seconds=2.5)
    clock.meanwhile = lambda: aep_emulator.advance(1)
    delete(service, connection_id, "crm")
    assert aep_emulator.connections() == []
    assert sent(aep_emulator) == [("DELETE", 202), *[("GET", 200)] * 3, ("GET", 404)]
    assert clock.slept == [1.0] * 3


def test_a_deletion_that_does_not_come_to_an_end_is_reported(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(delete_mode="202", delete_seconds=3600)
    service.deadline = Deadline(5, clock)
    with pytest.raises(DeadlineExceeded, match=f"Waiting for connection {connection_id} to be deleted"):
        delete(service, connection_id, "crm")


def test_a_connection_that_is_gone_already_is_fine(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.delete(connection_id)
    delete(service, connection_id, "crm")
    assert sent(aep_emulator) == [("DELETE", 404)]


@pytest.mark.parametrize(
    "body", ["<html>not found</html>", "", '{"type": "https://ns.adobe.com/aep/errors/FLOW-2100-404", "title": "x"}']
)
def test_a_404_that_the_service_itself_did_not_give_for_the_connection_proves_nothing(
    service: FlowService, aep_emulator: Emulator, connection_id: str, body: str
) -> None:
    aep_emulator.fault(Answer(status=404, body=body), method="DELETE")
    with pytest.raises(NotFound):
        delete(service, connection_id, "crm")
    assert len(aep_emulator.connections()) == 1


def test_what_uses_a_connection_is_reported_with_name_and_id(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    used = [use(aep_emulator, connection_id, name) for name in ("customers", "orders")]
    other = use(aep_emulator, str(aep_emulator.create_connection("other", STRING)["id"]), "others")

    with pytest.raises(EntityInUse) as caught:
        delete(service, connection_id, "crm")

    message = caught.value.render(PYTHON)
    assert message.startswith(f"Connection 'crm' ({connection_id}) cannot be deleted, because it is in use. It is used")
    assert message.rindex("source connection '") < message.index("dataflow '")
    for (source, flow), name in zip(used, ("customers", "orders"), strict=True):
        assert f"source connection '{name} table' ({source})" in message
        assert f"dataflow '{name} flow' ({flow})" in message
    assert "others" not in message
    assert other[0] not in message
    assert "What to do: Delete the dataflows first" in message
    assert f"pulumi-adobe-aep forget {connection_id}, or retain_on_delete=True" in message
    assert "Adobe's request id: " in message
    assert len(aep_emulator.connections()) == 2


def test_what_uses_a_connection_may_stay_unknown_and_it_is_still_reported_that_it_is_in_use(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    use(aep_emulator, connection_id, "customers")
    aep_emulator.fault(Answer(status=403, body="{}"), path="/sourceConnections")
    with pytest.raises(EntityInUse) as caught:
        delete(service, connection_id, "")
    message = str(caught.value)
    assert message.startswith(f"Connection {connection_id} cannot be deleted, because it is in use.")
    assert "What uses it could not be listed: Listing the source connections failed" in message


def test_another_refusal_is_reported_as_it_is(service: FlowService, aep_emulator: Emulator, connection_id: str) -> None:
    refusal = (
        '{"type": "https://ns.adobe.com/aep/errors/FLOW-2121-403", "errorMessage": "Denied on Enterprise Source."}'
    )
    aep_emulator.fault(Answer(status=403, body=refusal), method="DELETE")
    with pytest.raises(ServiceError, match=r"(?s)Deleting the connection .* failed.*Denied on Enterprise Source"):
        delete(service, connection_id, "crm")


def test_what_uses_it_may_not_be_shown_at_all(service: FlowService, aep_emulator: Emulator, connection_id: str) -> None:
    aep_emulator.fault(Answer(status=400, body=error("1418-400")), method="DELETE")
    with pytest.raises(EntityInUse) as caught:
        delete(service, connection_id, "crm")
    assert caught.value.what == f"Connection 'crm' ({connection_id}) cannot be deleted, because it is in use."


def test_only_what_refers_to_the_connection_is_listed(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    use(aep_emulator, connection_id, "customers")
    with pytest.raises(EntityInUse):
        delete(service, connection_id, "crm")
    _, sources, flows = aep_emulator.requests()
    assert f"property=baseConnectionId%3D%3D{connection_id}" in sources.query
    assert "property=" not in flows.query


def test_what_uses_one_of_several_is_not_asked_for_with_a_filter_as_all_filters_must_hold(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    used = [use(aep_emulator, connection_id, name) for name in ("customers", "orders")]
    flows = SOURCE_CONNECTIONS.dependents[0]._replace(filter="sourceConnectionIds=={id}")
    kind = replace(POSTGRES, dependents=(SOURCE_CONNECTIONS._replace(dependents=(flows,)),))
    with pytest.raises(EntityInUse) as caught:
        deletion.delete(service, kind, connection_id, "crm")
    assert all(flow in str(caught.value) for _, flow in used)
    assert "property=" not in aep_emulator.requests()[-1].query


def test_a_deletion_whose_response_was_lost_is_not_waited_for_when_the_next_one_finds_nothing(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.fault(Drop(when="after"), method="DELETE")
    deletion.delete(service, POSTGRES, connection_id, "crm", RecentWrite.now(service))
    assert [request.method for request in aep_emulator.requests()] == ["DELETE"] * 2
    assert len(clock.slept) == 1


def test_a_404_soon_after_a_write_is_asked_again(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.fault(Answer(status=404, body=error("1439-404")), method="DELETE", times=2)
    deletion.delete(service, POSTGRES, connection_id, "crm", RecentWrite.now(service))
    assert aep_emulator.connections() == []
    assert clock.slept == [0.5, 1.0]


# Kinds for which Adobe documents no way to delete one.

KEPT = replace(POSTGRES, deletable=False)
NO_OPERATION = [Answer(status=405, body=""), Answer(status=404, body=error("2100-404"))]


@pytest.mark.parametrize("refusal", NO_OPERATION, ids=str)
def test_what_cannot_be_deleted_is_warned_of(
    refusal: Answer,
    service: FlowService,
    aep_emulator: Emulator,
    connection_id: str,
    warnings: pytest.LogCaptureFixture,
) -> None:
    aep_emulator.fault(refusal, method="DELETE")
    deletion.delete(service, KEPT, connection_id, "crm")
    assert f"Connection 'crm' ({connection_id}) stays in sandbox dev" in warnings.text
    assert [request.method for request in aep_emulator.requests()] == ["DELETE", "GET"]


def test_what_cannot_be_deleted_and_is_not_shown_may_stay(
    service: FlowService, aep_emulator: Emulator, connection_id: str, warnings: pytest.LogCaptureFixture
) -> None:
    aep_emulator.fault(NO_OPERATION[0], method="DELETE")
    aep_emulator.fault(Answer(status=403, body="{}"), method="GET")
    deletion.delete(service, KEPT, connection_id, "crm")
    assert "stays in sandbox dev" in warnings.text


def test_what_cannot_be_deleted_and_is_gone_is_fine(
    service: FlowService, aep_emulator: Emulator, connection_id: str, warnings: pytest.LogCaptureFixture
) -> None:
    aep_emulator.delete(connection_id)
    deletion.delete(service, KEPT, connection_id, "crm")
    assert sent(aep_emulator) == [("DELETE", 404), ("GET", 404)]
    assert warnings.text == ""


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(status=404, body="<html>"),
        Answer(status=403, body=error("2120-403")),
        Answer(status=409, body=error("1000-409")),
    ],
    ids=str,
)
def test_a_refusal_that_does_not_say_that_there_is_no_way_to_delete_is_reported(
    refusal: Answer, service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(refusal, method="DELETE")
    with pytest.raises(ServiceError):
        deletion.delete(service, KEPT, connection_id, "crm")


def test_a_kind_that_can_be_deleted_is_refused_by_a_405(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(NO_OPERATION[0], method="DELETE")
    with pytest.raises(ServiceError):
        delete(service, connection_id, "crm")


def test_what_can_be_tried_to_delete_and_is_only_accepted_is_waited_for(
    service: FlowService, aep_emulator: Emulator, connection_id: str, clock: StandingClock
) -> None:
    aep_emulator.switch(delete_mode="202", delete_seconds=0.5)
    clock.meanwhile = lambda: aep_emulator.advance(1)
    deletion.delete(service, KEPT, connection_id, "crm")
    assert sent(aep_emulator) == [("DELETE", 202), ("GET", 200), ("GET", 404)]
