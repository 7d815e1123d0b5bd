"""The records of batches, in SQLite: they need not fit into memory."""

import sqlite3
from collections.abc import Iterator, Sequence


class Rows:
    """All records, as JSON, by batch.

    Args:
        database: where they are kept; a temporary database of SQLite's own makes room on the disk for what it holds.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records "
            "(batch_id TEXT NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL, "
            "PRIMARY KEY (batch_id, position)) WITHOUT ROWID"
        )

    def add(self, batch_id: str, first: int, documents: Sequence[str]) -> None:
        """Keep records of a batch, the first of them at that position."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO records (batch_id, position, document) VALUES (?, ?, ?)",
            ((batch_id, first + number, document) for number, document in enumerate(documents)),
        )
        self._database.execute("COMMIT")

    def of(self, batch_id: str, offset: int, limit: int) -> Iterator[str]:
        """Return records of a batch, in the order of their reading."""
        found = self._database.execute(
            "SELECT document FROM records WHERE batch_id = ? ORDER BY position LIMIT ? OFFSET ?",
            (batch_id, limit, offset),
        )
        return (document for (document,) in found)

    def remove(self, batch_id: str) -> None:
        """Forget the records of a batch."""
        self._database.execute("DELETE FROM records WHERE batch_id = ?", (batch_id,))

    def keep_only(self, batch_ids: Sequence[str]) -> None:
        """Forget the records of all other batches, such as one that a process did not live to finish."""
        known = set(batch_ids)
        found = self._database.execute("SELECT DISTINCT batch_id FROM records").fetchall()
        for (batch_id,) in found:
            if batch_id not in known:
                self.remove(batch_id)

    def clear(self) -> None:
        """Forget everything."""
        self._database.execute("DELETE FROM records")
