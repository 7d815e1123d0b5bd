"""Check, as the engine calls it: property paths, everything at once, unknown values, defaults."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.host.conftest import Start
from tests.support.declarations import CONNECTION_STRING, PARTS, SECRET, STRING, WRONG, Wrong
from tests.support.host import UNKNOWN, Host


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_each_wrong_declaration_is_reported_with_its_path_in_a_sentence_without_secrets(
    host: Host, wrong: Wrong
) -> None:
    checked = host.check(wrong.inputs)
    assert checked.failures == sorted(f"{path} {says}" for path, says in wrong.says.items())
    assert SECRET not in str(checked.failures)
    assert checked.properties == set(), "of a property that a failure names the engine prints the value, in plain"


@pytest.mark.parametrize("port", [5432, 5432.0, "5432", " 5432 ", None])
def test_the_port_is_one_number_however_it_is_written(host: Host, port: object) -> None:
    inputs = host.checked({"name": "crm", "auth": {**PARTS, "port": port}})
    assert inputs == {
        "name": "crm",
        "sandboxName": "dev",
        "verify": False,
        "auth": {**PARTS, "specName": CONNECTION_STRING, "port": 5432},
    }


@pytest.mark.parametrize(
    "inputs",
    [
        {"name": UNKNOWN, "auth": UNKNOWN},
        {"name": UNKNOWN, "auth": {**PARTS, "server": UNKNOWN, "port": UNKNOWN, "password": UNKNOWN}},
        {"name": "crm", "auth": {"connectionString": UNKNOWN}, "description": UNKNOWN, "verify": UNKNOWN},
        {"name": "crm", "auth": {**PARTS, "password": {"fromEnv": UNKNOWN, "version": 1}}, "sandboxName": UNKNOWN},
    ],
)
def test_unknown_values_pass_and_stay_unknown(host: Host, inputs: dict[str, Any]) -> None:
    checked = host.checked(inputs)
    assert {key: checked[key] for key in inputs if inputs[key] == UNKNOWN} == {
        key: UNKNOWN for key in inputs if inputs[key] == UNKNOWN
    }
    if isinstance(inputs["auth"], dict):
        assert inputs["auth"].items() <= checked["auth"].items()


def test_beside_unknown_values_what_is_known_is_checked(host: Host) -> None:
    auth = {"server": UNKNOWN, "port": "abc", "username": UNKNOWN, "password": UNKNOWN, "databse": "crm"}
    checked = host.check({"name": UNKNOWN, "auth": auth, "sandboxName": "Dev"})
    reported = [sentence.split(" ")[0] for sentence in checked.failures]
    assert reported == ["auth.database", "auth.databse", "auth.port", "sandboxName"]


def test_a_sandbox_must_be_named_somewhere(start: Start) -> None:
    host = start({"AEP_SANDBOX_NAME": None})
    (reported,) = host.check({"name": "crm", "auth": PARTS}).failures
    assert reported == host.adapter.wording.spelled(
        "sandboxName is missing: give `sandboxName`, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName "
        "(without it Adobe would take the production sandbox)."
    )
    assert host.checked({"name": "crm", "auth": PARTS, "sandboxName": "stage"})["sandboxName"] == "stage"


def test_the_sandbox_may_be_named_in_the_stacks_configuration(start: Start) -> None:
    host = start({"AEP_SANDBOX_NAME": None}, {"adobe-aep:sandboxName": "stage"})
    assert host.checked({"name": "crm", "auth": PARTS})["sandboxName"] == "stage"


def test_check_needs_no_credentials_and_sends_nothing(start: Start, aep_emulator: Emulator) -> None:
    host = start({"AEP_CLIENT_ID": None, "AEP_CLIENT_SECRET": None, "AEP_ORG_ID": None})
    host.checked({"name": "crm", "auth": {"connectionString": STRING}})
    assert aep_emulator.requests() == []


def test_secrets_are_neither_lost_nor_logged(host: Host) -> None:
    assert host.checked({"name": "crm", "auth": {"connectionString": STRING}})["auth"]["connectionString"] == STRING
    assert SECRET not in host.log()
