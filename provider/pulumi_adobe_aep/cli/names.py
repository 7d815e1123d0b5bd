"""Names that are derived from other names: of resources, of variables in a program, of configuration keys."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection

_TAKEN = frozenset({"pulumi", "aep", "config", *keyword.kwlist, *keyword.softkwlist, *dir(builtins)})
"""What a variable of the program must not hide."""


def to_resource_name(connection_name: str | None) -> str:
    """Derive a resource's name from a connection's: short, readable, safe in a shell and in a URN."""
    return "-".join(_words(connection_name or "")) or "connection"


def to_variable(resource_name: str) -> str:
    """Make a name for a Python variable: `crm_replica`."""
    name = "_".join(_words(resource_name)) or "connection"
    if name in _TAKEN:
        return f"{name}_"
    return f"connection_{name}" if name[0].isdigit() else name


def to_config_key(variable: str, what: str) -> str:
    """Make the key of a value in the stack's configuration: `crmReplicaPassword`.

    Args:
        variable: The variable of the resource.
        what: The property, as in Python: `password`, `connection_string`.
    """
    first, *others = [word for word in f"{variable}_{what}".split("_") if word]
    return first + "".join(word.capitalize() for word in others)


def to_environment_name(resource_name: str, what: str) -> str:
    """Make the name of an environment variable: `CRM_REPLICA_PASSWORD`."""
    return "_".join([*_words(resource_name), what]).upper()


def unique(name: str, taken: Collection[str], separator: str) -> str:
    """Return a name that is not in use: the name itself, or with a number appended."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}{separator}{number}"
    return candidate


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
