"""The results of the checks of `doctor`."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import AepError


class Verdict(enum.Enum):
    """What a check found."""

    PASSED = "passed"
    WARNING = "warning"
    """It works, but not everything does, or it could not be determined."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not looked at, because of what failed before."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


def passed(name: str, text: str) -> Check:
    """Return a check that passed."""
    return Check(name, Verdict.PASSED, text)


def failed(name: str, error: AepError) -> Check:
    """Return a check that failed, with what the error says."""
    why = f" {error.why}" if error.why else ""
    request = f" (Adobe's request id: {error.request_id})" if error.request_id else ""
    return Check(name, Verdict.FAILED, f"{error.what}{why}{request}", error.worded(COMMAND_LINE).advice)
