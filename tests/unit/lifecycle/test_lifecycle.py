"""Check, diff and the paths of the life cycle that need no process of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop
from pulumi_adobe_aep.errors import (
    EntityGone,
    EntityMismatch,
    InvalidInputs,
    MissingSecret,
    NotFound,
    SettingsError,
    WrongOrganization,
)
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.model import UNKNOWN
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import FastClock
from tests.support.declarations import BASIC, CONNECTION_STRING, PARTS, SECRET, STRING

OTHER_ORG = "FFFFFFFFFFFF@AdobeOrg"
ENVIRONMENT = {"CRM_DB_PASSWORD": "from-the-environment"}


def life(settings: Settings, environment: dict[str, str] = ENVIRONMENT) -> Lifecycle:
    return Lifecycle(Planner(POSTGRES, settings), Process(settings, environment))


@pytest.fixture
def lifecycle(settings: Settings) -> Lifecycle:
    return life(settings)


def inputs(**changes: Any) -> dict[str, Any]:
    wire = {"name": "crm", "auth": PARTS, **changes}
    return {key: value for key, value in wire.items() if value is not None}


def checked(lifecycle: Lifecycle, **changes: Any) -> dict[str, Any]:
    found = lifecycle.planner.check(inputs(**changes))
    assert found.problems == []
    assert found.inputs is not None
    return found.inputs.to_state()


def recorded(lifecycle: Lifecycle, **changes: Any) -> State:
    """What the state holds after a create."""
    wire = checked(lifecycle, **changes)
    org_id = lifecycle.planner.settings.org_id
    return State({**wire, "connectionId": "id-1", "orgId": org_id, "authSpecName": wire["auth"]["specName"]})


# Check.


def test_a_check_adds_the_defaults_and_the_sandbox_in_force(lifecycle: Lifecycle) -> None:
    assert checked(lifecycle) == {
        "name": "crm",
        "sandboxName": "dev",
        "verify": False,
        "auth": {**PARTS, "specName": CONNECTION_STRING, "port": 5432},
    }


def test_a_check_without_any_sandbox_says_where_to_name_one(settings: Settings) -> None:
    (problem,) = life(replace(settings, sandbox_name="")).planner.check(inputs()).problems
    assert problem.sentence(wording=PYTHON) == (
        "sandboxName is missing: give sandbox_name, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName "
        "(without it Adobe would take the production sandbox)."
    )


def test_a_checked_declaration_checks_to_itself(lifecycle: Lifecycle) -> None:
    for changes in ({}, {"auth": {**PARTS, "sslMode": "Require"}}, {"auth": {"connectionString": STRING}}):
        once = checked(lifecycle, **changes)
        again = lifecycle.planner.check(once).inputs
        assert again is not None
        assert again.to_state() == once


# Diff.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"auth": {**PARTS, "port": 5432}}, {"auth": {**PARTS, "port": 5432.0}}),
        ({"auth": {**PARTS, "port": 5432}}, {"auth": {**PARTS, "port": "5432"}}),
        ({"auth": {**PARTS, "port": 5432}}, {"auth": PARTS}),
        ({"auth": PARTS}, {"auth": {**PARTS, "port": 5432.0}}),
        ({"verify": False}, {"verify": None}),
        ({"verify": None}, {"verify": False}),
        ({"description": None}, {}),
        ({"sandboxName": "dev"}, {"sandboxName": None}),
        (
            {"auth": {**PARTS, "password": {"fromEnv": "CRM"}}},
            {"auth": {**PARTS, "password": {"fromEnv": "CRM", "version": 1.0}}},
        ),
    ],
)
def test_what_means_the_same_is_not_a_change(
    lifecycle: Lifecycle, before: dict[str, Any], after: dict[str, Any]
) -> None:
    difference = lifecycle.planner.diff(recorded(lifecycle, **before), checked(lifecycle, **after))
    assert (difference.changed, difference.replaces) == (frozenset(), ())


@pytest.mark.parametrize(
    ("changes", "changed", "replaces"),
    [
        ({"name": "other"}, {"name"}, ()),
        ({"description": "new"}, {"description"}, ()),
        ({"verify": True}, {"verify"}, ()),
        ({"auth": {**PARTS, "server": "other"}}, {"auth"}, ()),
        ({"auth": {**PARTS, "port": 5433}}, {"auth"}, ()),
        ({"auth": {**PARTS, "password": "another-password"}}, {"auth"}, ()),
        ({"auth": {**PARTS, "encryption": "verify"}}, {"auth"}, ()),
        ({"auth": {**PARTS, "password": {"fromEnv": "CRM"}}}, {"auth"}, ()),
        ({"auth": {"connectionString": STRING}}, {"auth"}, ()),
        ({"auth": {**PARTS, "sslMode": "Require"}}, {"auth"}, ("auth.specName",)),
        ({"sandboxName": "stage"}, {"sandboxName"}, ("sandboxName",)),
        ({"existingConnectionId": "id-2"}, {"existingConnectionId"}, ("existingConnectionId",)),
        ({"existingConnectionId": "id-1"}, set(), ()),
        ({"auth": UNKNOWN}, {"auth"}, ()),
        ({"auth": {**PARTS, "password": UNKNOWN}}, {"auth"}, ()),
        ({"name": UNKNOWN, "description": UNKNOWN}, {"name", "description"}, ()),
        ({"sandboxName": UNKNOWN}, {"sandboxName"}, ("sandboxName",)),
    ],
)
def test_each_change_is_seen_and_replaces_where_it_must(
    lifecycle: Lifecycle, changes: dict[str, Any], changed: set[str], replaces: tuple[str, ...]
) -> None:
    difference = lifecycle.planner.diff(recorded(lifecycle), checked(lifecycle, **changes))
    assert (set(difference.changed), difference.replaces) == (changed, replaces)


def test_a_changed_default_sandbox_is_a_replacement(lifecycle: Lifecycle, settings: Settings) -> None:
    moved = life(replace(settings, sandbox_name="stage"))
    assert moved.planner.diff(recorded(lifecycle), checked(moved)).replaces == ("sandboxName",)


def test_a_connection_that_was_taken_over_stays_when_the_argument_goes(lifecycle: Lifecycle) -> None:
    taken_over = recorded(lifecycle, existingConnectionId="id-1")
    assert lifecycle.planner.diff(taken_over, checked(lifecycle)).changed == frozenset()


@pytest.mark.parametrize("auth", [{}, {"specName": "OAuth"}, {"specName": CONNECTION_STRING, "port": "none"}])
def test_whatever_drift_has_put_into_the_auth_is_a_change(lifecycle: Lifecycle, auth: dict[str, Any]) -> None:
    drifted = recorded(lifecycle).updated({"auth": auth})
    assert lifecycle.planner.diff(drifted, checked(lifecycle)).changed == {"auth"}


def test_another_organization_in_the_settings_is_an_error_that_names_both(
    lifecycle: Lifecycle, settings: Settings, aep_emulator: Emulator
) -> None:
    state = recorded(lifecycle)
    moved = life(replace(settings, org_id=OTHER_ORG))
    calls: list[Callable[[], object]] = [
        lambda: moved.planner.diff(state, checked(moved)),
        lambda: moved.read("id-1", state),
        lambda: moved.update("id-1", state, checked(moved, name="other")),
        lambda: moved.delete("id-1", state),
    ]
    for call in calls:
        with pytest.raises(WrongOrganization) as caught:
            call()
        assert settings.org_id in str(caught.value)
        assert OTHER_ORG in str(caught.value)
    assert aep_emulator.requests() == []


# What fails before any request.


def test_a_missing_variable_fails_before_any_request(settings: Settings, aep_emulator: Emulator) -> None:
    lifecycle = life(settings, {})
    auth = {**PARTS, "password": {"fromEnv": "CRM_DB_PASSWORD"}}
    with pytest.raises(MissingSecret, match="CRM_DB_PASSWORD is not set; nothing was sent"):
        lifecycle.create(checked(lifecycle, auth=auth))
    with pytest.raises(MissingSecret, match="CRM_DB_PASSWORD is not set; nothing was sent"):
        lifecycle.update("id-1", recorded(lifecycle), checked(lifecycle, auth=auth))
    assert aep_emulator.requests() == []


def test_what_cannot_be_sent_fails_before_any_request(lifecycle: Lifecycle, aep_emulator: Emulator) -> None:
    with pytest.raises(InvalidInputs, match=r"auth\.port must be a whole number"):
        lifecycle.create(inputs(auth={**PARTS, "port": "abc"}))
    assert aep_emulator.requests() == []


def test_missing_credentials_are_reported_with_name(settings: Settings, aep_emulator: Emulator) -> None:
    lifecycle = life(replace(settings, client_secret="", client_id=""))
    with pytest.raises(SettingsError, match=r"AEP_CLIENT_ID .*, AEP_CLIENT_SECRET .* are missing"):
        lifecycle.create(checked(lifecycle))
    assert aep_emulator.requests() == []


def test_a_read_without_any_sandbox_sends_nothing(settings: Settings, aep_emulator: Emulator) -> None:
    lifecycle = life(replace(settings, sandbox_name=""))
    with pytest.raises(SettingsError, match="No sandbox is named"):
        lifecycle.read("id-1", State())
    assert aep_emulator.requests() == []


def test_a_change_of_verify_alone_sends_nothing(lifecycle: Lifecycle, aep_emulator: Emulator) -> None:
    updated = lifecycle.update("id-1", recorded(lifecycle), checked(lifecycle, verify=True))
    assert updated.properties["verify"] is True
    assert aep_emulator.requests() == []


# Taking over what exists.


def taken_over(lifecycle: Lifecycle, connection_id: str, **changes: Any) -> State:
    return lifecycle.create(checked(lifecycle, existingConnectionId=connection_id, **changes))


def test_a_connection_that_was_taken_over_is_not_taken_for_one_whose_response_was_lost(
    settings: Settings, aep_emulator: Emulator
) -> None:
    aep_emulator.seed(step_ms=1)  # As long as the times of both are the same, only the id tells them apart.
    lifecycle = Lifecycle(Planner(POSTGRES, settings), Process(settings, ENVIRONMENT, FastClock()))
    spec = {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}
    auth = {"specName": CONNECTION_STRING, "params": {"connectionString": STRING}}
    fields = {"name": "crm", "auth": auth, "connectionSpec": spec}
    existing = str(aep_emulator.create(fields, by=aep_emulator.client_id)["id"])
    assert taken_over(lifecycle, existing).string("connectionId") == existing
    aep_emulator.fault(Drop(when="before"), method="POST", path="/connections$")
    assert lifecycle.create(checked(lifecycle)).string("connectionId") != existing
    assert len(aep_emulator.connections()) == 2


def test_a_connection_that_exists_is_taken_over_and_brought_to_the_declared_state(
    lifecycle: Lifecycle, aep_emulator: Emulator
) -> None:
    existing = str(aep_emulator.create_connection("by hand", STRING, description="old")["id"])
    state = taken_over(lifecycle, existing, description="new", auth={"connectionString": STRING.replace("db", "db2")})
    (found,) = aep_emulator.connections(secrets=True)
    assert state.string("connectionId") == existing == found["id"]
    assert (found["name"], found["description"]) == ("crm", "new")
    assert found["auth"]["params"] == {"connectionString": STRING.replace("db", "db2")}
    assert [request.method for request in aep_emulator.requests(path="/connections")] == ["GET", "GET", "PATCH"]


@pytest.mark.parametrize(
    ("fields", "reported"),
    [
        ({"connectionSpec": {"id": "another-spec", "version": "1.0"}}, "is not a PostgreSQL connection"),
        ({"auth": {"specName": BASIC, "params": {}}}, f"uses '{BASIC}', the program declares '{CONNECTION_STRING}'"),
    ],
)
def test_a_connection_of_another_kind_is_not_taken_over(
    lifecycle: Lifecycle, aep_emulator: Emulator, fields: dict[str, object], reported: str
) -> None:
    existing = str(aep_emulator.create_connection("by hand", STRING)["id"])
    aep_emulator.change(existing, fields=fields)
    with pytest.raises(EntityMismatch, match=reported):
        taken_over(lifecycle, existing)
    assert aep_emulator.requests("PATCH") == []


def test_a_connection_that_does_not_exist_is_not_taken_over(lifecycle: Lifecycle, aep_emulator: Emulator) -> None:
    elsewhere = str(aep_emulator.create_connection("by hand", STRING, sandbox="stage")["id"])
    with pytest.raises(EntityGone, match=r"(?s)\(Sandbox: dev\.\).*Check existingConnectionId and sandboxName"):
        taken_over(lifecycle, elsewhere)


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ({"imsOrgId": OTHER_ORG}, WrongOrganization),
        ({"sandboxName": "stage"}, EntityMismatch),
        ({"connectionSpec": {"id": "another"}}, EntityMismatch),
    ],
)
def test_a_connection_that_is_not_the_recorded_one_is_an_error_when_it_is_read(
    lifecycle: Lifecycle, aep_emulator: Emulator, shown: dict[str, Any], kind: type[Exception]
) -> None:
    existing = aep_emulator.create_connection("crm", STRING)
    body = {"items": [{**existing, **shown}]}
    aep_emulator.fault(Answer(status=200, body=json.dumps(body)), method="GET", path="/connections/")
    with pytest.raises(kind):
        lifecycle.read(str(existing["id"]), recorded(lifecycle))


@pytest.mark.parametrize("body", ["<html>", "", "{}", '{"message": "no Route matched with those values"}'])
def test_a_404_of_somebody_else_is_not_proof_that_a_connection_is_gone(
    lifecycle: Lifecycle, aep_emulator: Emulator, body: str
) -> None:
    existing = str(aep_emulator.create_connection("crm", STRING)["id"])
    aep_emulator.fault(Answer(status=404, body=body), method="GET", path="/connections/")
    with pytest.raises(NotFound):
        lifecycle.read(existing, recorded(lifecycle))


def test_no_secret_shows_in_a_repr_of_anything(lifecycle: Lifecycle) -> None:
    assert SECRET not in repr(recorded(lifecycle)) + repr(lifecycle.planner.check(inputs(name="")).problems)


@pytest.mark.parametrize(
    ("state", "is_disabled"), [("disabled", True), ("deleted", False), ("enabled", False), (None, False)]
)
def test_only_a_connection_that_is_disabled_gets_the_warning(
    state: str | None, is_disabled: bool, lifecycle: Lifecycle
) -> None:
    before = recorded(lifecycle).updated({"state": state})
    difference = lifecycle.planner.diff(before, checked(lifecycle))
    assert difference.is_disabled is is_disabled
    assert bool(difference.warnings) is is_disabled


@pytest.mark.parametrize("org_id", ["0000@AdobeOrg", "ZZZZ@AdobeOrg"])
def test_a_state_of_any_other_organization_is_refused(org_id: str, lifecycle: Lifecycle) -> None:
    with pytest.raises(WrongOrganization):
        lifecycle.planner.diff(recorded(lifecycle).updated({"orgId": org_id}), checked(lifecycle))
