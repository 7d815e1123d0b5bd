"""The states that released versions have written are accepted for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pulumi_adobe_aep
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.kinds.base_connection.odbc import parse
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.pulumi_sdk.provider import PROVIDER_KEY
from tests.support.host import Host, Wire, pickled_provider
from tests.support.stack import plain

GOLDEN = Path(__file__).parent.parent / "golden"
STATES = sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.glob("*/*.json"))
PASSWORD = "dummy;password{}"
PICKLE = "gASVQgAAAAAAAACMGHB1bHVtaV9hZG9iZV9hZXAuZHluYW1pY5SMHlBvc3RncmVzQmFzZUNvbm5lY3Rpb25Qcm92aWRlcpSTlCmBlC4="


def state(name: str) -> Wire:
    """Return the connection in an exported state, secrets in plain."""
    exported = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    (found,) = (each for each in exported["deployment"]["resources"] if each["type"].endswith("PostgresBaseConnection"))
    return dict(plain(found))


@pytest.fixture(params=STATES)
def recorded(request: pytest.FixtureRequest, aep_emulator: Emulator) -> Wire:
    """A recorded connection, which the emulator has as the state says, under an id of its own."""
    resource = state(request.param)
    outputs = resource["outputs"]
    params = POSTGRES.inputs.auth_kind(outputs["authSpecName"]).model_validate(outputs["auth"])  # type: ignore[union-attr]
    entity = aep_emulator.create(
        {
            **{key: outputs[key] for key in ("name", "description") if key in outputs},
            "auth": {"specName": outputs["authSpecName"], "params": params.params({"CRM_DB_PASSWORD": PASSWORD})},
            "connectionSpec": {"id": POSTGRES.spec_id, "version": POSTGRES.spec_version},
        },
        sandbox=outputs["sandboxName"],
    )
    return dict(json.loads(json.dumps(resource).replace(resource["id"], str(entity["id"]))))


def declared(recorded: Wire) -> Wire:
    """Return what the program declares: the SDK adds the provider, and a program of the plugin has none."""
    return {key: value for key, value in recorded["inputs"].items() if key != PROVIDER_KEY}


def secrets_in(outputs: Wire) -> Iterator[Any]:
    for key in ("password", "connectionString"):
        yield outputs["auth"].get(key)


def test_this_version_has_golden_states() -> None:
    assert any(name.startswith(f"{pulumi_adobe_aep.__version__}/") for name in STATES)


@pytest.mark.parametrize("name", STATES)
def test_the_pickle_of_the_provider_is_the_one_in_every_state(name: str) -> None:
    resource = state(name)
    assert resource["inputs"][PROVIDER_KEY] == resource["outputs"][PROVIDER_KEY] == PICKLE
    assert pickled_provider() == PICKLE


def test_a_recorded_connection_is_checked_compared_read_changed_and_deleted(
    host: Host, aep_emulator: Emulator, recorded: Wire
) -> None:
    connection_id, inputs, outputs = recorded["id"], declared(recorded), recorded["outputs"]

    checked = host.checked(inputs)
    assert checked == inputs
    diff = host.diff(connection_id, outputs, checked)
    assert (diff.is_change, diff.replaces) == (False, [])

    read = host.read(connection_id, outputs)
    assert read.id == connection_id
    assert read.inputs == checked
    assert list(secrets_in(read.outputs)) == list(secrets_in(outputs))
    assert host.diff(connection_id, read.outputs, checked).is_change is False

    renamed = host.update(connection_id, outputs, {**inputs, "name": "renamed"})
    (entity,) = aep_emulator.connections(secrets=True)
    assert renamed["name"] == entity["name"] == "renamed"
    assert {**renamed, "name": "", "updatedAt": ""} == {
        **{key: value for key, value in outputs.items() if key != PROVIDER_KEY},
        "name": "",
        "createdAt": renamed["createdAt"],
        "updatedAt": "",
    }

    host.delete(connection_id, renamed)
    assert aep_emulator.connections() == []


def test_the_password_of_a_recorded_connection_can_be_rotated(
    host: Host, aep_emulator: Emulator, recorded: Wire
) -> None:
    inputs = declared(recorded)
    auth = {key: value for key, value in inputs["auth"].items() if key != "connectionString"}
    if "connectionString" in inputs["auth"]:
        auth["connectionString"] = inputs["auth"]["connectionString"].replace("{dummy;password{}}}", "rotated")
    else:
        auth["password"] = "rotated"
    outputs = host.update(recorded["id"], recorded["outputs"], {**inputs, "auth": auth})
    (entity,) = aep_emulator.connections(secrets=True)
    params: Any = dict(entity)["auth"]["params"]
    pairs = (
        dict(parse(params["connectionString"])) if "connectionString" in params else {"Password": params["password"]}
    )
    assert pairs["Password"] == "rotated"
    assert host.diff(recorded["id"], outputs, host.checked({**inputs, "auth": auth})).is_change is False
