"""The third source: Pulumi's official installer, which the Automation API of the Python SDK carries.

`python -m tools.engine.installer FOLDER VERSION` runs it.
"""

import subprocess
import sys
from pathlib import Path

from semver import VersionInfo

from tools.engine.command import Commands
from tools.engine.versions import pinned_pulumi

_REPOSITORY = Path(__file__).parents[2]


def install(target: Path, commands: Commands) -> None:
    """Download the engine and its language hosts into `target`/bin.

    Raises:
        SourceUnavailable: get.pulumi.com cannot be reached, or has nothing for this machine.
    """
    commands.report(f"Installing Pulumi {pinned_pulumi()} from get.pulumi.com.")
    commands.report(f"  log: {commands.log}")
    # In a process of its own: importing the Automation API takes a second, and what it prints belongs in the log.
    commands.run(
        "running the official installer",
        [sys.executable, "-m", "tools.engine.installer", target, pinned_pulumi()],
        folder=_REPOSITORY,
    )


def main() -> None:
    """Install the version named by the second argument into the folder named by the first."""
    from pulumi.automation import PulumiCommand  # noqa: PLC0415 - see install()

    folder, version = sys.argv[1:]
    try:
        PulumiCommand.install(root=folder, version=VersionInfo.parse(version))
    except subprocess.CalledProcessError as error:
        # What the installer's script printed is in the exception only.
        sys.exit((error.output or b"").decode("utf-8", errors="replace") + str(error))
    except OSError as error:
        sys.exit(f"get.pulumi.com: {error}")


if __name__ == "__main__":
    main()
