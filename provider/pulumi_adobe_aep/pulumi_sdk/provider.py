"""The adapter between Pulumi's dynamic provider protocol and the life cycle."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.errors import AepError, defect_message
from pulumi_adobe_aep.host_process import Operations, end_with_engine
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import UNKNOWN, Properties
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.partial import PartialFailure
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.logs import log_to_stderr
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.pulumi_sdk.worker_pool import extra_worker
from pulumi_adobe_aep.settings import Settings, load

if TYPE_CHECKING:
    from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
    from pulumi_adobe_aep.lifecycle.process import Process

PROVIDER_KEY = "__provider"
"""Where the SDK keeps the reference to the provider among a resource's properties."""

logger = logging.getLogger(__name__)


class EntityProvider(ResourceProvider):
    """A dynamic resource provider for the entities of one kind.

    Nothing is kept on the instance before `configure`: the engine pickles it into the state.
    """

    # A reference by name holds no secret, so it is not worth an encryption in each resource.
    serialize_as_secret_always = False

    kind: EntityKind
    _planner: Planner
    _lock: threading.Lock
    _lifecycle: Lifecycle | None

    def configure(self, req: ConfigureRequest) -> None:
        """Read the settings, once a process.

        Raises:
            SettingsError: A setting is malformed.
        """
        end_with_engine(sys.argv[1:], _operations)
        with _sanitized_errors():
            settings = load(os.environ, req.config.get)
            log_to_stderr(settings.log, PYTHON)
            self._planner = Planner(self.kind, settings)
            self._lock, self._lifecycle = threading.Lock(), None

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Validate the inputs and fill in their defaults."""
        with _sanitized_errors():
            declared = _from_engine(news)
            # The engine passes no old inputs of a resource that is not there yet.
            checked = self._planner.check(declared, is_new=not _from_engine(_olds or {}))
            # Of a property that is named here the engine prints the value, secrets in plain. The sentence has the path.
            # Properties have the state's names, as in the engine's list of differences; advice is said in Python.
            failures = [CheckFailure("", problem.sentence(wording=PYTHON)) for problem in checked.problems]
            return CheckResult(_to_engine(checked.inputs.to_state() if checked.inputs else declared), failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Return whether anything changed and whether that needs another entity."""
        with _sanitized_errors():
            difference = self._planner.diff(self._state(_olds), _from_engine(_news))
            for warning in difference.warnings:
                logger.warning("%s", PYTHON.of(warning))
            # None lets the engine compare property by property, so that it prints each change, secrets masked.
            return DiffResult(
                changes=None if difference.changed else difference.is_disabled,
                replaces=list(difference.replaces),
                delete_before_replace=self.kind.delete_before_replace,
            )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the entity."""
        with self._blocking_operation() as lifecycle:
            created = lifecycle.create(_from_engine(props))
            return CreateResult(created.string(self.kind.id_key), created.properties)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the entity, for a refresh or for `get`."""
        with self._blocking_operation() as lifecycle:
            found = lifecycle.read(id_, self._state(props))
            if found is None:
                return ReadResult("", {})
            return ReadResult(id_, found.properties, found.inputs(self.kind.inputs))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the entity in place."""
        with self._blocking_operation() as lifecycle:
            return UpdateResult(lifecycle.update(_id, self._state(_olds), _from_engine(_news)).properties)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the entity."""
        with self._blocking_operation() as lifecycle:
            lifecycle.delete(_id, self._state(_props))

    def _state(self, properties: Mapping[str, Any]) -> State:
        return self.kind.state(_from_engine(properties))

    def _started(self) -> Lifecycle:
        """Return the life cycle, one for all threads."""
        with self._lock:
            if self._lifecycle is None:
                # Late, because what sends requests takes longer to import than all the rest together, and neither a
                # program nor a preview nor an up without changes needs it.
                from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle  # noqa: PLC0415

                self._lifecycle = Lifecycle(self._planner, process_of(self._planner.settings))
            return self._lifecycle

    @contextmanager
    def _blocking_operation(self) -> Iterator[Lifecycle]:
        """Return the life cycle for an operation that may wait for the service, while the SDK serves other calls."""
        with extra_worker(), _operations.one(), _sanitized_errors():
            yield self._started()


_operations = Operations()
_processes: list[Process] = []
_processes_lock = threading.Lock()


def process_of(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Process:
    """Return what the operations of all kinds share in this process: tokens, limits, its own creates.

    The SDK makes a provider of each kind, and informs none of the others.

    Args:
        settings: Whose organization, which default sandbox, which limits.
        clock: The time, and waiting; the first call with these settings decides.
    """
    from pulumi_adobe_aep.lifecycle.process import Process  # noqa: PLC0415 - it imports what sends requests

    with _processes_lock:
        found = next((each for each in _processes if each.settings == settings), None)
        if found is None:
            found = Process(settings, clock=clock)
            _processes.append(found)
        return found


class ProviderDefect(Exception):
    """Something went wrong that this package does not foresee."""


ProviderDefect.__module__ = "pulumi_adobe_aep"


@contextmanager
def _sanitized_errors() -> Iterator[None]:
    """Raise a failure with its message alone: no chain, no frames, no secrets."""
    try:
        yield
    except PartialFailure as partial:
        # This protocol cannot record what was created although it failed; the message says what is left.
        _hide_frames()
        raise partial.failure.worded(PYTHON) from None
    except AepError as error:
        logger.debug("%s", error.worded(PYTHON), exc_info=True)
        _hide_frames()
        # The chain would be printed as well, and what others raise may hold a secret.
        error.__cause__, error.__suppress_context__ = None, True
        raise
    except Exception as error:
        logger.debug("An unforeseen error", exc_info=True)
        _hide_frames()
        _raise_defect(error)


def _hide_frames() -> None:
    """Have the SDK print the message of an error without frames, except at the log level `debug`.

    The SDK makes a whole traceback of every exception, to which it adds frames of its own, and only the limit of the
    process keeps them out. It holds for the other dynamic providers in the process, too, so it is set when an error
    leaves and not before (docs/limits.md).
    """
    if not logger.isEnabledFor(logging.DEBUG):
        sys.tracebacklimit = 0


def _raise_defect(error: Exception) -> NoReturn:
    raise ProviderDefect(defect_message(error)) from None


def _from_engine(properties: Mapping[str, Any]) -> Properties:
    """Return a resource's properties without the SDK's own, and what is unknown as the core knows it."""
    return {key: _replace_unknown(value) for key, value in properties.items() if key != PROVIDER_KEY}


def _replace_unknown(value: object) -> object:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _replace_unknown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace_unknown(item) for item in value]
    return value


def _to_engine(wire: Properties) -> dict[str, Any]:
    return {key: _restore_unknown(value) for key, value in wire.items()}


def _restore_unknown(value: object) -> object:
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, Mapping):
        return {key: _restore_unknown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_restore_unknown(item) for item in value]
    return value
