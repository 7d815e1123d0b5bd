"""SIGINT in what the tools start, where they themselves were started in the background of a script."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

# Ignores SIGINT as a shell does for `command &`, then becomes the command.
IN_THE_BACKGROUND = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
)
STARTS_A_CHILD = """
import subprocess, sys
{prepare}
child = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
sys.exit(subprocess.run([sys.executable, "-c", child]).returncode)
"""
RESTORE = "from tools.engine import restore_interrupts; restore_interrupts()"


@pytest.mark.parametrize(("prepare", "ignores"), [("", "True"), (RESTORE, "False")])
def test_a_child_of_a_process_in_the_background_ignores_sigint_only_if_it_is_not_restored(
    prepare: str, ignores: str
) -> None:
    program = STARTS_A_CHILD.format(prepare=prepare)
    command = [sys.executable, "-c", IN_THE_BACKGROUND, sys.executable, "-c", program]

    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == ignores


def test_a_handler_that_is_there_is_kept() -> None:
    program = "\n".join(
        (
            "import signal",
            "handler = lambda *_: None",
            "signal.signal(signal.SIGINT, handler)",
            RESTORE,
            "print(signal.getsignal(signal.SIGINT) is handler)",
        )
    )

    ended = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "True"


def test_the_tests_themselves_do_not_ignore_sigint() -> None:
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
