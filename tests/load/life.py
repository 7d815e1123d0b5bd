"""The life of a stack with many connections while one request in a hundred fails."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, Drop, ExpireTokens, Truncate
from tests.support.programs import string_auth
from tests.support.stack import Program, Stack

SHARE_OF_FAULTS = 0.01
FAULTS: tuple[Action, ...] = (
    Drop(when="before"),
    Drop(when="after", how="reset"),
    Truncate(),
    Answer(status=502, headers={"Content-Type": "text/html"}, body="<html>"),
    Answer(status=503, body=""),
    Answer(status=504, when="after", body=""),
    Answer(status=429, headers={"Retry-After": "1"}, body=""),
    ExpireTokens(),
)
PARALLEL = 32
_POLL = 0.05


@dataclass(frozen=True)
class Phase:
    """What one command took."""

    name: str
    seconds: float
    requests: int
    faults: int
    provider_megabytes: float
    """The most that the provider's process had in memory, as the kernel counts it (VmHWM)."""


def many(count: int, version: int) -> Program:
    """Return a program with `count` connections, each other than in the version before."""

    def program() -> None:
        for number in range(count):
            aep.PostgresBaseConnection(
                f"crm-{number:04}",
                description=f"number {number}, version {version}",
                auth=string_auth(password=f"canary-{number}-{version}"),
            )

    return program


def live(stack: Stack, emulator: Emulator, count: int) -> Iterator[Phase]:
    """Go through the whole life; after each command the state and the service agree, or it fails."""
    for action in FAULTS:
        # The first fault that is drawn decides, and each is drawn so rarely that this is their sum.
        emulator.fault(action, path="/connections", times=None, probability=SHARE_OF_FAULTS / len(FAULTS))
    yield _phase("create", stack, emulator, lambda: stack.up(many(count, 1), parallel=PARALLEL))
    assert_agree(stack, emulator, count, 1)
    yield _phase("refresh", stack, emulator, lambda: stack.refresh(parallel=PARALLEL))
    assert_agree(stack, emulator, count, 1)
    yield _phase("update", stack, emulator, lambda: stack.up(many(count, 2), parallel=PARALLEL))
    assert_agree(stack, emulator, count, 2)
    yield _phase("destroy", stack, emulator, lambda: stack.destroy(parallel=PARALLEL))
    assert emulator.connections() == []
    assert stack.resources() == []


def assert_agree(stack: Stack, emulator: Emulator, count: int, version: int) -> None:
    """Assert that the service has each connection of the state once, as it is declared, and no other."""
    store = {str(each["id"]): each for each in emulator.connections(secrets=True)}
    recorded = {each["id"]: each["outputs"] for each in stack.resources()}
    assert len(store) == len(recorded) == count
    assert store.keys() == recorded.keys()
    for each, outputs in recorded.items():
        number = int(outputs["name"].rpartition("-")[2])
        assert store[each]["name"] == outputs["name"]
        assert store[each]["description"] == f"number {number}, version {version}"
        assert f"Password=canary-{number}-{version};" in str(store[each]["auth"])
    assert len({each["name"] for each in recorded.values()}) == count


def _phase(name: str, stack: Stack, emulator: Emulator, command: Callable[[], object]) -> Phase:
    last = max((each.sequence for each in emulator.requests()), default=0)
    began = time.monotonic()
    with _watched_memory() as peak:
        command()
    seconds = time.monotonic() - began
    sent = emulator.requests(after=last)
    stack.console.clear()  # Thousands of resources would fill the memory of the test.
    return Phase(name, seconds, len(sent), sum(each.fault is not None for each in sent), peak[0] / 1024)


@contextlib.contextmanager
def _watched_memory() -> Iterator[list[int]]:
    """Return the peak, in kilobytes, of the provider that runs during the block."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        provider: psutil.Process | None = None
        while not over.wait(_POLL):
            if provider is None or not provider.is_running():
                provider = _provider()
            if provider is not None:
                peak[0] = max(peak[0], _kilobytes(provider.pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _provider() -> psutil.Process | None:
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "pulumi.dynamic" in each.cmdline():
                return each
    return None


def _kilobytes(pid: int) -> int:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="ascii") as lines:  # noqa: PTH123
        return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    return 0
