"""Responses as they are sent."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from pulumi_adobe_aep.emulator.errors import Rendering, ResponseError
from pulumi_adobe_aep.emulator.settings import Switches


class Json(Response):
    """A JSON body."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body without blanks."""
        try:
            return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            # A lone surrogate, which JSON can spell but UTF-8 cannot.
            return json.dumps(content, separators=(",", ":")).encode()


@dataclass(frozen=True)
class BufferedResponse:
    """A status, headers with names in lower case, and the whole body."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def with_headers(self, replaced: dict[str, str]) -> "BufferedResponse":
        """Return the response with these headers in place of its own; an empty value takes one away."""
        changes = {name.lower(): value for name, value in replaced.items()}
        kept = [(name, value) for name, value in self.headers if name not in changes]
        return BufferedResponse(
            self.status, kept + [(name, value) for name, value in changes.items() if value], self.body
        )


def rendering(switches: Switches) -> Rendering:
    """Return how errors are written at present."""
    return Rendering(switches.error_shape, switches.connector_errors, switches.gateway_code)


def error_response(error: ResponseError, request_id: str, switches: Switches) -> BufferedResponse:
    """Return an error as a response."""
    body = json.dumps(error.body(request_id, rendering(switches)), separators=(",", ":")).encode()
    headers = [("content-type", "application/json"), *error.headers.items()]
    return BufferedResponse(error.status, headers, body)
