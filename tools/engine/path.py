"""The first source: the user's own Pulumi, from PATH."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.engine.engine import Engine, SourceUnavailable, language_hosts
from tools.engine.versions import OLDEST_PULUMI, parse_pulumi_version

_VERSION_SECONDS = 30


def find_on_path(languages: Iterable[str] = ()) -> Engine:
    """Return the Pulumi of PATH.

    Raises:
        SourceUnavailable: There is none, it does not run, it is too old, or it lacks a language host.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise SourceUnavailable("There is no pulumi on PATH.")
    pulumi = Path(found).absolute()
    printed = ask_version(pulumi)
    version = parse_pulumi_version(printed)
    if version is None:
        raise SourceUnavailable(f"{pulumi} prints {printed[:80]!r} when asked for its version.")
    if version < OLDEST_PULUMI:
        raise SourceUnavailable(f"{pulumi} is {printed}, older than {OLDEST_PULUMI.major}.{OLDEST_PULUMI.minor}.")
    missing = [name for name in language_hosts(languages) if not _finds(pulumi, name)]
    if missing:
        raise SourceUnavailable(f"{pulumi} is {printed}, but {missing[0]} is neither beside it nor on PATH.")
    return Engine(bin_dir=pulumi.parent, pulumi=pulumi, version=printed.removeprefix("v"), source="path")


def ask_version(pulumi: Path) -> str:
    """Return what `pulumi version` prints.

    Raises:
        SourceUnavailable: It does not run or fails.
    """
    # A home of its own: asking for the version must leave nothing in the user's ~/.pulumi.
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": home}
        try:
            ended = subprocess.run(
                [pulumi, "version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_VERSION_SECONDS,
                check=True,
                env=environment,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SourceUnavailable(f"{pulumi} does not run: {error}.") from None
    return ended.stdout.strip()


def _finds(pulumi: Path, name: str) -> bool:
    # Where the engine looks: on PATH, and beside its own executable, behind symbolic links too.
    folders = (None, str(pulumi.parent), str(pulumi.resolve().parent))
    return any(shutil.which(name, path=folder) is not None for folder in folders)
