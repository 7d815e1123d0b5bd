"""``/ims/token/v3``."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, Field

from pulumi_adobe_aep.emulator.errors import ImsError
from pulumi_adobe_aep.emulator.http.admission import retry_after
from pulumi_adobe_aep.emulator.http.bodies import ImsErrorBody
from pulumi_adobe_aep.emulator.http.depends import ExchangeDep, WorldDep
from pulumi_adobe_aep.emulator.http.responses import Json

router = APIRouter(prefix="/ims/token", tags=["IMS"])


class Token(BaseModel):
    """An access token; ``expires_in`` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int


class TokenForm(BaseModel):
    """What a client sends for a token."""

    client_id: str | None = None
    client_secret: str | None = Field(default=None, json_schema_extra={"format": "password"})
    grant_type: str | None = Field(default=None, description="`client_credentials`")
    scope: str | None = Field(default=None, description="Scopes, separated by commas.")


@router.post("/v3", response_model=Token, responses={400: {"model": ImsErrorBody}, 429: {"model": ImsErrorBody}})
async def get_token(
    world: WorldDep,
    exchange: ExchangeDep,
    form: Annotated[TokenForm, Form()],
    query: Annotated[TokenForm, Query()],
) -> Response:
    """Issue an access token. The body is the recommended place for the four parameters; the query works, too."""
    client_id, client_secret = form.client_id or query.client_id, form.client_secret or query.client_secret
    client = world.tokens.identify(client_id or "", client_secret or "")
    exchange.client_id = client.client_id
    wait = world.limits.wait(f"ims:{client.client_id}", client.token_rate_limit, world.clock.now())
    if wait:
        error = ImsError("too_many_requests", "Too many requests", 429)
        error.headers = retry_after(wait, world)
        raise error
    if (form.grant_type or query.grant_type) != "client_credentials":
        raise ImsError("unsupported_grant_type", "unsupported grant_type parameter")
    separated = (form.scope or query.scope or "").split(",")
    grant = world.tokens.grant(client, frozenset(each.strip() for each in separated if each.strip()))
    return Json({"access_token": grant.access_token, "token_type": "bearer", "expires_in": grant.expires_in})
