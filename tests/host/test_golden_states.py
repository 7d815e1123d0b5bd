"""The states that released versions have written are accepted for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pulumi_adobe_aep
from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.registry import BASE_CONNECTIONS
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.pulumi_sdk.provider import PROVIDER_KEY
from pulumi_adobe_aep.settings import load
from tests.support.host import Host, Wire, pickled_provider
from tests.support.sources import SECRET
from tests.support.stack import plain

GOLDEN = Path(__file__).parent.parent / "golden"
STATES = sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.glob("*/*.json"))
PASSWORD = "dummy;password{}"
PICKLE = "gASVQgAAAAAAAACMGHB1bHVtaV9hZG9iZV9hZXAuZHluYW1pY5SMHlBvc3RncmVzQmFzZUNvbm5lY3Rpb25Qcm92aWRlcpSTlCmBlC4="
OLD_SECRETS = (PASSWORD.partition(";")[0], SECRET.partition(";")[0])
"""What every spelling of a secret in a golden state begins with."""
KINDS = {kind.name: kind for kind in BASE_CONNECTIONS}


def resources(name: str) -> Iterator[Wire]:
    """Return the resources in an exported state, secrets in plain."""
    exported = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    yield from (dict(plain(each)) for each in exported["deployment"]["resources"] if each["custom"])


def type_of(resource: Wire) -> str:
    return str(resource["type"]).rpartition(":")[2]


CONNECTIONS = {
    f"{name} {resource['urn'].rpartition('::')[2]}": resource
    for name in STATES
    for resource in resources(name)
    if type_of(resource) in KINDS
}
EACH = pytest.mark.parametrize("resource", CONNECTIONS.values(), ids=CONNECTIONS)


@pytest.fixture(params=list(CONNECTIONS.values()), ids=list(CONNECTIONS))
def recorded(request: pytest.FixtureRequest, aep_emulator: Emulator) -> Wire:
    """A recorded connection, which the emulator has as the state says, under an id of its own."""
    resource: Wire = request.param
    state = kind_of(resource).state(resource["outputs"])
    inputs = Planner(kind_of(resource), load({})).require(state.inputs(kind_of(resource).inputs))
    body = kind_of(resource).body(inputs, {"CRM_DB_PASSWORD": PASSWORD})
    entity = aep_emulator.create(body, sandbox=resource["outputs"]["sandboxName"])
    return dict(json.loads(json.dumps(resource).replace(resource["id"], str(entity["id"]))))


@pytest.fixture
def provider(host: Host, recorded: Wire) -> Host:
    """A provider's process, for the calls of the recorded connection's kind."""
    return host.serving(getattr(dynamic, f"{type_of(recorded)}Provider"))


def kind_of(resource: Wire) -> BaseConnectionKind:
    return KINDS[type_of(resource)]


def declared(recorded: Wire) -> Wire:
    """Return what the program declares: the SDK adds the provider, and a program of the plugin has none."""
    return {key: value for key, value in recorded["inputs"].items() if key != PROVIDER_KEY}


def secrets_in(properties: Wire) -> dict[tuple[str, str], Any]:
    """Return the secrets, and the references to one, by their paths."""
    values = {
        (outer, key): value for outer in ("auth", "secretParams") for key, value in properties.get(outer, {}).items()
    }
    return {
        path: value
        for path, value in values.items()
        if isinstance(value, dict) or any(each in str(value) for each in OLD_SECRETS)
    }


def test_this_version_has_golden_states() -> None:
    assert any(name.startswith(f"{pulumi_adobe_aep.__version__}/") for name in STATES)


def test_every_provider_class_is_in_a_golden_state() -> None:
    pickles = {each["inputs"].get(PROVIDER_KEY) for name in STATES for each in resources(name) if "inputs" in each}
    assert pickles - {None} == {pickled_provider(getattr(dynamic, name)) for name in dir(dynamic)}


def test_the_pickle_is_the_one_that_the_first_version_wrote() -> None:
    assert pickled_provider() == PICKLE


@EACH
def test_the_pickle_of_the_provider_is_the_one_in_every_state(resource: Wire) -> None:
    pickle = pickled_provider(getattr(dynamic, f"{type_of(resource)}Provider"))
    assert resource["inputs"][PROVIDER_KEY] == resource["outputs"][PROVIDER_KEY] == pickle


def test_a_recorded_connection_is_checked_compared_read_changed_and_deleted(
    provider: Host, aep_emulator: Emulator, recorded: Wire
) -> None:
    connection_id, inputs, outputs = recorded["id"], declared(recorded), recorded["outputs"]

    checked = provider.checked(inputs)
    assert checked == inputs
    diff = provider.diff(connection_id, outputs, checked)
    assert (diff.is_change, diff.replaces) == (False, [])

    read = provider.read(connection_id, outputs)
    assert read.id == connection_id
    assert read.inputs == checked
    assert secrets_in(read.outputs) == secrets_in(outputs) != {}
    assert provider.diff(connection_id, read.outputs, checked).is_change is False

    renamed = provider.update(connection_id, outputs, {**inputs, "name": "renamed"})
    (entity,) = aep_emulator.connections(secrets=True)
    assert renamed["name"] == entity["name"] == "renamed"
    assert {**renamed, "name": "", "updatedAt": ""} == {
        **{key: value for key, value in outputs.items() if key != PROVIDER_KEY},
        "name": "",
        "createdAt": renamed["createdAt"],
        "updatedAt": "",
    }

    provider.delete(connection_id, renamed)
    assert aep_emulator.connections() == []


def test_the_secrets_of_a_recorded_connection_can_be_rotated(
    provider: Host, aep_emulator: Emulator, recorded: Wire
) -> None:
    inputs = declared(recorded)
    rotated: Wire = json.loads(json.dumps(inputs))
    for outer, key in secrets_in(inputs):
        whole = key == "connectionString"
        rotated[outer][key] = (
            inputs[outer][key].replace("{dummy;password{}}}", "a-new-one") if whole else f"a-new-one-{key}"
        )

    outputs = provider.update(recorded["id"], recorded["outputs"], rotated)

    (entity,) = aep_emulator.connections(secrets=True)
    params: Any = dict(entity)["auth"]["params"]
    assert " ".join(params.values()).count("a-new-one") == len(secrets_in(inputs))
    assert not any(old in json.dumps(params) for old in OLD_SECRETS)
    assert provider.diff(recorded["id"], outputs, provider.checked(rotated)).is_change is False
