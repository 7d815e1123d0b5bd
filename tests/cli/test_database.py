"""`test` and `explore`, with a real PostgreSQL behind the emulator; `delete`."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.service import make_basic, make_other, make_string
from tools.database import PostgresServer, SampleDatabase


@pytest.fixture
def connection_id(aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase) -> str:
    """Return a connection that reaches the sample database."""
    return make_basic(
        aep_emulator,
        server=postgres.host,
        port=str(postgres.port),
        database=crm.name,
        username=crm.role,
        password=crm.password,
        sslMode="Disable",
    )


def test_a_test_that_passes_is_exit_code_0(command: CommandLine, connection_id: str) -> None:
    ended = command.succeeds("test", connection_id)

    assert ended.out == f"Flow Service logged in to the database of connection {connection_id} (PostgreSQL).\n"
    assert command.succeeds("test", connection_id, "--json").json == {
        "sandbox": "dev",
        "id": connection_id,
        "source": "PostgreSQL",
        "passed": True,
        "reason": None,
    }


@pytest.mark.parametrize("form", ["result", "error"])
def test_a_test_that_fails_is_exit_code_1_in_whichever_form_the_service_says_so(
    command: CommandLine, aep_emulator: Emulator, connection_id: str, form: str
) -> None:
    aep_emulator.switch(test_failure=form)
    aep_emulator.change(connection_id, params={"password": "another-password"})

    ended = command.run("test", connection_id)
    reported = command.run("test", connection_id, "--json")

    assert ended.code == reported.code == 1
    assert ended.out == f"Flow Service could not log in to the database of connection {connection_id} (PostgreSQL).\n"
    assert "What to do: Check server, port, database" in ended.err
    assert reported.json["passed"] is False
    assert (reported.json["reason"] is None) is (form == "result")
    assert "another-password" not in ended.err + reported.out


def test_the_tables_are_listed_and_then_the_columns_of_one(
    command: CommandLine, connection_id: str, crm: SampleDatabase
) -> None:
    listed = command.succeeds("explore", connection_id)
    tables = command.succeeds("explore", connection_id, "--json").json["tables"]
    columns = command.succeeds("explore", connection_id, "sales.orders", "--json").json["columns"]
    shown = command.succeeds("explore", connection_id, "sales.orders")

    assert {row.split()[0] for row in listed.out.splitlines()[1:]} == set(crm.tables)
    assert {each["path"] for each in tables} == set(crm.tables)
    assert all(set(column) == {"name", "type", "format"} for column in columns)
    assert {row.split()[0] for row in shown.out.splitlines()[1:]} == {column["name"] for column in columns}
    assert "date-time" in {column["format"] for column in columns}


def test_an_unknown_table_is_an_error_with_a_sentence(command: CommandLine, connection_id: str) -> None:
    table = command.run("explore", connection_id, "sales.nothing")
    assert table.code == 1
    assert table.err.startswith("Listing the columns of sales.nothing of the connection")


@pytest.mark.parametrize(
    "words", [("test",), ("explore",), ("delete", "--yes"), ("import", "--name", "x", "--password-env", "PW")]
)
def test_an_id_that_there_is_not_is_reported_with_the_command_that_lists_them(
    command: CommandLine, words: tuple[str, ...]
) -> None:
    ended = command.run(*words, "00000000-0000-4000-8000-000000000000", PW="any-password")

    assert ended.code == 4
    assert "(Sandbox: dev.)" in ended.err
    assert (
        "What to do: Check the id; 'connections' lists them: pulumi-adobe-aep connections --sandbox dev." in ended.err
    )


def test_a_delete_asks_first_and_says_what_it_is_about(command: CommandLine, aep_emulator: Emulator) -> None:
    erp, crm = make_basic(aep_emulator), make_string(aep_emulator)

    refused = command.talk(["delete", erp], ("Delete it from sandbox dev of organization", "n"))
    assert refused.code == 1
    assert "Nothing was deleted." in refused.out
    assert "ERP" in refused.out
    assert len(aep_emulator.connections()) == 2
    agreed = command.talk(["delete", erp], (f"{aep_emulator.org_id}? [y/N]: ", "y"))
    assert agreed.code == 0
    assert [each["id"] for each in aep_emulator.connections()] == [crm]
    reported = command.succeeds("delete", crm, "--yes", "--json").json
    assert (reported["sandbox"], reported["deleted"]["id"]) == ("dev", crm)
    assert aep_emulator.connections() == []


def test_a_delete_never_guesses_a_yes_and_takes_postgresql_connections_only(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp, lake = make_basic(aep_emulator), make_other(aep_emulator)

    assert command.run("delete", erp).code == 2
    assert command.run("delete", erp, "--json").code == 2
    other = command.run("delete", lake, "--yes")
    assert other.code == 1
    assert "is not a connection to a source with tables" in other.err
    assert command.run("delete", erp, "--yes", "--sandbox", "stage").code == 4
    assert len(aep_emulator.connections()) == 2
