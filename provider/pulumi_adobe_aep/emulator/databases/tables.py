"""Tables as explore shows them."""

from typing import TypedDict


class Table(TypedDict):
    """A table or view as explore shows it."""

    type: str
    name: str
    path: str
    canPreview: bool
    canFetchSchema: bool


def table(path: str) -> Table:
    """Return a table as explore shows it."""
    return {"type": "table", "name": path, "path": path, "canPreview": True, "canFetchSchema": True}
