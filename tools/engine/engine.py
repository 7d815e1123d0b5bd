"""What the caller gets: an engine, or the one error that says how to get one."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Source = Literal["path", "built", "installed"]


class EngineUnavailable(Exception):
    """No way to an engine is open on this machine. The message names all three and why each is closed."""


class WayClosed(Exception):
    """One way to an engine does not work here. The message is a sentence that says why."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi command line with its Python language host.

    Attributes:
        bin_dir: The folder that holds it, to be put on PATH.
        pulumi: The executable itself.
        version: Its version, without the leading `v`.
        source: Where it comes from: `path` (the user's own), `built` (from pinned Go modules) or `installed` (by
            Pulumi's official installer).
    """

    bin_dir: Path
    pulumi: Path
    version: str
    source: Source

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """A copy of `base` (default: this process's environment) whose PATH finds this engine and this Python.

        The language host starts programs and dynamic providers with the `python3` of PATH. This interpreter's folder
        is therefore before the engine's, which may be one with a `python3` of its own, such as /usr/bin.
        """
        environment = dict(os.environ if base is None else base)
        folders = [str(Path(sys.executable).parent), str(self.bin_dir)]
        if environment.get("PATH"):
            folders.append(environment["PATH"])
        environment["PATH"] = os.pathsep.join(folders)
        return environment
