"""The differences between the connections of the service and those of the stacks' states."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli.names import to_resource_name
from pulumi_adobe_aep.cli.stack_state import StackState, StateResource
from pulumi_adobe_aep.errors import WrongOrganization
from pulumi_adobe_aep.kinds.registry import source_of
from pulumi_adobe_aep.native.tokens import type_token
from pulumi_adobe_aep.settings import SANDBOX


@dataclass(frozen=True)
class Orphan:
    """A connection that the service has and no state has."""

    connection: Connection
    creating: StateResource | None
    """The resource whose creation was under way under this name, so that it is most likely this connection."""
    sandbox: str
    is_for_plugin: bool
    """Whether the states were written with the native plugin, which the engine itself can import with."""
    stack: str | None
    """The stack that was named, which a command of the engine then names as well."""

    @property
    def import_command(self) -> str:
        """The command that imports it."""
        name = self.creating.name if self.creating else to_resource_name(self.connection.name)
        if not self.is_for_plugin:
            return _command("import", self.connection.id, "--name", name, "--sandbox", self.sandbox)
        token = type_token(source_of(self.connection.connection_spec.id).name)
        of_stack = [] if self.stack is None else ["--stack", self.stack]
        command = ["pulumi", "import", token, name, self.connection.id, *of_stack]
        return f"{SANDBOX.environment}={shlex.join([self.sandbox, *command])}"

    @property
    def delete_command(self) -> str:
        """The command that deletes it."""
        return _command("delete", self.connection.id, "--sandbox", self.sandbox)


@dataclass(frozen=True)
class Comparison:
    """The differences."""

    orphans: Sequence[Orphan]
    missing: Sequence[StateResource]
    """What a state has and the service does not."""
    creating: Sequence[StateResource]
    """What a state says is being created, as after a command that was killed; `CLEAR_COMMAND` ends that."""

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to do."""
        return not self.orphans and not self.missing and not self.creating


CLEAR_COMMAND = "pulumi refresh --clear-pending-creates"
"""What ends `creating`, once each such connection is imported, deleted, or known not to exist."""


def compare(
    connections: Sequence[Connection],
    state: StackState,
    sandbox: str,
    org_id: str,
    may_be_orphan: Callable[[Connection], bool] = lambda _: True,
    *,
    stack: str | None = None,
) -> Comparison:
    """Compare what one sandbox has with what states have.

    Args:
        connections: All base connections of the sandbox.
        state: All states that manage connections there.
        sandbox: The sandbox; what the states have in others is left aside.
        org_id: The organization.
        may_be_orphan: Which connections are looked at; the platform has some of its own.
        stack: The stack whose state it is, if it was named.

    Raises:
        WrongOrganization: The states are about another organization, so that nothing could be compared.
    """
    here = [each for each in state.resources if each.sandbox_name == sandbox]
    for each in here:
        if each.org_id not in (None, org_id):
            raise WrongOrganization(str(each.org_id), org_id)
    recorded = {each.id for each in state.resources}
    existing = {each.id for each in connections}
    creating = [each for each in state.creating if each.sandbox_name == sandbox]
    by_name = {each.connection_name: each for each in creating}
    orphans = [
        Orphan(each, by_name.get(each.name), sandbox, state.is_of_plugin, stack)
        for each in connections
        if each.id not in recorded and may_be_orphan(each)
    ]
    return Comparison(orphans, [each for each in here if each.id not in existing], creating)


def _command(*words: str) -> str:
    return shlex.join(["pulumi-adobe-aep", *words])
