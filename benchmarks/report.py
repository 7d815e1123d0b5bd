"""From raw numbers to a page: JSON, tables with ratios first, a chart, and whether the goals are met."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from importlib.metadata import version
from pathlib import Path

from benchmarks.cases import CANCELED, CHAINS, GOALS, STEPS, Case
from benchmarks.measuring import Measurement, as_json
from benchmarks.own_cost import Cost
from benchmarks.plot import Bar, Panel, draw
from tools.engine import ensure_engine

OURS, STYLE, FLOOR = "this provider", "documentation style", "bare resource"
SCRIPT = "a sequential script"
WIDE, WHOLE = "this provider, 64 at once", "bare, with all outputs"
PLUGIN, WIDE_PLUGIN = "plugin", "plugin, 64 at once"
UNSAVED, UNSAVED_PLUGIN = "this provider, no checkpoints", "plugin, no checkpoints"
CONCURRENCY = {OURS: 16, WIDE: 64}
"""AEP_MAX_CONCURRENCY: the default, and as many as there are connections."""
REFRESH_OF_CHAINS = 12
LATEST = "latest.json"
"""The raw numbers of the page."""
BEGIN, END = "<!-- begin: measured -->", "<!-- end: measured -->"


class Figures:
    """The measurements of one run of the benchmark, by case, contender and step."""

    def __init__(self, measurements: Sequence[Measurement]) -> None:
        self._found = list(measurements)

    def cases(self) -> list[Case]:
        """Return the cases that were measured, in their order."""
        return list(dict.fromkeys(each.case for each in self._found))

    def contenders(self) -> list[str]:
        """Return who was measured, in their order."""
        return list(dict.fromkeys(each.contender for each in self._found))

    def contenders_of(self, case: Case) -> list[str]:
        """Return who was measured in a case."""
        return [name for name in self.contenders() if any(self.of(case, name, step) for step in STEPS)]

    def of(self, case: Case, contender: str, step: str) -> list[Measurement]:
        """Return the runs of one step."""
        return [each for each in self._found if (each.case, each.contender, each.step) == (case, contender, step)]

    def bar(self, case: Case, contender: str, step: str) -> Bar | None:
        """Return the median time and its spread; None where the contender has no such step."""
        times = [each.seconds for each in self.of(case, contender, step)]
        return Bar(statistics.median(times), min(times), max(times)) if times else None

    def median(self, case: Case, contender: str, step: str) -> float:
        """Return the median time, nan where there is none."""
        bar = self.bar(case, contender, step)
        return math.nan if bar is None else bar.median

    def highest_load(self) -> float:
        """Return the highest load before a step."""
        return max((each.load for each in self._found), default=0.0)


def write(measurements: Sequence[Measurement], costs: Sequence[Cost], folder: Path, docs: Path | None) -> list[Path]:
    """Write the raw numbers and, where there is a page, its chart and its part that comes from them.

    Args:
        measurements: all of them.
        costs: the provider's own.
        folder: for the raw numbers.
        docs: the page.

    Returns:
        What was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    raw = folder / (LATEST if docs else "quick.json")
    content = {"machine": machine(), "measurements": as_json(measurements), "cost": [vars(each) for each in costs]}
    raw.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    if docs is None:
        return [raw]
    figures = Figures(measurements)
    chart = docs.with_suffix(".svg")
    panels = [Panel(title(case).replace("`", ""), _groups(figures, case)) for case in figures.cases()]
    chart.write_text(draw(panels, figures.contenders()), encoding="utf-8")
    page = docs.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    docs.write_text(f"{before}{BEGIN}\n\n{text(measurements, costs)}\n{END}{after}", encoding="utf-8")
    return [raw, chart, docs]


def kept(folder: Path, besides: Sequence[Case]) -> tuple[list[Measurement], list[Cost]]:
    """Return what an earlier run wrote, but of cases that are not measured again."""
    content = json.loads((folder / LATEST).read_text(encoding="utf-8"))
    measurements = [Measurement(**each) for each in content["measurements"]]
    others = [each for each in measurements if each.case not in besides]
    return others, [Cost(**each) for each in content["cost"]]


