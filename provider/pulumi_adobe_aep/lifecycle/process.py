"""What all operations of a process share, whatever kind of entity they are about."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.cancellation import Cancellation
from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.api.deadline import OF_RESOURCE, Deadline
from pulumi_adobe_aep.api.service import Service
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.lifecycle.ledger import Ledger
from pulumi_adobe_aep.lifecycle.read import EntityReader
from pulumi_adobe_aep.lifecycle.spec_check import ConnectionSpecs
from pulumi_adobe_aep.sandbox import require_sandbox
from pulumi_adobe_aep.settings import Settings


class Process:
    """The way to Adobe, who may use it at once, and what is known of this process's own creates.

    Args:
        settings: Whose organization, which default sandbox, which limits.
        environment: Where secrets that never enter the state are read from.
        clock: The time, and waiting.
        cancellation: What ends all operations.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str] = os.environ,
        clock: Clock = SYSTEM_CLOCK,
        cancellation: Cancellation | None = None,
    ) -> None:
        self.settings = settings
        self.environment = environment
        self.clock = clock
        self.cancellation = cancellation or Cancellation()
        self.ledger = Ledger()
        self.connection_specs = ConnectionSpecs()
        self.slots = threading.BoundedSemaphore(settings.max_concurrency)
        """What bounds how many operations ask the services at once."""
        self._lock = threading.Lock()
        self._api: Api | None = None
        self._readers: dict[str, EntityReader] = {}

    def deadline(self, timeout: float | None = None) -> Deadline:
        """Return a time limit that begins now.

        Args:
            timeout: Seconds that a program has set for the resource; None takes the settings'.
        """
        if timeout is None:
            return Deadline(self.settings.timeout, self.clock, self.cancellation)
        return Deadline(timeout, self.clock, self.cancellation, OF_RESOURCE)

    def service(self, kind: EntityKind, sandbox: str, timeout: float | None = None) -> Service:
        """Return the service that has the entities of a kind, in a sandbox, with a time limit that begins now.

        Args:
            kind: The kind.
            sandbox: The sandbox's name.
            timeout: See `deadline`.

        Raises:
            SettingsError: Credentials are missing.
        """
        api, deadline = self.api, self.deadline(timeout)
        if kind.service == "data-prep":
            return api.data_prep(sandbox, deadline)
        return api.flow_service(sandbox, deadline)

    @property
    def api(self) -> Api:
        """Access to all of Adobe's services.

        Raises:
            SettingsError: Credentials are missing.
        """
        with self._lock:
            if self._api is None:
                self._api = Api(self.settings)
            return self._api

    def default_sandbox(self) -> str:
        """Return the sandbox in the settings.

        Raises:
            SettingsError: They name none.
        """
        return require_sandbox(self.settings.sandbox_name)

    def reader(self, kind: EntityKind) -> EntityReader:
        """Return what reads the entities of a kind, the same for all threads."""
        with self._lock:
            return self._readers.setdefault(kind.name, EntityReader(kind, self.slots))

    def close(self) -> None:
        """Close the connections that are kept open."""
        with self._lock:
            if self._api is not None:
                self._api.close()
