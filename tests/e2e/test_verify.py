"""`verify=True`: Flow Service logs in to a real PostgreSQL, and what cannot log in does not stay."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.support.programs import basic_auth, connection
from tests.support.stack import Program, Stack
from tools.database import PostgresServer, SampleDatabase


def verified(postgres: PostgresServer, crm: SampleDatabase, password: str) -> Program:
    auth = basic_auth(
        server=postgres.host,
        port=postgres.port,
        database=crm.name,
        username=crm.role,
        password=password,
        ssl_mode="Disable",
    )
    return connection(auth=auth, verify=True)


def test_a_connection_that_cannot_log_in_is_deleted_again_and_the_error_has_the_databases_reason(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    aep_emulator.switch(test_failure="error")

    shown = stack.fails(stack.up, verified(postgres, crm, "not the password"))

    assert "Flow Service could not log in to the database of 'crm', so the new connection was deleted again." in shown
    assert f'failed: FATAL: password authentication failed for user "{crm.role}" (code 1308)' in shown
    assert "not the password" not in shown
    assert aep_emulator.connections() == []
    assert stack.recorded() == []


def test_a_change_that_cannot_log_in_is_taken_back(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    stack.up(verified(postgres, crm, crm.password))
    (before,) = aep_emulator.connections(secrets=True)

    shown = stack.fails(stack.up, verified(postgres, crm, "not the password"))

    assert "could not log in to the database with connection" in shown
    assert "The old ones were restored." in shown
    (after,) = aep_emulator.connections(secrets=True)
    assert after["auth"] == before["auth"]
    stack.up(verified(postgres, crm, crm.password), expect_no_changes=True)


def test_a_rotation_that_logs_in_is_tested_once(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    stack.up(verified(postgres, crm, crm.password))
    postgres.set_password(crm.role, "a new password")
    aep_emulator.forget_requests()

    stack.settle(verified(postgres, crm, "a new password"))

    methods = [(each.method, each.path.rpartition("/")[2]) for each in aep_emulator.requests(path="/connections/")]
    assert [method for method, _ in methods][:3] == ["GET", "PATCH", "GET"]
    assert [last for _, last in methods].count("test") == 1


def test_a_test_that_cannot_be_run_is_a_warning_and_no_failure(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    aep_emulator.fault(Answer(status=503, headers={"Retry-After": "0"}, body="{}"), path="/test$", times=None)

    shown = stack.up(verified(postgres, crm, "not the password"))

    (created,) = aep_emulator.connections()
    assert f"Connection {created['id']} is not verified, because it could not be tested." in shown
    assert stack.outputs()["connectionId"] == created["id"]
