"""Requests that FastAPI refuses, in Adobe's words."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError, ResponseError
from pulumi_adobe_aep.emulator.http.exchange import PLATFORM_PREFIX, Exchange
from pulumi_adobe_aep.emulator.http.responses import Json, rendering
from pulumi_adobe_aep.emulator.world import World

_FLOW_SERVICE = "/data/foundation/flowservice/"


def install(app: FastAPI) -> None:
    """Make the application return errors as Adobe does."""
    app.add_exception_handler(ResponseError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unrouted)


def _render(request: Request, error: ResponseError) -> Response:
    world: World = request.app.state.world
    exchange: Exchange | None = getattr(request.state, "exchange", None)
    request_id = "" if exchange is None else exchange.request_id
    return Json(error.body(request_id, rendering(world.rules.switches)), error.status, error.headers)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, ResponseError):
        raise TypeError from error
    return _render(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError from error
    if not request.url.path.startswith(PLATFORM_PREFIX):
        return Json({"errors": [_plain(each) for each in error.errors()]}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _render(request, _translate(error.errors()))


async def _unrouted(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    path = request.url.path
    if error.status_code == HTTPStatus.NOT_FOUND and path.startswith(_FLOW_SERVICE):
        return _render(request, FlowServiceError("1411-400", path=path.removeprefix(_FLOW_SERVICE)))
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return _render(request, FlowServiceError("1100-400", text="The request body could not be parsed."))
    return Json({"message": error.detail}, error.status_code, error.headers)


def _translate(problems: Sequence[Mapping[str, object]]) -> ResponseError:
    """Return the catalogue's error for the problems that FastAPI found; the inputs are never part of it."""
    first = problems[0]
    location = first["loc"]
    place = tuple(str(part) for part in location) if isinstance(location, tuple) else ()
    where, field = (place[0] if place else ""), ".".join(place[1:])
    if first["type"] == "json_invalid":
        return FlowServiceError("1100-400", text="The request body is not valid JSON.")
    if where == "query":
        if first["type"] == "missing":
            return ConnectorError("1359-400", parameter=field)
        return FlowServiceError("1452-400", value=first.get("input"), field=field)
    if where != "body":
        return FlowServiceError("1100-400", text=f"{field} is not valid.")
    return _translate_body(field, str(first["type"]), problems)


def _translate_body(field: str, kind: str, problems: Sequence[Mapping[str, object]]) -> ResponseError:
    if not field:
        empty = kind == "missing" or problems[0].get("input") in (None, [], {})
        return FlowServiceError("1405-400") if empty else FlowServiceError("1100-400", text=str(problems[0]["msg"]))
    if kind != "missing":
        return ConnectorError("1318-400", text="; ".join(_plain(each) for each in problems))
    if field in {"connectionSpec", "connectionSpec.id"}:
        return FlowServiceError("1413-400")
    return ConnectorError("1304-400", field=field)


def _plain(problem: Mapping[str, object]) -> str:
    location = problem["loc"]
    place = ".".join(str(part) for part in location[1:]) if isinstance(location, tuple) else ""
    return f"{place}: {problem['msg']}"
