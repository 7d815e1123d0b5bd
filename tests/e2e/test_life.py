"""The life of a connection with the real engine: create, change, drift, replace, destroy."""

from __future__ import annotations

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import PASSWORD, basic_auth, connection, string_auth
from tests.support.stack import Stack


def test_a_create_costs_a_token_and_a_post_sends_what_adobes_tutorial_shows_and_leaves_no_secret_in_plain(
    stack: Stack, aep_emulator: Emulator
) -> None:
    stack.up(
        connection(
            name="Test connection for PostgreSQL",
            description="Test connection for PostgreSQL",
            auth=aep.ConnectionStringAuth(
                server="db.example.com", port=5432, database="crm", username="aep_reader", password="never-shown"
            ),
        )
    )

    assert [(request.method, request.path) for request in aep_emulator.requests()] == [
        ("POST", "/ims/token/v3"),
        ("POST", "/data/foundation/flowservice/connections"),
    ]
    assert "never-shown" not in stack.pulumi("stack", "export")
    (created,) = aep_emulator.connections(secrets=True)
    assert created["name"] == created["description"] == "Test connection for PostgreSQL"
    assert created["auth"] == {
        "specName": "Connection String Based Authentication",
        "params": {
            "connectionString": "Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;Password=never-shown",
        },
    }
    assert created["connectionSpec"] == {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
    assert stack.outputs()["connectionId"] == created["id"]
    stack.expect_no_changes()


def test_a_preview_and_an_up_without_changes_send_nothing_at_all(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    aep_emulator.forget_requests()

    stack.preview(expect_no_changes=True)
    stack.up(expect_no_changes=True)

    assert aep_emulator.requests() == []


def test_the_outputs_say_what_the_service_says(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection(auth=basic_auth(), description="CRM"))
    stack.refresh()

    (created,) = aep_emulator.connections()
    outputs = stack.resource()["outputs"]
    assert outputs["connectionId"] == created["id"]
    assert outputs["state"] == "enabled"
    assert outputs["orgId"] == aep_emulator.org_id
    assert outputs["sandboxName"] == "dev"
    assert outputs["authSpecName"] == "Basic Authentication"
    assert outputs["createdAt"].endswith("Z")
    assert outputs["updatedAt"] >= outputs["createdAt"]
    assert "etag" not in outputs


def test_a_rotation_shows_a_masked_diff_keeps_the_id_and_costs_a_get_and_a_patch(
    stack: Stack, aep_emulator: Emulator
) -> None:
    stack.up(connection())
    (before,) = aep_emulator.connections()
    aep_emulator.forget_requests()

    shown = stack.up(connection(auth=string_auth(password="a second one")))

    assert "~ password: [secret] => [secret]" in shown
    assert "a second one" not in shown
    assert PASSWORD not in shown
    assert [request.method for request in aep_emulator.requests(path="/connections")] == ["GET", "PATCH"]
    (after,) = aep_emulator.connections(secrets=True)
    assert after["id"] == before["id"]
    assert after["auth"]["params"]["connectionString"].endswith(
        "Password=a second one;EncryptionMethod=1;ValidateServerCertificate=1"
    )
    stack.expect_no_changes()


def test_a_description_is_added_changed_and_removed(stack: Stack, aep_emulator: Emulator) -> None:
    for description in (None, "first", "second", None):
        stack.up(connection(description=description))
        (found,) = aep_emulator.connections()
        assert found.get("description") == description
    stack.expect_no_changes()


def test_the_default_port_is_not_a_change_however_it_is_written(stack: Stack) -> None:
    stack.up(connection(auth=string_auth(port=5432)))
    for port in (5432.0, "5432", None):
        stack.preview(connection(auth=string_auth(port=port)), expect_no_changes=True)


def test_destroy_leaves_nothing_and_costs_one_request(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(connection())
    aep_emulator.forget_requests()

    stack.destroy()

    assert aep_emulator.connections() == []
    assert [request.method for request in aep_emulator.requests(path="/connections")] == ["DELETE"]


def test_values_of_another_resource_are_unknown_in_the_preview_and_right_in_the_end(
    stack: Stack, aep_emulator: Emulator
) -> None:
    def program() -> None:
        first = aep.PostgresBaseConnection("first", auth=string_auth())
        aep.PostgresBaseConnection(
            "second",
            name=first.connection_id.apply(lambda known: f"after {known}"),
            description=first.created_at,
            auth=string_auth(
                server=first.connection_id.apply(lambda known: f"{known}.example.com"),
                port=first.id.apply(lambda _: 5433),
            ),
        )

    assert "+ 3 to create" in stack.preview(program)
    stack.settle(program)

    first, second = sorted(aep_emulator.connections(secrets=True), key=lambda each: "after" in str(each["name"]))
    assert second["name"] == f"after {first['id']}"
    assert f"Server={first['id']}.example.com;Database=crm;Port=5433;" in second["auth"]["params"]["connectionString"]
