"""A connection that is gone, one that only seems to be, and one that belongs to somebody else."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.support.programs import connection
from tests.support.stack import Stack


def what_is_recorded(stack: Stack) -> list[tuple[str, str]]:
    return [(resource["id"], resource["outputs"].get("description", "")) for resource in stack.recorded()]


def test_one_that_was_deleted_leaves_the_state_and_is_created_again(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    (before,) = aep_emulator.connections()
    aep_emulator.delete(before["id"])
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)

    shown = stack.refresh()

    assert "- pulumi-python:dynamic/adobe-aep:PostgresBaseConnection: (delete)" in shown
    assert stack.recorded() == []
    stack.settle(connection())
    (after,) = aep_emulator.connections()
    assert after["id"] != before["id"]


def test_one_that_was_deleted_is_not_an_obstacle_to_a_destroy(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    (before,) = aep_emulator.connections()
    aep_emulator.delete(before["id"])
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)

    stack.destroy()

    assert stack.recorded() == []


def test_a_404_that_the_service_did_not_write_is_an_error_and_the_state_stays(
    stack: Stack, aep_emulator: Emulator
) -> None:
    stack.up(connection())
    before = what_is_recorded(stack)
    page = "<html><body>No such page</body></html>"
    aep_emulator.fault(
        Answer(status=404, headers={"Content-Type": "text/html"}, body=page), path="/connections", times=None
    )

    for command in (stack.refresh, stack.destroy):
        shown = stack.fails(command)
        assert "the response was 404 Not Found, and it is not from Adobe. (Sandbox: dev.)" in shown
        assert "Why: It is 38 bytes of text/html" in shown
        assert "a proxy between here and Adobe may have written it." in shown
        assert what_is_recorded(stack) == before

    aep_emulator.lift_faults()
    stack.up(refresh=True, expect_no_changes=True)


def test_another_organization_in_the_settings_is_an_error_that_names_both(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection(description="ours"))
    before = what_is_recorded(stack)
    aep_emulator.forget_requests()
    stack.environment["AEP_ORG_ID"] = "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg"

    for command, arguments in (
        (stack.refresh, ()),
        (stack.up, (connection(description="theirs"),)),
        (stack.destroy, ()),
    ):
        shown = stack.fails(command, *arguments)
        assert f"This connection belongs to organization {aep_emulator.org_id}, the settings name organization" in shown
        assert "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg." in shown
        assert f"Set AEP_ORG_ID (or adobe-aep:orgId) to {aep_emulator.org_id}" in shown

    assert what_is_recorded(stack) == before
    assert aep_emulator.requests() == []


def test_one_in_use_is_not_deleted_and_the_error_names_what_uses_it(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    (base,) = aep_emulator.connections()
    source = aep_emulator.create({"name": "CRM customers", "baseConnectionId": base["id"]}, kind="sourceConnections")
    flow = aep_emulator.create({"name": "CRM to profile", "sourceConnectionIds": [source["id"]]}, kind="flows")
    other = aep_emulator.create({"name": "not ours", "sourceConnectionIds": ["another"]}, kind="flows")

    shown = stack.fails(stack.destroy)

    assert f"Connection 'crm' ({base['id']}) cannot be deleted, because it is in use." in shown
    assert f"source connection 'CRM customers' ({source['id']}), dataflow 'CRM to profile' ({flow['id']})" in shown
    assert other["id"] not in shown
    assert "What to do: Delete the dataflows first" in shown
    assert len(stack.recorded()) == 1
    aep_emulator.delete(flow["id"], kind="flows")
    aep_emulator.delete(source["id"], kind="sourceConnections")
    stack.destroy()
    assert aep_emulator.connections() == []
