"""Who is measured, and the command that each step is."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.cases import CHAINS, Case
from tools.engine import Engine

HERE = Path(__file__).parent
ASIDE = "prepare"
"""A step that is not measured and comes before the others."""


class Contender(Protocol):
    """One way to have many connections."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def sends_requests(self) -> bool:
        """Whether it really makes connections."""

    @property
    def is_steady(self) -> bool:
        """Whether one run is enough: it is nearly all waiting, for many times longer than the others."""

    @property
    def settings(self) -> Mapping[str, str]:
        """Return the environment variables by which it differs: of the provider, or of the program."""

    def command(self, step: str, case: Case, folder: Path) -> list[str] | None:
        """Return the command for a step, to be run in `folder`; None where it has no such step."""

    def prepare(self, case: Case, folder: Path) -> None:
        """Write what the commands need into an empty folder."""

    def environment(self, folder: Path) -> Mapping[str, str]:
        """Return its environment, without what says where the service is."""


@dataclass(frozen=True)
class PulumiProgram:
    """A Pulumi program in a folder here, with the real engine and its state in a file, as small teams have it.

    Attributes:
        program: the folder's name.
        config: the stack's configuration.
    """

    name: str
    program: str
    engine: Engine
    sends_requests: bool = True
    is_steady: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, case: Case, folder: Path) -> None:  # noqa: ARG002 - the environment says how many
        """Copy the program, because the engine writes beside it."""
        shutil.copytree(HERE / self.program, folder, dirs_exist_ok=True)
        if self.config:
            (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": dict(self.config)}), encoding="utf-8")
        (folder / ".state").mkdir()

    def command(self, step: str, case: Case, folder: Path) -> list[str] | None:  # noqa: ARG002
        """Return a command of the engine. No preview comes before: a pipeline has had its own."""
        pulumi = [str(self.engine.pulumi), "--non-interactive", "--color", "never"]
        if step == ASIDE:
            return [*pulumi, "stack", "init", "dev"]
        command = {"refresh": "refresh", "destroy": "destroy"}.get(step, "up")
        parallel = [] if case.parallel is None else ["--parallel", str(case.parallel)]
        return [*pulumi, command, "--stack", "dev", "--yes", "--skip-preview", *parallel]

    def environment(self, folder: Path) -> Mapping[str, str]:
        """Return the engine's environment: a backend and a home of the run's own."""
        return {
            **self.engine.environment(os.environ),
            "PULUMI_BACKEND_URL": f"file://{folder / '.state'}",
            "PULUMI_HOME": str(folder / ".home"),
            "PULUMI_CONFIG_PASSPHRASE": "of the benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }


@dataclass(frozen=True)
class TutorialScript:
    """A script that does one request after the other. It has no state, so it cannot be run again without harm."""

    name: str
    sends_requests: bool = True
    is_steady: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, case: Case, folder: Path) -> None:
        """Nothing is needed."""

    def command(self, step: str, case: Case, folder: Path) -> list[str] | None:
        """Return the script's command."""
        if step in (ASIDE, "no-change up"):
            return None
        script = "chains.py" if case.what == CHAINS else "script.py"
        return [sys.executable, str(HERE / "tutorial_script" / script), step, str(folder / "ids.json")]

    def environment(self, folder: Path) -> Mapping[str, str]:  # noqa: ARG002
        """Return this process's environment."""
        return dict(os.environ)
