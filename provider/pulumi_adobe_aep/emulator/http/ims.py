"""``/ims/token/v3``."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel

from pulumi_adobe_aep.emulator.errors import ImsError
from pulumi_adobe_aep.emulator.http.admission import retry_after
from pulumi_adobe_aep.emulator.http.answers import Json
from pulumi_adobe_aep.emulator.http.depends import ExchangeDep, WorldDep

router = APIRouter(prefix="/ims/token", tags=["IMS"])


class Token(BaseModel):
    """An access token; ``expires_in`` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int


@router.post("/v3", response_model=Token)
async def get_token(
    world: WorldDep,
    exchange: ExchangeDep,
    client_id: Annotated[str | None, Form()] = None,
    client_secret: Annotated[str | None, Form(json_schema_extra={"format": "password"})] = None,
    grant_type: Annotated[str | None, Form(description="`client_credentials`")] = None,
    scope: Annotated[str | None, Form(description="Scopes, separated by commas.")] = None,
    query_client_id: Annotated[str | None, Query(alias="client_id")] = None,
    query_client_secret: Annotated[str | None, Query(alias="client_secret")] = None,
    query_grant_type: Annotated[str | None, Query(alias="grant_type")] = None,
    query_scope: Annotated[str | None, Query(alias="scope")] = None,
) -> Response:
    """Give out an access token. The body is the recommended place for the four parameters; the query works, too."""
    client = world.tokens.identify(client_id or query_client_id or "", client_secret or query_client_secret or "")
    exchange.client_id = client.client_id
    wait = world.limits.wait(f"ims:{client.client_id}", client.token_rate_limit, world.clock.now())
    if wait:
        error = ImsError("too_many_requests", "Too many requests", 429)
        error.headers = retry_after(wait, world)
        raise error
    if (grant_type or query_grant_type) != "client_credentials":
        raise ImsError("unsupported_grant_type", "unsupported grant_type parameter")
    separated = (scope or query_scope or "").split(",")
    grant = world.tokens.grant(client, frozenset(each.strip() for each in separated if each.strip()))
    return Json({"access_token": grant.access_token, "token_type": "bearer", "expires_in": grant.expires_in})
