"""What separates two values, as paths: which property was added, changed or taken away, at any depth."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ChangeKind(enum.Enum):
    """What happens to a property."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


class PathChange(NamedTuple):
    """A property that differs."""

    path: str
    """As Pulumi writes it: `auth.port`, `mappings[0].source`, `headers["x-a.b"]`."""
    kind: ChangeKind
    replaces: bool
    """Whether another entity must take the place of this one because of it."""


def path_changes(old: Mapping[str, Any], new: Mapping[str, Any], replaces: Sequence[str]) -> tuple[PathChange, ...]:
    """Compare two objects.

    Args:
        old: The one before; a value that is None is as if it were not there.
        new: The one afterwards.
        replaces: The paths because of which the entity is replaced; each is in what is returned.
    """
    found = [PathChange(path, kind, _is_below(path, replaces)) for path, kind in _in_objects("", old, new)]
    reported = {change.path for change in found if change.replaces}
    # Of an object that is not known yet, the part because of which it is replaced is not a difference of its own.
    missing = [path for path in replaces if not any(_is_below(each, (path,)) for each in reported)]
    return (*found, *(PathChange(path, ChangeKind.UPDATE, True) for path in missing))


def _is_below(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or path.startswith((f"{root}.", f"{root}[")) for root in roots)


def _in_objects(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, ChangeKind]]:
    for key in sorted({*old, *new}):
        yield from _in_values(_join(path, key), old.get(key), new.get(key))


def _in_lists(path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[str, ChangeKind]]:
    for index in range(max(len(old), len(new))):
        before, after = (each[index] if index < len(each) else None for each in (old, new))
        yield from _in_values(f"{path}[{index}]", before, after)


def _in_values(path: str, old: Any, new: Any) -> Iterator[tuple[str, ChangeKind]]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _in_objects(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _in_lists(path, old, new)
    elif old is None:
        yield path, ChangeKind.ADD
    else:
        yield path, ChangeKind.DELETE if new is None else ChangeKind.UPDATE


def _join(path: str, key: str) -> str:
    if not _PLAIN.fullmatch(key):
        quoted = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{quoted}"]'
    return f"{path}.{key}" if path else key
