"""What a kind has to ask its service before an entity can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_adobe_aep.api.service import Service
from pulumi_adobe_aep.kinds.kind import EntityKind


def complete(service: Service, kind: EntityKind, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body with what the service says; one that needs nothing costs no request.

    Args:
        service: The sandbox, with the time limit.
        kind: What it is.
        body: What is to be sent.

    Raises:
        InvalidInputs: The service says that it cannot be sent like this.
        AepError: The service could not be asked; nothing was written.
    """
    question = kind.question(body)
    if question is None:
        return dict(body)
    response = service.call(
        question.method, question.path, doing=question.doing, query=question.query, body=question.body
    )
    return kind.answered(body, response.json())
