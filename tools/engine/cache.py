"""A folder of executables that is kept between runs and shared by every process of this user.

One process at a time makes what is missing, in a temporary folder beside; each file then takes its place by a rename,
and a record that is written last says from what it was made. What a killed process left half-made is removed by the
next one.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from tools.engine.engine import Report, Source


@dataclass(frozen=True)
class Record:
    """How the executables of a cache were made.

    Attributes:
        source: Where they come from.
        digests: From what each component was built, by its name; empty if they were installed.
    """

    source: Source
    digests: Mapping[str, str] = field(default_factory=dict)


class Cache:
    """The executables under `${XDG_CACHE_HOME:-~/.cache}/pulumi-adobe-aep/<kind>/<version>/bin`."""

    def __init__(self, kind: str, version: str) -> None:
        # The XDG specification: an empty or relative value counts as not set.
        home = Path(os.environ.get("XDG_CACHE_HOME", ""))
        self.folder = (home if home.is_absolute() else Path.home() / ".cache") / "pulumi-adobe-aep" / kind
        self.bin_dir = self.folder / version / "bin"
        self.log = self.folder / f"{version}.log"
        self._record = self.folder / version / f"{kind}.json"
        self._lock = FileLock(self.folder / f"{version}.lock")
        self._temporary = f".{version}-"

    def record(self) -> Record | None:
        """Return how the executables were made, or None if there are none."""
        try:
            content = json.loads(self._record.read_text(encoding="utf-8"))
            return Record(content["source"], content.get("digests", {}))
        except (OSError, ValueError, KeyError):
            return None

    def holds(self, names: Iterable[str]) -> bool:
        """Return whether all these executables are there."""
        return all(os.access(self.bin_dir / name, os.X_OK) for name in names)

    @contextmanager
    def locked(self, what: str, report: Report) -> Iterator[None]:
        """Keep other processes from changing this cache; wait while another one does.

        Args:
            what: What is made, as in "Pulumi 3.259.0".
            report: Takes sentences about the waiting.

        Raises:
            OSError: The folder cannot be made or written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        # The system releases the lock when a process dies, however it dies.
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            report(f"Another process is getting {what} ready; waiting for it.")
            self._lock.acquire(poll_interval=0.1)
        try:
            # Whoever holds the lock is the only one with such folders; these are from processes that were killed.
            for left in self.folder.glob(f"{self._temporary}*"):
                shutil.rmtree(left, ignore_errors=True)
            self.log.unlink(missing_ok=True)
            yield
        finally:
            self._lock.release()

    @contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        """Make a folder, with an empty `bin` in it, that is gone afterwards. Only under the lock."""
        with tempfile.TemporaryDirectory(prefix=self._temporary, dir=self.folder) as folder:
            (Path(folder) / "bin").mkdir()
            yield Path(folder)

    def put(self, made: Path, record: Record) -> None:
        """Move the files of the folder `made` here, and write how they were made. Only under the lock."""
        self.bin_dir.mkdir(parents=True, exist_ok=True)
        for file in made.iterdir():
            file.replace(self.bin_dir / file.name)
        content = json.dumps({"source": record.source, "digests": dict(record.digests)})
        written = self._record.with_suffix(".new")
        written.write_text(content + "\n", encoding="utf-8")
        written.replace(self._record)
