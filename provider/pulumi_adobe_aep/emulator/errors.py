"""What Adobe answers when something is wrong: the error catalogues as data, and the shapes of the bodies.

Sources: "Flow Service error messages" and "Sources error messages" in Adobe's sources documentation, the
"troubleshooting guide" of Experience Platform for the gateway, and the OpenAPI documents of Flow Service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

JsonObject = dict[str, object]

_INVALID: Final = "Invalid request"
_RETRY: Final = "Please try again. If the problem persists, please contact customer support."
_TRY_AGAIN_OR_CONTACT: Final = "Please try again and contact customer support if the problem persists."

FLOW_SERVICE: Final[Mapping[str, tuple[str, str]]] = {
    "1100-400": (_INVALID, "The request could not be processed. Error from flow provider: {text}"),
    "1101-404": ("Resource not found", "The requested resource is not found. Error from flow provider: {text}"),
    "1102-500": ("Internal Error", f"An internal error has occurred. {_RETRY}"),
    "1103-503": ("Service Unavailable", f"The service is temporarily unavailable. {_RETRY}"),
    "1104-504": ("Gateway Timeout", f"A gateway timeout has occurred. {_RETRY}"),
    "1400-500": ("Internal Error", f"An internal error has occurred. {_RETRY}"),
    "1401-400": (
        _INVALID,
        (
            "The limit and count parameters cannot be given together in the same request. "
            "Please provide either only the limit or the count parameter and try again."
        ),
    ),
    "1402-400": (_INVALID, "The action 'finalize' is supported for provider requests only."),
    "1403-400": (
        "Header is missing",
        "The header 'If-Match' is missing in the request. Please provide the header and try again.",
    ),
    "1404-412": (
        "Version not matching",
        (
            "The supplied version '{supplied}' does not match the current version on entity '{current}'. "
            "Please ensure that the supplied version matches the current version on entity and try again."
        ),
    ),
    "1405-400": (
        _INVALID,
        "The request body cannot be null or empty. Please provide a request body and try again.",
    ),
    "1409-400": (
        _INVALID,
        (
            "The operation 'finalize' cannot be applied on the current state {state}. "
            "Please update the operation and try again."
        ),
    ),
    "1410-400": (_INVALID, "`State` is not allowed in the create flow request."),
    "1411-400": (_INVALID, "Unable to retrieve entityId. Invalid request received with path '{path}'."),
    "1412-400": (_INVALID, "Invalid Mapping Version in request. Please provide correct mapping version."),
    "1413-400": (_INVALID, "The spec ID provided is  invalid. Please provide a valid spec ID and try again."),
    "1414-400": (_INVALID, "The connection spec of a connection cannot be updated."),
    "1415-400": (
        _INVALID,
        "The auth spec '{auth_spec}' could not be found for the connection spec ID {connection_spec}.",
    ),
    "1416-400": (
        _INVALID,
        "Delete or Update can only be applied on connection with enabled, disabled or initializing state.",
    ),
    "1417-400": (
        _INVALID,
        "Delete or Update on Connections in `initializing` state are not allowed with UserToken.",
    ),
    "1418-400": (
        _INVALID,
        (
            "The base connection with the ID {id} cannot be deleted because the base connection is being used in one "
            "or more flows. Please ensure that corresponding flows are deleted before deleting a base connection."
        ),
    ),
    "1419-400": (
        _INVALID,
        (
            "Error while validating mapping with id {id}, version {version}. This could be because of inadequate "
            "permissions on mapped fields. Please check your mapping or contact your admin."
        ),
    ),
    "1425-400": (
        _INVALID,
        (
            "Error while matching schema in target dataset {data_set} with schema in mapping {mapping}. "
            "Schema with same id and version must be used in both mapping and target dataset."
        ),
    ),
    "1420-400": (_INVALID, "The current state disabling cannot be updated."),
    "1421-400": (_INVALID, "The current state updating cannot be transitioned."),
    "1422-400": (
        _INVALID,
        "The action {action} cannot be applied on the current state {state}. Please update the action and try again.",
    ),
    "1432-400": (
        _INVALID,
        (
            "Sort order specified is not correct, prepend + for ascending order and - for descending order in the "
            "fieldName."
        ),
    ),
    "1433-400": (_INVALID, "Incorrect field= {field} passed in orderBy, example are +name, -name, name."),
    "1434-400": (
        _INVALID,
        "Unsupported operation '{operation}' received. Please use one of the supported operation types and try again.",
    ),
    "1435-400": (
        _INVALID,
        "Unsupported sub action '{action}' received. Please use one of the supported sub action types and try again.",
    ),
    "1436-400": (_INVALID, "Unsupported sub operation {sub_operation} received for operation {operation}."),
    "1439-404": (
        "Resource not found",
        "The requested {kind} resource {id} is not found. Verify the resource ID before trying again.",
    ),
    "1440-400": (_INVALID, "Operator '{operator}' not implemented."),
    "1443-400": (_INVALID, "Operator '{operator}' is not allowed for multiple values."),
    "1445-400": (_INVALID, "PATCH Connection Feature not enabled."),
    "1448-400": (_INVALID, "Operator {operator} not supported for field {field}."),
    "1449-400": (_INVALID, "Invalid field {field} in filter params."),
    "1450-400": (_INVALID, "Invalid operator {operator} in filter params."),
    "1451-400": (_INVALID, "Invalid params {parameter} provided in query params."),
    "1452-400": (_INVALID, "Invalid value {value} for field {field}."),
    "1453-400": (_INVALID, "Invalid query value {value} provided in query param."),
    "1454-400": (_INVALID, "Unhandled Filter Value Type provided."),
    "1455-400": (_INVALID, "An error has occurred while validating patch instructions: {text}"),
    "1456-400": (
        _INVALID,
        "State {state} is not a valid value. Allowed values are [enabled, disabled, initializing].",
    ),
    "1457-400": (_INVALID, "Operation update cannot be applied in state delete-finalizing."),
    "1458-400": (_INVALID, "Operation delete cannot be applied in state delete-finalizing."),
    "2000-401": (
        "Invalid authorization token",
        (
            "The authorization token does not have access to this organization or the organization does not exist. "
            "Please ensure that the organization exists or contact your administrator to gain access."
        ),
    ),
    "2001-401": (
        "Header is missing or empty",
        "The header x-gw-ims-org-id is either missing or empty. Please update the header value and try again.",
    ),
    "2100-404": (
        "Sandbox not found",
        (
            "The sandbox with the name '{name}' could not be found. "
            "Please ensure that the sandbox name is correct and try again."
        ),
    ),
    "2103-404": (
        "Sandbox not found",
        (
            "The sandbox with ID {id} and name {name} could not be found. "
            "Please ensure that the ID and sandbox name values are correct and try again."
        ),
    ),
    "2105-400": (
        "Header is missing",
        "The header x-sandbox-name is missing in the request. Please add the header in the request and try again.",
    ),
    "2106-404": ("Get default sandbox error", "The default sandbox information could not be found."),
    "2110-400": (
        "Headers not allowed",
        "The header x-sandbox-id is not allowed with the user token. Please update the header and try again.",
    ),
    "2111-403": (
        "Headers with value restricted",
        (
            "The header x-sandbox-name with value * is restricted with the user token. "
            "Please update the header and value and try again."
        ),
    ),
    "2112-400": (
        "Headers with different value not allowed",
        (
            "The headers x-sandbox-name and x-sandbox-id both must have the value * for cross sandbox query. "
            "Please update the headers and try again."
        ),
    ),
    "2113-400": (
        "Headers with value not allowed",
        (
            "The headers x-sandbox-id and x-sandbox-name with value * are not allowed for the request. "
            "Please update the headers and try again."
        ),
    ),
    "2114-400": ("Empty token", "Empty token provided. Please provide a token and try again."),
    "2115-400": ("Invalid token", "Invalid token provided. Please provide a valid token and try again."),
    "2118-403": (
        "Missing permission",
        "The permission write is missing. Please contact your administrator to resolve permissions and try again.",
    ),
    "2120-403": (
        "Forbidden",
        (
            "You do not have sufficient permissions to perform the operation. "
            "Please contact your administrator to resolve permissions and try again."
        ),
    ),
    "2121-403": (
        "Forbidden",
        (
            "The permission manage is denied on resource Enterprise Source. "
            "Please contact your administrator to resolve permissions and try again."
        ),
    ),
}
"""Flow Service's own catalogue. The page prints 1439-400; a live answer printed elsewhere has 1439-404."""

