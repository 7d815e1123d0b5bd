"""The base connections and dataflows in a stack's state: the JSON that `pulumi stack export` prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.errors import UnreadableState
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.registry import BASE_CONNECTIONS, KINDS
from pulumi_adobe_aep.native.tokens import dynamic_type_token, type_token

_TOKENS = (dynamic_type_token, type_token)
_KINDS = {token(kind.name): kind for kind in BASE_CONNECTIONS for token in _TOKENS}
_NOUNS = {token(name): kind.noun for name, kind in KINDS.items() for token in _TOKENS}
_OF_PLUGIN = frozenset(map(type_token, KINDS))
DELETABLE_TYPES = frozenset(_KINDS)
"""The types of what `pulumi-adobe-aep delete` deletes: of base connections."""


@dataclass(frozen=True)
class StateResource:
    """A connection as a state has it. What is encrypted or unknown is None."""

    spec_id: str | None
    """Its connection spec."""
    urn: str
    id: str
    """Empty while it is being created."""
    connection_name: str | None
    sandbox_name: str | None
    org_id: str | None

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class StackState:
    """The connections of a state."""

    resources: Sequence[StateResource]
    """Those that it has, including those that it only reads (`get`)."""
    creating: Sequence[StateResource]
    """Those whose creation was under way when the last command ended."""
    managed: Mapping[str, str] = field(default_factory=dict)
    """What each entity that it has is called, of every kind, by its id."""
    types: frozenset[str] = frozenset()
    """The types of all of these."""

    @property
    def is_of_plugin(self) -> bool:
        """Whether it was written with the native plugin."""
        return bool(self.types) and self.types <= _OF_PLUGIN

    def of(self, source: str | None) -> StackState:
        """Return what is of one source, by its name in `KNOWN_SPECS`; all of it for None."""
        if source is None:
            return self
        spec_id = KNOWN_SPECS[source].id
        return StackState(
            [each for each in self.resources if each.spec_id == spec_id],
            [each for each in self.creating if each.spec_id == spec_id],
            types=self.types,
        )

    @property
    def sandboxes(self) -> list[str]:
        """The sandboxes that the state has connections in, each once."""
        return sorted({each.sandbox_name for each in (*self.resources, *self.creating) if each.sandbox_name})


def read_states(files: Sequence[str], stack: str | None) -> tuple[StackState, list[str]]:
    """Read states from files, or from the engine where none is named.

    Args:
        files: Names of files; - is standard input.
        stack: The stack to ask the engine for when there are no files; None is the one that is selected.

    Returns:
        All of them in one, and where each came from, for messages.

    Raises:
        UnreadableState: A file holds something else.
        PulumiFailed: The engine cannot give the state.
    """
    texts = [(_read(file), "standard input" if file == "-" else file) for file in files]
    if not files:
        texts = [(pulumi_command.stack_export(stack), f"stack {stack}" if stack else "the selected stack")]
    states = [parse(text, source) for text, source in texts]
    whole = StackState(
        [each for state in states for each in state.resources],
        [each for state in states for each in state.creating],
        {entity_id: noun for state in states for entity_id, noun in state.managed.items()},
        frozenset[str]().union(*(state.types for state in states)),
    )
    return whole, [source for _, source in texts]


def parse(text: str, source: str) -> StackState:
    """Read one state.

    Args:
        text: JSON.
        source: Where it came from, for messages.

    Raises:
        UnreadableState: It is not a state.
    """
    try:
        exported = json.loads(text)
        deployment = exported["deployment"]
        resources = deployment.get("resources") or []
        operations = deployment.get("pending_operations") or []
        creating = [each["resource"] for each in operations if each["type"] == "creating"]
        return StackState(
            list(_connections(resources)),
            list(_connections(creating)),
            {each["id"]: _NOUNS[each["type"]] for each in resources if each.get("id") and each["type"] in _NOUNS},
            frozenset(each["type"] for each in (*resources, *creating) if each["type"] in _NOUNS),
        )
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise UnreadableState(
            f"{source} is not what `pulumi stack export` prints.",
            advice="Write it with: pulumi stack export --file state.json",
        ) from None


def _read(file: str) -> str:
    try:
        # The engine writes UTF-8, whatever the terminal's encoding is.
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "It is not in UTF-8"
        name = "standard input" if file == "-" else file
        raise UnreadableState(f"{name} cannot be read.", why=f"{why}.") from None


def _connections(resources: Any) -> Iterator[StateResource]:
    for resource in resources:
        kind = _KINDS.get(resource["type"])
        if kind is None:
            continue
        known = {**(resource.get("inputs") or {}), **(resource.get("outputs") or {})}
        yield StateResource(
            spec_id=kind.spec_id or _text(_object(known.get("connectionSpec")), "id"),
            urn=resource["urn"],
            id=resource.get("id") or "",
            connection_name=_text(known, "name"),
            sandbox_name=_text(known, "sandboxName"),
            org_id=_text(known, "orgId"),
        )


def _text(properties: Mapping[str, object], key: str) -> str | None:
    value = properties.get(key)
    return value if isinstance(value, str) else None


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
