"""One entity: a connection, a source connection, a flow, ...

What every kind has in common, seen in the responses of Flow Service: an id, times in milliseconds, who wrote it, a
state and a version, which is its etag.
"""

import zlib
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Literal, TypedDict, get_args

from typing_extensions import NotRequired

Kind = Literal[
    "connections",
    "sourceConnections",
    "targetConnections",
    "flows",
    "runs",
    "dataSets",
    "batches",
    "mappingSets",
    "schemas",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

JsonObject = dict[str, object]


@dataclass(frozen=True)
class Place:
    """Where an entity lives: no request from another organization or sandbox sees it."""

    org_id: str
    sandbox_id: str
    sandbox_name: str


@dataclass(frozen=True)
class Author:
    """Who writes: for a service token the person and the client are the same."""

    person: str
    client: str


class EntityDocument(TypedDict):
    """An entity as it is kept on disk."""

    id: str
    kind: Kind
    place: dict[str, str]
    fields: JsonObject
    state: str
    created_at: int
    updated_at: int
    created: dict[str, str]
    updated: dict[str, str]
    operation: str
    revision: int
    written_at: int
    settles_at: int | None
    settled_state: str
    gone_at: int | None
    notes: NotRequired[JsonObject]


@dataclass(frozen=True)
class Entity:
    """One entity at one revision. A change makes a new one.

    Attributes:
        fields: what the request's body gave.
        created_at: milliseconds, like the other times.
        operation: the last operation, as in lastOperation.
        revision: grows with every write, the service's own ones included.
        written_at: when it was last written. Unlike updated_at it moves when the service rewrites the entity by itself.
        settles_at: when the service will rewrite it by itself, to ``settled_state``.
        gone_at: when an accepted deletion will have been carried out.
        notes: what the emulator has to remember of the entity and no reader sees.
    """

    id: str
    kind: Kind
    place: Place
    fields: JsonObject
    state: str
    created_at: int
    updated_at: int
    created: Author
    updated: Author
    operation: str = "create"
    revision: int = 1
    written_at: int = 0
    settles_at: int | None = None
    settled_state: str = "enabled"
    gone_at: int | None = None
    notes: JsonObject = field(default_factory=dict)
    _etag: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The first word stands for Cosmos DB's counter: it must differ between revisions and entities, no more.
        word = zlib.crc32(f"{self.id}:{self.revision}".encode())
        object.__setattr__(self, "_etag", f'"{word:08x}-0000-0200-0000-{self.written_at // 1000:08x}0000"')

    @property
    def etag(self) -> str:
        """The version, with its double quotes: its second long word is the second of the last write.

        Seen in Adobe's examples, where the word agrees with updatedAt, or is a few seconds later on a new entity.
        """
        return self._etag

    @property
    def changes_at(self) -> int | None:
        """When time alone will change the entity, if ever."""
        times = [each for each in (self.settles_at, self.gone_at) if each is not None]
        return min(times, default=None)

    def at(self, now: int) -> "Entity | None":
        """Return the entity as time alone has made it by ``now``; None when it is gone."""
        if self.gone_at is not None and now >= self.gone_at:
            return None
        if self.settles_at is None or now < self.settles_at:
            return self
        return replace(
            self,
            state=self.settled_state,
            revision=self.revision + 1,
            written_at=self.settles_at,
            settles_at=None,
        )

    def item(self) -> JsonObject:
        """Return the entity as the service shows it, secrets included."""
        return {
            "id": self.id,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "createdBy": self.created.person,
            "updatedBy": self.updated.person,
            "createdClient": self.created.client,
            "updatedClient": self.updated.client,
            "sandboxId": self.place.sandbox_id,
            "sandboxName": self.place.sandbox_name,
            "imsOrgId": self.place.org_id,
            **self.fields,
            "state": self.state,
            "version": self.etag,
            "etag": self.etag,
            "lastOperation": {"started": 0, "updated": 0, "operation": self.operation},
        }

    def document(self) -> EntityDocument:
        """Return what is kept on disk."""
        return {
            "id": self.id,
            "kind": self.kind,
            "place": asdict(self.place),
            "fields": self.fields,
            "state": self.state,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "created": asdict(self.created),
            "updated": asdict(self.updated),
            "operation": self.operation,
            "revision": self.revision,
            "written_at": self.written_at,
            "settles_at": self.settles_at,
            "settled_state": self.settled_state,
            "gone_at": self.gone_at,
            "notes": self.notes,
        }

    @classmethod
    def from_document(cls, document: EntityDocument) -> "Entity":
        """Return the entity that `document` gave."""
        return cls(
            id=document["id"],
            kind=document["kind"],
            place=Place(**document["place"]),
            fields=document["fields"],
            state=document["state"],
            created_at=document["created_at"],
            updated_at=document["updated_at"],
            created=Author(**document["created"]),
            updated=Author(**document["updated"]),
            operation=document["operation"],
            revision=document["revision"],
            written_at=document["written_at"],
            settles_at=document["settles_at"],
            settled_state=document["settled_state"],
            gone_at=document["gone_at"],
            # Data files of the first version have none.
            notes=document.get("notes", {}),
        )
