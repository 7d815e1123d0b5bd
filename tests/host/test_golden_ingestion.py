"""The states of ingestions that released versions have written are accepted for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.pulumi_sdk.provider import PROVIDER_KEY
from pulumi_adobe_aep.settings import load
from tests.support.chain import KINDS, PROVIDERS
from tests.support.host import Host, Wire, pickled_provider
from tests.support.stack import plain

STATES = sorted(Path(__file__).parents[1].glob("golden/*/ingestion.json"))
PICKLES = {
    "sourceConnections": "TableSourceConnectionProvider",
    "targetConnections": "DataLakeTargetConnectionProvider",
    "mappingSets": "MappingSetProvider",
    "flows": "DataflowProvider",
}


def recorded(path: Path, collection: str) -> Wire:
    """Return the entity of a kind in an exported state."""
    exported = json.loads(path.read_text(encoding="utf-8"))
    name = PROVIDERS[collection].kind.name
    (found,) = (each for each in exported["deployment"]["resources"] if each["type"].endswith(f":{name}"))
    return dict(plain(found))


def without_provider(properties: Wire) -> Wire:
    return {key: value for key, value in properties.items() if key != PROVIDER_KEY}


def test_there_are_golden_states_of_ingestions() -> None:
    assert STATES


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("collection", KINDS)
def test_a_recorded_entity_is_checked_compared_read_and_deleted(
    host: Host, aep_emulator: Emulator, collection: str, path: Path
) -> None:
    aep_emulator.switch(mapping_delete="supported")
    resource, provider = recorded(path, collection), PROVIDERS[collection]
    inputs, outputs = without_provider(resource["inputs"]), without_provider(resource["outputs"])
    assert resource["outputs"][PROVIDER_KEY] == resource["inputs"][PROVIDER_KEY] == pickled_provider(provider)
    assert PICKLES[collection] == provider.__name__
    mine = host.serving(provider)

    checked = mine.check(inputs, inputs)
    assert (checked.failures, checked.inputs) == ([], inputs)
    assert mine.diff(resource["id"], outputs, inputs).is_change is False

    entity_id = restored(aep_emulator, collection, outputs)
    moved = {**outputs, provider.kind.id_key: entity_id}
    read = mine.read(entity_id, moved)
    assert read.inputs == inputs
    assert mine.diff(entity_id, read.outputs, inputs).is_change is False
    mine.delete(entity_id, moved)
    assert aep_emulator.entities(collection) == []  # type: ignore[arg-type]


def restored(emulator: Emulator, collection: str, outputs: Wire) -> str:
    """Let the emulator have what a state says, and return the id that it has there."""
    kind = PROVIDERS[collection].kind
    state = kind.state(outputs)
    inputs = Planner(kind, load({"AEP_ORG_ID": emulator.org_id})).require(state.inputs(kind.inputs))
    fields: dict[str, Any] = kind.body(inputs, {})
    if collection == "mappingSets":
        fields["version"] = int(outputs["version"])
    if collection == "flows":
        fields["scheduleParams"]["startTime"] = "4922895600"
    entity = emulator.create(fields, kind=collection, state=outputs.get("state") or "enabled")  # type: ignore[arg-type]
    return str(entity["id"])
