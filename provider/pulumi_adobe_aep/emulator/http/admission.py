"""The checks before a request is handled: those of the API gateway, then Flow Service's, of headers and permissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from pulumi_adobe_aep.emulator.errors import ConnectorError, ContentTypeError, FlowServiceError, GatewayError
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.organizations import Client, Organization, Sandbox
from pulumi_adobe_aep.emulator.store.entities import Author, Place
from pulumi_adobe_aep.emulator.world import World

_DOCUMENTED_HEADERS: Final = frozenset(
    {"x-api-key", "x-gw-ims-org-id", "x-sandbox-name", "x-sandbox-id", "x-request-id"}
)
_TRANSPORT_HEADERS: Final = (
    *("x-forwarded-", "x-real-ip", "x-envoy-"),
    *("x-amzn-", "x-b3-", "x-cloud-trace-context", "x-datadog-", "x-dynatrace", "x-instana-", "x-newrelic-", "x-ot-"),
)
"""How the headers begin that proxies and tracers add without the client's doing. Those of W3C's Trace Context, of
OpenTelemetry, Jaeger and Sentry have no ``x-``."""
_WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Incoming:
    """What the checks look at; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def writes(self) -> bool:
        """Whether the request changes something: a search is a POST that does not."""
        return self.method in _WRITING and not self.path.endswith("/search")


def pass_gateway(incoming: Incoming, world: World) -> tuple[Client, Organization]:
    """Return who calls for which organization.

    Raises:
        GatewayError: the caller is refused; a missing token is 403, an invalid one 401.
        FlowServiceError: 2001 for an organization header without a value.
    """
    headers = incoming.headers
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if not scheme or (scheme == "Bearer" and not token.strip()):
        raise GatewayError("403010")
    client = world.tokens.owner(token.strip()) if scheme == "Bearer" else None
    if client is None:
        raise GatewayError("401013")
    if not headers.get("x-api-key"):
        raise GatewayError("403000")
    if headers["x-api-key"] != client.client_id:
        raise GatewayError("403003")
    if "x-gw-ims-org-id" not in headers:
        raise GatewayError("400003")
    org_id = headers["x-gw-ims-org-id"]
    if not org_id:
        raise FlowServiceError("2001-401")
    organization = world.directory.organization(org_id)
    if organization is None or org_id not in client.organizations:
        raise GatewayError("403025")
    wait = world.limits.wait(client.client_id, client.rate_limit, world.clock.now())
    if wait:
        raise too_many_requests(wait, world)
    return client, organization


def too_many_requests(wait: int, world: World) -> GatewayError:
    """Return the gateway's 429, with Retry-After in the form that the switch says.

    Args:
        wait: seconds.
        world: the emulator.
    """
    error = GatewayError("429050")
    error.headers = retry_after(wait, world)
    return error


def retry_after(wait: int, world: World) -> dict[str, str]:
    """Return the header Retry-After, or none when the switch says so."""
    form = world.rules.switches.retry_after
    if form == "none":
        return {}
    if form == "seconds":
        return {"retry-after": str(wait)}
    return {"retry-after": formatdate(world.clock.now() / 1000 + wait, usegmt=True)}


def enter_service(incoming: Incoming, client: Client, organization: Organization, world: World) -> Caller:
    """Return the caller in its sandbox.

    Raises:
        FlowServiceError: the sandbox is unknown, a header is not allowed, or a permission is missing.
        ContentTypeError: a body is not announced as JSON.
        ConnectorError: 1007 for a header that no document of Adobe's knows, unless the emulator is loose.
    """
    if not world.rules.loose:
        _refuse_undocumented_headers(incoming.headers)
    sandbox = _find_sandbox(incoming.headers, client, organization, world)
    if not client.permissions or (not incoming.writes and "read" not in client.permissions):
        raise FlowServiceError("2120-403")
    if incoming.writes and "write" not in client.permissions:
        raise FlowServiceError(f"{world.rules.switches.write_denied}-403")
    _require_json(incoming)
    place = Place(organization.id, sandbox.id_in(organization.id), sandbox.name)
    person = f"{client.client_id[:24].upper()}@AdobeID" if client.is_user else client.client_id
    return Caller(place, Author(person, client.client_id), client.is_user)


def _refuse_undocumented_headers(headers: Mapping[str, str]) -> None:
    for name in headers:
        if name.startswith("x-") and name not in _DOCUMENTED_HEADERS and not name.startswith(_TRANSPORT_HEADERS):
            raise ConnectorError("1007-400", header=name)


def _find_sandbox(headers: Mapping[str, str], client: Client, organization: Organization, world: World) -> Sandbox:
    name, sandbox_id = headers.get("x-sandbox-name"), headers.get("x-sandbox-id")
    if client.is_user and sandbox_id is not None:
        raise FlowServiceError("2110-400")
    if name == "*" or sandbox_id == "*":
        raise _refuse_all_sandboxes(name, sandbox_id, client)
    if not name:
        if world.rules.switches.missing_sandbox == "error":
            raise FlowServiceError("2105-400")
        sandbox = organization.default_sandbox
        if sandbox is None:
            raise FlowServiceError("2106-404")
    else:
        sandbox = organization.sandbox(name)
        if sandbox is None:
            raise FlowServiceError("2100-404", name=name)
    if sandbox_id is not None and sandbox_id != sandbox.id_in(organization.id):
        raise FlowServiceError("2103-404", id=sandbox_id, name=sandbox.name)
    return sandbox


def _refuse_all_sandboxes(name: str | None, sandbox_id: str | None, client: Client) -> FlowServiceError:
    if client.is_user:
        return FlowServiceError("2111-403")
    return FlowServiceError("2113-400" if name == sandbox_id else "2112-400")


def _require_json(incoming: Incoming) -> None:
    headers = incoming.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if incoming.method in {"POST", "PUT", "PATCH"} and has_body:
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise ContentTypeError
