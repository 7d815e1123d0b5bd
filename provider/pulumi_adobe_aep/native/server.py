"""The process of the plugin: `pulumi-resource-adobe-aep`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2_grpc

from pulumi_adobe_aep.api.clock import SYSTEM_CLOCK, Clock
from pulumi_adobe_aep.host_process import Operations, end_with_engine, engine_address
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.native.provider import ProviderServicer

MAX_CALLS = 1024
"""Calls at a time. A thread is started only when it is needed. One must be left for Cancel, however many resources the
engine works on (`--parallel`)."""
_MAX_MESSAGE_BYTES = 400 * 1024 * 1024
"""Bytes of a message; the same limit as everywhere in Pulumi."""
SECONDS_TO_END = 4.0
"""Seconds that operations have to end after SIGINT. The engine kills the process five seconds after it."""


def main(kinds: Mapping[str, EntityKind] = KINDS, clock: Clock = SYSTEM_CLOCK) -> None:
    """Serve until the engine ends this process, or ends itself. Prints the port on a line of its own.

    Args:
        kinds: The kinds that are served, by the names of their resources.
        clock: The time, and waiting, of the operations.
    """
    arguments = sys.argv[1:]
    operations = Operations()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    server = grpc.server(
        ThreadPoolExecutor(MAX_CALLS, thread_name_prefix="aep-call"),
        options=[
            ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
        ],
    )
    servicer = ProviderServicer(operations, engine_address(arguments), kinds, clock)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    end_with_engine(arguments, operations)
    ended.wait()
    servicer.end()
    operations.wait_until_none(SECONDS_TO_END)
    # Python would wait for the pool's threads, even for one whose caller is gone.
    os._exit(0)


if __name__ == "__main__":
    main()
