"""Names in Pulumi: type tokens, function tokens, URNs."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import KINDS

PACKAGE = "adobe-aep"
_MODULE = f"{PACKAGE}:index:"
_DYNAMIC = f"pulumi-python:dynamic/{PACKAGE}:"


def type_token(name: str) -> str:
    """Return the type of a resource of the plugin.

    Args:
        name: The kind's: `PostgresBaseConnection`.
    """
    return f"{_MODULE}{name}"


def dynamic_type_token(name: str) -> str:
    """Return the type that the same resource has in a state that the dynamic provider has written."""
    return f"{_DYNAMIC}{name}"


def function_token(name: str) -> str:
    """Return the function that reads an entity of a kind without managing it."""
    return f"{_MODULE}get{name}"


def kind_of_type(token: str, kinds: Mapping[str, EntityKind] = KINDS) -> EntityKind:
    """Return the kind of a resource.

    Args:
        token: The resource's type.
        kinds: The kinds that there are, by the names of their resources.

    Raises:
        InvalidInputs: This version has no such resource.
    """
    return _kind(token, _MODULE, kinds)


def kind_of_function(token: str) -> EntityKind:
    """Return the kind of the entities that a function reads.

    Raises:
        InvalidInputs: This version has no such function.
    """
    return _kind(token, f"{_MODULE}get", KINDS)


def type_in_urn(urn: str) -> str:
    """Return the type of the resource itself: in front of it may stand those of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def name_in_urn(urn: str) -> str:
    """Return the resource's name in its program; it may hold `::` itself."""
    return (*urn.split("::", 3), "")[3]


def _kind(token: str, prefix: str, kinds: Mapping[str, EntityKind]) -> EntityKind:
    kind = kinds.get(token.removeprefix(prefix)) if token.startswith(prefix) else None
    if kind is None:
        raise InvalidInputs(
            f"There is no {token} in this version of the plugin.",
            advice=f"There are {', '.join(kinds)}. Install the version of the plugin that the program was written for.",
        )
    return kind
