"""How long `pulumi up` takes to end after Ctrl-C while the service holds back the response to a create."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.cases import CANCELED, QUICK, Case
from benchmarks.contender import ASIDE, PulumiProgram
from benchmarks.measuring import Measurement, StepFailed, service_environment, state_bytes
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Delay

SECONDS = 30.0
"""That the create would take."""
CASE = QUICK[0]
"""With which it is measured."""
# In YAML: the process of a Python program may keep the engine waiting five seconds more, whatever the plugin does.
_PROGRAM = """
name: benchmark
runtime: yaml
resources:
  crm:
    type: adobe-aep:PostgresBaseConnection
    properties:
      auth: { server: db.example.com, database: crm, username: aep_reader, password: "of nobody" }
"""
_POLL_SECONDS = 0.01


def measure(contender: PulumiProgram, emulator: Emulator, run: int) -> Measurement:
    """Measure it once.

    Args:
        contender: Who creates.
        emulator: The service.
        run: The run's number.

    Raises:
        StepFailed: The state and the service do not agree afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="aep-benchmark-") as name:
        return _measure(contender, emulator, run, Path(name))


def _measure(contender: PulumiProgram, emulator: Emulator, run: int, folder: Path) -> Measurement:
    case = CASE
    emulator.reset()
    (folder / ".state").mkdir()
    (folder / "Pulumi.yaml").write_text(_PROGRAM, encoding="utf-8")
    environment = {
        **contender.environment(folder),
        **service_environment(emulator, emulator.token()),
        **contender.settings,
    }
    subprocess.run(  # noqa: S603 - the engine
        _command(contender, ASIDE, case, folder), cwd=folder, env=environment, capture_output=True, check=True
    )
    emulator.fault(Delay(seconds=SECONDS, when="after"), method="POST", path="/connections$")
    emulator.forget_requests()
    load = os.getloadavg()[0]
    with (
        (folder / ".output").open("w", encoding="utf-8") as output,
        subprocess.Popen(  # noqa: S603 - the engine
            _command(contender, "up", case, folder), cwd=folder, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        while not emulator.connections() and process.poll() is None:
            time.sleep(_POLL_SECONDS)
        started = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait()
        seconds = time.perf_counter() - started
    (made,) = emulator.connections()
    states = [file.read_text(encoding="utf-8") for file in (folder / ".state").rglob("stacks/**/dev.json")]
    if not any(str(made["id"]) in state for state in states):
        raise StepFailed(f"After Ctrl-C the connection {made['id']} is in no state of {contender.name}.")
    requests = emulator.requests()
    return Measurement(
        contender=contender.name,
        connections=case.connections,
        latency=case.latency,
        parallel=case.parallel,
        step=CANCELED,
        run=run,
        seconds=round(seconds, 3),
        cpu_seconds=0.0,
        requests=len(requests),
        bytes_to_service=sum(each.received_bytes for each in requests),
        bytes_from_service=sum(each.sent_bytes for each in requests),
        state_bytes=state_bytes(folder),
        load=round(load, 2),
    )


def _command(contender: PulumiProgram, step: str, case: Case, folder: Path) -> list[str]:
    command = contender.command(step, case, folder)
    if command is None:
        raise StepFailed(f"{contender.name} has no step '{step}'.")
    return command
