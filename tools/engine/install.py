"""The third way: Pulumi's official installer, which the Automation API of the Python SDK carries."""

import os
import sys
from pathlib import Path

from .command import Workshop
from .versions import pinned_pulumi

_REPOSITORY = Path(__file__).parents[2]
_SECONDS = 900


def install(target: Path, workshop: Workshop) -> None:
    """Download the engine and its language hosts into `target`/bin.

    Raises:
        WayClosed: get.pulumi.com cannot be reached, or has nothing for this machine.
    """
    workshop.report(f"Installing Pulumi {pinned_pulumi()} from get.pulumi.com.")
    workshop.report(f"  log: {workshop.log}")
    # In a process of its own: importing the Automation API takes a second, and its install() knows no time limit.
    workshop.run(
        "running the official installer",
        [sys.executable, "-m", "tools.engine.official_installer", target, pinned_pulumi()],
        folder=_REPOSITORY,
        environment=dict(os.environ),
        seconds=_SECONDS,
    )
