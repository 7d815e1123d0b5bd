"""Pulumi's own mocks of its engine, which also keep what reached the engine as it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi.runtime.mocks
from google.protobuf.json_format import MessageToDict as to_dict  # type: ignore[import-untyped]  # noqa: N813
from pulumi.runtime import rpc

Wire = dict[str, Any]

# Pulumi's mocks ask for an event loop that nobody has made, which newer Pythons deprecate. It stays open until the
# process ends, because its threads hold loops of their own, which the SDK never closes.
_LOOP = asyncio.new_event_loop()


class Engine(pulumi.runtime.mocks.MockMonitor):
    """Pulumi's own stand-in for the engine, which also keeps what reached it as it was."""

    def __init__(self) -> None:
        super().__init__(_Outputs())
        self.inputs: dict[str, Wire] = {}
        self.types: set[str] = set()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        if request.custom:
            self.types.add(request.type)
            inputs = to_dict(request.object)
            del inputs["__provider"]
            self.inputs[request.name] = inputs
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


class _Outputs(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, Wire]:
        outputs = {"connectionId": f"{args.name}-id", "state": "enabled", "createdAt": "2026-01-31T23:59:59Z"}
        return f"{args.name}-id", {**args.inputs, **outputs, "orgId": "AA@AdobeOrg", "sandboxName": "dev"}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        raise AssertionError(args.token)


def use_event_loop() -> None:
    """Prepare the SDK so that Outputs can be made outside of a program, whichever test ran before."""
    asyncio.set_event_loop(_LOOP)


def declare(program: Callable[[], object]) -> Engine:
    """Run a program and wait until all of it has reached the engine."""
    use_event_loop()
    engine = Engine()
    pulumi.runtime.set_mocks(_Outputs(), monitor=engine, logger=logging.getLogger("the engine"))
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    return engine


def is_secret(value: object) -> bool:
    """Return whether a value reached the engine as a secret."""
    return isinstance(value, dict) and value.get(rpc._special_sig_key) == rpc._special_secret_sig
