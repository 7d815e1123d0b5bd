"""The state of an entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_adobe_aep.kinds.model import Inputs, Properties


@dataclass(frozen=True)
class State:
    """The recorded inputs of an entity, and what the service says of it.

    Reads states of every version and of drift: nothing is checked, and what is unknown is ignored.

    Args:
        properties: As the state has them, secrets in plain; those that are None are as if they were not there.
    """

    properties: Properties = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        present = {key: value for key, value in self.properties.items() if value is not None}
        object.__setattr__(self, "properties", present)

    def string(self, key: str) -> str:
        """Return a property that is a string; empty if it is not there or is something else."""
        value = self.properties.get(key)
        return value if isinstance(value, str) else ""

    @property
    def name(self) -> str:
        """The entity's name; empty if it is not known."""
        return self.string("name")

    @property
    def sandbox_name(self) -> str:
        """The sandbox that it is in; empty for an entity that is only looked at."""
        return self.string("sandboxName")

    @property
    def org_id(self) -> str:
        """The organization that it belongs to; empty if it is not known."""
        return self.string("orgId")

    def inputs(self, model: type[Inputs]) -> Properties:
        """Return the part of it that a program declares.

        Args:
            model: The kind's inputs.
        """
        return {facts.key: self.properties[facts.key] for facts in model.facts() if facts.key in self.properties}

    def updated(self, changes: Mapping[str, Any]) -> State:
        """Return the state with some properties changed; those that become None are left out."""
        return State({**self.properties, **changes})
