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
        """A copy of `base` (default: this process's environment) in which this engine runs programs of this Python.

        - `PATH`: the language host starts programs and dynamic providers with the `python3` it finds there. This
          interpreter's folder is therefore before the engine's, which may have a `python3` of its own, as /usr/bin has.
        - `PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION`: a dynamic provider needs no plugin, but the language host takes
          every distribution called `pulumi-...` for one that does. For one in editable mode it finds no
          pulumi-plugin.json that says otherwise, and the engine would try several downloads before each step.
        """
        environment = dict(os.environ if base is None else base)
        folders = [str(Path(sys.executable).parent), str(self.bin_dir)]
        if environment.get("PATH"):
            folders.append(environment["PATH"])
        environment["PATH"] = os.pathsep.join(folders)
        environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
        return environment
