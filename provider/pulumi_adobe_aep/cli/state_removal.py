"""Removing one entity from a stack's state by its id; the rest of the state stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_adobe_aep.cli.errors import CannotForget, UnreadableState

_TYPES = ("pulumi-python:dynamic/adobe-aep:", "adobe-aep:")
"""What the types of this provider's resources begin with."""
_LISTS = ("dependencies", "replaceWith")
_SINGLE = ("parent", "deletedWith")


@dataclass(frozen=True)
class Removal:
    """A state without one of its resources."""

    state: str
    """The whole state, as `pulumi stack import` reads it."""
    urn: str
    """The resource's URN."""
    type: str
    """Its type."""
    was_replaced: bool
    """Whether another entity has taken its place, so that it was only there to be deleted."""
    sandbox_name: str | None
    """Where the entity still is, as far as the state says."""


def remove(text: str, entity_id: str, source: str) -> Removal:
    """Take the resource with an id out of a state, and what is pending about it.

    Args:
        text: What `pulumi stack export` printed.
        entity_id: The id that the service gave to the entity.
        source: Where the state came from, for messages.

    Raises:
        UnreadableState: It is not a state.
        CannotForget: It has no such resource, or others depend on it.
    """
    try:
        exported = json.loads(text)
        deployment = exported["deployment"]
        resources = deployment.get("resources") or []
        found = [each for each in resources if each["type"].startswith(_TYPES) and each.get("id") == entity_id]
        target = _only(found, entity_id, source)
        _refuse_dependents(target, [each for each in resources if each is not target])
        deployment["resources"] = [each for each in resources if each is not target]
        pending = deployment.get("pending_operations")
        if pending:
            deployment["pending_operations"] = [each for each in pending if not _is_about(each["resource"], target)]
        sandbox_name = (target.get("outputs") or {}).get("sandboxName")
        return Removal(
            # With escapes: what the state holds comes back as it was, whatever the encoding of the pipe is.
            json.dumps(exported, indent=4),
            target["urn"],
            target["type"],
            bool(target.get("delete")),
            sandbox_name if isinstance(sandbox_name, str) else None,
        )
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise UnreadableState(f"{source} has no state that could be read.") from None


def _only(found: Sequence[dict[str, Any]], entity_id: str, source: str) -> dict[str, Any]:
    """Return the resource that manages the entity; another one may only look at it (`get`)."""
    managing = [each for each in found if not each.get("external")] or found
    if not managing:
        raise CannotForget(
            f"The state of {source} has no resource of this provider with the id {entity_id}.",
            advice="Check the id and the stack; `pulumi stack --show-ids` lists what the state has.",
        )
    if len(managing) > 1:
        raise CannotForget(
            f"The state of {source} has the id {entity_id} {len(managing)} times: "
            f"{', '.join(each['urn'] for each in managing)}.",
            advice="Remove one of them by its URN: pulumi state delete URN",
        )
    return managing[0]


def _refuse_dependents(target: dict[str, Any], others: Sequence[dict[str, Any]]) -> None:
    """Refuse a removal after which other resources would refer to nothing."""
    urn = target["urn"]
    # Resources refer to a URN. Of a replaced one that is the new one's as well, which is what they mean.
    if target.get("delete") and any(each["urn"] == urn and not each.get("delete") for each in others):
        return
    dependents = [each["urn"] for each in others if urn in _references(each)]
    if dependents:
        raise CannotForget(
            f"{urn} cannot be taken out of the state, because other resources depend on it: {', '.join(dependents)}.",
            advice="Take them out of the program first, and run pulumi up.",
        )


def _references(resource: dict[str, Any]) -> Iterator[str]:
    """Yield the URNs that a resource refers to."""
    for key in _LISTS:
        yield from resource.get(key) or ()
    for key in _SINGLE:
        if resource.get(key):
            yield resource[key]
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()


def _is_about(resource: dict[str, Any], target: dict[str, Any]) -> bool:
    return bool(resource["urn"] == target["urn"] and resource.get("id") == target["id"])
