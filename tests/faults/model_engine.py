"""A small engine: it calls the provider in the order in which Pulumi's engine does, and keeps the state as it does.

check, diff, then create, update, replace (create first, delete afterwards) or delete; a failed operation leaves the
state as it was and ends the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.host import Host, Wire


@dataclass
class Resource:
    """A resource in the state."""

    id: str
    inputs: Wire
    outputs: Wire


@dataclass
class ModelEngine:
    """A stack with entities of one kind.

    Attributes:
        resources: the state.
        to_delete: what a replacement has left, and what is deleted by the next update at the latest.
        doing: the resource that is created at the moment; kept when the provider dies over it.
    """

    resources: dict[str, Resource] = field(default_factory=dict)
    to_delete: list[Resource] = field(default_factory=list)
    doing: str | None = None

    def up(self, host: Host, program: Mapping[str, Wire]) -> int:
        """Bring the stack to what the program declares; return how many operations that took."""
        done = self._delete_leftovers(host)
        for name, declared in program.items():
            done += self._bring(host, name, host.checked(declared))
        for name in [name for name in self.resources if name not in program]:
            resource = self.resources[name]
            host.delete(resource.id, resource.outputs)
            del self.resources[name]
            done += 1
        return done + self._delete_leftovers(host)

    def refresh(self, host: Host) -> None:
        """Read everything; what is gone leaves the state."""
        for name, resource in list(self.resources.items()):
            found = host.read(resource.id, resource.outputs)
            if not found.id:
                del self.resources[name]
            else:
                self.resources[name] = Resource(found.id, found.inputs or resource.inputs, found.outputs)

    def known_ids(self) -> set[str]:
        """Return the ids of all that the state knows."""
        return {each.id for each in (*self.resources.values(), *self.to_delete)}

    def _bring(self, host: Host, name: str, inputs: Wire) -> int:
        recorded = self.resources.get(name)
        if recorded is None:
            self._create(host, name, inputs)
            return 1
        difference = host.diff(recorded.id, recorded.outputs, inputs)
        if not difference.is_change:
            return 0
        if difference.replaces:
            self._create(host, name, inputs)
            self.to_delete.append(recorded)
        else:
            outputs = host.update(recorded.id, recorded.outputs, inputs)
            self.resources[name] = Resource(recorded.id, inputs, outputs)
        return 1

    def _create(self, host: Host, name: str, inputs: Wire) -> None:
        self.doing = name
        created = host.create_checked(inputs)
        self.resources[name] = Resource(created.id, inputs, created.outputs)
        self.doing = None

    def _delete_leftovers(self, host: Host) -> int:
        done = 0
        while self.to_delete:
            host.delete(self.to_delete[0].id, self.to_delete[0].outputs)
            self.to_delete.pop(0)
            done += 1
        return done
