"""Random lives: programs, edits, drift, faults and killed providers, against what the service then has."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
from tests.faults.model_engine import ModelEngine, shown
from tests.support.host import Adapter, Host, ProviderFailed, Wire

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
RESOURCES = st.sampled_from(["first", "second", "third"])


class Life(RuleBasedStateMachine):
    """A stack's life; the test says with which self.emulator."""

    emulator: Emulator
    folder: Path
    adapter: Adapter

    def __init__(self) -> None:
        super().__init__()
        self.emulator.reset()
        self.engine = ModelEngine()
        self.program: dict[str, Wire] = {}
        self.explained: set[str] = set()
        self.passwords = 0
        self.logs: list[Path] = []
        self.host = self.start()

    def start(self) -> Host:
        # The limit is too short for a second look, so that a create that is not found ends soon, and is explained.
        self.logs.append(self.folder / f"provider-{uuid.uuid4().hex}.log")
        return Host({**self.emulator.environment(), "AEP_TIMEOUT": "4"}, self.logs[-1], self.adapter)

    # What people do to the program.

    @initialize(action=st.sampled_from(sorted(ACTIONS)))
    def begin(self, action: str) -> None:
        # What is hardest comes first, in every example: two creates of one name, one of them with a fault.
        self.declare("first", "crm", None, basic=False, sandbox="dev")
        self.declare("second", "crm", None, basic=False, sandbox="dev")
        self.up("POST", action)

    @rule(
        resource=RESOURCES,
        name=st.sampled_from(["crm", "shop"]),
        description=st.sampled_from([None, "one", "two"]),
        basic=st.booleans(),
        sandbox=st.sampled_from(["dev", "stage"]),
    )
    def declare(self, resource: str, name: str, description: str | None, basic: bool, sandbox: str) -> None:
        # A password that was ever tried is not used again: to go back to one whose change ended in an error is to
        # hide it from everybody, because no service shows passwords.
        self.passwords += 1
        kind = "Basic Authentication" if basic else "Connection String Based Authentication"
        auth = {"server": "db.example.com", "database": "crm", "username": "u"}
        self.program[resource] = {
            "name": name,
            "description": description,
            "sandboxName": sandbox,
            "auth": {"specName": kind, **auth, "password": f"{SECRET}-{self.passwords}"},
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
            self.emulator.fault(ACTIONS[action], method=method, path="/connections")
        self.run(lambda: self.engine.up(self.host, self.program))

    @rule(action=st.sampled_from(["none", *ACTIONS]))
    def refresh(self, action: str) -> None:
        self.emulator.lift_faults()
        if action != "none":
            self.emulator.fault(ACTIONS[action], method="GET", path="/connections")
        self.run(self.refresh_in_a_new_process)

    @rule(method=st.sampled_from(METHODS))
    def up_with_a_killed_provider(self, method: str) -> None:
        self.emulator.lift_faults()
        before = len(self.emulator.requests(method, "/connections"))
        self.emulator.fault(Delay(when="after", seconds=3), method=method, path="/connections")
        over = threading.Event()

        def kill() -> None:
            while not over.is_set():
                held = self.emulator.requests(method, "/connections")[before:]
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
        if resource.id not in {each["id"] for each in self.emulator.connections()}:
            return
        if what == "deletion":
            self.emulator.delete(resource.id)
            # Long after the last write, so that a 404 counts at once.
            self.emulator.advance(60)
        else:
            self.emulator.change(resource.id, fields={what: "changed in the UI"})

    @rule()
    def wait(self) -> None:
        self.emulator.advance(3600)

    # What must hold.

    @invariant()
    def nothing_is_in_the_service_that_nobody_told_of(self) -> None:
        assert self.strangers() <= self.explained

    @rule()
    def settle(self) -> None:
        self.emulator.lift_faults()
        for stranger in self.strangers():
            self.emulator.delete(stranger)
        self.refresh_in_a_new_process()
        self.engine.up(self.host, self.program)
        store = sorted((_flat(each) for each in self.emulator.connections(secrets=True)), key=_by_id)
        assert store == sorted((shown(each) for each in self.engine.resources.values()), key=_by_id)
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
        self.host.close()
        self.host = self.start()

    def refresh_in_a_new_process(self) -> None:
        # Every command of the engine has a process of its own, and reads of one process may share a list.
        self.restart()
        self.engine.refresh(self.host)

    def strangers(self) -> set[str]:
        return {str(each["id"]) for each in self.emulator.connections()} - self.engine.known_ids()

    def run(self, command: Callable[[], Any]) -> None:
        try:
            command()
        except ProviderFailed as failed:
            text = str(failed)
            assert_plain(text, [SECRET, self.emulator.client_secret])
            told = "connections --orphans" in text or any(each in text for each in self.strangers())
            self.explain(self.engine.doing is not None and told)

    def explain(self, is_told: bool) -> None:
        if is_told:
            self.explained |= self.strangers()
        self.engine.doing = None


def _flat(connection: Wire) -> Wire:
    return {
        **{key: connection.get(key) for key in ("id", "name", "description", "sandboxName")},
        "specName": connection["auth"]["specName"],
        "params": connection["auth"]["params"],
    }


def _by_id(each: Wire) -> str:
    return str(each["id"])


def test_after_a_clean_refresh_and_up_the_state_and_the_service_agree(
    aep_emulator: Emulator, tmp_path: Path, adapter: Adapter
) -> None:
    life = type("Life", (Life,), {"emulator": aep_emulator, "folder": tmp_path, "adapter": adapter})
    run_state_machine_as_test(life, settings=PROFILE)
