"""Deleting an entity, and saying what keeps it from being deleted."""

from __future__ import annotations

import logging
from collections.abc import Collection as Ids
from collections.abc import Iterator
from http import HTTPStatus

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.service import Collection, Service
from pulumi_adobe_aep.errors import AepError, EntityGone, EntityInUse, ServiceError
from pulumi_adobe_aep.kinds.kind import Dependents, EntityKind
from pulumi_adobe_aep.lifecycle.consistency import RecentWrite

POLL_EVERY = 1.0
"""Seconds between two looks at an entity whose deletion was accepted."""

logger = logging.getLogger(__name__)


def delete(service: Service, kind: EntityKind, entity_id: str, name: str, recent: RecentWrite | None = None) -> None:
    """Delete an entity and wait until it is gone. It is not an error if it is gone already.

    Args:
        service: The sandbox, with the time limit.
        kind: What it is.
        entity_id: Which one.
        name: Its name, for messages; may be empty.
        recent: When it was written last, if that is known.

    Raises:
        EntityInUse: Others use it; the message names them.
    """
    recent = recent or RecentWrite(service, None)
    collection = service.collection(kind.path, kind.noun)
    try:
        if kind.deletable:
            # A copy that has not seen the create yet says 404, and believing it would leave the entity behind.
            waiting_for = f"{kind.noun} {entity_id} to appear"
            gone = recent.wait_and_see(lambda: _delete_once(collection, entity_id), waiting_for)
        else:
            gone = collection.delete(entity_id)
    except ServiceError as error:
        if not kind.deletable and _is_unsupported(error):
            _say_what_stays(collection, entity_id, name)
            return
        if isinstance(error, EntityGone):
            return
        if error.code in kind.in_use_codes:
            raise _in_use(service, kind, entity_id, name, error) from None
        raise
    while not gone:
        try:
            collection.get(entity_id)
        except EntityGone:
            gone = True
        else:
            service.deadline.sleep(POLL_EVERY, f"{kind.noun} {entity_id} to be deleted")


def _delete_once(collection: Collection[Entity], entity_id: str) -> bool:
    """Delete, and return whether it is gone."""
    try:
        return collection.delete(entity_id)
    except EntityGone as gone:
        # The request was sent before and may have been handled then, which would lead to this 404.
        if gone.follows_unknown_outcome:
            return True
        raise


def _is_unsupported(error: ServiceError) -> bool:
    """Return whether Adobe itself responds that it has no such operation; a proxy's 404 has no code."""
    is_not_found = error.status == HTTPStatus.NOT_FOUND and bool(error.code)
    return is_not_found or error.status == HTTPStatus.METHOD_NOT_ALLOWED


def _say_what_stays(collection: Collection[Entity], entity_id: str, name: str) -> None:
    """Warn about an entity that the service has no way to delete, unless it is not there."""
    try:
        collection.get(entity_id)
    except EntityGone:
        return
    except AepError as failure:
        logger.info("Whether %s %s stays is not known. %s", collection.noun, entity_id, failure)
    logger.warning(
        "%s stays in sandbox %s, because Adobe offers no way to delete one. It does nothing unless a dataflow uses it.",
        f"{collection.noun.capitalize()} {called(entity_id, name)}",
        collection.service.sandbox,
    )


def called(entity_id: str, name: str) -> str:
    """Return what an entity is called in a message: its name, where it is known, and its id."""
    return f"'{name}' ({entity_id})" if name else entity_id


def _in_use(service: Service, kind: EntityKind, entity_id: str, name: str, error: ServiceError) -> EntityInUse:
    users = _users(service, kind, entity_id)
    return EntityInUse(
        f"{kind.noun.capitalize()} {called(entity_id, name)} cannot be deleted, because it is in use. {users}".rstrip(),
        why=error.why,
        advice=advise(AdviceKey.FREE_OR_FORGET, noun=kind.noun, id=entity_id),
        request_id=error.request_id,
    )


def _users(service: Service, kind: EntityKind, entity_id: str) -> str:
    """Name what uses an entity, as far as the service shows it."""
    try:
        users = [found for each in kind.dependents for found in _dependents(service, each, {entity_id})]
    except AepError as failure:
        return f"What uses it could not be listed: {failure.what}"
    named = [f"{noun} '{entity.name}' ({entity.id})" for noun, entity in users]
    return f"It is used by {', '.join(named)}." if named else ""


def _dependents(service: Service, dependents: Dependents, used: Ids[str]) -> Iterator[tuple[str, Entity]]:
    """List the entities that refer to some others, with what one is called, and then those that refer to them."""
    filters = [dependents.filter.format(id=each) for each in used] if dependents.filter and len(used) == 1 else []
    collection = service.collection(dependents.path, dependents.noun)
    found = [each for each in collection.list(*filters) if _refers(each, dependents.key, used)]
    yield from ((dependents.noun, each) for each in found)
    for further in dependents.dependents if found else ():
        yield from _dependents(service, further, {each.id for each in found})


def _refers(entity: Entity, key: str, used: Ids[str]) -> bool:
    reference = entity.shown.get(key)
    references = reference if isinstance(reference, list) else [reference]
    return any(each in used for each in references)
