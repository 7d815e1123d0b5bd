"""The benchmark's page says of each goal whether it is met, and says when its numbers mean little."""

from __future__ import annotations

import re
from dataclasses import replace

from benchmarks.cases import CASES, CHAINS, GOALS, Case
from benchmarks.measuring import Measurement
from benchmarks.opentofu import OpenTofu
from benchmarks.plot import draw
from benchmarks.report import (
    FLOOR,
    OURS,
    PLUGIN,
    SCRIPT,
    STYLE,
    UNSAVED,
    UNSAVED_PLUGIN,
    WHOLE,
    WIDE,
    WIDE_PLUGIN,
    Figures,
    measured,
)

CREATES, REFRESH = GOALS


def took(seconds: float, contender: str, step: str, case: Case, *, run: int = 1, load: float = 0.1) -> Measurement:
    return Measurement(
        contender, case.connections, case.latency, case.parallel, step, run, seconds, seconds, 7, 1000, 2000, 3000, load
    )


def page(*measurements: Measurement) -> str:
    return measured(Figures(measurements), [], {"date": "today"})


def test_a_goal_is_met_at_its_limit_and_missed_beyond_it() -> None:
    met = page(took(5, OURS, "up", CREATES), took(10, STYLE, "up", CREATES), took(4, FLOOR, "up", CREATES))
    missed = page(took(5.9, OURS, "up", CREATES), took(10, STYLE, "up", CREATES), took(4, FLOOR, "up", CREATES))

    assert met.count("| met |") == 2
    assert missed.count("| **missed** |") == 2
    # 1.15 of the bare resource's 4 s, and four rounds of sixteen at 0.3 s.
    assert "| 5.80 s | 5.00 s | met |" in met


def test_figures_are_medians_with_their_spread_and_begin_with_the_ratio() -> None:
    runs = [took(seconds, OURS, "refresh", REFRESH, run=run) for run, seconds in enumerate((6.0, 5.0, 9.0), start=1)]

    shown = page(*runs, took(5, FLOOR, "refresh", REFRESH))

    assert "**1.20x** 6.00 s (5.00-9.00)" in shown
    assert "| 6.00 s | 6.00 s | met |" in shown


def test_numbers_from_a_busy_machine_say_so() -> None:
    assert "was busy" not in page(took(5, OURS, "up", CREATES))
    assert "was busy" in page(took(5, OURS, "up", CREATES, load=900))


def test_a_refresh_of_chains_is_judged_by_its_requests_and_apart_from_as_many_connections() -> None:
    (chains,) = [case for case in CASES if case.what == CHAINS]
    enough = replace(took(5, OURS, "refresh", chains), what=CHAINS, requests=13)
    connections = replace(enough, what="connections", requests=900)

    met, missed = page(enough, connections), page(enough, replace(enough, run=2, requests=14))

    goal = (
        "| 50 chains (200 entities), 100 ms latency, `--parallel 64`: refresh in at most 12 requests and a token | 13 |"
    )
    assert f"{goal} 13 | met |" in met
    assert f"{goal} 14 | **missed** |" in missed
    assert "#### 50 connections, 100 ms latency" in met


def test_the_chart_has_a_colour_of_its_own_for_each_contender() -> None:
    contenders = [OURS, WIDE, PLUGIN, WIDE_PLUGIN, UNSAVED, UNSAVED_PLUGIN, STYLE, FLOOR, WHOLE, SCRIPT, OpenTofu.name]

    chart = draw([], contenders)

    assert all(f">{name}</text>" in chart for name in contenders)
    assert len(set(re.findall(r'height="12" fill="(#\w+)"', chart))) == len(contenders)
