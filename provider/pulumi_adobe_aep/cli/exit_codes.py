"""What the exit code says."""

from __future__ import annotations

import enum

from pulumi_adobe_aep.errors import (
    AepError,
    Forbidden,
    MissingSecret,
    NotFound,
    ProxyUnusable,
    SettingsError,
    TokenRefused,
    Unauthorized,
)


class ExitCode(enum.IntEnum):
    """The exit codes. They are a contract: pipelines branch on them."""

    OK = 0
    FAILURE = 1
    """It failed, or the answer is no: a test failed, a check failed, there are orphans."""
    USAGE = 2
    """The command line itself is wrong, or an answer that a terminal would be asked for is missing."""
    SETTINGS = 3
    """Settings or credentials are missing, malformed, refused, or lack a permission."""
    NOT_FOUND = 4
    """The connection or the sandbox does not exist."""
    INTERRUPTED = 130
    """Ctrl-C, also at a question."""


_SETTINGS = (SettingsError, MissingSecret, TokenRefused, Unauthorized, Forbidden, ProxyUnusable)


def exit_code(error: AepError) -> ExitCode:
    """Return the exit code for a failure."""
    if isinstance(error, _SETTINGS):
        return ExitCode.SETTINGS
    return ExitCode.NOT_FOUND if isinstance(error, NotFound) else ExitCode.FAILURE
