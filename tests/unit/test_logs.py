"""Where the log goes, and that it is redacted on the way."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

PROGRAM = """
import logging
from pulumi_adobe_aep.logs import log_to_stderr
from pulumi_adobe_aep.redaction import register

register("the-canary-secret")
log_to_stderr("LEVEL")
log_to_stderr("LEVEL")
logger = logging.getLogger("pulumi_adobe_aep.anything")
logger.debug("debug %s", "the-canary-secret")
logger.info("info the-canary-secret")
logger.warning("warning the-canary-secret")
try:
    raise ValueError("the-canary-secret")
except ValueError:
    logger.warning("with frames", exc_info=True)
logging.getLogger("urllib3.connection").warning("frames of somebody else")
"""


@pytest.mark.parametrize(
    ("level", "shown"),
    [("warning", ["WARNING"]), ("info", ["INFO", "WARNING"]), ("debug", ["DEBUG", "INFO", "WARNING"])],
)
def test_each_line_stands_on_stderr_once_from_the_chosen_level_on_and_without_secrets(
    level: str, shown: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("LEVEL", level)], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stderr.splitlines()
    assert lines[: len(shown)] == [f"{name} pulumi_adobe_aep.anything: {name.lower()} [secret]" for name in shown]
    assert lines[len(shown)] == "WARNING pulumi_adobe_aep.anything: with frames"
    assert lines[-1] == "ValueError: [secret]"
    assert done.stdout == ""


def test_importing_the_package_configures_no_log() -> None:
    assert logging.getLogger("pulumi_adobe_aep").level in (logging.NOTSET, *range(10, 40, 10))