def text(measurements: Sequence[Measurement], costs: Sequence[Cost]) -> str:
    """Return the part of the page that comes from the numbers."""
    return measured(Figures(measurements), costs, machine())


@cache
def machine() -> dict[str, str]:
    """Return what the numbers depend on."""
    names = ("pulumi", "pydantic", "requests", "grpcio")
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": "python -m benchmarks " + " ".join(sys.argv[1:]),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Pulumi engine": ensure_engine().version,
        **{name: version(name) for name in names},
        "pulumi-adobe-aep": version("pulumi-adobe-aep"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def measured(figures: Figures, costs: Sequence[Cost], conditions: Mapping[str, str]) -> str:
    """Return tables, ratios first, and what each goal's measurement says."""
    parts = [", ".join(f"{key} {value}" for key, value in conditions.items()) + ".\n"]
    # What is measured keeps some four processes busy by itself.
    if figures.highest_load() > 2 * (os.cpu_count() or 1):
        parts.append(
            f"**The machine was busy with other work (load {figures.highest_load():.0f} on {os.cpu_count()} cores), so "
            "only the ratios within a case mean something, and little.**\n"
        )
    parts += [
        _goals(figures),
        _checkpoints(figures),
        "### All figures\n",
        "![The times below as bars](benchmarks.svg)\n",
    ]
    for case in figures.cases():
        parts += [f"#### {title(case)}\n", _times(figures, case), _requests(figures, case)]
    if costs:
        parts += ["### CPU of its own\n", _costs(costs)]
    return "\n".join(parts)


def title(case: Case) -> str:
    """Name a case in words."""
    number = "1 connection" if case.connections == 1 else f"{case.connections} connections"
    if case.what == CHAINS:
        number = f"{case.connections} chains ({case.entities} entities)"
    parallel = "the default of `--parallel`" if case.parallel is None else f"`--parallel {case.parallel}`"
    return f"{number}, {case.latency} ms latency, {parallel}"


def _goals(figures: Figures) -> str:
    creates, refresh = GOALS
    lines = ["### The goals\n", "| goal | limit | measured | |", "|---|---:|---:|---|"]

    def goal(text: str, case: Case, step: str, limit: float, contender: str = OURS) -> None:
        ours = figures.median(case, contender, step)
        if not math.isnan(ours + limit):
            lines.append(f"| {text} | {limit:.2f} s | {ours:.2f} s | {'met' if ours <= limit else '**missed**'} |")

    style = figures.median(creates, STYLE, "up")
    for contender, at_once in CONCURRENCY.items():
        waits = math.ceil(creates.connections / at_once) * creates.latency / 1000
        who = f"{title(creates)}, `AEP_MAX_CONCURRENCY={at_once}`"
        goal(f"{who}: up in at most 0.5 of the documentation style's time", creates, "up", 0.5 * style, contender)
        for floor in (FLOOR, WHOLE):
            text = f"{who}: at most 1.15 of '{floor}', and {waits:g} s of latency that cannot be saved"
            goal(text, creates, "up", 1.15 * figures.median(creates, floor, "up") + waits, contender)
    for plugin, dynamic in ((PLUGIN, OURS), (WIDE_PLUGIN, WIDE)):
        limit = figures.median(creates, dynamic, "up")
        goal(f"{title(creates)}: up of '{plugin}' in at most the time of '{dynamic}'", creates, "up", limit, plugin)
    for step, most in (("refresh", 1.2), ("no-change up", 1.1)):
        for floor in (FLOOR, WHOLE):
            limit = most * figures.median(refresh, floor, step)
            goal(f"{title(refresh)}: {step} in at most {most} of '{floor}'", refresh, step, limit)
    for case in figures.cases():
        goal("A create of 30 s that is canceled, plugin: the command ends in", case, CANCELED, 1.0, PLUGIN)
    lines += _goals_of_chains(figures)
    return "\n".join(lines) + "\n" if len(lines) > 3 else ""  # noqa: PLR2004 - the heading and the table's head


def _goals_of_chains(figures: Figures) -> list[str]:
    """Return the lines about the requests that a refresh of the largest number of chains takes."""
    chains = [case for case in figures.cases() if case.what == CHAINS]
    case = max(chains, key=lambda each: each.connections, default=None)
    counts = [each.requests for each in figures.of(case, OURS, "refresh")] if case else []
    if case is None or not counts:
        return []
    verdict = "met" if max(counts) <= REFRESH_OF_CHAINS + 1 else "**missed**"
    goal = f"{title(case)}: refresh in at most {REFRESH_OF_CHAINS} requests and a token"
    return [f"| {goal} | {REFRESH_OF_CHAINS + 1} | {max(counts)} | {verdict} |"]


def _checkpoints(figures: Figures) -> str:
    """Return a table of what the engine's checkpoints take of a large stack; empty if that was not measured."""
    measured_cases = [each for each in figures.cases() if figures.of(each, UNSAVED, "up")]
    if not measured_cases:
        return ""
    case = max(measured_cases, key=lambda each: each.connections)
    lines = [
        "### The engine's checkpoints\n",
        f"{title(case)}; seconds with checkpoints, seconds without.\n",
        "| | " + " | ".join(STEPS) + " |",
        "|---|" + "---:|" * len(STEPS),
    ]
    for saved, unsaved in ((OURS, UNSAVED), (PLUGIN, UNSAVED_PLUGIN)):
        pairs = [[figures.median(case, who, step) for who in (saved, unsaved)] for step in STEPS]
        if not any(math.isnan(number) for pair in pairs for number in pair):
            lines.append(f"| {saved} | " + " | ".join(f"{one:.2f}, {other:.2f}" for one, other in pairs) + " |")
    return "\n".join(lines) + "\n"


def _groups(figures: Figures, case: Case) -> dict[str, dict[str, Bar]]:
    groups: dict[str, dict[str, Bar]] = {}
    for step in STEPS:
        bars = {name: figures.bar(case, name, step) for name in figures.contenders()}
        groups[step] = {name: bar for name, bar in bars.items() if bar is not None}
    return groups


def _times(figures: Figures, case: Case) -> str:
    """Return a table: how many times the bare resource's time, and the seconds with their spread."""
    lines = ["| | " + " | ".join(STEPS) + " |", "|---|" + "---:|" * len(STEPS)]
    for name in figures.contenders_of(case):
        cells = []
        for step in STEPS:
            bar, floor = figures.bar(case, name, step), figures.median(case, FLOOR, step)
            spread = "" if bar is None or bar.lowest == bar.highest else f" ({bar.lowest:.2f}-{bar.highest:.2f})"
            ratio = "" if bar is None or math.isnan(floor) else f"**{bar.median / floor:.2f}x** "
            cells.append("-" if bar is None else f"{ratio}{bar.median:.2f} s{spread}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _requests(figures: Figures, case: Case) -> str:
    """Return a table: requests, kilobytes of bodies both ways, kilobytes of state."""
    lines = ["| requests, kB to and from the service | " + " | ".join(STEPS) + " | state |"]
    lines.append("|---|" + "---:|" * (len(STEPS) + 1))
    for name in figures.contenders_of(case):
        cells, state = [], 0
        for step in STEPS:
            runs = figures.of(case, name, step)
            if not runs:
                cells.append("-")
                continue
            last = runs[-1]
            state = max(state, last.state_bytes)
            sent, received = (round(number / 1000, 1) for number in (last.bytes_to_service, last.bytes_from_service))
            cells.append(f"{_range([each.requests for each in runs])}, {sent:g} + {received:g}")
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {f'{state / 1000:.0f} kB' if state else '-'} |")
    return "\n".join(lines) + "\n"


def _range(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if min(numbers) == max(numbers) else f"{min(numbers)}-{max(numbers)}"


def _costs(costs: Sequence[Cost]) -> str:
    lines = ["| milliseconds of CPU | this provider | bare resource |", "|---|---:|---:|"]
    for each in costs:
        bare = "-" if each.bare is None else f"{each.bare:.2f}"
        lines.append(f"| {each.what} | {each.this_provider:.2f} | {bare} |")
    return "\n".join(lines) + "\n"
