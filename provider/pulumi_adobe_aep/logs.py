"""Where this package's log goes."""

from __future__ import annotations

import logging

from pulumi_adobe_aep.advice import NEUTRAL, Advice, Wording
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.redaction import RedactingFormatter

PACKAGE = "pulumi_adobe_aep"


class _MessageFormatter(RedactingFormatter):
    """Has errors and advice say what to do in the words of the adapter."""

    def __init__(self, template: str, wording: Wording) -> None:
        super().__init__(template)
        self._wording = wording

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without secrets."""
        if isinstance(record.args, tuple):
            worded = (
                each.render(self._wording) if isinstance(each, (AepError, Advice)) else each for each in record.args
            )
            record.args = tuple(worded)
        return super().format(record)


def log_to_stderr(level: str, wording: Wording = NEUTRAL) -> None:
    """Send this package's log to stderr, every line redacted. The engine shows a provider's stderr as diagnostics.

    Args:
        level: `debug`, `info` or `warning` (`AEP_LOG`).
        wording: The words of the adapter that logs.
    """
    package = logging.getLogger(PACKAGE)
    package.setLevel(level.upper())
    if not any(isinstance(handler.formatter, RedactingFormatter) for handler in package.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(_MessageFormatter("%(levelname)s %(name)s: %(message)s", wording))
        package.addHandler(handler)
        package.propagate = False
        # It warns of a broken response with a traceback; our own errors say what matters of it.
        logging.getLogger("urllib3").addHandler(logging.NullHandler())
