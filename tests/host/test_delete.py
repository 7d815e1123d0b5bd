"""Delete, as the engine calls it."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.host.conftest import Start
from tests.support.declarations import PARTS
from tests.support.host import Host, Wire, failure

INPUTS: Wire = {"name": "crm", "auth": PARTS}


def sent(emulator: Emulator) -> list[tuple[str, int | None]]:
    return [(request.method, request.status) for request in emulator.requests(path="/flowservice/")]


@pytest.mark.parametrize(
    ("switches", "requests"),
    [
        ({"delete_mode": "204"}, [("DELETE", 204)]),
        ({"delete_mode": "202", "delete_seconds": 0}, [("DELETE", 202), ("GET", 404)]),
    ],
)
def test_a_delete_is_over_when_the_connection_is_gone(
    host: Host, aep_emulator: Emulator, switches: dict[str, Any], requests: list[tuple[str, int]]
) -> None:
    aep_emulator.switch(**switches)
    found = host.create(INPUTS)
    aep_emulator.forget_requests()
    host.delete(found.id, found.outputs)
    assert aep_emulator.connections() == []
    assert sent(aep_emulator) == requests


def test_a_connection_that_is_gone_already_is_deleted(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(INPUTS)
    aep_emulator.delete(found.id)
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)
    host.delete(found.id, found.outputs)


def test_a_404_of_somebody_else_does_not_count_as_deleted(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(INPUTS)
    aep_emulator.fault(Answer(status=404, body="<html>"), method="DELETE")
    assert "Deleting the connection" in failure(host.delete, found.id, found.outputs)
    assert len(aep_emulator.connections()) == 1


def test_what_uses_a_connection_is_reported_with_name_and_id(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(INPUTS)
    spec = {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}
    source = aep_emulator.create(
        {"name": "customers table", "baseConnectionId": found.id, "connectionSpec": spec}, kind="sourceConnections"
    )
    flow_spec = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
    flow = aep_emulator.create(
        {"name": "customers flow", "sourceConnectionIds": [source["id"]], "flowSpec": flow_spec}, kind="flows"
    )
    reported = failure(host.delete, found.id, found.outputs)
    assert f"Connection 'crm' ({found.id}) cannot be deleted, because it is in use." in reported
    assert f"source connection 'customers table' ({source['id']})" in reported
    assert f"dataflow 'customers flow' ({flow['id']})" in reported
    assert "Delete the dataflows first" in reported
    assert len(aep_emulator.connections()) == 1


def test_the_recorded_sandbox_counts_whatever_the_settings_say(
    start: Start, host: Host, aep_emulator: Emulator
) -> None:
    found = host.create(INPUTS)
    start({"AEP_SANDBOX_NAME": "stage"}).delete(found.id, found.outputs)
    assert aep_emulator.connections() == []
