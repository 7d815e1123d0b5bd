"""`python -m benchmarks`: measure, and write docs/benchmarks.md and benchmarks/results/."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import cancel, own_cost, report
from benchmarks.cases import CASES, CHAINS, GOALS, QUICK, Case
from benchmarks.contender import Contender, PulumiProgram, TutorialScript
from benchmarks.measuring import Measurement, measure
from benchmarks.opentofu import OpenTofu
from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from tools.engine import ensure_engine
from tools.interrupts import restore_interrupts


def main(arguments: Sequence[str] | None = None, of: Sequence[Case] = CASES) -> None:
    """Measure what the command line asks for and write it down.

    Args:
        arguments: Those of the command line.
        of: The cases, where the command line does not choose.
    """
    restore_interrupts()
    options = _parser().parse_args(arguments)
    cases = _cases(options, of)
    contenders = _contenders(options)
    docs = None if options.quick else options.docs
    found, cost = report.kept(options.folder, besides=cases) if options.add else ([], [])
    with running_emulator(["--settle-seconds", "0"]) as emulator:
        # A process's CPU time is read from /proc.
        if not cost and sys.platform == "linux":
            cost = own_cost.measure(emulator, options.calls, options.cost_runs)
        for case in cases:
            sys.stdout.write(f"\n{case}\n")
            found += measure(case, [each for each in contenders if _joins(each, case)], emulator, _tell)
            if case == cancel.CASE:
                found += _canceled(contenders, emulator, case.runs)
            # After each case, so that a run that is ended early has not been for nothing.
            written = report.write(found, cost, options.folder, docs)
    sys.stdout.write(f"\nWritten: {', '.join(map(str, written))}\n" if docs else report.text(found, cost))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small matrix, which leaves docs/benchmarks.md alone")
    parser.add_argument("--goals", action="store_true", help="what the goals are about, and one connection")
    parser.add_argument("--only", action="append", metavar="CASE", help="such as 64x300ms@64; repeatable")
    parser.add_argument("--add", action="store_true", help="keep what was measured of other cases before")
    parser.add_argument("--runs", type=int, help="how often each case is measured, whatever it says by itself")
    parser.add_argument("--calls", type=int, default=300, help="for the provider's own cost (default: %(default)s)")
    parser.add_argument("--cost-runs", type=int, default=3, help="how often that is measured (default: %(default)s)")
    parser.add_argument("--tofu", type=Path, metavar="FILE", help="OpenTofu, to be measured as well")
    parser.add_argument("--tofu-restapi", type=Path, metavar="FOLDER", help="the folder of its provider restapi")
    parser.add_argument("--folder", type=Path, default=Path("benchmarks/results"), help="for the raw numbers")
    parser.add_argument("--docs", type=Path, default=Path("docs/benchmarks.md"), help="the page to bring up to date")
    return parser


def _cases(options: argparse.Namespace, of: Sequence[Case]) -> list[Case]:
    cases = list(QUICK if options.quick else of)
    if options.goals:
        cases = [*GOALS, next(case for case in CASES if case.connections == 1 and case.latency)]
    if options.only:
        cases = [case for case in (*CASES, *QUICK) if str(case) in options.only]
        unknown = set(options.only) - set(map(str, cases))
        if unknown:
            raise SystemExit(f"No such case: {', '.join(unknown)}. There are {', '.join(map(str, CASES))}.")
    if options.runs:
        cases = [replace(case, runs=options.runs) for case in cases]
    return cases


def _contenders(options: argparse.Namespace) -> list[Contender]:
    engine = ensure_engine(languages=["yaml"])
    own_token = {"AEP_ACCESS_TOKEN": ""}
    wide = {**own_token, "AEP_MAX_CONCURRENCY": "64"}
    unsaved = {**own_token, "PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"}
    plugin = {"adobe-aep:nativePlugin": "true"}
    contenders: list[Contender] = [
        PulumiProgram(report.OURS, "this_provider", engine, settings=own_token),
        PulumiProgram(report.WIDE, "this_provider", engine, settings=wide),
        PulumiProgram(report.PLUGIN, "this_provider", engine, settings=own_token, config=plugin),
        PulumiProgram(report.WIDE_PLUGIN, "this_provider", engine, settings=wide, config=plugin),
        PulumiProgram(report.UNSAVED, "this_provider", engine, settings=unsaved),
        PulumiProgram(report.UNSAVED_PLUGIN, "this_provider", engine, settings=unsaved, config=plugin),
        PulumiProgram(report.STYLE, "documentation_style", engine),
        PulumiProgram(report.FLOOR, "bare_resource", engine, sends_requests=False),
        PulumiProgram(report.WHOLE, "bare_resource", engine, sends_requests=False, settings={"BENCH_WHOLE": "1"}),
        TutorialScript(report.SCRIPT),
    ]
    if options.tofu and options.tofu_restapi:
        contenders.append(OpenTofu(options.tofu.resolve(), options.tofu_restapi.resolve()))
    return contenders


def _canceled(contenders: Sequence[Contender], emulator: Emulator, runs: int) -> list[Measurement]:
    """Measure how long the plugin takes to end a create that is canceled."""
    (plugin,) = (each for each in contenders if isinstance(each, PulumiProgram) and each.name == report.PLUGIN)
    found = [cancel.measure(plugin, emulator, run) for run in range(1, runs + 1)]
    for each in found:
        _tell(each)
    return found


def _joins(contender: Contender, case: Case) -> bool:
    """Return whether a contender can do a case, and is worth the time: two only explain what the goals' cases show."""
    if case.what == CHAINS:
        return contender.name in (report.OURS, report.FLOOR, report.SCRIPT)
    if contender.name == report.STYLE:
        # The SDK wraps pickle once more for each resource, and a class of the program is pickled by its contents: with
        # more than some 230 resources Python's limit of recursion is reached.
        return case.connections < 200  # noqa: PLR2004
    # More calls at once change only cases that spend most of their time waiting.
    only = {
        report.WIDE: GOALS[:1],
        report.WIDE_PLUGIN: GOALS[:1],
        report.PLUGIN: (*GOALS, QUICK[1]),
        report.WHOLE: GOALS,
        # Of a small stack the checkpoints are little.
        report.UNSAVED: (GOALS[1], QUICK[1]),
        report.UNSAVED_PLUGIN: (GOALS[1], QUICK[1]),
    }
    return case in only.get(contender.name, (case,))


def _tell(measurement: Measurement) -> None:
    sys.stdout.write(
        f"  run {measurement.run}  {measurement.contender:26}  {measurement.step:12}  {measurement.seconds:7.2f} s  "
        f"cpu {measurement.cpu_seconds:6.2f} s  {measurement.requests:5} requests  (load {os.getloadavg()[0]:.1f})\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
