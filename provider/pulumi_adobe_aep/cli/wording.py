"""The wording of the command line: advice and names of properties."""

from __future__ import annotations

from pulumi_adobe_aep.advice import AdviceKey, Wording
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON, name_in_python

_OPTIONS = {"sandboxName": "--sandbox"}


def option(name: str) -> str:
    """Return the option for a property; what has none is part of a program, and named as there."""
    return _OPTIONS.get(name) or name_in_python(name)


COMMAND_LINE = Wording(
    option,
    {
        **PYTHON.templates,
        AdviceKey.NAME_SANDBOX: "Give `sandboxName`, or set AEP_SANDBOX_NAME. {why}",
        AdviceKey.ADD_SANDBOX: "give `sandboxName`, or set AEP_SANDBOX_NAME ({why})",
        AdviceKey.FREE_OR_FORGET: "Delete the dataflows first, then their source and target connections, in Experience "
        "Platform or with what made them; then run the command again.",
    },
)
"""The wording of the command line. Advice about Pulumi's commands and a program is the same as in a program."""
