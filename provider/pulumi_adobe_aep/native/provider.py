"""Pulumi's provider protocol (`provider.proto`), for every kind of entity.

This uses the protocol directly: the SDK's own layer above it adds stack frames to every error, cannot record what an
operation created before it failed, and cannot say that an output is not known yet.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from importlib.resources import files
from typing import Any, TypeVar

import grpc  # type: ignore[import-untyped]
from google.protobuf.empty_pb2 import Empty  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.errors import AepError, SettingsError, defect_message
from pulumi_adobe_aep.host_process import Operations
from pulumi_adobe_aep.kinds.functions import EntityArguments, Function, check
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import UNKNOWN, Properties
from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.differences import ChangeKind, PathChange
from pulumi_adobe_aep.lifecycle.partial import PartialFailure
from pulumi_adobe_aep.logs import log_to_stderr
from pulumi_adobe_aep.native.configuration import Configuration, load_settings
from pulumi_adobe_aep.native.diagnostics import about, send_warnings_to_engine
from pulumi_adobe_aep.native.failures import partial_failure
from pulumi_adobe_aep.native.tokens import function_at, kind_of_type, name_in_urn, type_in_urn
from pulumi_adobe_aep.native.values import Decoded, decode, encode, references
from pulumi_adobe_aep.native.wording import ANY_LANGUAGE

OF_DYNAMIC_PROVIDER = "__provider"
"""The key in the state of a resource that a dynamic provider has written."""
SCHEMA = files(__package__).joinpath("schema.json")
"""The package's schema, as it is kept in the repository: without a version."""

logger = logging.getLogger(__name__)
MethodT = TypeVar("MethodT", bound=Callable[..., Any])


class NotConfigured(Exception):
    """The engine has not configured the provider that it calls, or not over this connection."""


def _guarded(method: MethodT) -> MethodT:
    """Count a call as long as it lasts, and reduce a failure to its message: no stack frames, no secrets."""

    @wraps(method)
    def guarded(self: ProviderServicer, request: Any, context: grpc.ServicerContext) -> Any:
        with self.operations.one(), about(getattr(request, "urn", "")):
            try:
                return method(self, request, context)
            except PartialFailure as partial:
                logger.debug("%s", partial.failure, exc_info=True)
                status = self._partial(request, partial)
            except AepError as error:
                logger.debug("%s", error.worded(ANY_LANGUAGE), exc_info=True)
                status = _status(f"{type(error).__name__}: {error.worded(ANY_LANGUAGE)}")
            except NotConfigured as error:
                status = _status(str(error), grpc.StatusCode.FAILED_PRECONDITION)
            except Exception as error:
                logger.debug("An unforeseen error", exc_info=True)
                status = _status(f"ProviderDefect: {defect_message(error)}")
        return context.abort_with_status(status)

    return guarded  # type: ignore[return-value]


