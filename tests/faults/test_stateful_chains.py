"""Random lives of whole ingestions: all kinds in one stack, with edits, drift and faults, against the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults import life
from tests.faults.chain_engine import KIND_OF, ORDER, ChainEngine, Ingestion
from tests.faults.life import ACTIONS, LARGE, MARKS, METHODS, SANDBOXES, StackLife
from tests.faults.scene import StartHost
from tests.support.host import Wire
from tests.support.ingestion import make_dataset

pytestmark = MARKS
NAMES = st.sampled_from(["first", "second"])
COLLECTIONS = st.sampled_from(ORDER)
FAULTS = st.sampled_from(["none", *sorted(ACTIONS)])
FIRST: dict[str, Any] = {
    "table": "public.customers",
    "description": None,
    "expression": "upper(country)",
    "interval": 1,
    "enabled": True,
}
DECLARED = st.fixed_dictionaries(
    {
        "table": st.sampled_from(["public.customers", "public.orders"]),
        "description": st.sampled_from([None, "one", "two"]),
        "expression": st.sampled_from(["upper(country)", "lower(country)"]),
        "interval": st.sampled_from([1, 2]),
        "enabled": st.booleans(),
    }
)
# Each step works on five resources instead of one.
PROFILE = settings(life.PROFILE, max_examples=life.PROFILE.max_examples if LARGE else 3)


class ChainLife(StackLife):
    """The life of a stack with ingestions."""

    engine: ChainEngine
    secret = "canary-of-all-chains"
    explanations = (*StackLife.explanations, "before the next update")
    collections = ORDER

    def __init__(self) -> None:
        super().__init__()
        self.emulator.switch(mapping_delete="supported")
        self.datasets = {each: make_dataset(self.emulator, sandbox=each) for each in SANDBOXES}
        self.engine = ChainEngine()

    # What people do to the program.

    @initialize(collection=COLLECTIONS, action=st.sampled_from(sorted(ACTIONS)))
    def begin(self, collection: str, action: str) -> None:
        self.declare("first", "dev", FIRST)
        self.up_with("POST", collection, action)

    @rule(name=NAMES, sandbox=st.sampled_from(SANDBOXES), declared=DECLARED)
    def declare(self, name: str, sandbox: str, declared: dict[str, Any]) -> None:
        self.program[name] = Ingestion(
            sandbox=sandbox, dataset_id=self.datasets[sandbox], password=self.new_secret(), **declared
        )

    # What they run.

    @rule(method=st.sampled_from([*METHODS, "PUT"]), collection=COLLECTIONS, action=FAULTS)
    def up_with(self, method: str, collection: str, action: str) -> None:
        self.order(action, method, KIND_OF[collection].path)
        self.run(self.up)

    @rule(collection=COLLECTIONS, action=FAULTS)
    def refresh(self, collection: str, action: str) -> None:
        self.order(action, "GET", KIND_OF[collection].path)
        self.run(self.refresh_in_a_new_process)

    # What others do.

    @precondition(lambda self: self.engine.resources)
    @rule(data=st.data(), what=st.sampled_from(["description", "name"]))
    def drift(self, data: st.DataObject, what: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.engine.resources)))
        entity_id = self.engine.resources[key].id
        if key[1] != "mappingSets" and entity_id in self.stored(key[1]):
            self.emulator.change(entity_id, kind=key[1], fields={what: "changed in the UI"})  # type: ignore[arg-type]

    @precondition(lambda self: self.flows())
    @rule(data=st.data(), what=st.sampled_from(["delete", "disable"]))
    def meddle_with_a_dataflow(self, data: st.DataObject, what: str) -> None:
        flow_id = data.draw(st.sampled_from(self.flows()))
        if what == "disable":
            # As Adobe does with one that has failed for 30 days.
            self.emulator.change(flow_id, kind="flows", state="disabled", by="acp_core_flow")
        else:
            self.delete("flows", flow_id)

    # What must hold.

    def assert_agreed(self) -> None:
        assert {name for name, _ in self.engine.resources} == set(self.program)
        for (_, collection), resource in self.engine.resources.items():
            self.assert_held(collection, self.stored(collection)[resource.id], resource.outputs)

    def assert_held(self, collection: str, entity: Wire, outputs: Wire) -> None:
        """Assert that Adobe has what the state says, written down a second time on purpose."""
        shared = {"name": outputs["name"], "sandboxName": outputs["sandboxName"]}
        if collection != "mappingSets":
            shared["description"] = outputs.get("description")
        assert {key: entity.get(key) for key in shared} == shared
        if collection == "connections":
            assert entity["auth"]["params"]["password"] == outputs["auth"]["password"]
        elif collection == "sourceConnections":
            assert entity["baseConnectionId"] == outputs["baseConnectionId"]
            assert entity["params"]["tableName"] == outputs["table"]
        elif collection == "mappingSets":
            shown = self.mapping_set(entity["id"], outputs)
            declared = outputs["mappings"]["_acme.country"]["expression"]
            assert declared in [each["source"] for each in shown["mappings"]]
        elif collection == "flows":
            assert entity["sourceConnectionIds"] == [outputs["sourceConnectionId"]]
            assert entity["targetConnectionIds"] == [outputs["targetConnectionId"]]
            assert entity["state"] == ("enabled" if outputs["enabled"] else "disabled")
            assert int(entity["scheduleParams"]["interval"]) == outputs["schedule"]["interval"]
            (params,) = (each["params"] for each in entity["transformations"] if each["name"] == "Mapping")
            assert params["mappingId"] == outputs["mappingId"]
            assert int(params["mappingVersion"]) == outputs["mappingVersion"]

    def mapping_set(self, entity_id: str, outputs: Wire) -> Wire:
        """Return a mapping set in the version that the state has, which need not be the newest."""
        path = f"/data/foundation/conversion/mappingSets/{entity_id}"
        session = self.emulator.session(outputs["sandboxName"])
        version = {"version": int(outputs["version"])}
        found: Wire = session.get(f"{self.emulator.base_url}{path}", params=version, timeout=30).json()
        return found

    # How it is done.

    def up(self) -> int:
        return self.engine.up(self.host, self.program)

    def stored(self, collection: str) -> dict[str, Wire]:
        found = self.emulator.entities(collection, secrets=True)  # type: ignore[arg-type]
        return {str(each["id"]): each for each in found}

    def flows(self) -> list[str]:
        known = self.engine.known_ids()
        return sorted(each for each in self.stored("flows") if each in known)


def test_after_a_clean_refresh_and_up_the_state_and_the_service_agree_about_every_kind(
    aep_emulator: Emulator, start_host: StartHost, tmp_path: Path
) -> None:
    of_test = {"emulator": aep_emulator, "folder": tmp_path, "start_host": start_host}
    run_state_machine_as_test(type("ChainLife", (ChainLife,), of_test), settings=PROFILE)
