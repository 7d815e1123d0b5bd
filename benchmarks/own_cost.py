"""What the provider costs by itself: CPU of its process a call, of the program a resource, and of importing it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import serialize_provider

from benchmarks.contender import HERE
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.host import Dynamic, Host, running

_TICKS = os.sysconf("SC_CLK_TCK")
_INPUTS: dict[str, Any] = {
    "name": "crm",
    "description": "first",
    "sandboxName": "dev",
    "auth": {
        "server": "db.example.com",
        "database": "crm",
        "username": "aep_reader",
        "password": "a password",
        "encryption": "verify",
    },
}


@dataclass(frozen=True)
class Cost:
    """CPU time of one thing, here and for the bare resource, in milliseconds; medians."""

    what: str
    this_provider: float
    bare: float | None


def measure(emulator: Emulator, calls: int, runs: int) -> list[Cost]:
    """Measure, without latency.

    Args:
        emulator: the service.
        calls: how many calls or resources each figure is the mean of.
        runs: how often each figure is measured.
    """
    emulator.reset()
    ours, bare = ([_calls(emulator, calls, provider) for _ in range(runs)] for provider in (None, _bare_provider()))
    costs = [
        Cost(
            f"provider: {call}",
            statistics.median(each[call] for each in ours),
            statistics.median(each[call] for each in bare),
        )
        for call in ("check", "diff", "create", "read", "update", "delete")
    ]
    programs = (_constructor(program, calls, runs) for program in ("this_provider", "bare_resource"))
    costs.append(Cost("program: one resource more", *programs))
    imported = _imported(_PROGRAM_MODULE, "pulumi.dynamic.dynamic", runs)
    costs.append(Cost("program and provider: import", imported, None))
    sends = _imported("pulumi_adobe_aep.lifecycle.lifecycle", _PROGRAM_MODULE, runs)
    costs.append(Cost("provider: import of what sends requests", sends, None))
    return costs


def _bare_provider() -> str:
    """Return the bare provider as the SDK pickles it: by reference, for a process that finds the module."""
    sys.path.insert(0, str(HERE / "bare_resource"))
    try:
        from bare import BareProvider  # type: ignore[import-not-found]  # noqa: PLC0415 - a program's own module

        return str(serialize_provider(BareProvider()))
    finally:
        sys.path.remove(str(HERE / "bare_resource"))


def _calls(emulator: Emulator, calls: int, provider: str | None) -> dict[str, float]:
    """Return milliseconds of CPU a call, by the kind of call."""
    environment = {**emulator.environment(), "PYTHONPATH": str(HERE / "bare_resource")}
    found: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(environment, Path(folder), Dynamic(provider)) as host,
    ):
        # The first calls import and connect.
        first = host.create(_INPUTS)
        host.delete(first.id, host.read(first.id, first.outputs).outputs)
        checked = host.checked(_INPUTS)
        found["check"] = _a_call(host, lambda _: host.check(_INPUTS), calls)
        found["diff"] = _a_call(host, lambda _: host.diff("an-id", checked, checked), calls)
        created = []
        found["create"] = _a_call(host, lambda _: created.append(host.create_checked(checked)), calls)
        found["read"] = _a_call(host, lambda number: host.read(created[number].id, created[number].outputs), calls)
        changed = {**_INPUTS, "description": "changed"}
        checks = found["check"]
        found["update"] = (
            _a_call(host, lambda number: host.update(created[number].id, created[number].outputs, changed), calls)
            - checks
        )
        found["delete"] = _a_call(host, lambda number: host.delete(created[number].id, created[number].outputs), calls)
    return found


def _a_call(host: Host, call: Callable[[int], object], calls: int) -> float:
    before = _cpu_seconds(host.process.pid)
    for number in range(calls):
        call(number)
    return (_cpu_seconds(host.process.pid) - before) / calls * 1000


def _cpu_seconds(pid: int) -> float:
    """Read how long a process has computed, all its threads; in steps of a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


_PROGRAM_MODULE = "pulumi_adobe_aep.program.base_connection"

# Mocks stand for the engine, so that what is measured is the program's side alone.
_PROGRAM = """
import asyncio, runpy, sys, time
import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}

async def program():
    pulumi.runtime.set_mocks(Mocks())
    await pulumi.runtime.stack.run_pulumi_func(lambda: runpy.run_path(sys.argv[1], run_name="__main__"))

sys.path.insert(0, sys.argv[1])
before = time.process_time()
asyncio.run(program())
print(time.process_time() - before)
"""


def _constructor(program: str, resources: int, runs: int) -> float:
    """Return milliseconds of CPU that a program takes for each further resource."""
    few = max(1, resources // 10)
    times = {number: statistics.median(_program(program, number) for _ in range(runs)) for number in (few, resources)}
    return (times[resources] - times[few]) / (resources - few) * 1000


def _program(program: str, resources: int) -> float:
    environment = {**os.environ, "BENCH_COUNT": str(resources), "BENCH_DESCRIPTION": "first"}
    command = [sys.executable, "-c", _PROGRAM, str(HERE / program)]
    return float(_printed(command, environment))


def _imported(module: str, after: str, runs: int) -> float:
    """Return milliseconds of CPU for importing a module where another one is imported already."""
    code = f"import time, {after}\nbefore = time.process_time()\nimport {module}\nprint(time.process_time() - before)"
    return statistics.median(float(_printed([sys.executable, "-c", code], os.environ)) for _ in range(runs)) * 1000


def _printed(command: list[str], environment: Any) -> str:
    printed = subprocess.run(  # noqa: S603 - this interpreter and a program from here
        command, env=environment, capture_output=True, text=True, check=True
    )
    return printed.stdout.strip().splitlines()[-1]
