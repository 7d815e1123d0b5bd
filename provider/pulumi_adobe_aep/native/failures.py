"""Failures in the protocol's form: a message, and what was created although the operation failed."""

from __future__ import annotations

import grpc  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, status_pb2

from pulumi_adobe_aep.errors import AepError


class _Status(grpc.Status):  # type: ignore[misc]
    """A status of gRPC with details, in the form that `google.rpc.Status` has."""

    def __init__(self, message: str, details: provider_pb2.ErrorResourceInitFailed) -> None:
        self.code = grpc.StatusCode.UNKNOWN
        self.details = message
        rich = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
        rich.details.add().Pack(details)
        self.trailing_metadata = (("grpc-status-details-bin", rich.SerializeToString()),)


def partial_failure(entity_id: str, outputs: Struct, inputs: Struct, failure: AepError) -> grpc.Status:
    """Return the status of an operation that failed but has created something, which the engine records.

    Args:
        entity_id: The entity.
        outputs: Its state.
        inputs: The inputs that match the state, so that the next update sends what is missing.
        failure: Why it failed.
    """
    reason = f"{type(failure).__name__}: {failure}"
    details = provider_pb2.ErrorResourceInitFailed(id=entity_id, properties=outputs, inputs=inputs, reasons=[reason])
    return _Status(reason, details)
