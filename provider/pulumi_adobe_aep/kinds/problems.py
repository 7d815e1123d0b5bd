"""All problems of a declaration at once, each with its property path."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from pulumi_adobe_aep.advice import NEUTRAL, Advice, Wording
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.kinds.secrets import REFERENCE_TAG, SecretReference


class Problem(NamedTuple):
    """One thing that is wrong."""

    path: tuple[str, ...]
    """The property in wire names: `("auth", "port")`."""
    text: str
    """What is wrong and what is allowed, to follow the path: "must be a whole number ...". Names of properties are
    wire names between backticks."""
    advice: Advice | None = None
    """What to do, where each adapter has its own words; printed after `text`."""

    def sentence(self, spell: Callable[[str], str] = str, wording: Wording = NEUTRAL) -> str:
        """Return the whole sentence.

        Args:
            spell: How a name is spelled where the user reads it.
            wording: The words of what to do.
        """
        path = ".".join(map(spell, self.path))
        text = Wording(spell).spelled(self.text)
        text = text if self.advice is None else f"{text}: {wording.of(self.advice)}"
        text = f"{path} {text}" if path else text[:1].upper() + text[1:]
        return text if text.endswith("?") else f"{text}."


def problems(error: ValidationError, model: type[Model]) -> list[Problem]:
    """Return what pydantic found, in our words.

    Args:
        error: What validating the model raised.
        model: The model that was validated.
    """
    return [_problem(details, model) for details in error.errors(include_url=False, include_input=False)]


_OTHER_WORDS = {
    "server": ("host", "hostname", "address"),
    "username": ("login", "uid", "role"),
    "password": ("pwd", "pass", "passwd", "secret"),
    "database": ("db", "dbname", "catalog"),
}
"""Names that other libraries have for the same."""


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the name that was probably meant, or None.

    Args:
        name: What was written.
        known: The names that there are.
    """
    by_lower_case = {candidate.lower(): candidate for candidate in known}
    for candidate, others in _OTHER_WORDS.items():
        if candidate in by_lower_case and name.lower() in others:
            return by_lower_case[candidate]
    nearest = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return by_lower_case[nearest[0]] if nearest else None


def _problem(details: ErrorDetails, model: type[Model]) -> Problem:
    # Tags of unions are in brackets; they are not part of the path.
    names = tuple(str(part) for part in details["loc"] if not str(part).startswith("<"))
    kind = details["type"]
    if kind == "missing":
        return Problem(names, "is missing")
    if kind == "extra_forbidden":
        return Problem(names, _not_a_property(names[-1], _models_at(details["loc"][:-1], model)))
    if kind == "bad_value":
        return Problem(names, details["msg"])
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return Problem(names, "must be an object with properties")
    if kind == "union_tag_not_found":
        kinds = " or ".join(f"'{_spec_name(each)}'" for each in _models_at(details["loc"], model))
        return Problem((*names, "specName"), f"must be {kinds}")
    return Problem(names, details["msg"][:1].lower() + details["msg"][1:])


def _models_at(location: Sequence[int | str], model: type[Model]) -> list[type[Model]]:
    """Return the models of what a place may hold: every kind of an auth, because another kind may be meant."""
    models = [model]
    for part in location:
        if part == REFERENCE_TAG:
            models = [SecretReference]
        elif not isinstance(part, int) and not part.startswith("<"):
            fields = [info for each in models for name, info in each.model_fields.items() if to_camel(name) == part]
            models = list(dict.fromkeys(found for info in fields for found in models_in(info.annotation)))
    return models


def models_in(annotation: Any) -> Iterator[type[Model]]:
    """Return the models that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for member in get_args(annotation):
        yield from models_in(member)


def models_at(key: str, models: Sequence[type[Model]]) -> Sequence[type[Model]]:
    """Return the models that a key may hold in the objects of some models.

    Args:
        key: As the state has it.
        models: The models of the objects.
    """
    return _models_at_key(key, tuple(models))


@cache
def _models_at_key(key: str, models: tuple[type[Model], ...]) -> tuple[type[Model], ...]:
    fields = (info for model in models for name, info in model.model_fields.items() if to_camel(name) == key)
    return tuple(dict.fromkeys(found for info in fields for found in models_in(info.annotation)))


def _names(model: type[Model]) -> list[str]:
    return [facts.key for facts in model.facts() if facts.name != "spec_name"]


def _spec_name(model: type[Model]) -> object:
    return next((facts.default for facts in model.facts() if facts.name == "spec_name"), None)


def _not_a_property(name: str, models: Sequence[type[Model]]) -> str:
    known = list(dict.fromkeys(each for model in models for each in _names(model)))
    if name in known:
        owner = next(_spec_name(model) for model in models if name in _names(model))
        return f"belongs to '{owner}' and not to the kind of auth that the rest of it says"
    nearest = nearest_name(to_camel(name), known)
    if nearest:
        return f"is not a property; did you mean `{nearest}`?"
    return f"is not a property; there are {', '.join(f'`{candidate}`' for candidate in known)}"
