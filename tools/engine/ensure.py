"""The order of the three ways, and the error when none is open."""

import time
from collections.abc import Callable
from pathlib import Path

from .build import build
from .cache import EngineCache
from .command import Workshop
from .engine import Engine, EngineUnavailable, Source, WayClosed
from .install import install
from .path import ask_version, find_on_path
from .report import Report, to_stderr
from .versions import OLDEST_PULUMI, pinned_pulumi, required_go

# Makes an engine in `bin/` of the folder it is given.
Make = Callable[[Path, Workshop], None]

_WAYS_TO_MAKE: tuple[tuple[Source, Make], ...] = (("built", build), ("installed", install))


def ensure_engine(report: Report = to_stderr) -> Engine:
    """An engine: the one on PATH, else the one made earlier, else one built or installed now.

    Takes well below a second, unless the engine has to be made first: some 5 minutes on two idle cores. Any number of
    processes may call it at once; one makes the engine, the others wait.

    Args:
        report: Is told what happens, a sentence at a time. By default they go to stderr.

    Raises:
        EngineUnavailable: There is none and none can be made here. The message says what to do.
    """
    try:
        engine = find_on_path()
    except WayClosed as closed:
        report(str(closed))
        not_on_path = str(closed)
    else:
        report(f"Pulumi {engine.version} from PATH: {engine.pulumi}")
        return engine
    cache = EngineCache(pinned_pulumi())
    try:
        return _find(cache, report) or _make(cache, not_on_path, report)
    except OSError as error:
        raise EngineUnavailable(
            f"The Pulumi engine cannot be kept in {cache.place.parent}: {error}. XDG_CACHE_HOME names another folder."
        ) from error


def _find(cache: EngineCache, report: Report) -> Engine | None:
    engine = cache.find()
    if engine is not None:
        report(f"Pulumi {engine.version}, {engine.source} earlier: {engine.pulumi}")
    return engine


def _make(cache: EngineCache, not_on_path: str, report: Report) -> Engine:
    with cache.locked(report):
        # Another process may have made it while this one waited.
        engine = _find(cache, report)
        if engine is not None:
            return engine
        cache.log.unlink(missing_ok=True)
        reasons = [not_on_path]
        for source, make in _WAYS_TO_MAKE:
            engine_or_reason = _try(source, make, cache, report)
            if isinstance(engine_or_reason, Engine):
                return engine_or_reason
            report(engine_or_reason)
            reasons.append(engine_or_reason)
    raise EngineUnavailable(_three_ways(reasons))


def _try(source: Source, make: Make, cache: EngineCache, report: Report) -> Engine | str:
    start = time.monotonic()
    try:
        with cache.staging() as folder:
            make(folder, Workshop(cache.log, report))
            _check(folder / "bin" / "pulumi")
            engine = cache.put(folder, source)
    except WayClosed as closed:
        return str(closed)
    report(f"Pulumi {engine.version}, {source} in {time.monotonic() - start:.0f} s: {engine.pulumi}")
    return engine


def _check(pulumi: Path) -> None:
    answer = ask_version(pulumi)
    if answer != f"v{pinned_pulumi()}":
        raise WayClosed(f"What came out says that it is {answer[:80]!r}, not v{pinned_pulumi()}.")


def _three_ways(reasons: list[str]) -> str:
    ways = (
        f"pulumi {OLDEST_PULUMI.major}.{OLDEST_PULUMI.minor} or newer on PATH, with its Python language host",
        f"Go {required_go()} or newer on PATH, and Go's module proxy within reach: Pulumi is built",
        "get.pulumi.com within reach: Pulumi's official installer is run",
    )
    lines = ["There is no Pulumi engine here. Any one of these gives one:"]
    for number, (way, reason) in enumerate(zip(ways, reasons, strict=True), start=1):
        lines += [f"  {number}. {way}.", f"     Now: {reason}"]
    return "\n".join(lines)
