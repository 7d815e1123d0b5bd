"""Random lives: programs, edits, drift, faults and killed providers, against what the service then has."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
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
from pulumi_adobe_aep.emulator.faults import Action, Answer, Delay, Drop, ExpireTokens, Truncate
from tests.faults.messages import assert_no_secrets, assert_plain
from tests.faults.model_engine import ModelEngine
from tests.faults.scenario import Scenario
from tests.faults.scenarios import SCENARIOS
from tests.faults.scene import StartHost
from tests.support.host import Host, ProviderFailed, Wire

LARGE = os.environ.get("STATEFUL") == "large"
"""`STATEFUL=large make test-faults` looks for an hour instead of a minute."""
PROFILE = settings(
    max_examples=300 if LARGE else 10,
    stateful_step_count=40 if LARGE else 8,
    deadline=None,
    # Making a failure smaller takes many lives; whoever looks into one asks for the large profile.
    phases=list(Phase) if LARGE else [Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)
SECRET = "canary-of-all-lives"

ACTIONS: dict[str, Action] = {
    "dropped before": Drop(when="before"),
    "reset after": Drop(when="after", how="reset"),
    "cut off": Truncate(),
    "502": Answer(status=502, body="<html>"),
    "504 after": Answer(status=504, when="after", body=""),
    "429": Answer(status=429, headers={"Retry-After": "1"}, body=""),
    "403": Answer(status=403, body=""),
    "404": Answer(status=404, body="<html>"),
    "412": Answer(status=412, body=""),
    "expired": ExpireTokens(),
}
METHODS = ("POST", "GET", "PATCH", "DELETE")
SANDBOXES = ("dev", "stage")
RESOURCES = st.sampled_from(["first", "second", "third"])


class Life(RuleBasedStateMachine):
    """A stack's life; the test says of which kind, with which emulator and which process."""

    scenario: Scenario
    emulator: Emulator
    folder: Path
    start_host: StartHost

    def __init__(self) -> None:
        super().__init__()
        self.emulator.reset()
        self.references = {each: self.scenario.prepare(self.emulator, each) for each in SANDBOXES}
        self.engine = ModelEngine()
        self.program: dict[str, Wire] = {}
        self.explained: set[str] = set()
        self.secrets = 0
        self.logs: list[Path] = []
        self.host = self.start()

    def start(self) -> Host:
        # The limit is too short for a second look, so that a create that is not found ends soon, and is explained.
        self.logs.append(self.folder / f"provider-{uuid.uuid4().hex}.log")
        host = type(self).start_host({**self.emulator.environment(), "AEP_TIMEOUT": "4"}, self.logs[-1])
        return host.serving(self.scenario.provider)

    # What people do to the program.

    @initialize(action=st.sampled_from(sorted(ACTIONS)))
    def begin(self, action: str) -> None:
        # What is hardest comes first, in every example: two creates of one name, one of them with a fault.
        self.declare("first", "crm", None, other=False, sandbox="dev")
        self.declare("second", "crm", None, other=False, sandbox="dev")
        self.up("POST", action)

    @rule(
        resource=RESOURCES,
        name=st.sampled_from(["crm", "shop"]),
        description=st.sampled_from([None, "one", "two"]),
        other=st.booleans(),
        sandbox=st.sampled_from(SANDBOXES),
    )
    def declare(self, resource: str, name: str, description: str | None, other: bool, sandbox: str) -> None:
        # A secret that was ever tried is not used again: to go back to one whose change ended in an error is to
        # hide it from everybody, because no service shows secrets.
        self.secrets += 1
        self.program[resource] = {
            "name": name,
            "description": description,
            "sandboxName": sandbox,
            **self.references[sandbox],
            **self.scenario.declare(f"{SECRET}-{self.secrets}", other),
        }

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        del self.program[data.draw(st.sampled_from(sorted(self.program)))]

    # What they run.

    @rule(method=st.sampled_from(METHODS), action=st.sampled_from(["none", *ACTIONS]))
    def up(self, method: str, action: str) -> None:
        self.emulator.lift_faults()
        if action != "none":
            self.emulator.fault(ACTIONS[action], method=method, path=self.scenario.kind.path)
        self.run(lambda: self.engine.up(self.host, self.program))

    @rule(action=st.sampled_from(["none", *ACTIONS]))
    def refresh(self, action: str) -> None:
        self.emulator.lift_faults()
        if action != "none":
            self.emulator.fault(ACTIONS[action], method="GET", path=self.scenario.kind.path)
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
            self.engine.up(self.host, self.program)
        except ProviderFailed:
            # Nobody could say anything: what was being created is nobody's, until `connections --orphans` finds it.
            self.explain(self.engine.doing is not None)
        over.set()
        killer.join()
        self.emulator.lift_faults()
        self.restart()

    # What others do.

    @precondition(lambda self: self.engine.resources)
    @rule(data=st.data(), what=st.sampled_from(["description", "name", "deletion"]))
    def drift(self, data: st.DataObject, what: str) -> None:
        resource = self.engine.resources[data.draw(st.sampled_from(sorted(self.engine.resources)))]
        if resource.id not in {each["id"] for each in self.stored()}:
            return
        if what == "deletion":
            self.delete(resource.id)
            # Long after the last write, so that a 404 counts at once.
            self.emulator.advance(60)
        else:
            self.emulator.change(resource.id, kind=self.scenario.collection, fields={what: "changed in the UI"})

    @rule()
    def wait(self) -> None:
        self.emulator.advance(3600)

    # What must hold.

    @invariant()
    def nothing_is_in_the_service_that_nobody_reported(self) -> None:
        assert self.strangers() <= self.explained

    @rule()
    def settle(self) -> None:
        # Long after the last write, so that a 404 counts at once.
        self.emulator.advance(60)
        self.emulator.lift_faults()
        for stranger in self.strangers():
            self.delete(stranger)
        self.refresh_in_a_new_process()
        self.engine.up(self.host, self.program)
        expected = {id_: self.scenario.expectation(outputs) for id_, outputs in self.outputs()}
        store = {each["id"]: {key: each.get(key) for key in expected.get(each["id"], each)} for each in self.stored()}
        assert store == expected
        assert set(self.engine.resources) == set(self.program)
        assert self.engine.up(self.host, self.program) == 0

    def teardown(self) -> None:
        try:
            self.settle()
            for log in self.logs:
                assert_no_secrets(log.read_text(encoding="utf-8"), [SECRET, self.emulator.client_secret])
        finally:
            self.host.close()

    # How it is done.

    def restart(self) -> None:
        # Long after the last write, so that a 404 counts at once.
        self.emulator.advance(60)
        self.host.close()
        self.host = self.start()

    def refresh_in_a_new_process(self) -> None:
        # Every command of the engine has a process of its own, and reads of one process may share a list.
        self.restart()
        self.engine.refresh(self.host)

    def stored(self) -> list[Wire]:
        return self.scenario.stored(self.emulator)

    def outputs(self) -> Iterator[tuple[str, Wire]]:
        return ((each.id, each.outputs) for each in self.engine.resources.values())

    def delete(self, entity_id: str) -> None:
        self.emulator.delete(entity_id, kind=self.scenario.collection)

    def strangers(self) -> set[str]:
        return {str(each["id"]) for each in self.stored()} - self.engine.known_ids()

    def run(self, command: Callable[[], Any]) -> None:
        try:
            command()
        except ProviderFailed as failed:
            text = str(failed)
            assert_plain(text, [SECRET, self.emulator.client_secret])
            is_explained = "connections --orphans" in text or any(each in text for each in self.strangers())
            self.explain(self.engine.doing is not None and is_explained)

    def explain(self, is_explained: bool) -> None:
        if is_explained:
            self.explained |= self.strangers()
        self.engine.doing = None


LIVING = [each for each in SCENARIOS if each.lives_in_company and "description" in each.kind.keys]
"""The kinds whose names and descriptions people change in these lives."""


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name) for each in LIVING])
def test_after_a_clean_refresh_and_up_the_state_and_the_service_agree(
    scenario: Scenario, aep_emulator: Emulator, start_host: StartHost, tmp_path: Path
) -> None:
    life = type(
        "Life",
        (Life,),
        {"scenario": scenario, "emulator": aep_emulator, "folder": tmp_path, "start_host": staticmethod(start_host)},
    )
    run_state_machine_as_test(life, settings=PROFILE)
