"""The provider's process without the engine: start it as the engine does, and call it, whichever adapter it is.

What unit tests of the provider class hide shows here: numbers are floats, None vanishes, unknowns are a sentinel, and
an exception is the text that a person sees.
"""

from __future__ import annotations

import contextlib
import copy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, ClassVar, Protocol

import grpc  # type: ignore[import-untyped]
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from typing_extensions import Self

from pulumi_adobe_aep.advice import Wording
from pulumi_adobe_aep.dynamic import PostgresBaseConnectionProvider
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.native.wording import ANY_LANGUAGE
from pulumi_adobe_aep.pulumi_sdk.provider import PROVIDER_KEY
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.settings import NAMESPACE

Wire = dict[str, Any]

UNKNOWN = rpc.UNKNOWN
"""How the engine writes a value that a preview does not know."""
_CALL_SECONDS = 60.0
_ENDS_WITHIN = 10.0


def secret(value: object) -> Wire:
    """Write a value as the engine writes a secret."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


def pickled_provider(provider: type[ResourceProvider] = PostgresBaseConnectionProvider) -> str:
    """Return what the SDK puts under `__provider`."""
    return str(serialize_provider(provider()))


class ProviderFailed(Exception):
    """A call raised; the message is what the engine would print."""


@dataclass(frozen=True)
class Checked:
    """The response to Check."""

    inputs: Wire
    failures: list[str]
    """What is wrong, sorted."""
    properties: set[str]
    """The properties that the failures name. The engine prints their values, secrets in plain."""


@dataclass(frozen=True)
class Diffed:
    """The response to Diff."""

    is_change: bool
    """Whether the engine carries something out; the dynamic provider lets the engine compare what has changed."""
    replaces: list[str]
    details: dict[str, str]
    """What happens to each path, as the native plugin says it: `UPDATE_REPLACE`."""
    deletes_first: bool = False


@dataclass(frozen=True)
class Connected:
    """A connection as Create and Read give it; after Read, an empty id says that it is gone."""

    id: str
    outputs: Wire
    inputs: Wire | None = None


class Adapter(Protocol):
    """What differs between the adapters, as the engine sees them."""

    command: ClassVar[Sequence[str]]
    fast_command: ClassVar[Sequence[str]]
    """The same process with a clock on which every wait takes a moment."""
    resource_type: str
    wording: ClassVar[Wording]
    imports: ClassVar[bool]
    """Whether an entity that is in no state yet is read so that a program can declare it."""

    def serving(self, provider: type[ResourceProvider]) -> Adapter:
        """Return the same adapter for the calls of another kind.

        Args:
            provider: The class that the kind's states of the dynamic provider refer to.
        """

    def configuration(self, config: Mapping[str, object]) -> Wire:
        """Return what the engine passes to Configure of the stack's configuration, which has namespaces."""

    def properties(self, wire: Wire) -> Wire:
        """Return a resource's properties as the engine passes them."""


class Dynamic:
    """The dynamic provider, in the SDK's host.

    Args:
        provider: the pickled provider to name in each call, for states of another version.
    """

    command: ClassVar[Sequence[str]] = (sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1")
    fast_command: ClassVar[Sequence[str]] = (
        sys.executable,
        "-u",
        "-m",
        "tests.support.fast_host",
        "127.0.0.1:1",
    )
    wording: ClassVar[Wording] = PYTHON
    imports: ClassVar[bool] = False

    def __init__(self, provider: str | None = None, kind: str = "PostgresBaseConnection") -> None:
        self.provider = provider or pickled_provider()
        self.resource_type = f"pulumi-python:dynamic/adobe-aep:{kind}"

    def serving(self, provider: type[ResourceProvider]) -> Adapter:
        """Return one that names another provider."""
        return Dynamic(pickled_provider(provider), _kind(provider))

    def configuration(self, config: Mapping[str, object]) -> Wire:
        """Return the whole configuration."""
        return dict(config)

    def properties(self, wire: Wire) -> Wire:
        """Return them with the provider, as the SDK does."""
        return {PROVIDER_KEY: self.provider, **wire}


class Native:
    """The plugin. Secrets reach it marked as such, where a program marks them."""

    command: ClassVar[Sequence[str]] = (sys.executable, "-m", "tests.support.plugin_process")
    fast_command: ClassVar[Sequence[str]] = (sys.executable, "-m", "tests.support.fast_plugin")
    wording: ClassVar[Wording] = ANY_LANGUAGE
    imports: ClassVar[bool] = True

    def __init__(self, kind: str = "PostgresBaseConnection") -> None:
        self.resource_type = f"adobe-aep:index:{kind}"

    def serving(self, provider: type[ResourceProvider]) -> Adapter:
        """Return one for another type."""
        return Native(_kind(provider))

    def configuration(self, config: Mapping[str, object]) -> Wire:
        """Return the package's own keys, without the namespace."""
        prefix = f"{NAMESPACE}:"
        return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}

    def properties(self, wire: Wire) -> Wire:
        """Return them as they are."""
        return wire