CONNECTOR: Final[Mapping[str, tuple[str, str]]] = {
    "1006-408": (
        "Request Timeout",
        "An error occurred while processing the request. The request has been timed out. " + _TRY_AGAIN_OR_CONTACT,
    ),
    "1007-400": (
        "Invalid header parameter",
        "An invalid header parameter: `{header}` has been received. Please check the header parameters and try again.",
    ),
    "1300-400": (
        "Bad Request",
        (
            "The patch connection request is not supported for {connector} connector. "
            "Please check the provided request and try again."
        ),
    ),
    "1302-400": (
        "Bad Request",
        (
            "The provided authentication type = {auth_type} is not supported for connector={connector}. "
            "Please provide a valid auth type for the given connector."
        ),
    ),
    "1304-400": (
        "Bad Request",
        "The mandatory field {field} is not provided. Please provide the {field} and try again.",
    ),
    "1307-400": (
        "Bad Request",
        (
            "The target connection spec ID is not valid={id}. "
            "The allowed value is: `c604ff05-7f1a-43c0-8e18-33bf874cb11c`."
        ),
    ),
    "1308-400": ("Bad Request", "The request could not be processed. Error message: {text}"),
    "1312-400": (
        "Bad Request",
        (
            "The provided param value {value} is not a valid input for property={field}. "
            "Please provide a valid param value and try again."
        ),
    ),
    "1318-400": ("Bad Request", "{text}. Please check the provided request and try again."),
    "1320-400": (
        "Bad Request",
        "The {id_type} cannot be null or empty. Please provide valid {id_type} and try again.",
    ),
    "1321-400": (
        "Bad Request",
        "The length of {id_type} should be one, supplied size is {size}. Please provide valid size and try again.",
    ),
    "1330-400": (
        "Bad Request",
        "No columns were found for table {table}. Please provide a valid table name and try again.",
    ),
    "1336-400": (
        "Bad Request",
        (
            "Explore connection is not supported for connection spec ID: {id}. "
            "Please provide supported connection spec id and try again."
        ),
    ),
    "1337-400": (
        "Bad Request",
        "The {parameter} cannot be empty for objectType={object_type}. Please provide valid {parameter} and try again.",
    ),
    "1358-400": (
        "Bad Request",
        "The provided param 'objectType' is invalid. Please provide a valid objectType and try again.",
    ),
    "1359-400": (
        "Bad Request",
        "The param {parameter} is missing in the request. Please provide a valid {parameter} and try again.",
    ),
    "1363-400": (
        "Bad Request",
        (
            "Interval {interval} is not allowed with frequency: {frequency}. "
            "Please provide a valid interval value and try again."
        ),
    ),
    "1361-400": (
        "Bad Request",
        (
            "Interval is not allowed with one time ingestion. "
            "Please remove interval or change frequency and then try again."
        ),
    ),
    "1362-400": (
        "Bad Request",
        "Interval cannot be less than {minimum}. Please provide a valid interval value and try again.",
    ),
    "1364-400": (
        "Bad Request",
        (
            "The backfill flag is not allowed when frequency is set to one. "
            "Please remove the backfill flag when frequency is set to once and try again."
        ),
    ),
    "1365-400": (
        "Bad Request",
        "The path {path} provided in ops is invalid. Please provide valid path {path} and try again.",
    ),
    "1366-400": (
        "Bad Request",
        "The start time has passed and the update operation is no longer allowed.",
    ),
    "1367-400": (
        "Bad Request",
        (
            "The delta column is required in copy transformation when creating a CRM connector. "
            "Please provide delta column and try again."
        ),
    ),
    "1369-400": (
        "Bad Request",
        (
            "The delta column in copy transform is not allowed when frequency is set to once. "
            "Please remove the delta column and try again."
        ),
    ),
    "1306-400": (
        "Bad Request",
        (
            "The target connection cannot be null while validating the target connection spec ID. Please check "
            "the provided request and try again."
        ),
    ),
    "1317-400": (
        "Bad Request",
        (
            "The provided schedule params are empty but should not be empty. Please provide valid schedule params"
            " and try again."
        ),
    ),
    "1322-400": (
        "Bad Request",
        (
            "The source connection cannot be null for building the schema ref. Please provide valid source "
            "connection and try again."
        ),
    ),
    "1323-400": (
        "Bad Request",
        (
            "The {entity} cannot be null or empty in the source connection: {source}. Please provide valid "
            "{entity} and try again."
        ),
    ),
    "1325-400": (
        "Bad Request",
        (
            "The dataSetId param cannot be null or empty in target connection: {target}. Please provide valid "
            "dataSetId param and try again."
        ),
    ),
    "1327-400": (
        "Bad Request",
        (
            "The format of source data supplied={form} in SourceConnection is not supported. The allowed values "
            "are: {values}. Please provide allowed values and try again."
        ),
    ),
    "1328-400": (
        "Bad Request",
        (
            "The mapping transformation cannot be null when extracting {parameter}. Please provide valid mapping "
            "transformation and try again."
        ),
    ),
    "1338-400": (
        "Bad Request",
        (
            "The {connection} connection ID can't be null in flowRequest. Please provide valid {connection} "
            "connection ID in flowRequest."
        ),
    ),
    "1340-400": (
        "Bad Request",
        ("An error occurred while parsing {time}. Please check the time format provided in the request and try again."),
    ),
    "1353-400": (
        "Bad Request",
        (
            "The filter at source is not yet supported for {connector} connector. Please check the supported "
            "connectors in the documentation: "
            "https://experienceleague.adobe.com/docs/experience-platform/sources/api-tutorials/filter.html."
        ),
    ),
    "1360-400": (
        "Bad Request",
        ("The start time cannot be set in the past. Please provide a valid start time and try again."),
    ),
    "1368-400": ("Bad Request", "Mode is not allowed in flow request. Please check your request and try again."),
    "1370-400": (
        "Bad Request",
        (
            "The source columns could not be fetched for ingestion because the mapping transformation is missing."
            " Please add the mapping transformation and try again."
        ),
    ),
    "1380-400": ("Bad Request", "Failed to create flow run. Error message: {text}"),
    "1381-400": (
        "Bad Request",
        (
            "WindowEndTime={end} cannot be before Window StartTime={start}. Please provide a valid end time and "
            "try again."
        ),
    ),
    "1382-400": (
        "Bad Request",
        (
            "The delta column should match the value present in the flow's Copy transformations. Please provide a"
            " valid delta column and try again."
        ),
    ),
    "1383-400": (
        "Bad Request",
        (
            "The delta column is missing in the params received for creating a flow run. Please provide delta "
            "column in params and try again."
        ),
    ),
    "1384-400": (
        "Bad Request",
        (
            "The params={parameters} provided for creating flow run are invalid or empty. Please provide valid "
            "params and try again."
        ),
    ),
    "1386-400": (
        "Bad Request",
        (
            "The flowId={flow} with scheduleParams frequency={frequency} is not supported for creating flow runs."
            " Please provide a valid frequency and try again."
        ),
    ),
    "1387-400": (
        "Bad Request",
        (
            "The flowRunId={run} is in an invalid state={state} for re-triggering. Please try again after some "
            "time and contact customer support if the problem persists."
        ),
    ),
    "1388-400": (
        "Bad Request",
        (
            "The flow={flow} is in state={state} and cannot be re-triggered. The flow must be in enabled state "
            "for re-triggering."
        ),
    ),
    "1397-400": (
        "Bad Request",
        ("The provided frequency : {frequency} is invalid. Please provide a valid frequency and try again."),
    ),
    "1401-400": (
        "Bad Request",
        (
            "The provided flow run action={action} is not supported. Please provide a valid flow run action and "
            "try again."
        ),
    ),
    "1403-400": ("Bad Request", "The start time has passed and you can no longer change the frequency to once."),
    "1404-400": ("Bad Request", "The start time has passed and you can no longer update backfill."),
}
"""The connectors' catalogue. Codes 1100 to 1104 mean other things there, so the two are kept apart."""

