"""Running the contenders' commands side by side and writing down what each took."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import chains
from benchmarks.cases import CHAINS, CONNECTIONS, STEPS, Case
from benchmarks.contender import ASIDE, Contender
from pulumi_adobe_aep.emulator.client import Emulator, EntityJson


class StepFailed(Exception):
    """A command failed, or did not do what it was measured for; the message has its output."""


@dataclass(frozen=True)
class Measurement:
    """What one step of one contender took, once."""

    contender: str
    connections: int
    latency: int
    parallel: int | None
    step: str
    run: int
    seconds: float
    cpu_seconds: float
    """Of the command and all processes that it started and waited for."""
    requests: int
    bytes_to_service: int
    """Bodies of requests."""
    bytes_from_service: int
    """Bodies of responses."""
    state_bytes: int
    """The engine's state file after the step; 0 where there is none."""
    load: float
    """Processes that wanted to run, on average of the minute before the step."""
    what: str = CONNECTIONS
    """Connections or chains."""

    @property
    def case(self) -> Case:
        """The case that it belongs to."""
        return Case(self.connections, self.latency, self.parallel, runs=self.run, what=self.what)


def measure(
    case: Case, contenders: Sequence[Contender], emulator: Emulator, tell: Callable[[Measurement], None]
) -> list[Measurement]:
    """Measure a case, all contenders in each run one after the other, so that a busy minute meets all of them.

    Raises:
        StepFailed: Numbers of a life that went wrong are worth nothing.
    """
    found: list[Measurement] = []
    for run in range(1, case.runs + 1):
        for contender in contenders:
            if run > 1 and contender.is_steady:
                continue
            with tempfile.TemporaryDirectory(prefix="aep-benchmark-") as folder:
                for measurement in _life(case, contender, emulator, run, Path(folder)):
                    tell(measurement)
                    found.append(measurement)
    return found


def _life(case: Case, contender: Contender, emulator: Emulator, run: int, folder: Path) -> Iterable[Measurement]:
    emulator.reset()
    token = emulator.token()
    around = chains.prepare(emulator) if case.what == CHAINS else {}
    emulator.latency(case.latency)
    contender.prepare(case, folder)
    environment = {
        **contender.environment(folder),
        **service_environment(emulator, token),
        **contender.settings,
        **around,
    }
    environment["BENCH_RUN"], environment["BENCH_COUNT"] = str(run), str(case.connections)
    environment["BENCH_WHAT"] = case.what
    for step in (ASIDE, *STEPS):
        changed = step in ("update", "destroy")
        environment["BENCH_DESCRIPTION"] = environment["TF_VAR_description"] = "changed" if changed else "first"
        command = contender.command(step, case, folder)
        if command is None:
            continue
        emulator.forget_requests()
        load = os.getloadavg()[0]
        seconds, cpu_seconds = _timed(command, folder, environment)
        if step == ASIDE:
            continue
        requests = emulator.requests()
        if contender.sends_requests:
            _check(case, contender, step, emulator)
        yield Measurement(
            contender=contender.name,
            connections=case.connections,
            latency=case.latency,
            parallel=case.parallel,
            step=step,
            run=run,
            seconds=round(seconds, 3),
            cpu_seconds=round(cpu_seconds, 3),
            requests=len(requests),
            bytes_to_service=sum(each.received_bytes for each in requests),
            bytes_from_service=sum(each.sent_bytes for each in requests),
            state_bytes=state_bytes(folder),
            load=round(load, 2),
            what=case.what,
        )


def service_environment(emulator: Emulator, token: str) -> dict[str, str]:
    """Return what says where the service is, with a ready-made token for those that get none by themselves."""
    environment = {key: value for key, value in os.environ.items() if key.startswith("AEP_")}
    cleared = dict.fromkeys(environment, "")
    headers = (
        f'{{"Authorization":"Bearer {token}","x-api-key":"{emulator.client_id}",'
        f'"x-gw-ims-org-id":"{emulator.org_id}","x-sandbox-name":"dev"}}'
    )
    return {
        **cleared,
        **emulator.environment(),
        "AEP_ACCESS_TOKEN": token,
        "TF_VAR_uri": emulator.flow_service_url,
        "TF_VAR_headers": headers,
    }


def _timed(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    output = folder / ".output"
    before, started = _children_cpu(), time.perf_counter()
    with output.open("w", encoding="utf-8") as file:
        code = subprocess.run(  # noqa: S603 - a contender's own command
            command, cwd=folder, env=environment, stdout=file, stderr=file, check=False
        ).returncode
    seconds, cpu_seconds = time.perf_counter() - started, _children_cpu() - before
    if code != 0:
        raise StepFailed(f"{' '.join(command)} ended with {code}:\n{output.read_text(encoding='utf-8')[-4000:]}")
    return seconds, cpu_seconds


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _check(case: Case, contender: Contender, step: str, emulator: Emulator) -> None:
    """Make sure that the step did what it was measured for."""
    found: list[EntityJson] = chains.entities(emulator) if case.what == CHAINS else emulator.connections("dev")
    wanted = 0 if step == "destroy" else case.entities
    description = "first" if step in ("up", "no-change up", "refresh") else "changed"
    # A contender that cannot change connections has no such step.
    changes = contender.command("update", case, Path()) is not None
    right = not changes or all(_says(each, description) for each in found)
    if len(found) != wanted or not right:
        raise StepFailed(f"After '{step}' of {contender.name} the service has {len(found)} {case.what}, not so.")


def _says(entity: EntityJson, description: str) -> bool:
    """Return whether a connection has the description, or an entity of a chain the name that ends with it."""
    return entity.get("description") == description or str(entity.get("name")).endswith(f" {description}")


def state_bytes(folder: Path) -> int:
    """Return how large the engine's state files in a folder are."""
    stacks = folder / ".state" / ".pulumi" / "stacks"
    return sum(file.stat().st_size for file in stacks.rglob("*.json")) if stacks.exists() else 0


def as_json(measurements: Iterable[Measurement]) -> list[dict[str, object]]:
    """Return the raw numbers."""
    return [asdict(each) for each in measurements]
