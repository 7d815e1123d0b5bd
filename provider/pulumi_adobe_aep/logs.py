"""Where this package's log goes."""

from __future__ import annotations

import logging

from pulumi_adobe_aep.redaction import RedactingFormatter

PACKAGE = "pulumi_adobe_aep"


def log_to_stderr(level: str) -> None:
    """Send this package's log to stderr, every line redacted. The engine shows a provider's stderr as diagnostics.

    Args:
        level: `debug`, `info` or `warning` (`AEP_LOG`).
    """
    package = logging.getLogger(PACKAGE)
    package.setLevel(level.upper())
    if not any(isinstance(handler.formatter, RedactingFormatter) for handler in package.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
        package.addHandler(handler)
        package.propagate = False
        # It warns of a broken answer with frames; what matters of that stands in our own errors.
        logging.getLogger("urllib3").addHandler(logging.NullHandler())
