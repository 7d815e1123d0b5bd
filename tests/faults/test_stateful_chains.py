"""Random lives of whole ingestions: all kinds in one stack, with edits, drift and faults, against the service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pulumi_adobe_aep.emulator.client import Emulator
from tests.faults.chain_engine import KIND_OF, ORDER, ChainEngine, Ingestion
from tests.faults.messages import assert_no_secrets, assert_plain
from tests.faults.scene import StartHost
from tests.faults.test_stateful import ACTIONS, LARGE, METHODS, SANDBOXES
from tests.faults.test_stateful import PROFILE as LIFE
from tests.support.host import Host, ProviderFailed, Wire
from tests.support.ingestion import make_dataset

SECRET = "canary-of-all-chains"
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
PROFILE = settings(LIFE, max_examples=LIFE.max_examples if LARGE else 3)


class ChainLife(RuleBasedStateMachine):
    """The life of a stack with ingestions; the test says with which emulator and which process."""

    emulator: Emulator
    folder: Path
    start_host: StartHost

    def __init__(self) -> None:
        super().__init__()
        self.emulator.reset()
        self.emulator.switch(mapping_delete="supported")
        self.datasets = {each: make_dataset(self.emulator, sandbox=each) for each in SANDBOXES}
        self.engine = ChainEngine()
        self.program: dict[str, Ingestion] = {}
        self.explained: set[str] = set()
        self.secrets = 0
        self.logs: list[Path] = []
        self.host = self.start()

    def start(self) -> Host:
        self.logs.append(self.folder / f"provider-{uuid.uuid4().hex}.log")
        return type(self).start_host({**self.emulator.environment(), "AEP_TIMEOUT": "4"}, self.logs[-1])

    # What people do to the program.

    @initialize(collection=COLLECTIONS, action=st.sampled_from(sorted(ACTIONS)))
    def begin(self, collection: str, action: str) -> None:
        self.declare("first", "dev", FIRST)
        self.up("POST", collection, action)

    @rule(name=NAMES, sandbox=st.sampled_from(SANDBOXES), declared=DECLARED)
    def declare(self, name: str, sandbox: str, declared: dict[str, Any]) -> None:
        # A secret that was ever tried is not used again; see tests/faults/test_stateful.py.
        self.secrets += 1
        password = f"{SECRET}-{self.secrets}"
        self.program[name] = Ingestion(
            sandbox=sandbox, dataset_id=self.datasets[sandbox], password=password, **declared
        )

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        del self.program[data.draw(st.sampled_from(sorted(self.program)))]

    # What they run.

    @rule(method=st.sampled_from([*METHODS, "PUT"]), collection=COLLECTIONS, action=FAULTS)
    def up(self, method: str, collection: str, action: str) -> None:
        self.meet(method, collection, action)
        self.run(lambda: self.engine.up(self.host, self.program))

    @rule(collection=COLLECTIONS, action=FAULTS)
    def refresh(self, collection: str, action: str) -> None:
        self.meet("GET", collection, action)
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
            self.emulator.delete(flow_id, kind="flows")
            # Long after the last write, so that a 404 counts at once.
            self.emulator.advance(60)

    # What must hold.

    @invariant()
    def nothing_is_in_the_service_that_nobody_reported(self) -> None:
        assert {each for _, each in self.strangers()} <= self.explained

    @rule()
    def settle(self) -> None:
        self.emulator.advance(60)
        self.emulator.lift_faults()
        for collection, stranger in self.strangers():
            self.emulator.delete(stranger, kind=collection)  # type: ignore[arg-type]
        self.refresh_in_a_new_process()
        self.engine.up(self.host, self.program)
        assert {name for name, _ in self.engine.resources} == set(self.program)
        assert not self.strangers()
        for (_, collection), resource in self.engine.resources.items():
            self.assert_held(collection, self.stored(collection)[resource.id], resource.outputs)
        assert self.engine.up(self.host, self.program) == 0

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

    def teardown(self) -> None:
        try:
            self.settle()
            for log in self.logs:
                assert_no_secrets(log.read_text(encoding="utf-8"), [SECRET, self.emulator.client_secret])
        finally:
            self.host.close()

    # How it is done.

    def meet(self, method: str, collection: str, action: str) -> None:
        self.emulator.lift_faults()
        if action != "none":
            self.emulator.fault(ACTIONS[action], method=method, path=KIND_OF[collection].path)

    def refresh_in_a_new_process(self) -> None:
        # Long after the last write, so that a 404 counts at once.
        self.emulator.advance(60)
        self.host.close()
        self.host = self.start()
        self.engine.refresh(self.host)

    def stored(self, collection: str) -> dict[str, Wire]:
        found = self.emulator.entities(collection, secrets=True)  # type: ignore[arg-type]
        return {str(each["id"]): each for each in found}

    def flows(self) -> list[str]:
        known = self.engine.known_ids()
        return sorted(each for each in self.stored("flows") if each in known)

    def strangers(self) -> list[tuple[str, str]]:
        """Return what is in the service and not in the state; what uses others comes first."""
        known = self.engine.known_ids()
        return [(kind, each) for kind in reversed(ORDER) for each in self.stored(kind) if each not in known]

    def run(self, command: Callable[[], Any]) -> None:
        try:
            command()
        except ProviderFailed as failed:
            text = str(failed)
            assert_plain(text, [SECRET, self.emulator.client_secret])
            strangers = {each for _, each in self.strangers()}
            explanations = ("connections --orphans", "before the next update", *strangers)
            if self.engine.doing is not None and any(each in text for each in explanations):
                self.explained |= strangers
            self.engine.doing = None


def test_after_a_clean_refresh_and_up_the_state_and_the_service_agree_about_every_kind(
    aep_emulator: Emulator, start_host: StartHost, tmp_path: Path
) -> None:
    life = type(
        "ChainLife",
        (ChainLife,),
        {"emulator": aep_emulator, "folder": tmp_path, "start_host": staticmethod(start_host)},
    )
    run_state_machine_as_test(life, settings=PROFILE)
