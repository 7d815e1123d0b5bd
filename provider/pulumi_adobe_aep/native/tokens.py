"""Names in Pulumi: type tokens, function tokens, URNs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.functions import FUNCTIONS, Function
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import KINDS

PACKAGE = "adobe-aep"
_MODULE = f"{PACKAGE}:index:"
_DYNAMIC = f"pulumi-python:dynamic/{PACKAGE}:"
_FoundT = TypeVar("_FoundT")


def type_token(name: str) -> str:
    """Return the type of a resource of the plugin.

    Args:
        name: The kind's: `PostgresBaseConnection`.
    """
    return f"{_MODULE}{name}"


def dynamic_type_token(name: str) -> str:
    """Return the type that the same resource has in a state that the dynamic provider has written."""
    return f"{_DYNAMIC}{name}"


def functions(kinds: Mapping[str, EntityKind]) -> Mapping[str, EntityKind | Function]:
    """Return the function that each token names.

    A kind's function reads an entity by its id, without managing it. Where the package has its own function of that
    name, as for a dataflow and its last run, the token names that one.

    Args:
        kinds: The kinds by their names.
    """
    return {
        **{f"{_MODULE}get{name}": kind for name, kind in kinds.items()},
        **{f"{_MODULE}{to_camel(function.name)}": function for function in FUNCTIONS},
    }


def kind_of_type(token: str, kinds: Mapping[str, EntityKind] = KINDS) -> EntityKind:
    """Return the kind of a resource.

    Args:
        token: The resource's type.
        kinds: The kinds that there are, by the names of their resources.

    Raises:
        InvalidInputs: This version has no such resource.
    """
    return _at(token, {type_token(name): kind for name, kind in kinds.items()})


def function_at(token: str) -> EntityKind | Function:
    """Return the function that a token names; see `functions`.

    Raises:
        InvalidInputs: This version has no such function.
    """
    return _at(token, functions(KINDS))


def type_in_urn(urn: str) -> str:
    """Return the type of the resource itself, without those of its parents, which may precede it."""
    return urn.split("::")[2].rpartition("$")[2]


def name_in_urn(urn: str) -> str:
    """Return the resource's name in its program; it may hold `::` itself."""
    return (*urn.split("::", 3), "")[3]


def _at(token: str, known: Mapping[str, _FoundT]) -> _FoundT:
    if token not in known:
        raise InvalidInputs(
            f"There is no {token} in this version of the plugin.",
            advice=f"There are {', '.join(each.removeprefix(_MODULE) for each in known)}. Install the version of the "
            "plugin that the program was written for.",
        )
    return known[token]
