"""The settings of one provider, and what is made from them when it is first needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pulumi_adobe_aep.api.cancellation import Cancellation
from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.kinds.functions import Arguments, Function
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.settings import ACCESS_TOKEN, CLIENT_SECRET, NAMES, NAMESPACE, Settings, load

if TYPE_CHECKING:
    from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
    from pulumi_adobe_aep.lifecycle.process import Process


def load_settings(config: Mapping[str, Any], provider: str) -> Settings:
    """Read the settings: the environment, then the provider's own configuration, then the credentials file.

    For an explicit provider, its own configuration comes first, because its purpose is to differ from the environment.

    Args:
        config: The provider's configuration, without a namespace: `orgId`.
        provider: The provider's name; the engine calls those that it makes itself `default`, with their version.

    Raises:
        SettingsError: A setting is malformed.
    """
    environment = os.environ if is_default(provider) else _without(os.environ, config)
    return load(environment, lambda key: config.get(key.removeprefix(f"{NAMESPACE}:")))


def is_default(provider: str) -> bool:
    """Return whether a provider is one that the engine makes itself, from its name."""
    return provider == "default" or provider.startswith("default_") or not provider


def _without(environment: Mapping[str, str], config: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the environment without the settings that a configuration has itself."""
    said = {name for name in NAMES if config.get(name.config)}
    if said & set(_PROOFS):
        # An access token in the environment belongs to another client than this provider's.
        said.update(_PROOFS)
    hidden = {name.environment for name in said}
    return {key: value for key, value in environment.items() if key not in hidden}


_PROOFS = (CLIENT_SECRET, ACCESS_TOKEN)
"""The settings that authenticate the client; one of them is enough."""


class Configuration:
    """One provider: the default one of a stack, or an explicit one.

    Args:
        settings: Its settings.
        clock: The time, and waiting.
    """

    def __init__(self, settings: Settings, clock: Clock = SYSTEM_CLOCK) -> None:
        self.settings = settings
        self.cancellation = Cancellation()
        self._clock = clock
        self._lock = threading.Lock()

    def planner(self, kind: EntityKind) -> Planner:
        """Return the planner, which checks and compares the entities of a kind."""
        return Planner(kind, self.settings)

    def lifecycle(self, kind: EntityKind, timeout: float = 0.0) -> Lifecycle:
        """Return the life cycle of the entities of a kind, for one operation.

        Args:
            kind: The kind.
            timeout: Seconds that the program allows it (`customTimeouts`); 0 for none.
        """
        from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle  # noqa: PLC0415 - see `_made_process`

        return Lifecycle(self.planner(kind), self._process, timeout or None)

    def call(self, function: Function, arguments: Arguments) -> Model:
        """Call a function of the core; see `lifecycle.functions.call`."""
        from pulumi_adobe_aep.lifecycle.functions import call  # noqa: PLC0415 - see `_made_process`

        return call(function, arguments, self._process)

    @property
    def _process(self) -> Process:
        with self._lock:
            return self._made_process

    @cached_property
    def _made_process(self) -> Process:
        # Imported late: the modules that send requests take longer to import than all others together, and
        # neither a preview nor an up without changes needs them.
        from pulumi_adobe_aep.lifecycle.process import Process  # noqa: PLC0415

        return Process(self.settings, clock=self._clock, cancellation=self.cancellation)
