"""The sandbox that a request goes to: the rule for its name, and the message when none is named."""

from __future__ import annotations

import re

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.errors import SettingsError

# Adobe, "Sandbox management": lower-case letters, numbers and hyphens, beginning with a letter, at most 256.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,255}")
RULE = "lower-case letters, digits and hyphens, beginning with a letter"
"""What a sandbox's name is made of."""
_REASON = "ithout it Adobe would take the production sandbox"
MISSING = advise(AdviceKey.ADD_SANDBOX, why=f"w{_REASON}")
"""What to do about inputs without a sandbox."""


def is_sandbox_name(text: str) -> bool:
    """Return whether a sandbox may have this name."""
    return bool(_NAME.fullmatch(text))


def require_sandbox(name: str) -> str:
    """Return the sandbox in force.

    Args:
        name: What the settings say; may be empty.

    Raises:
        SettingsError: None is named.
    """
    if not name:
        raise SettingsError("No sandbox is named.", advice=advise(AdviceKey.NAME_SANDBOX, why=f"W{_REASON}."))
    return name
