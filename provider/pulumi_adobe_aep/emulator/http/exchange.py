"""What happens around every request: its id, the log, latency, faults and the gateway."""

import asyncio
import logging
import re
import time
import traceback
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pulumi_adobe_aep.emulator import faults
from pulumi_adobe_aep.emulator.errors import FlowServiceError, ResponseError, not_found
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.http.admission import Incoming, enter_service, pass_gateway
from pulumi_adobe_aep.emulator.http.responses import BufferedResponse, error_response
from pulumi_adobe_aep.emulator.http.wire import Wire
from pulumi_adobe_aep.emulator.request_log import LoggedRequest
from pulumi_adobe_aep.emulator.world import World

_LOGGER: Final = logging.getLogger(__name__)
PLATFORM_PREFIX: Final = "/data/"
IMS_PREFIX: Final = "/ims/"
_ENTITY_PATH: Final = re.compile(r"/data/foundation/(?:flowservice|catalog|conversion)/(\w+)/([^/]+)")


@dataclass
class Exchange:
    """What the routes need to know of the request around them, and what they add to the log."""

    request_id: str
    caller: Caller | None = None
    client_id: str | None = None


class ExchangeMiddleware:
    """Surrounds the emulated services; other paths pass as they are."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith((PLATFORM_PREFIX, IMS_PREFIX)):
            await self._app(scope, receive, send)
            return
        world = self._world
        world.clock.begin_request()
        exchange = Exchange(world.identifiers.uuid())
        scope["state"]["exchange"] = exchange
        method, path, query = scope["method"], scope["path"], scope["query_string"].decode("latin-1")
        entry = world.log.arrived(
            time=world.clock.now(), method=method, path=path, query=query, request_id=exchange.request_id
        )
        began = time.perf_counter()
        if world.latency:
            await asyncio.sleep(world.latency / 1000)
        hit = world.faults.take(method, path, query)
        entry.fault = None if hit is None else hit.id
        wire = Wire(scope, receive, send)
        service = _Service(self._app, world, exchange=exchange, entry=entry, scope=scope, receive=wire.receive)
        try:
            await _response(service, wire, None if hit is None else hit.fault.action)
        finally:
            entry.milliseconds = round((time.perf_counter() - began) * 1000, 3)


class _Service:
    """The emulated service, as one request meets it."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        *,
        exchange: Exchange,
        entry: LoggedRequest,
        scope: Scope,
        receive: Receive,
    ) -> None:
        self.world = world
        self.entry = entry
        self._app = app
        self._exchange = exchange
        self._scope = scope
        self._receive = receive

    def stamp(self, response: BufferedResponse) -> BufferedResponse:
        """Return the response with the headers that every one has."""
        date = formatdate(self.world.clock.now() / 1000, usegmt=True)
        return BufferedResponse(
            response.status,
            [*response.headers, ("date", date), ("x-request-id", self._exchange.request_id)],
            response.body,
        )

    def deny_entity(self) -> BufferedResponse | None:
        """Return the response that there is no entity such as the path names; None where it names none."""
        match = _ENTITY_PATH.match(self._scope["path"])
        if match is None:
            return None
        error = not_found(match[1], match[2])
        return self.stamp(error_response(error, self._exchange.request_id, self.world.rules.switches))

    async def handle(self) -> BufferedResponse:
        """Check a request as the gateway does, and handle it."""
        self.entry.handled = True
        try:
            self._admit()
            response = await self._run()
        except ResponseError as error:
            response = error_response(error, self._exchange.request_id, self.world.rules.switches)
        self.entry.client = self._exchange.client_id
        return self.stamp(response)

    def _admit(self) -> None:
        scope, entry = self._scope, self.entry
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        length = headers.get("content-length", "0")
        entry.received_bytes = int(length) if length.isdigit() else 0
        if not scope["path"].startswith(PLATFORM_PREFIX):
            return
        entry.sandbox, entry.org = headers.get("x-sandbox-name"), headers.get("x-gw-ims-org-id")
        incoming = Incoming(scope["method"], scope["path"], headers)
        client, organization = pass_gateway(incoming, self.world)
        self._exchange.client_id = client.client_id
        caller = enter_service(incoming, client, organization, self.world)
        entry.sandbox = caller.place.sandbox_name
        self._exchange.caller = caller

    async def _run(self) -> BufferedResponse:
        status, headers, body = 0, list[tuple[str, str]](), bytearray()

        async def collect(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers.extend(
                    (name.decode("latin-1"), value.decode("latin-1"))
                    for name, value in message["headers"]
                    if name != b"content-length"
                )
            else:
                body.extend(message.get("body", b""))

        # Adobe documents some paths with a slash at the end and some without: both are the same.
        scope = {**self._scope, "path": self._scope["path"].rstrip("/")}
        try:
            await self._app(scope, self._receive, collect)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a response
            # Only where it happened: the exception's own words may hold a value from the request.
            where = "".join(traceback.format_tb(error.__traceback__))
            kind, request_id = type(error).__name__, self._exchange.request_id
            _LOGGER.error("request %s failed inside the emulator with %s\n%s", request_id, kind, where)  # noqa: TRY400
            raise FlowServiceError("1102-500") from None
        return BufferedResponse(status, headers, bytes(body))


async def _response(service: _Service, wire: Wire, action: faults.Action | None) -> None:
    """Handle one request and send its response, with the fault that hits it, if any."""
    match action:
        case faults.Drop(when="before"):
            await _drop(service, wire, action)
            return
        case faults.Delay(when="before"):
            await asyncio.sleep(action.seconds)
        case faults.ExpireTokens():
            service.world.expire_tokens()
    response = _instead(service, action)
    if response is None:
        response = await service.handle()
    match action:
        case faults.Drop():
            await _drop(service, wire, action)
            return
        case faults.Delay(when="after"):
            await asyncio.sleep(action.seconds)
        case faults.Answer(when="after"):
            response = _altered(response, action)
    service.entry.status, service.entry.outcome = response.status, "answered"
    service.entry.sent_bytes = len(response.body)
    match action:
        case faults.Truncate():
            await wire.send_part(response, action.keep)
        case faults.Slow():
            await wire.send_slowly(response, action.size, action.interval)
        case _:
            await wire.send(response)


async def _drop(service: _Service, wire: Wire, action: faults.Drop) -> None:
    service.entry.outcome = "dropped"
    await wire.drop(reset=action.how == "reset")


def _instead(service: _Service, action: faults.Action | None) -> BufferedResponse | None:
    """Return the response of a fault that is sent instead of the service's."""
    match action:
        case faults.Answer(when="before"):
            return _altered(
                service.stamp(BufferedResponse(HTTPStatus.OK, [("content-type", "application/json")])), action
            )
        case faults.NotFound():
            return service.deny_entity()
        case faults.Redirect():
            return service.stamp(BufferedResponse(action.status, [("location", action.location)]))
    return None


def _altered(response: BufferedResponse, action: faults.Answer) -> BufferedResponse:
    altered = response.with_headers({name: value for name, value in action.headers.items() if name != "content-length"})
    return BufferedResponse(
        altered.status if action.status is None else action.status,
        altered.headers,
        altered.body if action.body is None else action.body.encode(),
    )
