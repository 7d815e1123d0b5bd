"""The settings of a command, and the services that it reaches with them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.errors import PulumiFailed
from pulumi_adobe_aep.cli.stack_state import read_states
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import TITLES, source_of
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.logs import log_to_stderr
from pulumi_adobe_aep.sandbox import require_sandbox
from pulumi_adobe_aep.settings import SANDBOX, Settings, load


class Session:
    """The settings of one run of a command, and what is made from them when it is needed.

    Args:
        sandbox: The option `--sandbox`, which comes before every other place.
        stack: The option `--stack`: the stack whose configuration counts as well.
        needs_stack: Whether it is a failure when the stack's configuration cannot be read.

    Raises:
        SettingsError: A setting is malformed.
        PulumiFailed: The stack's configuration cannot be read.
    """

    def __init__(
        self,
        sandbox: str | None,
        stack: str | None,
        *,
        needs_stack: bool = True,
    ) -> None:
        config: Mapping[str, object] = {}
        try:
            config = pulumi_command.stack_config(stack) if stack else {}
        except PulumiFailed:
            if needs_stack:
                raise
        settings = load(os.environ, config.get)
        if sandbox:
            sources = {**settings.sources, SANDBOX.environment: "option --sandbox"}
            settings = dataclasses.replace(settings, sandbox_name=sandbox, sources=sources)
        log_to_stderr(settings.log, COMMAND_LINE)
        self.settings: Settings = settings
        self.stack = stack
        self._lifecycles: dict[str, Lifecycle] = {}

    @property
    def sandbox(self) -> str:
        """The sandbox that the command is about.

        Raises:
            SettingsError: None is named.
        """
        return require_sandbox(self.settings.sandbox_name)

    def sandboxes(self) -> Sequence[str]:
        """Return the sandboxes that the command is about: the one that is named, or else those in the stack's state.

        Raises:
            SettingsError: None is named, and no stack is, or its state has no connection.
            PulumiFailed: The state cannot be read.
        """
        if self.settings.sandbox_name or not self.stack:
            return [self.sandbox]
        state, _ = read_states((), self.stack)
        return state.sandboxes or [self.sandbox]

    @property
    def api(self) -> Api:
        """The connection to Adobe.

        Raises:
            SettingsError: Credentials are missing.
        """
        return self._process.api

    def lifecycle(self, kind: EntityKind) -> Lifecycle:
        """Return the life cycle of the entities of a kind."""
        if kind.name not in self._lifecycles:
            self._lifecycles[kind.name] = Lifecycle(Planner(kind, self.settings), self._process)
        return self._lifecycles[kind.name]

    @cached_property
    def _process(self) -> Process:
        return Process(self.settings)

    def deadline(self) -> Deadline:
        """Return a time limit (AEP_TIMEOUT) that begins now."""
        return Deadline(self.settings.timeout)

    def service(self, sandbox: str | None = None) -> FlowService:
        """Return the Flow Service of a sandbox, with a time limit that begins now.

        Args:
            sandbox: Its name; None takes the one that the command is about.
        """
        sandbox = sandbox or self.sandbox
        return self.api.flow_service(sandbox, self.deadline())

    def auth_schema(self, connection: Connection) -> Mapping[str, Any] | None:
        """Return the JSON Schema of a connection's parameters; None if the service does not show it."""
        spec_id, auth_spec_name = connection.connection_spec.id, connection.auth.spec_name
        if spec_id is None or auth_spec_name is None:
            return None
        return self._process.connection_specs.auth_schema(self.service(), spec_id, auth_spec_name)

    def close(self) -> None:
        """Close the connections to Adobe that are kept open."""
        if "_process" in self.__dict__:
            self._process.close()

    @contextmanager
    def looking_for_connection(self) -> Iterator[None]:
        """Add to the error about an unknown id where the right one is listed."""
        try:
            yield
        except EntityGone as gone:
            raise gone.with_context(
                advice="Check the id; 'connections' lists them: pulumi-adobe-aep connections --sandbox "
                f"{self.sandbox}. A connection that is not in the list is in another sandbox, or was deleted."
            ) from None

    def connection(self, connection_id: str) -> Connection:
        """Read a connection of the sandbox to a source with tables.

        Raises:
            EntityGone: There is none with this id.
            EntityMismatch: It is a connection of another kind.
        """
        with self.looking_for_connection():
            connection = self.service().connections.get(connection_id)
        spec_id = connection.connection_spec.id
        if spec_id is not None and spec_id not in TITLES:
            raise EntityMismatch(
                f"Connection {connection_id} in sandbox {self.sandbox} is not a connection to a source with tables.",
                why=f"Its connection spec is {spec_id}.",
                advice="Check the id.",
            )
        self.lifecycle(source_of(spec_id)).check_belongs(connection, self.sandbox)
        return connection
