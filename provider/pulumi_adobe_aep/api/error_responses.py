"""Error responses, in every shape that Adobe uses, as exceptions with advice.

The shapes, in the order in which they are looked for:

1. Flow Service today: `type` ending in `FLOW-<code>-<status>`, `title`, `report.detailed-message`, `report.request-id`
   (Adobe, "Apply access labels to sources").
2. Flow Service before: `errorMessage`, `errorDetails` (Adobe's OpenAPI document "Flow Service API - Destinations").
3. The gateway: `error_code`, `message` (Adobe, "Experience Platform troubleshooting guide").
4. IMS: `error`, `error_description`.

The catalogue of codes is Adobe's "Flow Service API error messages" and "Sources error messages".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from http import HTTPStatus
from urllib.parse import urlsplit

from pulumi_adobe_aep.advice import Advice, AdviceKey, advise
from pulumi_adobe_aep.api import ingestion_advice
from pulumi_adobe_aep.api.transport import Response, http_date, read_json
from pulumi_adobe_aep.errors import (
    EntityGone,
    Forbidden,
    NotFound,
    ServiceError,
    ServiceUnavailable,
    TooManyRequests,
    TransientState,
    Unauthorized,
    VersionConflict,
)
from pulumi_adobe_aep.redaction import excerpt

_FLOW_CODE = re.compile(r"(?:[A-Z]+-)?(\d+)-(\d{3})")
_LONGEST_CODE = 40

ASK_FOR_ROLE = (
    "An administrator must add the API credential to a role in Permissions (Roles > API credentials) that has {} on "
    "this sandbox, and the credential must have the product profile AEP-Default-All-Users."
)
MANAGE = ASK_FOR_ROLE.format("'Manage Sources' (and 'View Sources')")
VIEW = ASK_FOR_ROLE.format("'View Sources' (to read) or 'Manage Sources' (to create, change and delete)")
SANDBOX = (
    "Check `sandboxName` or AEP_SANDBOX_NAME: it is the sandbox's name, not its title, and the credential's role must "
    "include the sandbox."
)
ORGANIZATION = "Check AEP_ORG_ID: it must be the organization that the credential (AEP_CLIENT_ID) was made in."
RENEW = (
    "Check AEP_CLIENT_ID and AEP_CLIENT_SECRET; a ready-made AEP_ACCESS_TOKEN lasts a day at most, so get a new one."
)
WAIT = "It is in a state that ends by itself; run the command again in a minute."
DATABASE = (
    "Check server, port, database, user name and password from outside your network: Adobe's servers must reach the "
    "database, so their addresses for your region must be allowed in its firewall."
)

TRANSIENT_STATE_CODES = ("1416", "1420", "1421", "1457", "1458")
"""The codes of a request that came while the entity was in a state that ends by itself. Each is sent again, and is a
`TransientState`. 1417 is not one of them: it refuses user tokens."""

ADVICE: dict[str, str | Advice] = {
    # The gateway's.
    "403010": "No access token reached Adobe. A proxy may have removed the Authorization header.",
    "401013": RENEW,
    "403000": "No API key reached Adobe. Set AEP_CLIENT_ID.",
    "403003": "AEP_CLIENT_ID is not known as an API key: check it, and that its project in the Developer Console has "
    "the Experience Platform API.",
    "400003": ORGANIZATION,
    "403025": ORGANIZATION,
    # Flow Service's.
    "1404": "Somebody changed it at the same moment. Run the command again.",
    "1413": "This organization does not know the connection spec. Ask Adobe whether your licence has this source.",
    "1414": advise(AdviceKey.REPLACE, why="The connection spec cannot be changed."),
    "1415": advise(AdviceKey.AUTH_NOT_OFFERED),
    **dict.fromkeys(TRANSIENT_STATE_CODES, WAIT),
    "1417": "Use OAuth server-to-server credentials (AEP_CLIENT_ID, AEP_CLIENT_SECRET): user tokens may not do this.",
    "1418": "Delete the dataflows that use this connection, then run the command again.",
    "1445": "Changing connections is not enabled for this organization: ask Adobe's support, with the request id.",
    # The connectors', inside "Error from flow provider".
    "1300": advise(AdviceKey.REPLACE, why="Adobe does not support changes for this connector."),
    "1301": advise(AdviceKey.OTHER_AUTH),
    "1302": advise(AdviceKey.OTHER_AUTH),
    "1304": "Add the field that the message names.",
    "1305": "Correct the field that the message names.",
    "1308": DATABASE,
    "1312": "Correct the value that the message names.",
    "1318": "Correct the fields that the message names.",
    "1006": DATABASE,
    # Authorization and sandboxes.
    "2000": ORGANIZATION,
    "2001": "No organization id reached Adobe. Set AEP_ORG_ID.",
    "2002": RENEW,
    "2100": SANDBOX,
    "2101": SANDBOX,
    "2103": SANDBOX,
    "2105": "No sandbox name reached Adobe. Set `sandboxName` or AEP_SANDBOX_NAME.",
    "2106": SANDBOX,
    "2114": RENEW,
    "2115": RENEW,
    "2118": MANAGE,
    "2120": VIEW,
    "2121": MANAGE,
    **ingestion_advice.ADVICE,
}
"""What to do, by Adobe's code, or by code and status where the code alone means several things; names of properties
are between backticks, as in the state."""

BY_STATUS: dict[int, str] = {
    400: "Correct what the message names and run the command again.",
    401: RENEW,
    403: VIEW,
    404: "Check the address (AEP_BASE_URL) and the sandbox (AEP_SANDBOX_NAME).",
    408: "Run the command again.",
    412: "Run the command again.",
    429: "Run the command again later, or lower AEP_MAX_CONCURRENCY.",
}
"""What to do when the code is not known."""
_REDIRECT = (
    "Redirects are not followed, because credentials would go to another address. Check AEP_BASE_URL and AEP_IMS_URL, "
    "and whether a proxy wants you to log in."
)
_LATER = "Adobe's service has a problem. Run the command again later; status.adobe.com lists outages."

SANDBOX_CODES = frozenset({"2100", "2101", "2103", "2106"})
_NO_ENTITY = "1439"
_CLASSES: dict[int, type[ServiceError]] = {
    401: Unauthorized,
    403: Forbidden,
    412: VersionConflict,
    429: TooManyRequests,
}
_OLD_NO_ENTITY = re.compile(r"not found with id", re.IGNORECASE)


@dataclass(frozen=True)
class ErrorBody:
    """What an error response says, whichever shape it has."""

    code: str = ""
    text: str = ""
    request_id: str = ""


def read_error(response: Response) -> ErrorBody:
    """Read an error response's body. Never raises: for a body without details it returns empty strings."""
    try:
        body = read_json(response.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return ErrorBody(request_id=response.request_id)
    report = body.get("report")
    report = report if isinstance(report, dict) else {}
    texts = (
        report.get("detailed-message"),
        body.get("errorMessage"),
        body.get("detail"),
        body.get("message"),
        body.get("error_description"),
        body.get("title"),
        body.get("error"),
    )
    return ErrorBody(
        code=_code(body),
        text=excerpt(next((text for text in texts if isinstance(text, str) and text.strip()), "")),
        request_id=response.request_id or _text(report.get("request-id")),
    )


def _code(body: dict[str, object]) -> str:
    in_type = _FLOW_CODE.search(_text(body.get("type")))
    if in_type:
        return in_type.group(1)
    for key in ("error_code", "errorCode"):
        # A string on Adobe's pages, an integer in one of its examples.
        value = body.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            in_value = _FLOW_CODE.fullmatch(str(value))
            return in_value.group(1) if in_value else excerpt(str(value), _LONGEST_CODE)
    return excerpt(_text(body.get("error")), _LONGEST_CODE)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def to_exception(response: Response, doing: str) -> ServiceError:
    """Make the exception for an error response.

    Args:
        response: A response with a status other than 2xx.
        doing: What was tried, to go into "<doing> failed", for instance "Creating the connection 'crm'".
    """
    if not is_adobes(response):
        return _of_a_proxy(response, doing)
    body = read_error(response)
    error = _class(response.status, body)(
        f"{doing} failed: Adobe responded with {response.status} {_phrase(response.status)}.",
        status=response.status,
        code=body.code,
        why=_why(body, response),
        advice=_advice(response.status, body.code),
        request_id=body.request_id,
    )
    error.retry_after = _retry_after(response)
    return error


def is_adobes(response: Response) -> bool:
    """Return whether an error response may be Adobe's own: none of its services writes anything but JSON.

    A proxy's page says nothing of credentials or permissions, whatever its status is.
    """
    if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return False
    # One that begins as an object may have lost its end on the way.
    if not response.body.strip() or response.body.lstrip().startswith(b"{"):
        return True
    try:
        read_json(response.body)
    except (ValueError, RecursionError):
        return False
    return True


def _of_a_proxy(response: Response, doing: str) -> ServiceError:
    """Make the exception for a response that Adobe has not written."""
    status = response.status
    content_type = response.headers.get("content-type", "no content type")
    kinds: dict[int, type[ServiceError]] = {404: NotFound, 429: TooManyRequests}
    kind = ServiceUnavailable if _is_unavailable(status) else kinds.get(status, ServiceError)
    error = kind(
        f"{doing} failed: the response was {status} {_phrase(status)}, and it is not from Adobe.",
        status=status,
        why=f"It is {len(response.body)} bytes of {content_type} and not JSON; "
        "a proxy between here and Adobe may have written it.",
        advice=_of_a_proxy_advice(response),
        request_id=response.request_id,
    )
    error.retry_after = _retry_after(response)
    return error


def _of_a_proxy_advice(response: Response) -> str:
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        return _REDIRECT
    host = urlsplit(response.request.url).hostname
    again = "Run the command again later; if it stays, check" if _is_unavailable(response.status) else "Check"
    return (
        f"{again} the proxy settings of this machine (HTTPS_PROXY, NO_PROXY) and the address "
        f"(AEP_BASE_URL, AEP_IMS_URL), and ask who runs the proxy to let {host} through."
    )


def _why(body: ErrorBody, response: Response) -> str:
    if body.text:
        return f"{body.text} (code {body.code})" if body.code else body.text
    kind = response.headers.get("content-type", "no content type")
    return f"The response gives no reason ({len(response.body)} bytes of {kind})."


def _advice(status: int, code: str) -> str | Advice:
    known = ADVICE.get(f"{code}-{status}") or ADVICE.get(code)
    if known:
        return known
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _REDIRECT
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _LATER
    return BY_STATUS.get(status, "Give Adobe's support the request id.")


def _class(status: int, body: ErrorBody) -> type[ServiceError]:
    if body.code in TRANSIENT_STATE_CODES:
        return TransientState
    if _is_unavailable(status):
        return ServiceUnavailable
    if status == HTTPStatus.NOT_FOUND:
        return EntityGone if body.code == _NO_ENTITY or _OLD_NO_ENTITY.search(body.text) else NotFound
    return _CLASSES.get(status, ServiceError)


def _is_unavailable(status: int) -> bool:
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _retry_after(response: Response) -> float | None:
    """Read `Retry-After`: seconds, or a date, which counts from the server's own clock if the response has it."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        until = http_date(text)
        if until is None:
            return None
        now = response.date or datetime.now(timezone.utc)
        seconds = (until - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None
