"""Random lives: programs, edits, drift, faults and killed providers, against what the service then has."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay
from tests.faults.life import ACTIONS, MARKS, METHODS, PROFILE, SANDBOXES, StackLife
from tests.faults.model_engine import ModelEngine
from tests.faults.scenario import Scenario
from tests.faults.scenarios import SCENARIOS
from tests.faults.scene import StartHost
from tests.support.host import Host, ProviderFailed, Wire

pytestmark = MARKS
RESOURCES = st.sampled_from(["first", "second", "third"])


class Life(StackLife):
    """The life of a stack with resources of one kind; the test says of which."""

    scenario: Scenario
    engine: ModelEngine
    secret = "canary-of-all-lives"

    def __init__(self) -> None:
        super().__init__()
        self.references = {each: self.scenario.prepare(self.emulator, each) for each in SANDBOXES}
        self.engine = ModelEngine()

    # What people do to the program.

    @initialize(action=st.sampled_from(sorted(ACTIONS)))
    def begin(self, action: str) -> None:
        # What is hardest comes first, in every example: two creates of one name, one of them with a fault.
        self.declare("first", "crm", None, other=False, sandbox="dev")
        self.declare("second", "crm", None, other=False, sandbox="dev")
        self.up_with("POST", action)

    @rule(
        resource=RESOURCES,
        name=st.sampled_from(["crm", "shop"]),
        description=st.sampled_from([None, "one", "two"]),
        other=st.booleans(),
        sandbox=st.sampled_from(SANDBOXES),
    )
    def declare(self, resource: str, name: str, description: str | None, other: bool, sandbox: str) -> None:
        self.program[resource] = {
            "name": name,
            "description": description,
            "sandboxName": sandbox,
            **self.references[sandbox],
            **self.scenario.declare(self.new_secret(), other),
        }

    # What they run.

    @rule(method=st.sampled_from(METHODS), action=st.sampled_from(["none", *ACTIONS]))
    def up_with(self, method: str, action: str) -> None:
        self.order(action, method, self.scenario.kind.path)
        self.run(self.up)

    @rule(action=st.sampled_from(["none", *ACTIONS]))
    def refresh(self, action: str) -> None:
        self.order(action, "GET", self.scenario.kind.path)
        self.run(self.refresh_in_a_new_process)

    @rule(method=st.sampled_from(METHODS))
    def up_with_a_killed_provider(self, method: str) -> None:
        self.emulator.lift_faults()
        before = len(self.emulator.requests(method, self.scenario.kind.path))
        self.emulator.fault(Delay(when="after", seconds=3), method=method, path=self.scenario.kind.path)
        over = threading.Event()

        def kill() -> None:
            while not over.wait(0.01):
                held = self.emulator.requests(method, self.scenario.kind.path)[before:]
                if any(each.handled for each in held):
                    self.host.process.kill()
                    return

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            self.up()
        except ProviderFailed:
            # Nobody could say anything: what was being created is nobody's, until `connections --orphans` finds it.
            self.explain(is_explained=True)
        over.set()
        killer.join()
        self.emulator.lift_faults()
        self.restart()

    # What others do.

    @precondition(lambda self: self.engine.resources)
    @rule(data=st.data(), what=st.sampled_from(["description", "name", "deletion"]))
    def drift(self, data: st.DataObject, what: str) -> None:
        (collection,) = self.collections
        resource = self.engine.resources[data.draw(st.sampled_from(sorted(self.engine.resources)))]
        if resource.id not in self.stored(collection):
            return
        if what == "deletion":
            self.delete(collection, resource.id)
        else:
            self.emulator.change(resource.id, kind=self.scenario.collection, fields={what: "changed in the UI"})

    @rule()
    def wait(self) -> None:
        self.emulator.advance(3600)

    # How it is done.

    def start(self) -> Host:
        return super().start().serving(self.scenario.provider)

    def up(self) -> int:
        return self.engine.up(self.host, self.program)

    @property
    def collections(self) -> tuple[str, ...]:
        return (self.scenario.collection,)

    def stored(self, collection: str) -> dict[str, Wire]:  # noqa: ARG002 - there is one
        return {str(each["id"]): each for each in self.scenario.stored(self.emulator)}

    def assert_agreed(self) -> None:
        expected = {each.id: self.scenario.expectation(each.outputs) for each in self.engine.resources.values()}
        stored = self.stored(self.scenario.collection)
        store = {id_: {key: each.get(key) for key in expected.get(id_, each)} for id_, each in stored.items()}
        assert store == expected
        assert set(self.engine.resources) == set(self.program)


LIVING = [each for each in SCENARIOS if each.lives_in_company and "description" in each.kind.keys]
"""The kinds whose names and descriptions people change in these lives."""


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name) for each in LIVING])
def test_after_a_clean_refresh_and_up_the_state_and_the_service_agree(
    scenario: Scenario, aep_emulator: Emulator, start_host: StartHost, tmp_path: Path
) -> None:
    of_test = {"scenario": scenario, "emulator": aep_emulator, "folder": tmp_path, "start_host": start_host}
    run_state_machine_as_test(type("Life", (Life,), of_test), settings=PROFILE)
