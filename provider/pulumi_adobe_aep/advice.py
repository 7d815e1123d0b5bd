"""What to do, where that is said in other words to a Python program, on the command line and in another language.

The core says which advice and about what; the adapter that prints it has the words. A property is named as in the
state, between backticks, in every template and every advice of the core: `sandboxName`. The adapter spells it.
"""

from __future__ import annotations

import enum
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from pulumi_adobe_aep._addresses import REPOSITORY
from pulumi_adobe_aep.redaction import mask

_NAME = re.compile(r"`(\w+(?:\.\w+)*)(=\"[^\"`]*\")?`")


class AdviceKey(enum.Enum):
    """Which advice. The value is its template in neutral words, for whoever has none of its own."""

    NAME_SANDBOX = "Give `sandboxName`, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName. {why}"
    """No sandbox is named. `why`: a sentence."""
    ADD_SANDBOX = "give `sandboxName`, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName ({why})"
    """A declaration has no sandbox; to follow what is wrong with it. `why`: a clause."""
    FIND_LOST = "Before the next update, look in sandbox {sandbox} for what the service has and the stack has not."
    """A create may have been done, and its entity is not known."""
    FIND_TWIN = "Look in sandbox {sandbox} for a second one."
    """A create may have been done twice."""
    TAKE_OVER = (
        "Take the one that is yours over, for instance {id} as '{name}' in sandbox {sandbox}, and delete what nobody "
        "needs in Experience Platform."
    )
    """One of several entities is the declared one. `id`: the first of them; `kind`: the name of its resource."""
    FREE_OR_FORGET = (
        "Delete the dataflows first, then their source and target connections, in Experience Platform or with what "
        "made them; then run the command again. To leave the {noun} in place, take {id} out of the stack's state."
    )
    """Something is to be deleted and is in use."""
    REPLACE = "{why} Replace the resource."
    """It cannot be changed. `why`: a sentence."""
    OTHER_AUTH = "Use another kind of auth."
    """The connector does not take this kind of auth."""
    AUTH_NOT_OFFERED = "This organization may lack this kind of auth: on AWS only basic authentication is documented."
    """The connection spec has no auth spec of this name."""
    REFRESH = "Refresh the state; the next update then creates the {noun} again, with another id."
    """What is to be changed was deleted by somebody else."""
    REPEAT_UPDATE = (
        "Run the update again with the same program. Do not go back to the old credentials before that: the new ones "
        "may be in force."
    )
    """Whether a change was done is not known."""
    DELETE_FIRST = "Delete {noun} {id} in sandbox {sandbox} before the next update. {then}"
    """What was created does not work and could not be deleted again. `then`: sentences."""
    ENABLE = (
        "{noun} '{name}' ({id}) is disabled in Experience Platform. No documented request enables it: enable it there, "
        "then refresh the state."
    )
    """A warning about an entity that somebody has switched off."""
    DELETED_AFTER_REPLACEMENT = (
        "{noun} '{name}' is replaced because of {paths}. After the new one is created, the old one ({id}) is deleted, "
        "which Flow Service refuses as long as something uses it: delete what uses it first."
    )
    """A warning in the preview of a replacement. `paths`: the properties because of which it is replaced."""
    READ_MORE = f"{REPOSITORY}/blob/main/docs/errors.md#{{anchor}}"
    """Where more is written about an error. `name`: its class; `anchor`: the class in lower case."""


@dataclass(frozen=True)
class Advice:
    """An advice, and what it is about. As a string it has neutral words.

    Args:
        key: Which advice.
        parameters: What its templates have in braces. A tuple is a list of properties, under the state's names.
    """

    key: AdviceKey
    parameters: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def render(self, wording: Wording) -> str:
        """Return the advice in an adapter's words."""
        return wording.of(self)

    def __str__(self) -> str:
        return self.render(NEUTRAL)


def advise(key: AdviceKey, **parameters: str | tuple[str, ...]) -> Advice:
    """Return an advice, free of secrets.

    Args:
        key: Which advice.
        parameters: What its templates have in braces.
    """
    masked = {name: mask(value) if isinstance(value, str) else value for name, value in parameters.items()}
    return Advice(key, masked)


class _Template(Formatter):
    """Python's format strings with `!q`, which quotes a value for a shell."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return shlex.quote(str(value)) if conversion == "q" else super().convert_field(value, conversion)


@dataclass(frozen=True)
class Wording:
    """How an adapter says what the core leaves to it.

    Args:
        spell: Returns how its users write a property, for the name in the state.
        templates: Its templates by advice; an advice that has none is said in neutral words.
    """

    spell: Callable[[str], str]
    templates: Mapping[AdviceKey, str] = field(default_factory=dict)

    def of(self, advice: str | Advice) -> str:
        """Return an advice in this adapter's words.

        Args:
            advice: Which one and about what, or sentences in which properties are between backticks.
        """
        if isinstance(advice, str):
            return self.spelled(advice)
        template = self.spelled(self.templates.get(advice.key, advice.key.value))
        return _Template().vformat(template, (), {name: self._value(part) for name, part in advice.parameters.items()})

    def spelled(self, text: str) -> str:
        """Return a string with the properties between backticks as the adapter's users write them.

        Args:
            text: A property may have its value behind it: `sslMode="Verify Full"`, all of it between the backticks.
        """
        return _NAME.sub(lambda name: self.spell(name[1]) + (name[2] or ""), text)

    def _value(self, value: str | tuple[str, ...]) -> str:
        return value if isinstance(value, str) else ", ".join(map(self.spell, value))


NEUTRAL = Wording(str)
"""The state's names, and words that are right in any language."""
