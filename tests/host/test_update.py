"""Create and update, as the engine calls them: what is sent, what is recorded, what stays out of the state."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.host.conftest import Start
from tests.support.declarations import BASIC, CONNECTION_STRING, PARTS, SECRET, STRING
from tests.support.host import Connected, Host, Wire, failure

BASIC_AUTH = {**PARTS, "sslMode": "Verify Full"}
FROM_ENV = {**PARTS, "password": {"fromEnv": "CRM_DB_PASSWORD", "version": 1}}


def inputs(**changes: Any) -> Wire:
    return {"name": "crm", "auth": PARTS, **changes}


def stored(emulator: Emulator) -> dict[str, Any]:
    (only,) = emulator.connections(secrets=True)
    return dict(only)


def params(emulator: Emulator) -> dict[str, Any]:
    return dict(stored(emulator)["auth"]["params"])


def sent(emulator: Emulator) -> list[str]:
    found = [request.method for request in emulator.requests(path="/flowservice/")]
    emulator.forget_requests()
    return found


def created(host: Host, emulator: Emulator, **changes: Any) -> Connected:
    found = host.create(inputs(**changes))
    emulator.forget_requests()
    return found


# Create.


def test_a_create_records_its_inputs_and_what_the_service_says(host: Host, aep_emulator: Emulator) -> None:
    found = host.create(inputs(description="CRM read replica"))
    entity = stored(aep_emulator)
    at = found.outputs.pop("createdAt")
    assert at == found.outputs.pop("updatedAt")
    assert at.endswith("Z")
    assert found.id == entity["id"]
    assert found.outputs == {
        "name": "crm",
        "description": "CRM read replica",
        "sandboxName": "dev",
        "verify": False,
        "auth": {**PARTS, "specName": CONNECTION_STRING, "port": 5432},
        "connectionId": entity["id"],
        "state": "enabled",
        "orgId": aep_emulator.org_id,
        "authSpecName": CONNECTION_STRING,
    }


@pytest.mark.parametrize(
    ("auth", "spec_name", "expected"),
    [
        (PARTS, CONNECTION_STRING, {"connectionString": STRING}),
        (
            {**PARTS, "port": 6543.0, "encryption": "verify"},
            CONNECTION_STRING,
            {"connectionString": STRING.replace("5432", "6543") + ";EncryptionMethod=1;ValidateServerCertificate=1"},
        ),
        ({"connectionString": STRING}, CONNECTION_STRING, {"connectionString": STRING}),
        (BASIC_AUTH, BASIC, {**BASIC_AUTH, "port": "5432"}),
        (FROM_ENV, CONNECTION_STRING, {"connectionString": STRING.replace(SECRET, "s3cr3t-of-the-environment")}),
    ],
    ids=["string", "encrypted", "whole", "basic", "from env"],
)
def test_each_kind_of_auth_is_sent_as_adobe_documents_it(
    host: Host, aep_emulator: Emulator, auth: Wire, spec_name: str, expected: Wire
) -> None:
    host.create(inputs(auth=auth))
    assert stored(aep_emulator)["auth"] == {"specName": spec_name, "params": expected}
    assert stored(aep_emulator)["connectionSpec"] == {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}


def test_what_a_create_returns_is_not_a_change_afterwards(host: Host) -> None:
    for auth in (PARTS, BASIC_AUTH, FROM_ENV, {"connectionString": STRING}):
        found = host.create(inputs(auth=auth))
        assert host.diff(found.id, found.outputs, host.checked(inputs(auth=auth))).is_change is False
        read = host.read(found.id, found.outputs)
        assert host.diff(found.id, read.outputs, host.checked(inputs(auth=auth))).is_change is False
        assert read.inputs == host.checked(inputs(auth=auth))


# Secrets that never enter the state.


def test_the_value_of_a_referenced_secret_is_nowhere_in_the_outputs(host: Host) -> None:
    found = host.create(inputs(auth=FROM_ENV))
    read = host.read(found.id, found.outputs)
    assert found.outputs["auth"]["password"] == {"fromEnv": "CRM_DB_PASSWORD", "version": 1}
    assert "s3cr3t-of-the-environment" not in json.dumps([found.outputs, read.outputs, read.inputs])


def test_a_new_version_pushes_the_value_again(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator, auth=FROM_ENV)
    aep_emulator.change(found.id, params={"connectionString": STRING.replace(SECRET, "changed by hand")})
    auth = {**PARTS, "password": {"fromEnv": "CRM_DB_PASSWORD", "version": 2}}
    outputs = host.update(found.id, found.outputs, inputs(auth=auth))
    assert params(aep_emulator)["connectionString"].endswith("Password=s3cr3t-of-the-environment")
    assert outputs["auth"]["password"] == {"fromEnv": "CRM_DB_PASSWORD", "version": 2}


def test_another_variable_pushes_its_value(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator, auth=FROM_ENV)
    auth = {**PARTS, "password": {"fromEnv": "CRM_DB_PASSWORD_2", "version": 1}}
    host.update(found.id, found.outputs, inputs(auth=auth))
    assert params(aep_emulator)["connectionString"].endswith("Password=s3cr3t-of-the-environment-2")


def test_a_missing_variable_fails_before_any_request(host: Host, aep_emulator: Emulator) -> None:
    auth = {**PARTS, "password": {"fromEnv": "NOT_SET", "version": 1}}
    reported = failure(host.create, inputs(auth=auth))
    assert "The environment variable NOT_SET is not set; nothing was sent." in reported
    assert "Set NOT_SET for the process that runs pulumi." in reported
    found = host.create(inputs())
    sent(aep_emulator)
    assert "NOT_SET is not set" in failure(host.update, found.id, found.outputs, inputs(auth=auth))
    assert sent(aep_emulator) == []


# Update.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "renamed"}, {"name": "renamed"}),
        ({"description": "new"}, {"description": "new"}),
        ({"description": None}, {"description": None}),
        ({"name": "renamed", "description": "new"}, {"name": "renamed", "description": "new"}),
    ],
)
def test_only_what_changed_is_sent(
    host: Host, aep_emulator: Emulator, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = created(host, aep_emulator, description="old")
    by_hand = {"connectionString": f"{STRING};by=hand"}
    aep_emulator.change(found.id, params=by_hand)
    outputs = host.update(found.id, found.outputs, inputs(**{"description": "old", **changes}))
    entity = stored(aep_emulator)
    assert {key: entity.get(key) for key in ("name", "description")} == {
        "name": "crm",
        "description": "old",
        **expected,
    }
    assert entity["auth"]["params"] == by_hand
    assert sent(aep_emulator) == ["GET", "PATCH"]
    assert outputs.get("description") == expected.get("description", "old")


def test_a_description_is_added_changed_and_removed(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator)
    outputs = found.outputs
    for description in ("first", "second", None):
        outputs = host.update(found.id, outputs, inputs(description=description))
        assert stored(aep_emulator).get("description") == description
        assert outputs.get("description") == description


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (PARTS, {**PARTS, "server": "other"}, {"connectionString": STRING.replace("=db;", "=other;")}),
        (PARTS, {**PARTS, "password": "an;other"}, {"connectionString": STRING.replace(SECRET, "{an;other}")}),
        (PARTS, {"connectionString": f"{STRING};x=y"}, {"connectionString": f"{STRING};x=y"}),
        (BASIC_AUTH, {**BASIC_AUTH, "port": 6543}, {**BASIC_AUTH, "port": "6543"}),
        (BASIC_AUTH, {**PARTS, "specName": BASIC}, {**PARTS, "port": "5432"}),
    ],
)
def test_credentials_are_always_sent_whole(
    host: Host, aep_emulator: Emulator, before: Wire, after: Wire, expected: Wire
) -> None:
    found = created(host, aep_emulator, auth=before)
    outputs = host.update(found.id, found.outputs, inputs(auth=after))
    assert params(aep_emulator) == expected
    assert sent(aep_emulator) == ["GET", "PATCH"]
    assert host.diff(found.id, outputs, host.checked(inputs(auth=after))).is_change is False


def test_a_change_of_verify_alone_sends_nothing(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator)
    assert host.update(found.id, found.outputs, inputs(verify=True))["verify"] is True
    assert sent(aep_emulator) == []


def test_an_update_keeps_when_the_connection_was_created(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator)
    aep_emulator.advance(3600)
    outputs = host.update(found.id, found.outputs, inputs(name="renamed"))
    assert outputs["createdAt"] == found.outputs["createdAt"]
    assert outputs["updatedAt"] > found.outputs["updatedAt"]
    assert outputs["connectionId"] == found.id


def test_a_conflict_is_resolved_by_reading_again(host: Host, aep_emulator: Emulator) -> None:
    found = created(host, aep_emulator)
    conflict = '{"type": "https://ns.adobe.com/aep/errors/FLOW-1404-412", "title": "Version not matching"}'
    aep_emulator.fault(Answer(status=412, body=conflict), method="PATCH")
    host.update(found.id, found.outputs, inputs(name="renamed"))
    assert sent(aep_emulator) == ["GET", "PATCH", "GET", "PATCH"]
    assert stored(aep_emulator)["name"] == "renamed"


def test_an_update_right_after_the_create_waits_until_the_service_is_ready(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.switch(settle_seconds=0.5)
    found = created(host, aep_emulator)
    host.update(found.id, found.outputs, inputs(name="renamed"))
    *reads, last = sent(aep_emulator)
    assert last == "PATCH"
    assert set(reads) == {"GET"}
    assert stored(aep_emulator)["name"] == "renamed"


# Verify.

# Nobody listens on port 1, so the emulator's log-in fails.
UNREACHABLE = {**PARTS, "server": "127.0.0.1", "port": 1}
PASSED = Answer(status=200, body='{"result": true}')


def test_a_connection_that_fails_its_test_is_deleted_again(host: Host, aep_emulator: Emulator) -> None:
    reported = failure(host.create, inputs(auth=UNREACHABLE, verify=True))
    assert "could not log in to the database of 'crm', so the new connection was deleted again." in reported
    assert aep_emulator.connections() == []
    assert sent(aep_emulator) == ["POST", "GET", "DELETE"]


@pytest.mark.parametrize("auth", [PARTS, FROM_ENV], ids=["plain", "from env"])
def test_a_rotation_that_fails_its_test_is_taken_back(host: Host, aep_emulator: Emulator, auth: Wire) -> None:
    aep_emulator.fault(PASSED, path="/test$")
    found = created(host, aep_emulator, auth=auth, verify=True)
    before = params(aep_emulator)
    reported = failure(host.update, found.id, found.outputs, inputs(auth=UNREACHABLE, verify=True))
    assert "The old ones were restored." in reported
    assert params(aep_emulator) == before


def test_a_rename_is_not_verified(host: Host, aep_emulator: Emulator) -> None:
    aep_emulator.fault(PASSED, path="/test$")
    found = created(host, aep_emulator, verify=True)
    host.update(found.id, found.outputs, inputs(name="renamed", verify=True))
    assert sent(aep_emulator) == ["GET", "PATCH"]


# Taking over a connection that exists.


def test_a_connection_that_exists_is_taken_over_and_then_managed(host: Host, aep_emulator: Emulator) -> None:
    existing = str(aep_emulator.create_connection("by hand", f"{STRING};x=y", description="old")["id"])
    found = host.create(inputs(existingConnectionId=existing))
    assert found.id == existing
    entity = stored(aep_emulator)
    assert (entity["name"], entity.get("description"), params(aep_emulator)) == (
        "crm",
        None,
        {"connectionString": STRING},
    )
    for declared in (inputs(existingConnectionId=existing), inputs()):
        assert host.diff(found.id, found.outputs, host.checked(declared)).is_change is False
    host.delete(found.id, found.outputs)
    assert aep_emulator.connections() == []


def test_what_takes_a_connection_over_must_be_of_its_sandbox(host: Host, aep_emulator: Emulator) -> None:
    elsewhere = str(aep_emulator.create_connection("by hand", STRING, sandbox="stage")["id"])
    reported = host.adapter.wording.spelled("Check `existingConnectionId` and `sandboxName`.")
    assert reported in failure(host.create, inputs(existingConnectionId=elsewhere))


# Many at once.


def test_sixteen_creates_wait_for_the_service_at_the_same_time(start: Start, aep_emulator: Emulator) -> None:
    host = start()
    host.create(inputs(name="first"))
    aep_emulator.forget_requests()
    aep_emulator.latency(1500)

    host.create_all([inputs(name=f"crm {number}") for number in range(16)])

    posts = aep_emulator.requests("POST", "/connections")
    begun = sorted(request.time for request in posts)
    ended = sorted(request.time + (request.milliseconds or 0) for request in posts)
    assert len(posts) == 16
    # The last one began before the first one ended: all were under way together.
    assert begun[-1] < ended[0]


def test_the_setting_bounds_how_many_run_at_the_same_time(start: Start, aep_emulator: Emulator) -> None:
    host = start({"AEP_MAX_CONCURRENCY": "6"})
    host.create(inputs(name="first"))
    aep_emulator.forget_requests()
    aep_emulator.latency(300)

    host.create_all([inputs(name=f"crm {number}") for number in range(12)])

    posts = aep_emulator.requests("POST", "/connections")
    under_way = [
        sum(other.time <= request.time < other.time + (other.milliseconds or 0) for other in posts) for request in posts
    ]
    assert 4 < max(under_way) <= 6


def test_a_check_does_not_wait_for_creates(start: Start, aep_emulator: Emulator) -> None:
    host = start({"AEP_MAX_CONCURRENCY": "4"})
    host.create(inputs(name="first"))
    aep_emulator.latency(1000)
    checked = [host.checked(inputs(name=f"crm {number}")) for number in range(16)]

    with ThreadPoolExecutor(len(checked)) as pool:
        creates = [pool.submit(host.create_checked, each) for each in checked]
        while len(aep_emulator.requests("POST", "/connections")) < 4:
            time.sleep(0.01)
        host.check(inputs(name="one more"))
        done_by_then = sum(each.done() for each in creates)

    # Behind the others it would have come after the third wave of four.
    assert done_by_then <= 4
