"""The request that some kinds send before an entity is written: for a table's columns, or to validate mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_adobe_aep.api.service import Service
from pulumi_adobe_aep.kinds.kind import EntityKind


def complete(service: Service, kind: EntityKind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body, completed by the response to the kind's preflight request; most kinds have none.

    Args:
        service: The sandbox, with the time limit.
        kind: What it is.
        body: What is to be sent.

    Raises:
        InvalidInputs: The service says that it cannot be sent like this.
        AepError: The preflight request failed; nothing was written.
    """
    request = kind.preflight(body)
    if request is None:
        return dict(body)
    response = service.call(request.method, request.path, doing=request.doing, query=request.query, body=request.body)
    return kind.apply_preflight(body, response.json())
