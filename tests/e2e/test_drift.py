"""What somebody else changes is shown field by field and put right; what the service writes by itself is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import basic_auth, connection, string_auth
from tests.support.stack import Program, Stack, differences

PASSWORD = "the declared one"
STRING = (
    "Server={server};Database={database};Port={port};UID={username};Password={password}"
    ";EncryptionMethod=1;ValidateServerCertificate={validate}"
)
DECLARED = {
    "server": "db.example.com",
    "database": "crm",
    "port": "5432",
    "username": "aep_reader",
    "password": PASSWORD,
    "validate": "1",
}


@dataclass(frozen=True)
class Drift:
    """One change behind the stack's back, to a connection of its own.

    Attributes:
        name: of the resource and of the connection.
        shown: what the preview then says of it.
        fields: the fields that are changed.
        params: the keys of `auth.params` that are changed.
        string: the parts of the connection string that are changed, for a connection that has one.
        declared: what the program declares beside the usual.
    """

    name: str
    shown: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    string: dict[str, str] | None = None
    declared: dict[str, Any] = field(default_factory=dict)

    def declare(self) -> None:
        auth = basic_auth(password=PASSWORD) if self.string is None else string_auth(password=PASSWORD)
        aep.PostgresBaseConnection(self.name, **{"auth": auth, "description": "CRM", **self.declared})

    def happen(self, emulator: Emulator, connection_id: str) -> None:
        string = {"connectionString": STRING.format_map({**DECLARED, **self.string})} if self.string else {}
        emulator.change(connection_id, fields=self.fields, params={**self.params, **string})


def _part(key: str, theirs: str, ours: str) -> list[str]:
    return ["~ auth: {", f"~ {key}: {theirs} => {ours}"]


ALWAYS = [
    Drift("name", ['~ name: "renamed" => "name"'], fields={"name": "renamed"}),
    Drift("description changed", ['~ description: "theirs" => "CRM"'], fields={"description": "theirs"}),
    Drift("description removed", ['+ description: "CRM"'], fields={"description": None}),
    Drift(
        "description added",
        ['- description: "theirs"'],
        fields={"description": "theirs"},
        declared={"description": None},
    ),
    Drift("server", _part("server", '"moved.example.com"', '"db.example.com"'), params={"server": "moved.example.com"}),
    Drift("port", _part("port", "5433", "5432"), params={"port": "5433"}),
    Drift("database", _part("database", '"erp"', '"crm"'), params={"database": "erp"}),
    Drift("username", _part("username", '"root"', '"aep_reader"'), params={"username": "root"}),
    Drift("ssl mode", _part("sslMode", '"Disable"', '"Verify Full"'), params={"sslMode": "Disable"}),
    Drift("password", params={"password": "theirs"}),
    Drift("connection string's password", string={"password": "theirs"}),
    Drift("keys of the service's own", params={"authorizedDate": "2026-01-01", "privateEndpointId": "pe-1"}),
    Drift("untouched"),
]
IN_PLAIN = [
    Drift(
        "string's server",
        _part("server", '"moved.example.com"', '"db.example.com"'),
        string={"server": "moved.example.com"},
    ),
    Drift("string's port", _part("port", "5433", "5432"), string={"port": "5433"}),
    Drift("string's database", _part("database", '"erp"', '"crm"'), string={"database": "erp"}),
    Drift("string's username", _part("username", '"root"', '"aep_reader"'), string={"username": "root"}),
    Drift("string's encryption", _part("encryption", '"require"', '"verify"'), string={"validate": "0"}),
]


def declaring(drifts: list[Drift]) -> Program:
    def program() -> None:
        for drift in drifts:
            drift.declare()

    return program


def by_name(emulator: Emulator) -> dict[str, dict[str, Any]]:
    return {str(each["name"]): each for each in emulator.connections(secrets=True)}


@pytest.mark.parametrize(("secrets", "drifts"), [("mask", ALWAYS), ("omit", ALWAYS), ("plain", [*ALWAYS, *IN_PLAIN])])
def test_a_preview_after_a_refresh_shows_exactly_the_field_and_an_up_corrects_it_with_one_get_and_one_patch(
    stack: Stack, aep_emulator: Emulator, secrets: str, drifts: list[Drift]
) -> None:
    aep_emulator.switch(secrets=secrets)
    stack.up(declaring(drifts))
    before = by_name(aep_emulator)
    for drift in drifts:
        drift.happen(aep_emulator, before[drift.name]["id"])

    stack.refresh()
    shown = stack.preview()

    assert {drift.name: differences(shown, drift.name) for drift in drifts} == {
        drift.name: drift.shown for drift in drifts
    }
    aep_emulator.forget_requests()
    stack.up()
    for drift in drifts:
        sent = [request.method for request in aep_emulator.requests(path=before[drift.name]["id"])]
        assert sent == (["GET", "PATCH"] if drift.shown else []), drift.name
    after = by_name(aep_emulator)
    for drift in drifts:
        if drift.shown:
            assert _managed(after[drift.name]) == _managed(before[drift.name])
    stack.up(refresh=True, expect_no_changes=True)


def test_one_command_finds_a_drift_and_corrects_it(stack: Stack, aep_emulator: Emulator) -> None:
    (drift,) = (each for each in ALWAYS if each.name == "server")
    stack.up(declaring([drift]))
    (before,) = aep_emulator.connections()
    drift.happen(aep_emulator, before["id"])
    aep_emulator.forget_requests()

    shown = stack.up(refresh=True)

    assert '~ server  : "db.example.com" => "moved.example.com"' in shown
    assert '~ server: "moved.example.com" => "db.example.com"' in shown
    methods = [request.method for request in aep_emulator.requests(path="/connections")]
    assert methods == ["GET", "GET", "PATCH"]
    (after,) = aep_emulator.connections()
    assert after["auth"]["params"]["server"] == "db.example.com"


def test_an_entity_that_the_service_rewrites_by_itself_is_not_drift(stack: Stack, aep_emulator: Emulator) -> None:
    stack.up(declaring([Drift("crm")]))
    (before,) = aep_emulator.connections()

    after = aep_emulator.rewrite(before["id"])

    assert after["etag"] != before["etag"]
    stack.refresh(expect_no_changes=True)
    stack.expect_no_changes()


def _managed(connection: dict[str, Any]) -> tuple[Any, ...]:
    return connection["name"], connection.get("description"), connection["auth"]


def test_the_nightly_check_is_silent_about_a_healthy_connection_and_fails_for_one_that_somebody_disabled(
    stack: Stack, aep_emulator: Emulator
) -> None:
    aep_emulator.switch(settle_seconds=1)
    stack.up(connection())
    (made,) = aep_emulator.connections()
    aep_emulator.advance(60)

    shown = stack.preview(refresh=True, expect_no_changes=True)
    assert "state" not in shown
    assert "updatedAt" not in shown

    aep_emulator.change(made["id"], state="disabled")
    output = stack.fails(stack.preview, refresh=True, expect_no_changes=True)
    assert "is disabled in Experience Platform" in output
    assert "enable it there, then run pulumi refresh" in output

    aep_emulator.change(made["id"], state="enabled")
    stack.up(refresh=True)
    stack.expect_no_changes()
