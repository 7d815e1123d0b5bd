"""The log of this package as diagnostics of the engine: warnings are shown with the resource that they are about."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from pulumi_adobe_aep.advice import Advice
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.host_process import engine_channel
from pulumi_adobe_aep.logs import PACKAGE
from pulumi_adobe_aep.native.wording import ANY_LANGUAGE
from pulumi_adobe_aep.redaction import mask

_SECONDS = 5.0
"""Timeout in seconds for a diagnostic that is sent to the engine; after it, the diagnostic goes to stderr."""
_urn: ContextVar[str] = ContextVar("urn", default="")


@contextmanager
def about(urn: str) -> Iterator[None]:
    """Show what is logged in this thread with a resource.

    Args:
        urn: The resource's; empty for none.
    """
    token = _urn.set(urn)
    try:
        yield
    finally:
        _urn.reset(token)


class EngineHandler(logging.Handler):
    """Sends warnings to the engine. Other handlers get what it cannot send, and everything below a warning.

    Args:
        address: The engine's.
    """

    def __init__(self, address: str) -> None:
        super().__init__(logging.WARNING)
        self._engine = engine_pb2_grpc.EngineStub(engine_channel(address))
        self.failed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record without our name and level, because the engine adds its own."""
        request = engine_pb2.LogRequest(
            severity=engine_pb2.WARNING if record.levelno < logging.ERROR else engine_pb2.ERROR,
            message=mask(_message(record)),
            urn=_urn.get(),
        )
        try:
            self._engine.Log(request, timeout=_SECONDS)
        except grpc.RpcError:
            self.failed = True


def _message(record: logging.LogRecord) -> str:
    arguments = record.args if isinstance(record.args, tuple) else ()
    worded = (each.render(ANY_LANGUAGE) if isinstance(each, (AepError, Advice)) else each for each in arguments)
    return str(record.msg) % tuple(worded) if arguments else record.getMessage()


class _NotSent(logging.Filter):
    """Passes to stderr what the engine does not show."""

    def __init__(self, engine: EngineHandler) -> None:
        super().__init__()
        self._engine = engine

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno < logging.WARNING or self._engine.failed


def send_warnings_to_engine(address: str) -> None:
    """Send this package's warnings to the engine instead of to stderr, as long as it takes them.

    Args:
        address: The engine's.
    """
    package = logging.getLogger(PACKAGE)
    for before in [each for each in package.handlers if isinstance(each, EngineHandler)]:
        package.removeHandler(before)
    engine = EngineHandler(address)
    # First, so that the filter of the next handler knows what was sent.
    package.handlers.insert(0, engine)
    for handler in package.handlers[1:]:
        handler.filters[:] = [_NotSent(engine)]
