"""Telling people what happens: sentences to a reporter, by default to stderr."""

import sys
from collections.abc import Callable

Report = Callable[[str], None]


def to_stderr(sentence: str) -> None:
    """Write a line that says what is being done."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
