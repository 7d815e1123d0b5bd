"""What a command works with: the settings, and through them Flow Service in one sandbox."""

from __future__ import annotations

import dataclasses
import os
from functools import cached_property

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.errors import SettingsError
from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.logs import log_to_stderr
from pulumi_adobe_aep.settings import SANDBOX, Settings, load


class Session:
    """The settings of one run of a command, and what is made from them when it is needed.

    Args:
        sandbox: The option `--sandbox`, which comes before every other place.
        stack: The option `--stack`: the stack whose configuration counts as well.

    Raises:
        SettingsError: A setting is malformed.
        PulumiFailed: The stack's configuration cannot be read.
    """

    def __init__(self, sandbox: str | None, stack: str | None) -> None:
        config = pulumi_command.stack_config(stack) if stack else {}
        settings = load(os.environ, config.get)
        if sandbox:
            sources = {**settings.sources, SANDBOX.environment: "option --sandbox"}
            settings = dataclasses.replace(settings, sandbox_name=sandbox, sources=sources)
        log_to_stderr(settings.log)
        self.settings: Settings = settings
        self.stack = stack

    @property
    def sandbox(self) -> str:
        """The sandbox that the command is about.

        Raises:
            SettingsError: None is named.
        """
        if not self.settings.sandbox_name:
            raise SettingsError(
                "No sandbox is named.",
                advice="Give --sandbox, or set AEP_SANDBOX_NAME. Without it Adobe would take the production sandbox.",
            )
        return self.settings.sandbox_name

    @cached_property
    def api(self) -> Api:
        """The connection to Adobe.

        Raises:
            SettingsError: Credentials are missing.
        """
        return Api(self.settings)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """The rules that the provider goes by."""
        return Lifecycle(Planner(POSTGRES, self.settings), Process(self.settings))

    def service(self) -> FlowService:
        """Return the Flow Service of the sandbox, with a time limit (AEP_TIMEOUT) that begins now."""
        sandbox = self.sandbox
        return self.api.flow_service(sandbox, Deadline(self.settings.timeout))

    def connection(self, connection_id: str) -> Connection:
        """Read a PostgreSQL connection of the sandbox.

        Raises:
            EntityGone: There is none with this id.
            EntityMismatch: It is another kind of source.
        """
        connection = self.service().connections.get(connection_id)
        self.lifecycle.check_belongs(connection, self.sandbox)
        return connection
