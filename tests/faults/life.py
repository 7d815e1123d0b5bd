"""What random lives of stacks have in common: what fails, who runs the commands, and what must hold after each step."""

from __future__ import annotations

import os
import uuid
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, Drop, ExpireTokens, Truncate
from tests.faults.messages import assert_no_secrets, assert_plain
from tests.faults.model_engine import Stack
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
MARKS = [pytest.mark.timeout(0)] if LARGE else []
"""For modules of such lives: an hour is longer than a test may take otherwise."""
METHODS = ("POST", "GET", "PATCH", "DELETE")
SANDBOXES = ("dev", "stage")
_LONG = 60
"""Seconds after the last write in which a 404 counts at once."""


class StackLife(RuleBasedStateMachine):
    """A stack's life. A test makes a subclass of it with the emulator, and with what starts a process."""

    emulator: Emulator
    folder: Path
    start_host: StartHost
    secret: ClassVar[str]
    """What every secret of these lives begins with."""
    explanations: ClassVar[tuple[str, ...]] = ("connections --orphans",)
    """What a message says of an entity that it leaves behind without its id."""
    engine: Stack[Any]

    def __init__(self) -> None:
        super().__init__()
        self.emulator.reset()
        self.program: dict[str, Any] = {}
        self.explained: set[str] = set()
        self.secrets = 0
        self.logs: list[Path] = []
        self.host = self.start()

    # What differs.

    @abstractmethod
    def stored(self, collection: str) -> dict[str, Wire]:
        """Return what the service has in a collection, by id."""

    @property
    @abstractmethod
    def collections(self) -> tuple[str, ...]:
        """What is used by others comes first."""

    @abstractmethod
    def up(self) -> int:
        """Bring the stack to the program; return how many operations that took."""

    @abstractmethod
    def assert_agreed(self) -> None:
        """Assert that the service has what the state says, and the state what the program declares."""

    # What people do to the program.

    def new_secret(self) -> str:
        """Return a secret that was never tried.

        To go back to one whose change ended in an error is to hide it from everybody: no service shows secrets.
        """
        self.secrets += 1
        return f"{self.secret}-{self.secrets}"

    @precondition(lambda self: self.program)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        del self.program[data.draw(st.sampled_from(sorted(self.program)))]

    # What must hold.

    @invariant()
    def nothing_is_in_the_service_that_nobody_reported(self) -> None:
        assert self.stranger_ids() <= self.explained

    @rule()
    def settle(self) -> None:
        self.emulator.advance(_LONG)
        self.emulator.lift_faults()
        for collection, stranger in self.strangers():
            self.delete(collection, stranger)
        self.refresh_in_a_new_process()
        self.up()
        assert not self.strangers()
        self.assert_agreed()
        assert self.up() == 0

    def teardown(self) -> None:
        try:
            self.settle()
            for log in self.logs:
                assert_no_secrets(log.read_text(encoding="utf-8"), self.all_secrets())
        finally:
            self.host.close()

    # How it is done.

    def start(self) -> Host:
        # The limit is too short for a second look, so that a create that is not found ends soon, and is explained.
        self.logs.append(self.folder / f"provider-{uuid.uuid4().hex}.log")
        return type(self).start_host({**self.emulator.environment(), "AEP_TIMEOUT": "4"}, self.logs[-1])

    def restart(self) -> None:
        self.emulator.advance(_LONG)
        self.host.close()
        self.host = self.start()

    def refresh_in_a_new_process(self) -> None:
        # Every command of the engine has a process of its own, and reads of one process may share a list.
        self.restart()
        self.engine.refresh(self.host)

    def order(self, action: str, method: str, path: str) -> None:
        """Have the next request of a sort meet a fault, or none."""
        self.emulator.lift_faults()
        if action != "none":
            self.emulator.fault(ACTIONS[action], method=method, path=path)

    def run(self, command: Callable[[], Any]) -> None:
        """Run a command, whose failure must be a plain message that explains what it leaves behind."""
        try:
            command()
        except ProviderFailed as failed:
            text = str(failed)
            assert_plain(text, self.all_secrets())
            self.explain(any(each in text for each in (*self.explanations, *self.stranger_ids())))

    def explain(self, is_explained: bool) -> None:
        """Note what a create that ended may have left, if a message says so."""
        if is_explained and self.engine.doing is not None:
            self.explained |= self.stranger_ids()
        self.engine.doing = None

    def all_secrets(self) -> list[str]:
        return [self.secret, self.emulator.client_secret]

    def delete(self, collection: str, entity_id: str) -> None:
        """Delete something as another person would; a 404 counts at once afterwards."""
        self.emulator.delete(entity_id, kind=collection)  # type: ignore[arg-type]
        self.emulator.advance(_LONG)

    def strangers(self) -> list[tuple[str, str]]:
        """Return what is in the service and not in the state, by collection; what uses others comes first."""
        known = self.engine.known_ids()
        return [(each, id_) for each in reversed(self.collections) for id_ in self.stored(each) if id_ not in known]

    def stranger_ids(self) -> set[str]:
        return {id_ for _, id_ in self.strangers()}
