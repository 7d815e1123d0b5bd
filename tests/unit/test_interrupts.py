"""What measures or tests the engine works in the background as it does at a terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

import benchmarks.__main__
import tests.load.__main__
from tools.interrupts import restore_interrupts

SHOW = [sys.executable, "-c", "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"]


@pytest.fixture
def _started_in_the_background() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


def _a_child_ignores_interrupts() -> bool:
    return subprocess.run(SHOW, capture_output=True, text=True, check=True).stdout == "True\n"


@pytest.mark.usefixtures("_started_in_the_background")
def test_a_child_ignores_interrupts_until_they_are_restored() -> None:
    assert _a_child_ignores_interrupts()
    restore_interrupts()
    assert not _a_child_ignores_interrupts()


def test_a_handler_that_somebody_set_stays() -> None:
    def own(number: int, frame: object) -> None:
        raise AssertionError((number, frame))

    before = signal.signal(signal.SIGINT, own)
    try:
        restore_interrupts()
        assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_started_in_the_background")
def test_the_benchmark_restores_interrupts_before_it_starts_anything() -> None:
    with pytest.raises(SystemExit, match="No such case"):
        benchmarks.__main__.main(["--only", "no such case"])
    assert not _a_child_ignores_interrupts()


@pytest.mark.usefixtures("_started_in_the_background")
def test_the_load_restores_interrupts_before_it_starts_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["load", "no number"])
    with pytest.raises(ValueError, match="no number"):
        tests.load.__main__.main()
    assert not _a_child_ignores_interrupts()
