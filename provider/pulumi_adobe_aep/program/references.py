"""Arguments that refer to another resource: by its id, or by the resource itself, which brings more along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from pulumi_adobe_aep.kinds.value_types import type_of
from pulumi_adobe_aep.program.declaration import DeclarationError
from pulumi_adobe_aep.program.resource import EntityResource


def one_of(
    owner: str,
    resource: EntityResource | None,
    entity_id: Any,
    *,
    names: tuple[str, str],
    kind: type[EntityResource],
    called: str = "",
) -> pulumi.Input[str]:
    """Return the id that an argument refers to.

    Args:
        owner: The resource that is declared, for the message: `Dataflow 'customers'`.
        resource: The resource itself, if it is given.
        entity_id: Its id, if that is given.
        names: The names of both arguments: `("source", "source_connection_id")`.
        kind: The class that the resource must be of.
        called: What one of them is called in the message. Default: the class's name.

    Raises:
        DeclarationError: Not exactly one of them is given, or the resource is not of the class.
    """
    if resource is not None and not isinstance(resource, kind):
        wrong = f"{names[0]} must be a {called or kind.__name__}, got {_given(resource)}; {names[1]} takes an id."
        raise DeclarationError(f"{owner} cannot be declared like this:\n  - {wrong}")
    if (resource is None) == (entity_id is None):
        how_many = "neither" if resource is None else "both"
        raise DeclarationError(
            f"{owner} cannot be declared like this:\n  - give either {names[0]} or {names[1]}, not {how_many}."
        )
    referred: pulumi.Input[str] = entity_id if resource is None else resource.id
    return referred


def _given(value: object) -> str:
    return f"a {type(value).__name__}" if isinstance(value, EntityResource) else type_of(value)


def sandbox_of(sandbox_name: Any, *resources: EntityResource | None) -> Any:
    """Return the sandbox that is declared, or that of the first resource that is referred to."""
    if sandbox_name is not None:
        return sandbox_name
    return next((getattr(each, "sandbox_name") for each in resources if each is not None), None)  # noqa: B009


def guard(value: Any, *checks: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """Return a value as an Output that waits for checks. Each check runs as soon as its values are known."""
    return pulumi.Output.all(value, *checks).apply(lambda known: known[0])


def check(needed: dict[str, Any], problem: Callable[[dict[str, Any]], str], owner: str) -> pulumi.Output[None]:
    """Check values once they are known.

    Args:
        needed: The values.
        problem: Returns what is wrong with them; empty if nothing is.
        owner: The resource that is declared, for the message.
    """

    def run(known: dict[str, Any]) -> None:
        wrong = problem(known)
        if wrong:
            raise DeclarationError(f"{owner} cannot be declared like this:\n  - {wrong}")

    return pulumi.Output.from_input(needed).apply(run)
