"""Changes that have an endpoint of their own, such as enabling a dataflow."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.errors import AepError, ServiceError
from pulumi_adobe_aep.kinds.kind import Action, EntityKind
from pulumi_adobe_aep.lifecycle.delete import called, delete


def act(collection: Collection[Entity], entity_id: str, actions: Sequence[Action], state: str | None) -> str | None:
    """Carry out actions. It is not an error if an action has nothing to do.

    Args:
        collection: Where the entity is, with the time limit.
        entity_id: Which one.
        actions: What to do.
        state: Its state so far.

    Returns:
        Its state afterwards.
    """
    for action in actions:
        try:
            collection.act(entity_id, action.op)
        except ServiceError as error:
            if error.code not in action.done:
                raise
        state = action.state
    return state


def after_create(
    collection: Collection[Entity], kind: EntityKind, entity_id: str, name: str, actions: Sequence[Action]
) -> str | None:
    """Carry out actions on a new entity, and delete it again when one fails: the state would not know it.

    Returns:
        Its state afterwards.

    Raises:
        AepError: An action failed; the message says what became of the entity.
    """
    try:
        return act(collection, entity_id, actions, kind.resting_state)
    except AepError as failure:
        noun, named = kind.noun, called(entity_id, name)
        try:
            delete(collection.service, kind, entity_id, name)
        except AepError as left:
            raise failure.with_context(
                what=f"The new {noun} {named} was to be deleted again, which failed: {left.what}",
                advice=advise(AdviceKey.DELETE_FIRST, noun=noun, id=named, sandbox=collection.service.sandbox, then=""),
            ) from None
        raise failure.with_context(what=f"The new {noun} {named} was deleted again.") from None
