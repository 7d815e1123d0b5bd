"""What the routes get from the request and the application around them."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Path, Query, Request
from fastapi.dependencies.models import Dependant

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.lists import ListQuery
from pulumi_adobe_aep.emulator.flow_service.rules import Caller
from pulumi_adobe_aep.emulator.http.bodies import ErrorBody, GatewayErrorBody
from pulumi_adobe_aep.emulator.http.exchange import Exchange
from pulumi_adobe_aep.emulator.world import World

# All dependencies are coroutines: FastAPI would send every other function to a thread and wait for it, which takes
# longer than most requests here. None has dependencies of its own, as FastAPI resolves each of them for every request.


async def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def _exchange(request: Request) -> Exchange:
    exchange: Exchange = request.state.exchange
    return exchange


async def _caller(request: Request) -> Caller:
    caller: Caller | None = request.state.exchange.caller
    if caller is None:  # pragma: no cover - admission comes before every route of the platform
        raise FlowServiceError("2000-401")
    return caller


async def _documented_query(request: Request) -> None:
    """Refuse query parameters that the route does not declare, unless the emulator is loose."""
    if not request.scope["query_string"] or request.app.state.world.rules.loose:
        return
    declared = _parameters(request.scope["route"].dependant)
    for name in request.query_params:
        if name not in declared:
            raise FlowServiceError("1451-400", parameter=name)


def _parameters(dependant: Dependant) -> set[str]:
    names = {each.alias for each in dependant.query_params}
    return names.union(*(_parameters(each) for each in dependant.dependencies))


async def _list_query(
    filters: Annotated[
        list[str] | None,
        Query(alias="property", description="A filter, such as `name==crm`. Several mean all of them."),
    ] = None,
    limit: Annotated[int | None, Query(description="Items on a page, 100 at most.")] = None,
    orderby: Annotated[str | None, Query(description="Fields to sort by, with `-` for descending order.")] = None,
    continuation_token: Annotated[
        str | None, Query(alias="continuationToken", description="Continues a list where the last page ended.")
    ] = None,
    *,
    count: Annotated[bool, Query(description="Only the number of items.")] = False,
) -> ListQuery:
    return ListQuery(tuple(filters or ()), orderby, limit, continuation_token, count)


async def _operation(
    op: Annotated[str, Query(description="What is to be done, such as `publish`, in any case.")],
    sub_op: Annotated[str | None, Query(alias="subOp", description="`APPLY`, `ROLLBACK` or `PROGRESS`.")] = None,
) -> str:
    """Return the operation. One of Adobe's documents requires a sub operation, no tutorial does: it has no effect."""
    if sub_op is not None and sub_op.upper() not in {"APPLY", "ROLLBACK", "PROGRESS"}:
        raise FlowServiceError("1436-400", sub_operation=sub_op, operation=op)
    return op


WorldDep = Annotated[World, Depends(_world)]
ExchangeDep = Annotated[Exchange, Depends(_exchange)]
CallerDep = Annotated[Caller, Depends(_caller)]
ListQueryDep = Annotated[ListQuery, Depends(_list_query)]
EntityId = Annotated[str, Path(description="The entity's id.")]
Mode = Annotated[Literal["draft"] | None, Query(description="`draft` makes a draft.")]
Operation = Annotated[str, Depends(_operation)]
IfMatch = Annotated[str | None, Header(description="The entity's etag, with its double quotes. Required.")]

REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody | GatewayErrorBody, "description": "The request is wrong, or the entity's state is."},
    401: {"model": GatewayErrorBody, "description": "The token is not valid."},
    403: {"model": GatewayErrorBody | ErrorBody, "description": "No token, another client's API key, no permission."},
    404: {"model": ErrorBody, "description": "There is no such entity or sandbox."},
    429: {"model": GatewayErrorBody, "description": "Too many requests."},
}
"""The errors that every route of the platform can return, for its OpenAPI page."""

PLATFORM = [Depends(_documented_query)]
"""The dependencies of every route of the platform. The headers are the business of admission and `openapi`."""
