"""The folder that keeps an engine between runs, shared by every process of this user.

An engine is made in a temporary folder beside its place and moved there by one rename, so that what stands in the place
is always whole. One process at a time makes it; what an earlier one left half-made is removed by the next.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .engine import Engine, Source
from .path import LANGUAGE_HOST
from .report import Report

_DESCRIPTION = "engine.json"
_SECONDS_BETWEEN_SIGNS = 15


class EngineCache:
    """The place of one version of the engine: `${XDG_CACHE_HOME:-~/.cache}/pulumi-adobe-aep/engine/<version>/`."""

    def __init__(self, version: str) -> None:
        # The XDG specification: an empty or relative value counts as not set.
        home = Path(os.environ.get("XDG_CACHE_HOME", ""))
        engines = (home if home.is_absolute() else Path.home() / ".cache") / "pulumi-adobe-aep" / "engine"
        self.version = version
        self.place = engines / version
        self.log = engines / f"{version}.log"
        self._lock = engines / f"{version}.lock"
        self._staging_prefix = f".{version}-"

    def find(self) -> Engine | None:
        """The engine that stands in the place, or None. Starts no process."""
        try:
            source = json.loads((self.place / _DESCRIPTION).read_text(encoding="utf-8"))["source"]
        except (OSError, ValueError, KeyError):
            return None
        engine = self._describe(source)
        executables = [engine.pulumi, *(engine.bin_dir / name for name in LANGUAGE_HOST)]
        return engine if all(os.access(executable, os.X_OK) for executable in executables) else None

    @contextmanager
    def locked(self, report: Report) -> Iterator[None]:
        """Keep other processes from making this engine; wait while another one does.

        Raises:
            OSError: The folder cannot be made or written.
        """
        self.place.parent.mkdir(parents=True, exist_ok=True)
        # The system releases the lock when a process dies, however it dies.
        lock = FileLock(self._lock)
        if not _acquire(lock, 0):
            report(f"Another process is getting Pulumi {self.version} ready; waiting for it.")
            start = time.monotonic()
            while not _acquire(lock, _SECONDS_BETWEEN_SIGNS):
                report(f"  waiting: {time.monotonic() - start:.0f} s")
        try:
            self._remove_remains()
            yield
        finally:
            lock.release()

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A temporary folder beside the place, gone afterwards. Only under the lock."""
        folder = Path(tempfile.mkdtemp(prefix=self._staging_prefix, dir=self.place.parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, made: Path, source: Source) -> Engine:
        """Move a whole engine, its executables in `bin/`, from a staging folder into the place. Only under the lock."""
        (made / _DESCRIPTION).write_text(json.dumps({"source": source}) + "\n", encoding="utf-8")
        made.chmod(0o755)
        if self.place.exists():
            # Something that `find` does not take for an engine. It becomes a remain, removed with the next one.
            self.place.rename(made.with_name(made.name + "-replaced"))
        made.rename(self.place)
        self._remove_remains()
        return self._describe(source)

    def _describe(self, source: Source) -> Engine:
        bin_dir = self.place / "bin"
        return Engine(bin_dir=bin_dir, pulumi=bin_dir / "pulumi", version=self.version, source=source)

    def _remove_remains(self) -> None:
        # Whoever holds the lock is the only one who has such folders; these are from processes that were killed.
        for remain in self.place.parent.glob(f"{self._staging_prefix}*"):
            shutil.rmtree(remain, ignore_errors=True)


def _acquire(lock: FileLock, seconds: float) -> bool:
    try:
        lock.acquire(timeout=seconds, poll_interval=0.1)
    except Timeout:
        return False
    return True
