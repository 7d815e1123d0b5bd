"""All that is wrong with a declaration, at once, each with its property path."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from pulumi_adobe_aep.kinds.model import Inputs, Model
from pulumi_adobe_aep.kinds.secrets import REFERENCE_TAG, SecretReference

_NAME = re.compile(r"`(\w+)`")


class Problem(NamedTuple):
    """One thing that is wrong."""

    path: tuple[str, ...]
    """The property in wire names: `("auth", "port")`."""
    text: str
    """What is wrong and what is allowed, to follow the path: "must be a whole number ...". Names of properties are
    wire names between backticks."""

    def sentence(self, spell: Callable[[str], str] = str) -> str:
        """Return the whole sentence.

        Args:
            spell: How a name is spelled where the user reads it.
        """
        path = ".".join(map(spell, self.path))
        text = _NAME.sub(lambda name: spell(name[1]), self.text)
        text = f"{path} {text}" if path else text[:1].upper() + text[1:]
        return text if text.endswith("?") else f"{text}."


def problems(error: ValidationError, inputs: type[Inputs]) -> list[Problem]:
    """Return what pydantic found, in our words.

    Args:
        error: What validating `inputs` raised.
        inputs: The model that was validated.
    """
    return [_problem(details, inputs) for details in error.errors(include_url=False, include_input=False)]


def _problem(details: ErrorDetails, inputs: type[Inputs]) -> Problem:
    # Tags of unions are in brackets; they are no part of the path.
    names = tuple(str(part) for part in details["loc"] if not str(part).startswith("<"))
    kind = details["type"]
    if kind == "missing":
        return Problem(names, "is missing")
    if kind == "extra_forbidden":
        return Problem(names, _not_a_property(names[-1], _names_at(details["loc"][:-1], inputs), inputs))
    if kind == "bad_value":
        return Problem(names, details["msg"])
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return Problem(names, "must be an object with properties")
    if kind == "union_tag_not_found":
        kinds = " or ".join(f"'{kind.model_fields['spec_name'].default}'" for kind in inputs.auth_kinds)
        return Problem((*names, "specName"), f"must be {kinds}")
    return Problem(names, details["msg"][:1].lower() + details["msg"][1:])


def _names_at(location: Sequence[int | str], inputs: type[Inputs]) -> list[str]:
    """Return the names that may stand at a place: in an auth those of every kind, because another kind may be meant."""
    if location and location[-1] == REFERENCE_TAG:
        return _names(SecretReference)
    if "auth" in location:
        return list(dict.fromkeys(name for kind in inputs.auth_kinds for name in _names(kind)))
    return _names(inputs)


def _names(model: type[Model]) -> list[str]:
    return [to_camel(field) for field in model.model_fields if field != "spec_name"]


def _not_a_property(name: str, known: Sequence[str], inputs: type[Inputs]) -> str:
    if name in known:
        owner = next(kind.model_fields["spec_name"].default for kind in inputs.auth_kinds if name in _names(kind))
        return f"belongs to '{owner}' and not to the kind of auth that the rest of it says"
    by_lower_case = {candidate.lower(): candidate for candidate in known}
    nearest = difflib.get_close_matches(to_camel(name).lower(), by_lower_case, n=1)
    if nearest:
        return f"is not a property; did you mean `{by_lower_case[nearest[0]]}`?"
    return f"is not a property; there are {', '.join(f'`{candidate}`' for candidate in known)}"