ADAPTERS: Mapping[str, Callable[[], Adapter]] = {"dynamic": Dynamic, "native": Native}
"""Both, for tests that hold for either."""


class Host:
    """One process of the provider.

    Args:
        environment: AEP_* variables; nothing of the test's own environment under that prefix is inherited.
        log: where the process's stderr goes.
        adapter: which of the two it is.
        config: the stack's configuration, with namespaces.
        is_fast: whether every wait of it takes a moment only; a configuration has no effect then.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        adapter: Adapter,
        config: Mapping[str, object] | None = None,
        *,
        is_fast: bool = False,
    ) -> None:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("AEP_")}
        self.adapter = adapter
        self.urn = _urn(adapter)
        self._log = log
        self._ended = contextlib.ExitStack()
        stderr = self._ended.enter_context(log.open("w", encoding="utf-8"))
        self.process: subprocess.Popen[str] = subprocess.Popen(
            adapter.fast_command if is_fast else adapter.command,
            env={**inherited, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        self._ended.callback(self._end)
        port = _first_line(self.process.stdout)
        if not port:
            self.close()
            raise AssertionError(f"the provider did not start:\n{self.log()}")
        channel = self._ended.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}"))
        self._stub = provider_pb2_grpc.ResourceProviderStub(channel)
        self.refusal: ProviderFailed | None = None
        arguments = _struct(adapter.configuration(config or {}))
        try:
            self._call("Configure", provider_pb2.ConfigureRequest(args=arguments, acceptSecrets=True))
        except ProviderFailed as refused:
            # Then the engine calls nothing else, and shows this.
            self.refusal = refused

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._ended.close()

    def serving(self, provider: type[ResourceProvider]) -> Self:
        """Return the same process for the calls of another kind; a process of the SDK serves all kinds of a stack.

        Args:
            provider: The class that the kind's states refer to.
        """
        other = copy.copy(self)
        other.adapter = self.adapter.serving(provider)
        other.urn = _urn(other.adapter)
        return other

    def log(self) -> str:
        """Return what the process has written to stderr, which the engine shows as diagnostics."""
        return self._log.read_text(encoding="utf-8")

    def check(self, news: Wire, olds: Wire | None = None) -> Checked:
        """Check inputs."""
        request = provider_pb2.CheckRequest(
            urn=self.urn, olds=self._properties(olds) if olds else None, news=self._properties(news)
        )
        response = self._call("Check", request)
        reasons = sorted(each.reason for each in response.failures)
        return Checked(_wire(response.inputs), reasons, {each.property for each in response.failures if each.property})

    def checked(self, news: Wire) -> Wire:
        """Check inputs that must be right, and return them as the engine passes them on."""
        checked = self.check(news)
        assert checked.failures == []
        return checked.inputs

    def diff(self, connection_id: str, olds: Wire, news: Wire) -> Diffed:
        """Compare recorded outputs with checked inputs."""
        request = provider_pb2.DiffRequest(
            id=connection_id, urn=self.urn, olds=self._properties(olds), news=self._properties(news)
        )
        response = self._call("Diff", request)
        details = {path: provider_pb2.PropertyDiff.Kind.Name(each.kind) for path, each in response.detailedDiff.items()}
        return Diffed(
            response.changes != provider_pb2.DiffResponse.DIFF_NONE,
            list(response.replaces),
            details,
            response.deleteBeforeReplace,
        )

    def create(self, news: Wire) -> Connected:
        """Check inputs and create."""
        return self.create_checked(self.checked(news))

    def create_checked(self, news: Wire) -> Connected:
        """Create from inputs as they are."""
        response = self._call("Create", provider_pb2.CreateRequest(urn=self.urn, properties=self._properties(news)))
        return Connected(response.id, _wire(response.properties))

    def create_all(self, news: list[Wire]) -> list[Connected]:
        """Create several at the same time, as the engine does with independent resources."""
        checked = [self.checked(each) for each in news]
        with ThreadPoolExecutor(len(checked)) as pool:
            calls: list[Future[Connected]] = [pool.submit(self.create_checked, each) for each in checked]
            return [call.result() for call in calls]

    def read(self, connection_id: str, outputs: Wire) -> Connected:
        """Read for a refresh."""
        request = provider_pb2.ReadRequest(id=connection_id, urn=self.urn, properties=self._properties(outputs))
        response = self._call("Read", request)
        return Connected(response.id, _wire(response.properties), _wire(response.inputs))

    def update(self, connection_id: str, olds: Wire, news: Wire) -> Wire:
        """Check inputs and update; return the new outputs."""
        request = provider_pb2.UpdateRequest(
            id=connection_id, urn=self.urn, olds=self._properties(olds), news=self._properties(self.checked(news))
        )
        return _wire(self._call("Update", request).properties)

    def delete(self, connection_id: str, outputs: Wire) -> None:
        """Delete."""
        self._call(
            "Delete", provider_pb2.DeleteRequest(id=connection_id, urn=self.urn, properties=self._properties(outputs))
        )

    def invoke(self, function: str, arguments: Wire) -> Wire:
        """Call a function of the plugin; a Python program calls them in its own process.

        Args:
            function: its token without the package: `getTables`.
            arguments: as the engine passes them.
        """
        request = provider_pb2.InvokeRequest(tok=f"{NAMESPACE}:index:{function}", args=_struct(arguments))
        response = self._call("Invoke", request)
        return _wire(getattr(response, "return"))

    def _properties(self, wire: Wire) -> Struct:
        return _struct(self.adapter.properties(wire))

    def _call(self, method: str, request: Any) -> Any:
        if self.refusal is not None:
            raise self.refusal
        try:
            return getattr(self._stub, method)(request, timeout=_CALL_SECONDS)
        except grpc.RpcError as error:
            raise ProviderFailed(str(error.details())) from None

    def _end(self) -> None:
        # SIGTERM, because only then coverage can write down what it has seen.
        self.process.terminate()
        try:
            self.process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def failure(host_call: Any, *arguments: Any) -> str:
    """Make a call that must fail, and return its message without the name of the exception's class."""
    try:
        result = host_call(*arguments)
    except ProviderFailed as failed:
        return str(failed)
    raise AssertionError(f"it did not fail: {result}")


