"""All entities of all organizations and sandboxes."""

from dataclasses import replace
from heapq import heappop, heappush

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.store.entities import KINDS, Author, Entity, JsonObject, Kind, Place
from pulumi_adobe_aep.emulator.store.journal import Journal
from pulumi_adobe_aep.emulator.store.replicas import Replicas, Replication


class EntityStore:
    """Holds entities and changes them as time passes.

    Nothing happens in the background: what has become of an entity is worked out when somebody looks.
    Every change is in the journal before the method returns.

    `get` and `all` see every write, as what changes entities has to; `read` and `read_all` are for the requests of
    readers, which may be served by a replica that lags behind.
    """

    def __init__(self, clock: Clock, identifiers: Identifiers, journal: Journal) -> None:
        self._clock = clock
        self._identifiers = identifiers
        self._journal = journal
        self._entities: dict[Kind, dict[str, Entity]] = {kind: {} for kind in KINDS}
        # When time alone will change which entity, the next one first: a list need not look at each of thousands. What
        # a later change has made pointless stays until its time comes and does no harm then.
        self._due: dict[Kind, list[tuple[int, str]]] = {kind: [] for kind in KINDS}
        self._replicas = Replicas()
        for entity in journal.entities():
            self._hold(entity)
        self.rows = journal.rows
        self.rows.keep_only(list(self._entities["batches"]))

    def use(self, clock: Clock, identifiers: Identifiers) -> None:
        """Go on with another clock and another source of ids."""
        self._clock = clock
        self._identifiers = identifiers

    def replicate(self, replication: Replication) -> None:
        """Go on with replicas that are so far behind."""
        self._replicas.use(replication)

    def now(self) -> int:
        """Return the time in milliseconds, as the entities see it."""
        return self._clock.now()

    def add(
        self,
        kind: Kind,
        place: Place,
        author: Author,
        fields: JsonObject,
        *,
        state: str = "enabled",
        settle_after: int = 0,
        entity_id: str | None = None,
        at: int | None = None,
        notes: JsonObject | None = None,
    ) -> Entity:
        """Create an entity.

        Args:
            kind: what it is.
            place: where it lives.
            author: who creates it.
            fields: what its body says.
            state: the state that the service settles it to.
            settle_after: milliseconds after which the service does so; until then it is ``initializing``.
            entity_id: its id, where it is not a new UUID.
            at: when it was created, in milliseconds, where that is not now.
            notes: what is to be remembered of it.
        """
        now = self._clock.now() if at is None else at
        passing = settle_after > 0
        return self._keep(
            Entity(
                id=entity_id or self._identifiers.uuid(),
                kind=kind,
                place=place,
                fields=fields,
                state="initializing" if passing else state,
                created_at=now,
                updated_at=now,
                created=author,
                updated=author,
                written_at=now,
                settles_at=now + settle_after if passing else None,
                settled_state=state,
                # Seen on a source connection in Adobe's example of drafts.
                operation="draft_create" if state == "draft" else "create",
                notes=notes or {},
            )
        )

    def get(self, kind: Kind, place: Place, entity_id: str) -> Entity | None:
        """Return the entity with that id, if it is in that place."""
        entity = self._current(kind, entity_id)
        return entity if entity is not None and entity.place == place else None

    def all(self, kind: Kind, place: Place | None = None) -> list[Entity]:
        """Return all entities of a kind, oldest first, of one place or of all."""
        due, now = self._due[kind], self._clock.now()
        while due and due[0][0] <= now:
            self._current(kind, heappop(due)[1])
        entities = self._entities[kind].values()
        if place is None:
            return list(entities)
        sandbox_id = place.sandbox_id
        return [entity for entity in entities if entity.place.sandbox_id == sandbox_id]

    def read(self, kind: Kind, place: Place, entity_id: str) -> Entity | None:
        """Return the entity with that id, if it is in that place, as the next replica shows it."""
        entity = self._current(kind, entity_id)
        if self._replicas.lags((kind, entity_id)):
            entity = self._replicas.shown(kind, entity_id, entity, self._clock.now())
        return entity if entity is not None and entity.place == place else None

    def read_all(self, kind: Kind, place: Place) -> list[Entity]:
        """Return all entities of a kind in a place, oldest first, as the next replica shows them."""
        entities = self.all(kind, place)
        if not self._replicas.lags((kind, place)):
            return entities
        now, current = self._clock.now(), {entity.id: entity for entity in entities}
        known = [*current, *(each for each in self._replicas.recently_written(kind) if each not in current)]
        shown = (self._replicas.shown(kind, each, current.get(each), now) for each in known)
        return sorted(
            (entity for entity in shown if entity is not None and entity.place == place),
            key=lambda entity: entity.created_at,
        )

    def update(
        self,
        entity: Entity,
        author: Author,
        *,
        fields: JsonObject | None = None,
        state: str | None = None,
        settle_after: int = 0,
        passing_state: str = "initializing",
        operation: str = "update",
        notes: JsonObject | None = None,
    ) -> Entity:
        """Write an entity for a caller.

        Args:
            entity: its current revision.
            author: who writes.
            fields: its new body, if that changes.
            state: its new state, if that changes.
            settle_after: milliseconds that it is in the passing state on its way to that state.
            passing_state: what it is in until then.
            operation: what is then the last operation.
            notes: what is to be remembered of it beside what is.
        """
        now = self._clock.now()
        changed = replace(
            entity,
            fields=entity.fields if fields is None else fields,
            updated_at=now,
            updated=author,
            operation=operation,
            revision=entity.revision + 1,
            written_at=now,
            notes={**entity.notes, **(notes or {})},
        )
        if state is not None:
            passing = settle_after > 0
            changed = replace(
                changed,
                state=passing_state if passing else state,
                settles_at=now + settle_after if passing else None,
                settled_state=state,
            )
        return self._keep(changed)

    def overwrite(
        self,
        entity: Entity,
        *,
        fields: JsonObject | None = None,
        state: str | None = None,
        notes: JsonObject | None = None,
    ) -> Entity:
        """Write an entity as the service does by itself: another etag, the same updatedAt."""
        return self._keep(
            replace(
                entity,
                fields=entity.fields if fields is None else fields,
                state=entity.state if state is None else state,
                settles_at=entity.settles_at if state is None else None,
                revision=entity.revision + 1,
                written_at=self._clock.now(),
                notes={**entity.notes, **(notes or {})},
            )
        )

    def remove(self, entity: Entity, *, after: int = 0) -> None:
        """Delete an entity, at once or after so many milliseconds in the state ``delete-finalizing``."""
        if after > 0:
            now = self._clock.now()
            self._keep(
                replace(
                    entity,
                    state="delete-finalizing",
                    operation="delete",
                    revision=entity.revision + 1,
                    written_at=now,
                    settles_at=None,
                    gone_at=now + after,
                )
            )
            return
        self._drop(entity, self._clock.now())

    def clear(self) -> None:
        """Delete everything."""
        for kind in KINDS:
            self._entities[kind].clear()
            self._due[kind].clear()
        self._replicas.forget()
        self._journal.clear()

    def _keep(self, entity: Entity) -> Entity:
        self._journal.save(entity)
        self._replicas.record(self._entities[entity.kind].get(entity.id), entity, entity.written_at)
        self._hold(entity)
        return entity

    def _drop(self, entity: Entity, at: int) -> None:
        del self._entities[entity.kind][entity.id]
        self._journal.remove(entity.id)
        if entity.kind == "batches":
            self.rows.remove(entity.id)
        self._replicas.record(entity, None, at)

    def _hold(self, entity: Entity) -> None:
        self._entities[entity.kind][entity.id] = entity
        if entity.changes_at is not None:
            heappush(self._due[entity.kind], (entity.changes_at, entity.id))

    def _current(self, kind: Kind, entity_id: str) -> Entity | None:
        """Apply the passage of time. The journal need not know: the same times give the same result again."""
        kept = self._entities[kind].get(entity_id)
        if kept is None:
            return None
        entity = kept.at(self._clock.now())
        if entity is None:
            self._drop(kept, kept.gone_at or self._clock.now())
        elif entity is not kept:
            self._replicas.record(kept, entity, entity.written_at)
            self._hold(entity)
        return entity
