"""Diff, as the engine calls it: what is a change, what replaces, and who compares."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.host.conftest import Start
from tests.support.declarations import PARTS, STRING
from tests.support.host import UNKNOWN, Host, Wire, failure

BASIC_AUTH = {**PARTS, "sslMode": "Require"}
OTHER_ORG = "FFFFFFFFFFFF@AdobeOrg"


def recorded(host: Host, emulator: Emulator, **changes: Any) -> Wire:
    """What the state holds after a create."""
    inputs = host.checked({"name": "crm", "auth": PARTS, **changes})
    outputs = {"connectionId": "id-1", "orgId": emulator.org_id, "state": "enabled"}
    return {**inputs, **outputs, "authSpecName": inputs["auth"]["specName"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({}, {"auth": {**PARTS, "port": 5432}}),
        ({}, {"auth": {**PARTS, "port": "5432"}}),
        ({"auth": {**PARTS, "port": "5432"}}, {}),
        ({}, {"verify": False}),
        ({"verify": False}, {}),
        ({}, {"sandboxName": "dev"}),
        ({"auth": BASIC_AUTH}, {"auth": {**BASIC_AUTH, "port": 5432.0}}),
        ({"auth": {"connectionString": STRING}}, {"auth": {"connectionString": STRING}}),
    ],
)
def test_what_means_the_same_is_not_a_change(
    host: Host, aep_emulator: Emulator, before: dict[str, Any], after: dict[str, Any]
) -> None:
    news = host.checked({"name": "crm", "auth": PARTS, **after})
    diff = host.diff("id-1", recorded(host, aep_emulator, **before), news)
    assert (diff.is_change, diff.replaces) == (False, [])


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"name": "other"}, []),
        ({"description": "new"}, []),
        ({"verify": True}, []),
        ({"auth": {**PARTS, "server": "other"}}, []),
        ({"auth": {**PARTS, "password": "another-password"}}, []),
        ({"auth": {**PARTS, "password": {"fromEnv": "CRM", "version": 1}}}, []),
        ({"auth": BASIC_AUTH}, ["auth.specName"]),
        ({"sandboxName": "stage"}, ["sandboxName"]),
        ({"name": UNKNOWN}, []),
        ({"auth": UNKNOWN}, []),
        ({"auth": {**PARTS, "server": UNKNOWN}}, []),
        ({"sandboxName": UNKNOWN}, ["sandboxName"]),
    ],
)
def test_a_change_is_left_to_the_engine_to_print_and_replaces_where_it_must(
    host: Host, aep_emulator: Emulator, changes: dict[str, Any], replaces: list[str]
) -> None:
    news = host.checked({"name": "crm", "auth": PARTS, **changes})
    diff = host.diff("id-1", recorded(host, aep_emulator), news)
    assert (diff.is_change, diff.replaces) == (True, replaces)


def test_a_new_version_of_a_referenced_secret_is_a_change(host: Host, aep_emulator: Emulator) -> None:
    olds = recorded(host, aep_emulator, auth={**PARTS, "password": {"fromEnv": "CRM", "version": 1}})
    for version, is_change in ((1, False), (2, True)):
        auth = {**PARTS, "password": {"fromEnv": "CRM", "version": version}}
        assert host.diff("id-1", olds, host.checked({"name": "crm", "auth": auth})).is_change is is_change


def test_another_organization_in_the_settings_is_an_error_that_names_both(start: Start, aep_emulator: Emulator) -> None:
    host = start({"AEP_ORG_ID": OTHER_ORG})
    olds = recorded(host, aep_emulator)
    reported = failure(host.diff, "id-1", olds, host.checked({"name": "crm", "auth": PARTS}))
    assert f"belongs to organization {aep_emulator.org_id}, the settings name organization {OTHER_ORG}." in reported
    for call in (host.read, host.delete):
        assert OTHER_ORG in failure(call, "id-1", olds)
    assert OTHER_ORG in failure(host.update, "id-1", olds, {"name": "other", "auth": PARTS})
    assert aep_emulator.requests() == []
