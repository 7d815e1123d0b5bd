"""Arguments that refer to another resource: by its id, or by the resource itself, which brings more along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from pulumi_adobe_aep.program.declaration import DeclarationError
from pulumi_adobe_aep.program.resource import EntityResource


def one_of(owner: str, resource: EntityResource | None, entity_id: Any, *, names: tuple[str, str]) -> pulumi.Input[str]:
    """Return the id that an argument refers to.

    Args:
        owner: The resource that is declared, for the message: `Dataflow 'customers'`.
        resource: The resource itself, if it is given.
        entity_id: Its id, if that is given.
        names: The names of both arguments: `("source", "source_connection_id")`.

    Raises:
        DeclarationError: Not exactly one of them is given.
    """
    if (resource is None) == (entity_id is None):
        how_many = "neither" if resource is None else "both"
        raise DeclarationError(
            f"{owner} cannot be declared like this:\n  - give either {names[0]} or {names[1]}, not {how_many}."
        )
    given: pulumi.Input[str] = entity_id if resource is None else resource.id
    return given


def sandbox_of(sandbox_name: Any, *resources: EntityResource | None) -> Any:
    """Return the sandbox that is declared, or that of the first resource that is referred to."""
    if sandbox_name is not None:
        return sandbox_name
    return next((getattr(each, "sandbox_name") for each in resources if each is not None), None)  # noqa: B009


def guard(value: Any, *checks: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """Return a value that comes only when checks have passed. Each check runs as soon as what it needs is known."""
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