def _status(message: str, code: grpc.StatusCode = grpc.StatusCode.UNKNOWN) -> grpc.Status:
    status = grpc.Status()
    status.code, status.details, status.trailing_metadata = code, message, ()
    return status


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """The provider of all kinds of entities.

    An engine starts a process for each provider of a program. A process that engines only attach to serves several
    providers: each has a connection of its own, by which their calls are distinguished.

    Args:
        operations: Counts the calls that are under way.
        engine: The engine's address; empty if a later call passes it.
        kinds: The kinds that are served, by the names of their resources.
        clock: The time, and waiting.
    """

    def __init__(
        self,
        operations: Operations,
        engine: str = "",
        kinds: Mapping[str, EntityKind] = KINDS,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.operations = operations
        self._engine = engine
        self._kinds = kinds
        self._clock = clock
        self._configurations: dict[str, Configuration] = {}
        self._adopted: dict[str, Mapping[str, str]] = {}
        """The references to secrets in what was read for an import, by URN; the check that follows takes them."""

    # The engine's first calls.

    def Handshake(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Return what this provider supports."""
        self._engine = request.engine_address
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def Attach(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Attach to an engine that has not started this process (`PULUMI_DEBUG_PROVIDERS`)."""
        self._engine = request.address
        return Empty()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """Return the version."""
        return plugin_pb2.PluginInfo(version=__version__)

    def GetSchema(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """Return the schema."""
        schema = {**json.loads(SCHEMA.read_text(encoding="utf-8")), "version": __version__}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def Cancel(self, _request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """End all operations of a provider; each reports what is known of its result."""
        if context.peer() in self._configurations:
            self._configurations[context.peer()].cancellation.request()
        return Empty()

    def end(self) -> None:
        """End all operations of all providers."""
        for configuration in list(self._configurations.values()):
            configuration.cancellation.request()

    # The provider itself.

    @_guarded
    def CheckConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Check the settings, as far as they are known."""
        news = decode(request.news)
        failures = []
        try:
            known = {key: value for key, value in news.properties.items() if value is not UNKNOWN}
            load_settings(known, name_in_urn(request.urn))
        except SettingsError as error:
            failures.append(provider_pb2.CheckFailure(property="", reason=str(error.worded(ANY_LANGUAGE))))
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @_guarded
    def DiffConfig(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Compare settings. No change replaces the provider, which would replace all its resources.

        A resource that belongs to another organization reports that itself. The recorded settings may be those of a
        dynamic provider, which are the whole stack's.
        """
        news, olds = decode(request.news).properties, decode(request.olds).properties
        changed = any(olds.get(key) != value for key, value in news.items())
        return provider_pb2.DiffResponse(changes=_some(changed))

    @_guarded
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Take the settings: the environment first, then the provider's own."""
        settings = load_settings(decode(request.args).properties, request.name)
        log_to_stderr(settings.log, ANY_LANGUAGE)
        if self._engine:
            send_warnings_to_engine(self._engine)
        self._configurations[context.peer()] = Configuration(settings, self._clock)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    # Resources.

    @_guarded
    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Validate the inputs and fill in their defaults."""
        kind, news = self._kind(request), decode(request.news)
        declared = {"name": name_in_urn(request.urn), **news.properties}
        configuration = self._configured(context)
        checked = configuration.planner(kind).check(declared, is_new=not decode(request.olds).properties)
        remarks = kind.remarks(checked.inputs) if checked.inputs is not None else None
        for remark in remarks or ():
            if not (remark.about_reach and configuration.settings.is_service_on_this_machine):
                logger.warning("%s: %s.", remark.path, ANY_LANGUAGE.spelled(remark.text))
        for path, variable in self._adopted.pop(request.urn, {}).items():
            logger.warning(
                "%s cannot be read from Adobe, so the code refers to the environment variable %s. Nothing is sent, and "
                "the variable need not be set, until something of %s changes. Set it for whoever runs pulumi, or put "
                "the secret itself in place of the reference: the next pulumi up sends it.",
                path,
                variable,
                path.partition(".")[0],
            )
        # The engine prints the value of a property that is named here, even a secret. So the message has the path.
        failures = [
            provider_pb2.CheckFailure(property="", reason=each.sentence(wording=ANY_LANGUAGE))
            for each in checked.problems
        ]
        inputs = checked.inputs.to_state() if checked.inputs else declared
        return provider_pb2.CheckResponse(inputs=_encode(kind, inputs, news), failures=failures)

    @_guarded
    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Return what changed, as paths, and whether that needs another entity."""
        kind, olds, news = self._kind(request), decode(request.olds), decode(request.news)
        if OF_DYNAMIC_PROVIDER in olds.properties:
            logger.warning(
                "This resource was written by the dynamic provider and is taken over by the plugin. There is no way "
                "back: a program without the plugin can neither refresh nor destroy it afterwards. The next pulumi "
                "refresh or change of it ends this message."
            )
        difference = self._configured(context).planner(kind).diff(kind.state(olds.properties), news.properties)
        for warning in difference.warnings:
            logger.warning("%s", warning)
        return provider_pb2.DiffResponse(
            changes=_some(bool(difference.changed) or difference.is_disabled),
            replaces=list(difference.replaces),
            detailedDiff={change.path: _property_diff(change) for change in difference.changes},
            hasDetailedDiff=True,
            deleteBeforeReplace=kind.delete_before_replace and bool(difference.replaces),
        )

    @_guarded
    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Create the entity; in a preview, return the outputs that are known already."""
        kind, news = self._kind(request), decode(request.properties)
        configuration = self._configured(context)
        if request.preview:
            expected = configuration.planner(kind).expect(news.properties)
            return provider_pb2.CreateResponse(properties=_encode(kind, expected, news))
        created = configuration.lifecycle(kind, request.timeout).create(news.properties)
        entity_id = created.string(kind.id_key)
        return provider_pb2.CreateResponse(id=entity_id, properties=_encode(kind, created.properties, news))

    @_guarded
    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Read the entity: for a refresh, an import, or a program that only looks at it."""
        kind, olds = self._kind(request), decode(request.properties)
        lifecycle = self._configured(context).lifecycle(kind, getattr(request, "timeout", 0.0))
        recorded = kind.state(olds.properties)
        if recorded.string(kind.id_key):
            found = lifecycle.read(request.id, recorded)
        else:
            found = lifecycle.adopt(request.id, recorded.sandbox_name)
            self._adopted[request.urn] = references(found.properties, [kind.inputs])
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=_encode(kind, found.properties, olds),
            inputs=_encode(kind, found.inputs(kind.inputs), olds),
        )

    @_guarded
    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Change the entity in place; in a preview, return the outputs that are known already."""
        kind, olds, news = self._kind(request), decode(request.olds), decode(request.news)
        configuration, recorded = self._configured(context), kind.state(olds.properties)
        if request.preview:
            expected = configuration.planner(kind).expect(news.properties, recorded)
            return provider_pb2.UpdateResponse(properties=_encode(kind, expected, news))
        updated = configuration.lifecycle(kind, request.timeout).update(request.id, recorded, news.properties)
        return provider_pb2.UpdateResponse(properties=_encode(kind, updated.properties, news))

    @_guarded
    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Delete the entity."""
        kind, olds = self._kind(request), decode(request.properties)
        self._configured(context).lifecycle(kind, request.timeout).delete(request.id, kind.state(olds.properties))
        return Empty()

    # Functions.

    @_guarded
    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Call a function. While an argument is not known yet, nothing is sent and no result is known."""
        function, arguments = function_at(request.tok), decode(request.args).properties
        if UNKNOWN in arguments.values():
            return provider_pb2.InvokeResponse(**{"return": Struct()})
        configuration = self._configured(context)
        if isinstance(function, Function):
            found = configuration.call(function, check(function.arguments, arguments)).to_state()
            return provider_pb2.InvokeResponse(**{"return": encode(found, (), ())})
        return provider_pb2.InvokeResponse(**{"return": _read_without_state(configuration, function, arguments)})

    def _kind(self, request: Any) -> EntityKind:
        return kind_of_type(type_in_urn(request.urn), self._kinds)

    def _configured(self, context: grpc.ServicerContext) -> Configuration:
        found = self._configurations.get(context.peer())
        if found is not None:
            return found
        # gRPC may have replaced a connection that was idle for long.
        if len(self._configurations) == 1:
            return next(iter(self._configurations.values()))
        raise NotConfigured("The provider is called before it is configured.")

    def _partial(self, request: Any, partial: PartialFailure) -> grpc.Status:
        kind = self._kind(request)
        news = decode(request.properties if isinstance(request, provider_pb2.CreateRequest) else request.news)
        state = partial.state
        failure = partial.failure.worded(ANY_LANGUAGE).with_context(
            advice=f"The {kind.noun} is in the state. Correct the declaration and run pulumi up again, or take it "
            "away with pulumi destroy."
        )
        outputs, inputs = (_encode(kind, each, news) for each in (state.properties, state.inputs(kind.inputs)))
        return partial_failure(partial.entity_id, outputs, inputs, failure)


def _read_without_state(configuration: Configuration, kind: EntityKind, arguments: Properties) -> Struct:
    """Read an entity that the program does not manage."""
    named = check(EntityArguments, arguments)
    found = configuration.lifecycle(kind).read(named.id, State({"sandboxName": named.sandbox_name}))
    return encode(found.properties if found else {}, (), [kind.inputs])


def _encode(kind: EntityKind, properties: Properties, came: Decoded) -> Struct:
    """Encode properties of an entity; a value that was a secret stays one."""
    return encode(properties, came.secrets, [kind.inputs])


def _some(changed: bool) -> Any:
    return provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE


def _property_diff(change: PathChange) -> Any:
    of = provider_pb2.PropertyDiff
    kinds = {
        ChangeKind.ADD: (of.ADD, of.ADD_REPLACE),
        ChangeKind.UPDATE: (of.UPDATE, of.UPDATE_REPLACE),
        ChangeKind.DELETE: (of.DELETE, of.DELETE_REPLACE),
    }
    return of(kind=kinds[change.kind][change.replaces])
