"""The first way: the user's own Pulumi, from PATH."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .engine import Engine, WayClosed
from .versions import OLDEST_PULUMI, PulumiVersion

# All that the engine starts for a Python program with dynamic providers.
LANGUAGE_HOST = ("pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")

_ANSWER_SECONDS = 30


def find_on_path() -> Engine:
    """The Pulumi of PATH.

    Raises:
        WayClosed: There is none, it does not run, it is too old, or it has no Python language host.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise WayClosed("There is no pulumi on PATH.")
    pulumi = Path(found).absolute()
    answer = ask_version(pulumi)
    version = PulumiVersion.parse(answer)
    if version is None:
        raise WayClosed(f"{pulumi} answers {answer[:80]!r} when asked for its version.")
    if version < OLDEST_PULUMI:
        raise WayClosed(f"{pulumi} is {answer}, older than {OLDEST_PULUMI.major}.{OLDEST_PULUMI.minor}.")
    missing = [name for name in LANGUAGE_HOST if not _finds(pulumi, name)]
    if missing:
        raise WayClosed(f"{pulumi} is {answer}, but {missing[0]} is neither beside it nor on PATH.")
    return Engine(bin_dir=pulumi.parent, pulumi=pulumi, version=answer.removeprefix("v"), source="path")


def ask_version(pulumi: Path) -> str:
    """What `pulumi version` prints.

    Raises:
        WayClosed: It does not run or fails.
    """
    # A home of its own: asking for the version must leave nothing in the user's ~/.pulumi.
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": home}
        try:
            answer = subprocess.run(
                [pulumi, "version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_ANSWER_SECONDS,
                check=True,
                env=environment,
            )
        except subprocess.TimeoutExpired:
            raise WayClosed(f"{pulumi} does not tell its version within {_ANSWER_SECONDS} seconds.") from None
        except (OSError, subprocess.CalledProcessError) as error:
            raise WayClosed(f"{pulumi} does not run: {error}.") from None
    return answer.stdout.strip()


def _finds(pulumi: Path, name: str) -> bool:
    # Where the engine looks: on PATH, and beside its own executable, behind symbolic links too.
    return any(
        shutil.which(name, path=folder) is not None
        for folder in (None, str(pulumi.parent), str(pulumi.resolve().parent))
    )
