"""Eventual consistency: reads that come from a replica which has not seen the latest writes yet."""

from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from pulumi_adobe_aep.emulator.store.entities import Entity, Kind

_ALWAYS: Final = -1
"""When a version is from that was there before anything was recorded; earlier than every time of a clock."""

_Key = tuple[Kind, str]


@dataclass(frozen=True)
class Replication:
    """How far which replicas are behind.

    Attributes:
        lag: milliseconds that the lagging replicas are behind; 0 means that all reads see every write.
        replicas: how many replicas there are.
        lagging: how many of them lag: the first ones, in the order in which they are read.
    """

    lag: int = 0
    replicas: int = 2
    lagging: int = 1


class Replicas:
    """Chooses the replica for each read, and remembers what the lagging ones still show.

    A lagging replica shows what the store held so many milliseconds ago. Replicas are read in turn. Each entity and
    each list has turns of its own, which start again with every write: so it does not depend on other requests which
    replica is read.
    """

    def __init__(self) -> None:
        self._replication = Replication()
        # What each entity written of late was, and since when, the oldest first; None where there was no entity.
        self._versions: dict[_Key, list[tuple[int, Entity | None]]] = {}
        self._writes: deque[tuple[int, _Key]] = deque()
        self._turns: Counter[Hashable] = Counter()

    def use(self, replication: Replication) -> None:
        """Go on with other replicas. Writes from before the lag was set are seen by all of them."""
        self._replication = replication
        if not replication.lag:
            self.forget()

    def forget(self) -> None:
        """Forget all writes; the store has been emptied."""
        self._versions.clear()
        self._writes.clear()
        self._turns.clear()

    def record(self, before: Entity | None, after: Entity | None, now: int) -> None:
        """Remember a write.

        Args:
            before: the entity until then, None when it is new.
            after: the entity since then, None when it is gone.
            now: when, in milliseconds.
        """
        entity = after or before
        if not self._replication.lag or entity is None:
            return
        key = (entity.kind, entity.id)
        self._versions.setdefault(key, [(_ALWAYS, before)]).append((now, after))
        self._writes.append((now, key))
        del self._turns[key]
        del self._turns[entity.kind, entity.place]
        self._forget_before(now - self._replication.lag)

    def lags(self, read: Hashable) -> bool:
        """Return whether the next replica lags.

        Args:
            read: what is read: the kind and id of an entity, or the kind and place of a list.
        """
        if not self._replication.lag:
            return False
        turn = self._turns[read]
        self._turns[read] += 1
        return turn % self._replication.replicas < self._replication.lagging

    def shown(self, kind: Kind, entity_id: str, current: Entity | None, now: int) -> Entity | None:
        """Return what a lagging replica shows of an entity.

        Args:
            kind: what it is.
            entity_id: its id.
            current: what it is by now.
            now: the time in milliseconds.
        """
        seen_until = now - self._replication.lag
        versions = self._versions.get((kind, entity_id), [(_ALWAYS, current)])
        shown = next(entity for at, entity in reversed(versions) if at <= max(seen_until, _ALWAYS))
        return None if shown is None else shown.at(seen_until)

    def recently_written(self, kind: Kind) -> list[str]:
        """Return the ids of the entities of a kind that lagging replicas may show otherwise than they are."""
        return [entity_id for each, entity_id in self._versions if each == kind]

    def _forget_before(self, time: int) -> None:
        """Forget the versions that no replica shows any more."""
        while self._writes and self._writes[0][0] <= time:
            _, key = self._writes.popleft()
            versions = self._versions.get(key, [])
            while len(versions) > 1 and versions[1][0] <= time:
                del versions[0]
            if len(versions) == 1:
                del self._versions[key]
                del self._turns[key]
