"""The order of the three sources, and the error if none of them works."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.engine.cache import Cache, Record
from tools.engine.command import Commands
from tools.engine.engine import (
    Engine,
    EngineUnavailable,
    Report,
    Source,
    SourceUnavailable,
    language_hosts,
    report_to_stderr,
)
from tools.engine.go_build import Component, GoBuild, engine_components
from tools.engine.installer import install
from tools.engine.path import ask_version, find_on_path
from tools.engine.versions import OLDEST_PULUMI, pinned_pulumi, required_go


def ensure_engine(report: Report = report_to_stderr, *, languages: Sequence[str] = ()) -> Engine:
    """Return an engine: the one on PATH, else the one made earlier, else one built or installed now.

    Takes well below a second, unless the engine has to be made first: some 5 minutes on two idle cores, and a minute or
    less for each language. Any number of processes may call it at once; one makes the engine, the others wait.

    Args:
        report: Takes sentences about what happens. By default they go to stderr.
        languages: The languages of programs besides Python, of `LANGUAGES`.

    Raises:
        EngineUnavailable: There is none and none can be made here. The message says what to do.
    """
    try:
        engine = find_on_path(languages)
    except SourceUnavailable as reason:
        report(str(reason))
        not_on_path = str(reason)
    else:
        report(f"Pulumi {engine.version} from PATH: {engine.pulumi}")
        return engine
    cached = _CachedEngine(languages, report)
    try:
        return cached.find() or cached.make(not_on_path)
    except OSError as error:
        folder = cached.cache.folder
        raise EngineUnavailable(
            f"The Pulumi engine cannot be kept in {folder}: {error}. XDG_CACHE_HOME names another folder."
        ) from error


class _CachedEngine:
    """The engine of the pinned version, with the hosts of some languages."""

    def __init__(self, languages: Iterable[str], report: Report) -> None:
        self.cache = Cache("engine", pinned_pulumi())
        self._executables = ["pulumi", *language_hosts(languages)]
        self._components = engine_components(languages)
        self._report = report

    def find(self) -> Engine | None:
        """Return the engine that was made earlier, or None. Starts no process."""
        record = self.cache.record()
        if record is None or self._missing(record):
            return None
        engine = self._engine(record.source)
        self._report(f"Pulumi {engine.version}, {engine.source} earlier: {engine.pulumi}")
        return engine

    def make(self, not_on_path: str) -> Engine:
        """Build or install what is missing.

        Args:
            not_on_path: Why the Pulumi of PATH is not taken, for the error.
        """
        with self.cache.locked(f"Pulumi {pinned_pulumi()}", self._report):
            # Another process may have made it while this one waited.
            engine = self.find()
            if engine is not None:
                return engine
            reasons = [not_on_path]
            for source in (self._build, self._install):
                try:
                    return source()
                except SourceUnavailable as reason:
                    self._report(str(reason))
                    reasons.append(str(reason))
        raise EngineUnavailable(_three_sources(reasons))

    def _missing(self, record: Record | None) -> list[Component]:
        """Return what is not there, or was built from something else than what is pinned now."""
        if record is not None and record.source == "installed":
            return [] if self.cache.holds(self._executables) else self._components
        digests = {} if record is None else record.digests
        return [
            component
            for component in self._components
            if digests.get(component.name) != component.digest() or not self.cache.holds(component.files)
        ]

    def _build(self) -> Engine:
        start = time.monotonic()
        record = self.cache.record()
        components = self._missing(record)
        what = "Pulumi" if record is None else ", ".join(component.name for component in components) + " of Pulumi"
        self._report(f"Building {what} {pinned_pulumi()}, only once: some 5 minutes on two idle cores for all of it.")
        self._report(f"  log: {self.cache.log}")
        digests = {component.name: component.digest() for component in components}
        if record is not None and record.source == "built":
            digests = {**record.digests, **digests}
        with self.cache.temporary_folder() as folder:
            GoBuild(Commands(self.cache.log, self._report)).build(components, folder / "bin")
            return self._put(folder / "bin", Record("built", digests), start)

    def _install(self) -> Engine:
        start = time.monotonic()
        with self.cache.temporary_folder() as folder:
            install(folder, Commands(self.cache.log, self._report))
            return self._put(folder / "bin", Record("installed"), start)

    def _put(self, made: Path, record: Record, start: float) -> Engine:
        if (made / "pulumi").exists():
            _check(made / "pulumi")
        self.cache.put(made, record)
        engine = self._engine(record.source)
        self._report(f"Pulumi {engine.version}, {engine.source} in {time.monotonic() - start:.0f} s: {engine.pulumi}")
        return engine

    def _engine(self, source: Source) -> Engine:
        bin_dir = self.cache.bin_dir
        return Engine(bin_dir=bin_dir, pulumi=bin_dir / "pulumi", version=pinned_pulumi(), source=source)


def _check(pulumi: Path) -> None:
    printed = ask_version(pulumi)
    if printed != f"v{pinned_pulumi()}":
        raise SourceUnavailable(f"What was made prints the version {printed[:80]!r}, not v{pinned_pulumi()}.")


def _three_sources(reasons: list[str]) -> str:
    oldest = f"{OLDEST_PULUMI.major}.{OLDEST_PULUMI.minor}"
    sources = (
        f"pulumi {oldest} or newer on PATH, with its language hosts",
        f"Go {required_go()} or newer on PATH, and Go's module proxy within reach: Pulumi is built",
        "get.pulumi.com within reach: Pulumi's official installer is run",
    )
    lines = ["There is no Pulumi engine here. Any one of these provides it:"]
    for number, (source, reason) in enumerate(zip(sources, reasons, strict=True), start=1):
        lines += [f"  {number}. {source}.", f"     Now: {reason}"]
    return "\n".join(lines)