@contextlib.contextmanager
def running(
    environment: Mapping[str, str], folder: Path, adapter: Adapter, config: Mapping[str, object] | None = None
) -> Iterator[Host]:
    """Run a provider process for a test of its own."""
    with Host(environment, folder / "provider.log", adapter, config) as host:
        yield host


def _kind(provider: type[ResourceProvider]) -> str:
    """Return the name of the resource that a provider of this package serves; one of somebody else's has none."""
    kind = getattr(provider, "kind", None)
    return kind.name if isinstance(kind, EntityKind) else "Resource"


def _urn(adapter: Adapter) -> str:
    return f"urn:pulumi:dev::tests::{adapter.resource_type}::crm"


def _first_line(stdout: IO[str] | None) -> str:
    return "" if stdout is None else stdout.readline().strip()


def _struct(wire: Wire) -> Struct:
    struct = Struct()
    struct.update(_without_none(wire))
    return struct


def _without_none(value: Any) -> Any:
    """The engine has no null in properties."""
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value


def _wire(struct: Struct) -> Wire:
    found: Wire = plain_secrets(MessageToDict(struct))
    found.pop(PROVIDER_KEY, None)
    return found


def plain_secrets(value: Any) -> Any:
    """Return a value without the marks of what is secret."""
    if isinstance(value, Mapping):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return plain_secrets(value["value"])
        return {key: plain_secrets(item) for key, item in value.items()}
    return [plain_secrets(item) for item in value] if isinstance(value, list) else value
