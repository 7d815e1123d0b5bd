"""Having the service log in to the database, and taking back what does not work."""

from __future__ import annotations

import json

import pytest

from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import VerificationFailed
from pulumi_adobe_aep.kinds.base_connection.kind import PARAMS
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.kind import FieldChange
from pulumi_adobe_aep.lifecycle.verify import after_change, after_create
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON

SECRET = "s3cr3t-of-the-database"
# Nobody listens on port 1, so the emulator's log-in fails.
STRING = f"Server=127.0.0.1;Database=crm;Port=1;UID=reader;Password={SECRET}"
OLD = (FieldChange(PARAMS, {"connectionString": STRING.replace("UID=reader", "UID=before")}, required=True),)
PASSED = Answer(status=200, body='{"result": true}')


@pytest.fixture
def connection_id(aep_emulator: Emulator) -> str:
    return str(aep_emulator.create_connection("crm", STRING)["id"])


def sent(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path.rpartition('/')[2]}" for request in emulator.requests()]


def user(emulator: Emulator) -> str:
    (found,) = emulator.connections(secrets=True)
    return str(found["auth"]["params"]["connectionString"]).split("UID=")[1].split(";")[0]


def test_a_log_in_that_works_costs_one_request(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(PASSED, path="/test$", times=2)
    after_create(service, POSTGRES, connection_id, "crm")
    after_change(service, POSTGRES, connection_id, OLD)
    assert sent(aep_emulator) == ["GET test", "GET test"]
    assert user(aep_emulator) == "reader"


def test_a_new_connection_that_does_not_work_is_deleted_again(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    with pytest.raises(VerificationFailed) as caught:
        after_create(service, POSTGRES, connection_id, "crm")
    message = str(caught.value)
    assert "could not log in to the database of 'crm', so the new connection was deleted again." in message
    assert "Why: The service gives no reason (result: false)." in message
    assert "What to do: Check server, port, database, user name, password and encryption." in message
    assert aep_emulator.connections() == []
    assert not caught.value.stays


def test_the_services_own_reason_is_reported(service: FlowService, aep_emulator: Emulator, connection_id: str) -> None:
    aep_emulator.switch(test_failure="error")
    with pytest.raises(VerificationFailed, match=r"Why: The request could not be processed. Error message: "):
        after_create(service, POSTGRES, connection_id, "crm")
    assert aep_emulator.connections() == []


def test_a_new_connection_that_cannot_be_deleted_again_is_named(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(Answer(status=403, body="{}"), method="DELETE")
    with pytest.raises(VerificationFailed) as caught:
        after_create(service, POSTGRES, connection_id, "crm")
    message = caught.value.render(PYTHON)
    assert "so the new connection was to be deleted again, which failed: Deleting the connection" in message
    assert f"What to do: Delete connection {connection_id} in sandbox dev before the next pulumi up." in message
    assert caught.value.stays


def test_after_a_change_that_does_not_work_the_old_credentials_are_restored(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    with pytest.raises(VerificationFailed) as caught:
        after_change(service, POSTGRES, connection_id, OLD)
    assert f"with connection {connection_id}'s new credentials. The old ones were restored." in str(caught.value)
    assert user(aep_emulator) == "before"
    assert not caught.value.stays


def test_old_credentials_that_are_not_known_are_not_restored(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    with pytest.raises(VerificationFailed, match="The old ones are not known, so the new ones stay in force") as caught:
        after_change(service, POSTGRES, connection_id, None)
    assert user(aep_emulator) == "reader"
    assert caught.value.stays
    assert sent(aep_emulator) == ["GET test"]


def test_old_credentials_that_cannot_be_restored_are_reported(
    service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(Answer(status=403, body="{}"), method="PATCH")
    with pytest.raises(VerificationFailed, match="Restoring the old ones failed, so the new ones may be") as caught:
        after_change(service, POSTGRES, connection_id, OLD)
    assert user(aep_emulator) == "reader"
    assert caught.value.stays


def refused(code: str) -> Answer:
    """Return a response of the connectors, with a code of Adobe's "Sources error messages"."""
    body = {"type": f"https://ns.adobe.com/aep/errors/CONNECTORS-{code}-400", "title": "Bad Request", "status": 400}
    return Answer(status=400, body=json.dumps(body))


@pytest.mark.parametrize("code", ["1001", "1002", "1008", "1009", "1105", "1106", "1308"])
def test_a_code_of_a_failed_log_in_takes_the_connection_back(
    code: str, service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(refused(code), path="/test$")
    with pytest.raises(VerificationFailed):
        after_create(service, POSTGRES, connection_id, "crm")
    assert aep_emulator.connections() == []


@pytest.mark.parametrize("code", ["1000", "1003", "1010", "1100", "1107", "1304", "1309"])
def test_another_code_of_the_connectors_is_a_test_that_could_not_be_run(
    code: str, service: FlowService, aep_emulator: Emulator, connection_id: str
) -> None:
    aep_emulator.fault(refused(code), path="/test$")
    after_create(service, POSTGRES, connection_id, "crm")
    assert [each["id"] for each in aep_emulator.connections()] == [connection_id]


@pytest.mark.parametrize(
    "response",
    [
        Answer(status=403, body='{"type": "https://ns.adobe.com/aep/errors/FLOW-2120-403", "title": "Forbidden"}'),
        Answer(status=400, body='{"message": "what nobody has documented"}'),
        Answer(status=404, body="<html>"),
    ],
)
def test_a_test_that_cannot_be_run_is_not_a_failed_one(
    service: FlowService,
    aep_emulator: Emulator,
    connection_id: str,
    warnings: pytest.LogCaptureFixture,
    response: Answer,
) -> None:
    aep_emulator.fault(response, path="/test$", times=2)
    after_create(service, POSTGRES, connection_id, "crm")
    after_change(service, POSTGRES, connection_id, OLD)
    assert user(aep_emulator) == "reader"
    assert warnings.text.count(f"Connection {connection_id} is not verified, because it could not be tested.") == 2
