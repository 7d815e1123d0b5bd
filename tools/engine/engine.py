"""The engine that callers get, and the errors of getting one."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Source = Literal["path", "built", "installed"]
# Takes a sentence about what happens.
Report = Callable[[str], None]

# The languages of programs, with what the engine starts for each.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    # The second starts the program, the third its dynamic providers.
    "python": ("pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"),
    "yaml": ("pulumi-language-yaml",),
    "nodejs": ("pulumi-language-nodejs",),
    "go": ("pulumi-language-go",),
}


class EngineUnavailable(Exception):
    """No source of an engine works on this machine. The message names all three and why each does not."""


class SourceUnavailable(Exception):
    """One source of an engine does not work on this machine. The message is a sentence that says why."""


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
        """Return a copy of `base` (default: this process's environment) with this Python and this engine on PATH.

        The language host starts programs and dynamic providers with the `python3` that it finds on PATH, if the project
        names no virtual environment. This interpreter's folder is therefore before the engine's, which may have a
        `python3` of its own, as /usr/bin has.
        """
        environment = dict(os.environ if base is None else base)
        folders = [str(Path(sys.executable).parent), str(self.bin_dir)]
        if environment.get("PATH"):
            folders.append(environment["PATH"])
        environment["PATH"] = os.pathsep.join(folders)
        return environment


def language_hosts(languages: Iterable[str]) -> list[str]:
    """Return the names of the executables that programs in `languages` and in Python need."""
    return [name for language in {"python": None, **dict.fromkeys(languages)} for name in LANGUAGES[language]]


def report_to_stderr(sentence: str) -> None:
    """Write a sentence about what happens to stderr."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
