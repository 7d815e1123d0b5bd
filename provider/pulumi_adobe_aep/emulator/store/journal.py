"""Storage of entities and of a few facts beside them, also in a file that outlives the process."""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from pulumi_adobe_aep.emulator.store.entities import Entity
from pulumi_adobe_aep.emulator.store.rows import Rows

_LOCK_SECONDS: Final = 0.5
"""Seconds to wait until another process has closed the file."""


class Journal(Protocol):
    """Keeps what it is given before it returns."""

    @property
    def rows(self) -> Rows:
        """The records of batches."""

    def save(self, entity: Entity) -> None:
        """Keep the entity, in place of an earlier revision."""

    def remove(self, entity_id: str) -> None:
        """Forget the entity."""

    def clear(self) -> None:
        """Forget all entities and records."""

    def entities(self) -> Iterator[Entity]:
        """Return all entities, in the order in which they were created."""

    def note(self, name: str, value: str) -> None:
        """Keep a fact that is not an entity."""

    def noted(self, name: str) -> str | None:
        """Return the fact, or None when there is none."""

    def close(self) -> None:
        """Close the file."""


class MemoryJournal:
    """Keeps nothing but the records of batches, while the process lives: the store's own memory is all there is."""

    def __init__(self) -> None:
        # No name: SQLite makes a temporary database, in memory while it is small.
        self._database = sqlite3.connect("", isolation_level=None)
        self.rows = Rows(self._database)

    def save(self, entity: Entity) -> None:
        """Do nothing."""

    def remove(self, entity_id: str) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Forget the records."""
        self.rows.clear()

    def entities(self) -> Iterator[Entity]:
        """Return nothing."""
        return iter(())

    def note(self, name: str, value: str) -> None:
        """Do nothing."""

    def noted(self, name: str) -> str | None:
        """Return None."""
        del name
        return None

    def close(self) -> None:
        """Close the temporary database."""
        self._database.close()


class JournalError(Exception):
    """A data file that cannot be used; the message says why."""


class SqliteJournal:
    """Keeps everything in one SQLite file, which holds secrets and people's data and so is readable by its owner only.

    Every change is on the disk before the call returns, so it survives ``kill -9`` and a loss of power.

    Args:
        path: the file; it is made when it is not there.

    Raises:
        JournalError: the file cannot be used, or another emulator uses it.
    """

    def __init__(self, path: Path) -> None:
        try:
            # Made before SQLite does, which would let the umask decide who may read it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_SECONDS)
            # An exclusive lock, kept: two emulators on one file would each use its own memory.
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS entities "
                "(position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, document TEXT NOT NULL)"
            )
            self.rows = Rows(self._database)
            self.note("format", "1")
        except OSError as error:
            raise JournalError(f"the data file {path} cannot be used: {error.strerror}") from None
        except sqlite3.OperationalError as error:
            reason = "another emulator uses it" if "locked" in str(error) else str(error)
            raise JournalError(f"the data file {path} cannot be used: {reason}") from None
        except sqlite3.Error as error:
            raise JournalError(f"the data file {path} cannot be used: {error}") from None

    def save(self, entity: Entity) -> None:
        """Keep the entity, in place of an earlier revision."""
        self._database.execute(
            "INSERT INTO entities (id, document) VALUES (?, ?) "
            "ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            (entity.id, json.dumps(entity.document())),
        )

    def remove(self, entity_id: str) -> None:
        """Forget the entity."""
        self._database.execute("DELETE FROM entities WHERE id = ?", (entity_id,))

    def clear(self) -> None:
        """Forget all entities and records."""
        self._database.execute("DELETE FROM entities")
        self.rows.clear()

    def entities(self) -> Iterator[Entity]:
        """Return all entities, in the order in which they were created."""
        for (document,) in self._database.execute("SELECT document FROM entities ORDER BY position"):
            yield Entity.from_document(json.loads(document))

    def note(self, name: str, value: str) -> None:
        """Keep a fact that is not an entity."""
        self._database.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def noted(self, name: str) -> str | None:
        """Return the fact, or None when there is none."""
        row = self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()
