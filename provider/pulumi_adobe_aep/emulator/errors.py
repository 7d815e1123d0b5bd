"""Adobe's error responses, in the shapes of their bodies. The messages are in `error_catalogues`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi_adobe_aep.emulator.error_catalogues import CONNECTOR, FLOW_SERVICE, GATEWAY

JsonObject = dict[str, object]

UNMATCHED_RESOURCE: Final = "1439-404"


@dataclass(frozen=True)
class Rendering:
    """How the bodies are written where Adobe's documents show more than one way.

    Attributes:
        shape: ``current`` has type, title and report, ``older`` only errorMessage and errorDetails.
        connector: ``own`` gives a connector's error its own code, ``wrapped`` puts it into Flow Service's 1100-400.
        gateway_code: whether error_code is a string or an integer.
    """

    shape: Literal["current", "older"] = "current"
    connector: Literal["own", "wrapped"] = "own"
    gateway_code: Literal["string", "integer"] = "string"


class ResponseError(Exception):
    """Any response of the service other than success."""

    status: int = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.headers: dict[str, str] = {}

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return the body for one request."""
        raise NotImplementedError


@dataclass
class _Report:
    namespace: str
    code: str
    title: str
    message: str
    extra: dict[str, str] = field(default_factory=dict)


class FlowServiceError(ResponseError):
    """An error of Flow Service's own catalogue.

    Args:
        code: the catalogue's code, such as ``1404-412``; its last three digits are the status.
        report: what the body's report says beside the message, such as the id that was not found.
        values: what fills the braces of the catalogue's text.
    """

    def __init__(self, code: str, report: Mapping[str, str] | None = None, **values: object) -> None:
        title, text = FLOW_SERVICE[code]
        super().__init__(text.format(**values))
        self.code = code
        self.status = int(code[-3:])
        self._report = _Report("FLOW", code, title, str(self), dict(report or {}))

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return the body in the current or the older shape."""
        return _flow_service_body(self._report, self.status, request_id, rendering)


class ConnectorError(ResponseError):
    """An error of the connector behind a connection, which Flow Service passes on.

    Args:
        code: the code in the connectors' catalogue, such as ``1308-400``.
        values: what fills the braces of the catalogue's text.
    """

    def __init__(self, code: str, **values: object) -> None:
        title, text = CONNECTOR[code]
        super().__init__(text.format(**values))
        self.code = code
        self.status = int(code[-3:])
        self._title = title

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return the body under the connector's code, or wrapped into Flow Service's own error."""
        if rendering.connector == "wrapped":
            return FlowServiceError("1100-400", text=str(self)).body(request_id, rendering)
        report = _Report("CONNECTOR", self.code, self._title, str(self))
        return _flow_service_body(report, self.status, request_id, rendering)


class GatewayError(ResponseError):
    """An error of the API gateway, through which every request goes.

    Args:
        code: one of the gateway's codes, such as ``401013``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(GATEWAY[code])
        self.code = code
        self.status = int(code[:3])

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return ``{"error_code", "message"}``."""
        del request_id
        return {"error_code": self.code if rendering.gateway_code == "string" else int(self.code), "message": str(self)}


class SpecVersionMissingError(ResponseError):
    """The 422 that Adobe's OpenAPI document of the destinations API shows for a spec without a version."""

    status = 422

    def __init__(self) -> None:
        super().__init__("connectionSpec.version 'version' is required for spec info")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return errorMessage and errorDetails: no example has this error in the current shape."""
        del request_id, rendering
        return {"errorMessage": str(self), "errorDetails": str(self)}


class ContentTypeError(ResponseError):
    """A body without ``Content-Type: application/json``, in the shape that the troubleshooting guide shows."""

    status = 400

    def __init__(self) -> None:
        super().__init__("A valid content-type must be specified")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return the problem document of the guide."""
        del request_id, rendering
        return {"type": "/placeholder/type/uri", "status": 400, "title": "BadRequestError", "detail": str(self)}


class AcceptError(ResponseError):
    """A request to the Schema Registry without one of its media types in Accept."""

    status = 406

    def __init__(self) -> None:
        super().__init__("The Accept header is missing or not supported: use application/vnd.adobe.xed+json;version=1")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return a problem document, as the Schema Registry writes its errors."""
        del request_id, rendering
        return {"type": "/placeholder/type/uri", "status": self.status, "title": "Not Acceptable", "detail": str(self)}


class MethodError(ResponseError):
    """A method that a path does not have."""

    status = 405

    def __init__(self) -> None:
        super().__init__("Method Not Allowed")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return a message, as for every such method."""
        del request_id, rendering
        return {"message": str(self)}


class ImsError(ResponseError):
    """An OAuth error of Adobe's identity service.

    Args:
        error: OAuth's error code, such as ``invalid_client``.
        description: what it means.
        status: IMS returns 400 where OAuth would allow 401.
    """

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return ``{"error", "error_description"}``."""
        del request_id, rendering
        return {"error": self.error, "error_description": str(self)}


def not_found(kind: str, entity_id: str) -> FlowServiceError:
    """Return the error for an entity that is not there, with its kind and id in the report."""
    return FlowServiceError(UNMATCHED_RESOURCE, report={"id": entity_id, "type": kind}, kind=kind, id=entity_id)


def _older_message(report: _Report) -> str:
    if report.code == UNMATCHED_RESOURCE:
        return f"{report.extra['type']} not found with id = [{report.extra['id']}]"
    return report.message


def _flow_service_body(report: _Report, status: int, request_id: str, rendering: Rendering) -> JsonObject:
    if rendering.shape == "older":
        message = _older_message(report)
        return {"errorMessage": message, "errorDetails": message}
    return {
        "type": f"https://ns.adobe.com/aep/errors/{report.namespace}-{report.code}",
        "title": report.title,
        "status": status,
        "report": {"detailed-message": report.message, **report.extra, "request-id": request_id},
        "errorMessage": report.message,
        "errorDetails": report.message,
    }
