"""What is measured: how many connections or ingestions, how far away the service is, how parallel the engine works."""

from __future__ import annotations

from dataclasses import dataclass, field

STEPS = ("up", "no-change up", "refresh", "update", "destroy")
"""In this order, each on what the one before left. `update` changes every connection, or every entity of a chain."""

CANCELED = "canceled create"
"""A step of its own, measured once for the plugin."""

CONNECTIONS, CHAINS = "connections", "chains"
"""What a program declares: base connections, or the chains from a table to a dataset."""
ENTITIES = {CONNECTIONS: 1, CHAINS: 4}
"""Of a chain: source connection, target connection, mapping set, dataflow. All chains read from one base connection."""


@dataclass(frozen=True)
class Case:
    """One set of conditions.

    Attributes:
        connections: how many a program declares; of chains, how many of those.
        latency: milliseconds that the service takes for each response, beyond its own time.
        parallel: the engine's `--parallel`; None for its default.
        runs: how often it is measured; no part of what makes two cases the same.
        what: connections or chains.
    """

    connections: int
    latency: int
    parallel: int | None
    runs: int = field(compare=False)
    what: str = CONNECTIONS

    def __str__(self) -> str:
        """Name it as a report does, and as `--only` takes it."""
        what = "" if self.what == CONNECTIONS else self.what
        return f"{self.connections}{what}x{self.latency}ms@{self.parallel or 'default'}"

    @property
    def entities(self) -> int:
        """How many entities that are."""
        return self.connections * ENTITIES[self.what]


CASES = (
    Case(64, 300, 64, runs=3),
    Case(500, 100, 64, runs=2),
    Case(1, 0, None, runs=5),
    Case(1, 100, None, runs=5),
    Case(1, 300, None, runs=5),
    Case(64, 0, None, runs=3),
    Case(64, 0, 64, runs=3),
    Case(64, 100, None, runs=3),
    Case(64, 100, 64, runs=3),
    Case(64, 300, None, runs=3),
    Case(500, 100, None, runs=2),
    Case(50, 100, 64, runs=2, what=CHAINS),
)
"""All of them take nearly an hour on two idle cores. Left out are 500 connections without latency, which no user has,
and with 300 ms, which tell nothing that 64 do not."""

GOALS = (CASES[0], CASES[1])
"""Those that the goals are about; `--goals` measures them and one connection."""

QUICK = (Case(1, 100, None, runs=1), Case(8, 100, 64, runs=1), Case(2, 100, 64, runs=1, what=CHAINS))