GATEWAY: Final[Mapping[str, str]] = {
    "400003": "Missing header x-gw-ims-org-id",
    "401013": "Oauth token is not valid",
    "403000": "Api Key is required",
    "403003": "Api Key is invalid",
    "403010": "Oauth token is missing.",
    "403025": "Profile is not valid",
    "429050": "Too many requests",
}
"""The gateway's errors. The status is the first three digits; a missing token is 403, an invalid one 401."""

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


class AnswerError(Exception):
    """Any answer of the service other than success."""

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


class FlowServiceError(AnswerError):
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


class ConnectorError(AnswerError):
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


class GatewayError(AnswerError):
    """An error of the API gateway, which stands before every service.

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


class SpecVersionMissingError(AnswerError):
    """The 422 that Adobe's OpenAPI document of the destinations API shows for a spec without a version."""

    status = 422

    def __init__(self) -> None:
        super().__init__("connectionSpec.version 'version' is required for spec info")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return errorMessage and errorDetails: no example has this error in the current shape."""
        del request_id, rendering
        return {"errorMessage": str(self), "errorDetails": str(self)}


class ContentTypeError(AnswerError):
    """A body without ``Content-Type: application/json``, in the shape that the troubleshooting guide shows."""

    status = 400

    def __init__(self) -> None:
        super().__init__("A valid content-type must be specified")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return the problem document of the guide."""
        del request_id, rendering
        return {"type": "/placeholder/type/uri", "status": 400, "title": "BadRequestError", "detail": str(self)}


class AcceptError(AnswerError):
    """A request to the Schema Registry without one of its media types in Accept."""

    status = 406

    def __init__(self) -> None:
        super().__init__("The Accept header is missing or not supported: use application/vnd.adobe.xed+json;version=1")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return a problem document, as the Schema Registry writes its errors."""
        del request_id, rendering
        return {"type": "/placeholder/type/uri", "status": self.status, "title": "Not Acceptable", "detail": str(self)}


class MethodError(AnswerError):
    """A method that a path does not have."""

    status = 405

    def __init__(self) -> None:
        super().__init__("Method Not Allowed")

    def body(self, request_id: str, rendering: Rendering) -> JsonObject:
        """Return a message, as for every such method."""
        del request_id, rendering
        return {"message": str(self)}


class ImsError(AnswerError):
    """An OAuth error of Adobe's identity service.

    Args:
        error: OAuth's error code, such as ``invalid_client``.
        description: what it means.
        status: IMS answers 400 where OAuth would allow 401.
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
