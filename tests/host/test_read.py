"""Read, as the engine calls it: drift of each managed field, secrets carried, and proof before anything is gone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from tests.host.conftest import Start
from tests.support.declarations import BASIC, CONNECTION_STRING, PARTS, SECRET, STRING
from tests.support.host import Host, Wire, failure

BASIC_AUTH = {**PARTS, "sslMode": "Verify Full"}
KINDS = {
    "parts": {**PARTS, "encryption": "verify"},
    "whole": {"connectionString": STRING},
    "basic": BASIC_AUTH,
    "env": {**PARTS, "password": {"fromEnv": "CRM_DB_PASSWORD", "version": 1}},
}
MODES = ["mask", "omit", "plain"]


def inputs(**changes: Any) -> Wire:
    return {"name": "crm", "description": "CRM read replica", "auth": PARTS, **changes}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_has_changed_is_not_drift_and_keeps_its_secrets(
    host: Host, aep_emulator: Emulator, mode: str, kind: str
) -> None:
    aep_emulator.switch(secrets=mode)
    declared = inputs(auth=KINDS[kind])
    found = host.create(declared)
    read = host.read(found.id, found.outputs)
    assert read.id == found.id
    assert read.inputs == host.checked(declared)
    assert {**read.outputs, "state": ""} == {**found.outputs, "state": ""}
    assert read.outputs["state"] == "enabled"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("field", "value"), [("name", "by hand"), ("description", "by hand"), ("description", None)])
def test_drift_of_a_plain_field_is_seen_and_nothing_else(
    host: Host, aep_emulator: Emulator, mode: str, field: str, value: str | None
) -> None:
    aep_emulator.switch(secrets=mode)
    found = host.create(inputs())
    aep_emulator.change(found.id, fields={field: value})
    read = host.read(found.id, found.outputs)
    expected = {**host.checked(inputs()), field: value}
    assert read.inputs == {key: item for key, item in expected.items() if item is not None}
    assert host.diff(found.id, read.outputs, host.checked(inputs())).is_change is True


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("param", "value", "field", "drifted"),
    [
        ("server", "by-hand.example.com", "server", "by-hand.example.com"),
        ("port", "6543", "port", 6543),
        ("database", "by_hand", "database", "by_hand"),
        ("username", "by_hand", "username", "by_hand"),
        ("sslMode", "Disable", "sslMode", "Disable"),
    ],
)
def test_drift_of_each_part_of_basic_auth_is_seen_and_nothing_else(  # noqa: PLR0917 - one row of a table
    host: Host, aep_emulator: Emulator, mode: str, param: str, value: str, field: str, drifted: object
) -> None:
    aep_emulator.switch(secrets=mode)
    declared = inputs(auth=BASIC_AUTH)
    found = host.create(declared)
    aep_emulator.change(found.id, params={param: value})
    read = host.read(found.id, found.outputs)
    expected = host.checked(declared)
    assert read.inputs == {**expected, "auth": {**expected["auth"], field: drifted}}
    assert host.diff(found.id, read.outputs, expected).is_change is True


@pytest.mark.parametrize(
    ("before", "after", "field", "drifted"),
    [
        ("Server=db;", "Server=by-hand;", "server", "by-hand"),
        ("Port=5432", "Port=6543", "port", 6543),
        ("Database=crm", "Database=by_hand", "database", "by_hand"),
        ("UID=reader", "UID=by_hand", "username", "by_hand"),
        ("EncryptionMethod=1", "EncryptionMethod=0", "encryption", "disable"),
    ],
)
def test_a_connection_string_that_is_shown_shows_its_drift(  # noqa: PLR0917 - one row of a table
    host: Host, aep_emulator: Emulator, before: str, after: str, field: str, drifted: object
) -> None:
    aep_emulator.switch(secrets="plain")
    declared = inputs(auth=KINDS["parts"])
    found = host.create(declared)
    (entity,) = aep_emulator.connections(secrets=True)
    text = dict(entity)["auth"]["params"]["connectionString"]
    aep_emulator.change(found.id, params={"connectionString": text.replace(before, after)})
    read = host.read(found.id, found.outputs)
    expected = host.checked(declared)
    assert read.inputs == {**expected, "auth": {**expected["auth"], field: drifted}}


@pytest.mark.parametrize("kind", ["parts", "whole", "basic", "env"])
def test_a_changed_secret_is_never_drift_and_never_taken_over(host: Host, aep_emulator: Emulator, kind: str) -> None:
    aep_emulator.switch(secrets="plain")
    declared = inputs(auth=KINDS[kind])
    found = host.create(declared)
    key = "password" if kind == "basic" else "connectionString"
    (entity,) = aep_emulator.connections(secrets=True)
    text = str(dict(entity)["auth"]["params"][key])
    changed = text.replace(SECRET, "changed-by-hand").replace("s3cr3t-of-the-environment", "changed-by-hand")
    aep_emulator.change(found.id, params={key: changed})
    read = host.read(found.id, found.outputs)
    assert read.inputs == host.checked(declared)
    assert "changed-by-hand" not in json.dumps([read.outputs, read.inputs])


def test_keys_that_the_server_adds_are_not_drift(host: Host, aep_emulator: Emulator) -> None:
    declared = inputs(auth=BASIC_AUTH)
    found = host.create(declared)
    aep_emulator.change(
        found.id, params={"privateEndpointId": "x", "authorizedDate": "2026"}, fields={"labels": ["C1"]}
    )
    read = host.read(found.id, found.outputs)
    assert read.inputs == host.checked(declared)
    assert "privateEndpointId" not in json.dumps(read.outputs)


def test_a_changed_etag_is_not_drift(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs())
    aep_emulator.rewrite(found.id)
    assert host.read(found.id, found.outputs).inputs == host.checked(inputs())


def test_another_kind_of_auth_is_drift_that_replaces(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs(auth=BASIC_AUTH))
    by_hand = {"specName": CONNECTION_STRING, "params": {"connectionString": STRING}}
    aep_emulator.change(found.id, fields={"auth": by_hand})
    read = host.read(found.id, found.outputs)
    assert read.outputs["authSpecName"] == CONNECTION_STRING
    diff = host.diff(found.id, read.outputs, host.checked(inputs(auth=BASIC_AUTH)))
    assert (diff.is_change, diff.replaces) == (True, ["auth.specName"])


def test_drift_is_corrected_by_one_get_and_one_patch(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs(auth=BASIC_AUTH))
    aep_emulator.change(found.id, fields={"name": "by hand"}, params={"server": "by-hand"})
    read = host.read(found.id, found.outputs)
    aep_emulator.forget_requests()
    host.update(found.id, read.outputs, inputs(auth=BASIC_AUTH))
    assert [request.method for request in aep_emulator.requests()] == ["GET", "PATCH"]
    (entity,) = aep_emulator.connections(secrets=True)
    assert (entity["name"], dict(entity)["auth"]["params"]) == ("crm", {**BASIC_AUTH, "port": "5432"})


def test_a_connection_that_is_only_looked_at_is_read_without_secrets(host: Host, aep_emulator: Emulator) -> None:
    existing = aep_emulator.create_connection("by hand", STRING, description="old")
    read = host.read(str(existing["id"]), {})
    assert read.outputs["name"] == "by hand"
    assert read.outputs["authSpecName"] == CONNECTION_STRING
    assert read.outputs["sandboxName"] == "dev"
    assert SECRET not in json.dumps(read.outputs)


# Gone, or not.


def test_a_connection_that_the_service_says_is_gone_is_gone(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs())
    aep_emulator.delete(found.id)
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)
    read = host.read(found.id, found.outputs)
    assert (read.id, read.outputs) == ("", {})


def test_the_older_response_that_it_is_gone_is_understood_too(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.switch(error_shape="older")
    found = host.create(inputs())
    aep_emulator.delete(found.id)
    # Long after the last write, so that a 404 counts at once.
    aep_emulator.advance(60)
    assert host.read(found.id, found.outputs).id == ""


NOT_GONE = {
    "page of a proxy": (404, "<html>not found</html>"),
    "nothing": (404, ""),
    "a gateway's 404": (404, '{"message": "no Route matched with those values"}'),
    "no such sandbox": (404, '{"type": "https://ns.adobe.com/aep/errors/FLOW-2100-404", "title": "Sandbox not found"}'),
    "401": (401, '{"error_code": "401013", "message": "Oauth token is not valid"}'),
    "403": (403, '{"type": "https://ns.adobe.com/aep/errors/FLOW-2120-403", "title": "Forbidden"}'),
    "gone for ever": (410, ""),
    "another connection": (200, '{"items": [{"id": "another"}]}'),
    "no connection": (200, '{"items": []}'),
}


@pytest.mark.parametrize("name", NOT_GONE)
def test_anything_else_is_not_proof_and_so_an_error(host: Host, aep_emulator: Emulator, name: str) -> None:
    found = host.create(inputs())
    status, body = NOT_GONE[name]
    aep_emulator.fault(Answer(status=status, body=body), method="GET", path=f"/connections/{found.id}", times=None)
    reported = failure(host.read, found.id, found.outputs)
    assert "What to do: " in reported
    assert host.check(inputs()).failures == []


def test_a_read_that_is_dropped_is_repeated(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs())
    aep_emulator.fault(Drop(), method="GET")
    assert host.read(found.id, found.outputs).id == found.id


def test_a_sandbox_that_is_gone_is_an_error_and_not_a_connection_that_is_gone(
    host: Host, aep_emulator: Emulator
) -> None:
    found = host.create(inputs())
    reported = failure(host.read, found.id, {**found.outputs, "sandboxName": "nowhere"})
    assert "(Sandbox: nowhere.)" in reported
    assert len(aep_emulator.connections()) == 1


def test_the_recorded_sandbox_is_read_whatever_the_settings_say(start: Start, host: Host) -> None:
    found = host.create(inputs())
    elsewhere = start({"AEP_SANDBOX_NAME": "stage"})
    assert elsewhere.read(found.id, found.outputs).id == found.id


def test_another_kind_of_source_is_an_error(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs())
    aep_emulator.change(found.id, fields={"connectionSpec": {"id": "another-spec", "version": "1.0"}})
    assert "is not a PostgreSQL connection." in failure(host.read, found.id, found.outputs)


def test_a_basic_auth_read_for_the_first_time_shows_its_parts(host: Host, aep_emulator: Emulator) -> None:
    fields = {
        "name": "by hand",
        "auth": {"specName": BASIC, "params": {**BASIC_AUTH, "port": "5432"}},
        "connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"},
    }
    existing = str(aep_emulator.create(fields)["id"])
    read = host.read(existing, {"sandboxName": "dev"})
    # An import by the plugin declares what is read, and no service shows the password.
    reference = {"password": {"fromEnv": "BY_HAND_PASSWORD", "version": 1}} if host.adapter.imports else {}
    assert read.outputs["auth"] == {
        **reference,
        "specName": BASIC,
        "server": "db",
        "port": 5432,
        "database": "crm",
        "username": "reader",
        "sslMode": "Verify Full",
    }
