"""The life of a connection of each source and kind of auth, over the provider's protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.kinds.registry import BASE_CONNECTIONS
from tests.host.conftest import Start
from tests.host.test_request_budget import TOKEN, spent
from tests.support.host import UNKNOWN, Adapter, Host, Wire, failure, running
from tests.support.sources import CANARY, DECLARED, SECRET, Declared

EACH = pytest.mark.parametrize("declared", DECLARED, ids=lambda each: each.id)
ANY = next(each for each in DECLARED if each.resource == "BaseConnection")
SPEC = f"GET /connectionSpecs/{'26d738e0-8963-47ea-aadf-c60de735468a'}"


def inputs(declared: Declared, **changes: Any) -> Wire:
    return {"name": "crm", "sandboxName": "dev", **declared.inputs, **changes}


def sent(emulator: Emulator) -> dict[str, Any]:
    (entity,) = emulator.connections(secrets=True)
    found: dict[str, Any] = dict(entity)["auth"]
    return found


def test_each_kind_of_auth_of_each_source_is_declared_here() -> None:
    here = {(each.kind.name, each.spec_name) for each in DECLARED}
    there = {
        (kind.name, auth.model_fields["spec_name"].default)
        for kind in BASE_CONNECTIONS
        for auth in kind.inputs.auth_kinds
    }
    assert there < here


@EACH
def test_a_connection_is_created_read_rotated_and_deleted(
    host: Host, aep_emulator: Emulator, declared: Declared
) -> None:
    provider = host.serving(declared.provider)
    created = provider.create(inputs(declared))
    auth = sent(aep_emulator)
    assert (auth["specName"], auth["params"]) == (declared.spec_name, declared.sent)

    read = provider.read(created.id, created.outputs)
    checked = provider.checked(inputs(declared))
    assert read.inputs == checked
    assert not provider.diff(created.id, read.outputs, checked).is_change

    rotated = provider.update(created.id, read.outputs, inputs(declared, **declared.rotated))
    assert sent(aep_emulator)["params"] == declared.sent_rotated
    assert not provider.diff(created.id, rotated, provider.checked(inputs(declared, **declared.rotated))).is_change

    renamed = provider.update(created.id, rotated, inputs(declared, **declared.rotated, name="another"))
    assert [each["name"] for each in aep_emulator.connections()] == ["another"]

    provider.delete(created.id, renamed)
    assert aep_emulator.connections() == []


@EACH
def test_what_somebody_else_changes_is_drift_and_comes_back(
    host: Host, aep_emulator: Emulator, declared: Declared
) -> None:
    plain = next(key for key, value in declared.sent.items() if value != SECRET)
    provider = host.serving(declared.provider)
    created = provider.create(inputs(declared))
    # Of a connection string, the service shows nothing.
    params = {} if plain == "connectionString" else {plain: "by-hand.example.com"}
    aep_emulator.change(created.id, fields={"name": "by hand"}, params=params)

    read = provider.read(created.id, created.outputs)
    checked = provider.checked(inputs(declared))
    assert provider.diff(created.id, read.outputs, checked).is_change
    provider.update(created.id, read.outputs, inputs(declared))

    assert sent(aep_emulator)["params"] == declared.sent
    assert [each["name"] for each in aep_emulator.connections()] == ["crm"]


@EACH
def test_a_secret_from_the_environment_is_sent_and_never_recorded(
    start: Start, aep_emulator: Emulator, declared: Declared
) -> None:
    provider = start({"CRM_SECRET": SECRET}).serving(declared.provider)
    referring = declared.with_secret({"fromEnv": "CRM_SECRET", "version": 1})
    created = provider.create(inputs(declared, **referring))

    assert sent(aep_emulator)["params"] == declared.sent
    outputs = provider.read(created.id, created.outputs).outputs
    assert SECRET not in json.dumps(outputs)
    assert not provider.diff(created.id, outputs, provider.checked(inputs(declared, **referring))).is_change


@EACH
def test_no_failure_shows_a_secret(start: Start, aep_emulator: Emulator, declared: Declared) -> None:
    provider = start({"AEP_LOG": "debug"}).serving(declared.provider)
    aep_emulator.fault(
        Answer(status=400, body=json.dumps({"detail": f"{SECRET} {CANARY}"})), method="POST", path="/connections$"
    )
    said = failure(provider.create, inputs(declared, **declared.rotated))

    assert CANARY not in said
    assert CANARY not in provider.log()


@EACH
def test_each_operation_costs_as_few_requests_as_can_be(
    aep_emulator: Emulator, tmp_path: Path, declared: Declared, adapter: Adapter
) -> None:
    looks = [SPEC] if declared is ANY else []
    with running(aep_emulator.environment(), tmp_path, adapter.serving(declared.provider)) as provider:
        provider.diff("an-id", {"connectionId": "an-id"}, provider.checked(inputs(declared)))
        assert spent(aep_emulator) == []
        created = provider.create(inputs(declared))
        assert spent(aep_emulator) == [TOKEN, *looks, "POST /connections"]
        read = provider.read(created.id, created.outputs)
        assert spent(aep_emulator) == ["GET /connections/ID"]
        rotated = provider.update(created.id, read.outputs, inputs(declared, **declared.rotated))
        assert spent(aep_emulator) == ["GET /connections/ID", "PATCH /connections/ID"]
        provider.delete(created.id, rotated)
        assert [line.replace(created.id, "ID") for line in spent(aep_emulator)] == ["DELETE /connections/ID"]


@EACH
def test_a_connection_that_exists_is_taken_over(host: Host, aep_emulator: Emulator, declared: Declared) -> None:
    provider = host.serving(declared.provider)
    first = provider.create(inputs(declared, **declared.rotated))
    taken = provider.create(inputs(declared, existingConnectionId=first.id, name="taken"))

    assert taken.id == first.id
    assert sent(aep_emulator)["params"] == declared.sent


def test_a_connection_of_another_source_is_not_taken_for_one_of_this(host: Host, aep_emulator: Emulator) -> None:
    mysql = next(each for each in DECLARED if each.resource == "MySqlBaseConnection")
    mariadb = next(each for each in DECLARED if each.resource == "MariaDbBaseConnection")
    created = host.serving(mysql.provider).create(inputs(mysql))

    said = failure(host.serving(mariadb.provider).read, created.id, {"sandboxName": "dev"})

    assert "is not a MariaDB connection" in said
    assert len(aep_emulator.connections()) == 1


# Of any connection spec.


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"params": {"server": "db"}}, "port is missing. database is missing. username is missing."),
        ({"secretParams": {}}, "password is missing from the secret parameters."),
        (
            {"params": {**ANY.inputs["params"], "sslmode": "DISABLED"}},
            "sslmode is not a parameter of it; did you mean sslMode?",
        ),
        ({"params": {**ANY.inputs["params"], "database": 5}}, "database must be string."),
        (
            {"params": {**ANY.inputs["params"], "password": CANARY}, "secretParams": {}},
            "password is a secret and is among the parameters that are not secret.",
        ),
        ({"authSpecName": "OAuth"}, "'Connection String Based Authentication' or 'Basic Authentication', not 'OAuth'"),
    ],
    ids=["missing", "missing secret", "unknown", "wrong type", "plain secret", "unknown auth spec"],
)
def test_what_does_not_fit_the_connection_spec_is_reported_and_not_sent(
    host: Host, aep_emulator: Emulator, changes: Wire, says: str
) -> None:
    said = failure(host.serving(ANY.provider).create, inputs(ANY, **changes))

    assert says.replace("secret_params", host.adapter.wording.spell("secretParams")) in said
    assert CANARY not in said
    assert aep_emulator.connections() == []


def test_a_wrong_change_of_the_parameters_is_not_sent_either(host: Host, aep_emulator: Emulator) -> None:
    provider = host.serving(ANY.provider)
    created = provider.create(inputs(ANY))

    said = failure(provider.update, created.id, created.outputs, inputs(ANY, params={"server": "db"}))

    assert "port is missing." in said
    assert sent(aep_emulator)["params"] == ANY.sent


def test_the_connection_spec_is_read_once_a_process(start: Start, aep_emulator: Emulator) -> None:
    provider = start().serving(ANY.provider)
    aep_emulator.forget_requests()
    provider.create_all([inputs(ANY, name=f"crm-{number}") for number in range(8)])

    assert spent(aep_emulator).count(SPEC) == 1


def test_a_connection_spec_that_is_not_shown_is_a_warning(start: Start, aep_emulator: Emulator) -> None:
    provider = start().serving(ANY.provider)
    aep_emulator.fault(Answer(status=403, body="{}"), method="GET", path="/connectionSpecs/")
    provider.create(inputs(ANY))

    assert sent(aep_emulator)["params"] == ANY.sent
    assert "The parameters are not checked, because their schema could not be read." in provider.log()


def test_a_secret_that_the_service_shows_of_what_no_state_has_stays_out_of_the_state(
    host: Host, aep_emulator: Emulator
) -> None:
    provider = host.serving(ANY.provider)
    created = provider.create(inputs(ANY))
    aep_emulator.switch(secrets="plain")

    read = provider.read(created.id, {"sandboxName": "dev"})

    secrets = ANY.inputs["secretParams"]
    assert read.outputs["params"] == ANY.inputs["params"]
    assert not [value for value in secrets.values() if value in json.dumps([read.outputs, read.inputs])]
    references = {name: {"fromEnv": f"CRM_{name.upper()}", "version": 1} for name in secrets}
    assert (read.outputs.get("secretParams") or {}) == (references if host.adapter.imports else {})


def test_where_the_connection_spec_is_not_shown_any_parameter_may_be_a_secret(
    start: Start, aep_emulator: Emulator
) -> None:
    created = start().serving(ANY.provider).create(inputs(ANY))
    provider = start().serving(ANY.provider)
    aep_emulator.switch(secrets="plain")
    aep_emulator.fault(Answer(status=403, body="{}"), method="GET", path="/connectionSpecs/", times=None)

    if provider.adapter.imports:
        said = failure(provider.read, created.id, {"sandboxName": "dev"})
        assert "Its connection spec is not shown, so any of its parameters may be a secret." in said
        assert "existingConnectionId" in said
    else:
        assert not provider.read(created.id, {"sandboxName": "dev"}).outputs.get("params")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"connectionSpec": "my-sql"}, "connectionSpec must be one of redshift, databricks,"),
        ({"connectionSpec": {"version": "1.0"}}, "connectionSpec.id is missing."),
        (
            {"params": {"password": "x"}, "secretParams": {"password": CANARY}},
            "Has password in params and also in secretParams.",
        ),
        ({"params": "x"}, "params"),
        ({"secretParams": {"password": ""}}, "secretParams.password is empty"),
        ({"secretParams": {"password": {"fromEnv": "CRM", "verson": 1}}}, "did you mean version?"),
    ],
)
def test_a_declaration_of_any_spec_that_cannot_be_is_reported(host: Host, changes: Wire, says: str) -> None:
    failures = host.serving(ANY.provider).check(inputs(ANY, **changes)).failures

    assert says in "\n".join(failures)
    assert CANARY not in "\n".join(failures)


@pytest.mark.parametrize(
    ("changes", "replaces"),
    [
        ({"connectionSpec": "mariadb"}, ["connectionSpec"]),
        ({"authSpecName": "Connection String Based Authentication"}, ["authSpecName"]),
        ({"params": {}}, []),
        ({"connectionSpec": {"id": "26d738e0-8963-47ea-aadf-c60de735468a", "version": "1.0"}}, []),
    ],
)
def test_another_spec_replaces_and_other_parameters_do_not(host: Host, changes: Wire, replaces: list[str]) -> None:
    provider = host.serving(ANY.provider)
    created = provider.create(inputs(ANY))
    assert provider.diff(created.id, created.outputs, provider.checked(inputs(ANY, **changes))).replaces == replaces


@pytest.mark.parametrize("key", ["params", "secretParams"])
def test_a_preview_may_not_know_a_part_or_all_of_the_parameters(host: Host, key: str) -> None:
    provider = host.serving(ANY.provider)
    for unknown in (UNKNOWN, {**ANY.inputs[key], "password" if key == "secretParams" else "server": UNKNOWN}):
        assert provider.check(inputs(ANY, **{key: unknown})).failures == []
