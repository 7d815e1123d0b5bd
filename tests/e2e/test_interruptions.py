"""Signals in the middle of an operation, and what it takes to be whole again."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay
from tests.support.programs import connection, string_auth
from tests.support.stack import Program, Stack

COMMAND = Path(sys.executable).with_name("pulumi-adobe-aep")
HELD_SECONDS = 3.0
"""How long a response is held back after the service has done what was asked."""
ENDS_WITHIN = 30.0


def _nothing() -> None:
    """Declare nothing."""


@dataclass(frozen=True)
class Operation:
    """What is interrupted.

    Attributes:
        method: the request that changes the service.
        program: what the program declares from then on.
        sandbox: where it happens.
    """

    method: str
    program: Program
    sandbox: str = "dev"


OPERATIONS = {
    "create": Operation("POST", connection()),
    "update": Operation("PATCH", connection(auth=string_auth(password="a second one"))),
    "replace": Operation("POST", connection(sandbox_name="stage"), "stage"),
    "delete": Operation("DELETE", _nothing),
}


def _engine_and_its_plugins() -> list[psutil.Process]:
    engine = next(each for each in psutil.Process().children(recursive=True) if _runs(each, "pulumi", "up"))
    return [engine, *engine.children(recursive=True)]


def _runs(process: psutil.Process, *words: str) -> bool:
    try:
        found = [Path(word).name for word in process.cmdline()]
    except psutil.NoSuchProcess:
        return False
    return all(word in found for word in words)


WHO = {"engine": "pulumi", "provider": "pulumi.dynamic"}
"""The word in its command line that tells the process."""


@dataclass
class Interruption:
    """A signal that is sent as soon as the service has done what was asked, before it sends its response."""

    emulator: Emulator
    method: str
    who: str
    signal: signal.Signals
    family: list[psutil.Process] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)

    @contextlib.contextmanager
    def sent(self) -> Iterator[None]:
        """Send it while the block runs."""
        self.emulator.fault(Delay(when="after", seconds=HELD_SECONDS), method=self.method, path="/connections")
        thread = threading.Thread(target=self._send)
        thread.start()
        try:
            yield
        finally:
            thread.join()
            self._end_what_is_left()
        assert self.problems == []

    def _send(self) -> None:
        try:
            limit = time.monotonic() + ENDS_WITHIN
            while not any(each.handled for each in self.emulator.requests(self.method, "/connections")):
                assert time.monotonic() < limit, f"no {self.method} came"
            self.family = _engine_and_its_plugins()
            next(each for each in self.family if _runs(each, WHO[self.who])).send_signal(self.signal)
            (held,) = self.emulator.requests(self.method, "/connections")
            assert held.outcome == "pending", "the response was sent before the signal"
        except BaseException as problem:  # noqa: BLE001 - it is shown in the test's own thread
            self.problems.append(problem)

    def _end_what_is_left(self) -> None:
        # An engine that is killed leaves its plugins behind; all others end by themselves.
        is_left = (self.who, self.signal) == ("engine", signal.SIGKILL)
        _, alive = psutil.wait_procs(self.family, 0 if is_left else ENDS_WITHIN)
        for each in alive:
            each.kill()
        assert is_left or not alive, alive


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGKILL], ids=lambda which: which.name)
@pytest.mark.parametrize("who", WHO)
def test_an_interrupted_operation_can_be_finished(
    who: str, which: signal.Signals, name: str, stack: Stack, aep_emulator: Emulator
) -> None:
    operation = OPERATIONS[name]
    if name != "create":
        stack.up(connection())
        aep_emulator.forget_requests()

    with Interruption(aep_emulator, operation.method, who, which).sent():
        shown = stack.fails(stack.up, operation.program)

    if (who, which) == ("engine", signal.SIGKILL):
        stack.pulumi("cancel", "--yes")
    is_known = (who, which) == ("engine", signal.SIGINT)
    if is_known:
        # It lets the provider finish, keeps what came of it, and begins nothing new.
        assert "canceled" in shown
    elif name in ("create", "replace"):
        # Nothing can have reached the state: the service has a connection that the stack does not know.
        _delete_orphan(stack, aep_emulator, operation.sandbox)

    stack.up(operation.program)
    stack.up(refresh=True, expect_no_changes=True)

    recorded = {(each["id"], each["outputs"]["sandboxName"]) for each in stack.resources()}
    assert recorded == {(each["id"], each["sandboxName"]) for each in aep_emulator.connections()}
    assert len(recorded) == (name != "delete")
    if name == "update":
        (only,) = aep_emulator.connections(secrets=True)
        assert "Password=a second one" in json.dumps(only["auth"])


def _delete_orphan(stack: Stack, emulator: Emulator, sandbox: str) -> None:
    """Find the orphan and delete it, with the commands that the documentation names."""
    state = stack.folder / "state.json"
    stack.pulumi("stack", "export", "--file", str(state))
    found = _aep(stack, "connections", "--orphans", "--state", str(state), "--sandbox", sandbox, "--json")
    (orphan,) = json.loads(found.stdout)["orphans"]
    assert orphan["id"] in {each["id"] for each in emulator.connections(sandbox)}
    assert orphan["id"] in orphan["importCommand"]
    deleted = subprocess.run(
        [COMMAND, *orphan["deleteCommand"].split()[1:], "--yes"],
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert deleted.returncode == 0, deleted.stderr


def _aep(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[Any]:
    return subprocess.run([COMMAND, *arguments], env=stack.environment, capture_output=True, text=True, check=False)
