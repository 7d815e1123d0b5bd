"""Whether an entity is gone, or only hidden, after the service has said that it does not exist.

Source: Adobe, "Apply access labels to sources": whoever lacks an access label of a dataflow gets 404 FLOW-1439-404 for
a GET of it, and 403 FLOW-2120-403 for a change.
"""

from __future__ import annotations

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch, Forbidden, ServiceError
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.delete import called

NO_ETAG = '"00000000-0000-0000-0000-000000000000"'
"""An etag that no entity has: a change with it is refused, whatever it says."""


def confirm(collection: Collection[Entity], kind: EntityKind, entity_id: str, recorded: State) -> None:
    """Check that an entity is gone after a GET of it has returned 404.

    It sends a change that cannot succeed; if it did, it would only set the name that the state has.

    Args:
        collection: Where it was, with the time limit.
        kind: What it is.
        entity_id: Which one.
        recorded: The state.

    Raises:
        Forbidden: It exists, and is hidden from these credentials.
        EntityMismatch: It exists after all, or another one does what it did.
    """
    title, sandbox = f"{kind.noun} {called(entity_id, recorded.name)}", collection.service.sandbox
    try:
        collection.patch(entity_id, NO_ETAG, [{"op": "replace", "path": "/name", "value": recorded.name}])
    except EntityGone:
        _look_for_rivals(collection, kind, title, recorded)
        return
    except Forbidden as hidden:
        raise hidden.with_context(
            what=f"The {title} is not shown, and may not be changed, in sandbox {sandbox}.",
            advice=f"{kind.may_be_hidden} The state is left as it is.",
        ) from None
    except ServiceError as refused:
        why = f"The response to a change of it is not the one for an entity that does not exist: {refused.why}"
    else:
        why = "A change of it was taken."
    raise EntityMismatch(
        f"The {title} is not shown in sandbox {sandbox}, and yet it is there.",
        why=why,
        advice="Run the command again in a minute.",
    )


def _look_for_rivals(collection: Collection[Entity], kind: EntityKind, title: str, recorded: State) -> None:
    rivals = [each for each in collection.list(*kind.list_filters) if kind.is_rival(recorded, each.shown)]
    if rivals:
        named = ", ".join(called(each.id, each.name or "") for each in rivals)
        raise EntityMismatch(
            f"The {title} is gone from sandbox {collection.service.sandbox}, and another {kind.noun} does what it "
            f"did: {named}.",
            why="Creating it again would give two that do the same.",
            advice=f"Delete the other {kind.noun}, or take this one out of the stack's state.",
        )
