"""A small engine: it calls the provider in the order in which Pulumi's engine does, and keeps the state as it does.

check, diff, then create, update, replace or delete; a failed operation leaves the state as it was and ends the command.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tests.support.host import Host, Wire

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass
class Resource:
    """A resource in the state."""

    id: str
    inputs: Wire
    outputs: Wire


@dataclass
class Stack(Generic[KeyT]):
    """A stack's state, and what the engine does to one resource at a time.

    Attributes:
        resources: the state.
        to_delete: what replacements have left, the newest last; it is deleted by the next update at the latest.
        doing: the resource that is created at the moment; kept when the create fails.
    """

    resources: dict[KeyT, Resource] = field(default_factory=dict)
    to_delete: list[tuple[KeyT, Resource]] = field(default_factory=list)
    doing: KeyT | None = None

    def refresh(self, host: Host) -> None:
        """Read everything; what is gone leaves the state."""
        for key, resource in list(self.resources.items()):
            found = self.serving(host, key).read(resource.id, resource.outputs)
            if not found.id:
                del self.resources[key]
            else:
                self.resources[key] = Resource(found.id, found.inputs or resource.inputs, found.outputs)

    def known_ids(self) -> set[str]:
        """Return the ids of all that the state knows."""
        return {each.id for each in (*self.resources.values(), *(left for _, left in self.to_delete))}

    def serving(self, host: Host, key: KeyT) -> Host:  # noqa: ARG002 - a stack with several kinds looks at it
        """Return the process for the calls of a resource's kind."""
        return host

    def bring(self, host: Host, key: KeyT, declared: Wire) -> int:
        """Bring a resource to what is declared; return how many operations that took."""
        host, recorded = self.serving(host, key), self.resources.get(key)
        inputs = host.checked(declared)
        if recorded is None:
            self._create(host, key, inputs)
            return 1
        difference = host.diff(recorded.id, recorded.outputs, inputs)
        if not difference.is_change:
            return 0
        if not difference.replaces:
            outputs = host.update(recorded.id, recorded.outputs, inputs)
            self.resources[key] = Resource(recorded.id, inputs, outputs)
            return 1
        if difference.deletes_first:
            self.delete(host, key)
        self._create(host, key, inputs)
        if not difference.deletes_first:
            self.to_delete.append((key, recorded))
        return 1

    def delete(self, host: Host, key: KeyT) -> None:
        """Delete a resource."""
        resource = self.resources[key]
        self.serving(host, key).delete(resource.id, resource.outputs)
        del self.resources[key]

    def delete_leftovers(self, host: Host) -> int:
        """Delete what replacements have left; return how many operations that took."""
        done = 0
        while self.to_delete:
            key, resource = self.to_delete[-1]
            self.serving(host, key).delete(resource.id, resource.outputs)
            self.to_delete.pop()
            done += 1
        return done

    def _create(self, host: Host, key: KeyT, inputs: Wire) -> None:
        self.doing = key
        created = host.create_checked(inputs)
        self.resources[key] = Resource(created.id, inputs, created.outputs)
        self.doing = None


class ModelEngine(Stack[str]):
    """A stack with entities of one kind."""

    def up(self, host: Host, program: Mapping[str, Wire]) -> int:
        """Bring the stack to what the program declares; return how many operations that took."""
        done = self.delete_leftovers(host)
        for name, declared in program.items():
            done += self.bring(host, name, declared)
        for name in [name for name in self.resources if name not in program]:
            self.delete(host, name)
            done += 1
        return done + self.delete_leftovers(host)
