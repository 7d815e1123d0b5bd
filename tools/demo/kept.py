"""A demonstration that was left running: its processes, and how to know that they are still the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.demo.layout import Layout

END_TIMEOUT = 20.0
"""Seconds that the services have to end before they are killed."""


def record(layout: Layout, guards: Iterable[int]) -> None:
    """Note the processes that were left running. The start time distinguishes them from later ones with the same id."""
    processes = [{"pid": pid, "started": psutil.Process(pid).create_time()} for pid in guards]
    layout.kept.write_text(json.dumps(processes), encoding="utf-8")


def running(layout: Layout) -> list[psutil.Process]:
    """Return the processes that a kept demonstration left and that still run."""
    try:
        noted = json.loads(layout.kept.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    processes = []
    for entry in noted:
        try:
            process = psutil.Process(entry["pid"])
            if process.create_time() == entry["started"]:
                processes.append(process)
        except psutil.NoSuchProcess:
            continue
    return processes


def end(layout: Layout) -> int:
    """End a kept demonstration and clear its folder; return how many services were ended."""
    guards = running(layout)
    everything = [process for guard in guards for process in (guard, *guard.children(recursive=True))]
    for guard in guards:
        guard.terminate()
    _, alive = psutil.wait_procs(everything, END_TIMEOUT)
    for process in alive:
        process.kill()
    layout.clear()
    return len(guards)
