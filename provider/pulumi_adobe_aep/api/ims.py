"""Access tokens from Adobe's identity service (IMS), OAuth server-to-server.

Source: Adobe developer console documentation, "Implementation guide: OAuth Server-to-Server credential":
`POST /ims/token/v3`, form-encoded, scopes joined by commas, `expires_in` in seconds, no refresh token.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from pulumi_adobe_aep.api import retry
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.error_responses import ErrorBody, is_adobes, read_error, to_exception
from pulumi_adobe_aep.api.transport import HttpClient, Request, Response
from pulumi_adobe_aep.errors import AepError, ResponseLost, TokenRefused
from pulumi_adobe_aep.redaction import register
from pulumi_adobe_aep.settings import Credentials

TOKEN_PATH = "/ims/token/v3"  # noqa: S105 - a path
RENEW_BEFORE = 300.0
"""Seconds before its end at which a token is renewed; a tenth of its life where that is shorter."""

_LONGEST_LIFE = 86_400.0
"""Adobe's tokens last a day; what claims more is asked for again after it."""
_SENDABLE = re.compile(r"[\x21-\x7e]+")
"""What an HTTP header can hold."""

logger = logging.getLogger(__name__)


class AccessTokens(Protocol):
    """Where access tokens come from."""

    def get(self, deadline: Deadline) -> str:
        """Return a token that is valid now."""

    def renew(self, refused: str, deadline: Deadline) -> str | None:
        """Return another token than the one that was refused, or None when there is no other."""


class ReadyMadeToken:
    """A ready-made token (`AEP_ACCESS_TOKEN`); it cannot be renewed."""

    def __init__(self, token: str) -> None:
        self._token = register(token)

    def get(self, deadline: Deadline) -> str:  # noqa: ARG002 - takes no time
        """Return the token."""
        return self._token

    def renew(self, refused: str, deadline: Deadline) -> str | None:  # noqa: ARG002 - there is only the one
        """There is no other."""
        return None


@dataclass(frozen=True)
class _Token:
    value: str = field(repr=False)
    renew_at: float
    """On the monotonic clock."""


class ImsTokens:
    """Tokens from IMS: one request for all threads, kept in memory until shortly before it expires.

    Args:
        http: Sends the request.
        ims_url: The address without a path.
        credentials: With a client secret.
    """

    def __init__(self, http: HttpClient, ims_url: str, credentials: Credentials) -> None:
        self._http = http
        self._url = ims_url + TOKEN_PATH
        self._credentials = credentials
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def get(self, deadline: Deadline) -> str:
        """Return a token that is valid now; asks IMS for one when there is none.

        Raises:
            TokenRefused: IMS returns none; the message says why.
            AepError: IMS cannot be reached.
        """
        with self._lock:
            if self._token is None or deadline.clock.monotonic() >= self._token.renew_at:
                self._token = self._request(deadline)
            return self._token.value

    def renew(self, refused: str, deadline: Deadline) -> str | None:
        """Return another token than the one that was refused; one request, however many threads ask."""
        with self._lock:
            if self._token is None or self._token.value == refused:
                self._token = self._request(deadline)
            return self._token.value

    def _request(self, deadline: Deadline) -> _Token:
        # A second request makes a second token and does no harm: a retry is safe.
        return retry.run(lambda: self._request_once(deadline), repeatable=True, deadline=deadline)

    def _request_once(self, deadline: Deadline) -> _Token:
        form = {
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "grant_type": "client_credentials",
            "scope": ",".join(self._credentials.scopes.replace(",", " ").split()),
        }
        request = Request(
            "POST",
            self._url,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            body=urlencode(form).encode("ascii"),
        )
        asked = deadline.clock.monotonic()
        response = self._http.send(request, deadline)
        if response.status != 200:  # noqa: PLR2004 - the one documented status
            raise _refusal(response)
        token = _read_token(response, asked)
        logger.info("IMS gave an access token.")
        return token


def _read_token(response: Response, asked: float) -> _Token:
    body = response.json()
    value = body.get("access_token") if isinstance(body, dict) else None
    lifetime = body.get("expires_in") if isinstance(body, dict) else None
    if not isinstance(value, str) or not _SENDABLE.fullmatch(value):
        raise ResponseLost(
            f"The response to {response.request.url} has no access token that can be sent.",
            advice="Check AEP_IMS_URL.",
            request_id=response.request_id,
        )
    seconds = float(min(lifetime, _LONGEST_LIFE)) if isinstance(lifetime, (int, float)) and lifetime > 0 else 0.0
    return _Token(register(value), renew_at=asked + seconds - min(RENEW_BEFORE, seconds / 10))


def _refusal(response: Response) -> AepError:
    error = to_exception(response, "Getting an access token from IMS")
    if error.status in (400, 401, 403) and is_adobes(response):
        body = read_error(response)
        return TokenRefused(
            "Adobe's identity service (IMS) refused to give an access token.",
            why=error.why,
            advice=_advice(body),
            request_id=error.request_id,
        )
    return error


def _advice(body: ErrorBody) -> str:
    text = body.text.lower()
    if "client_secret" in text:
        return "AEP_CLIENT_SECRET is not a secret of this client: copy it again from the Developer Console."
    if "client_id" in text:
        return "AEP_CLIENT_ID is not known: copy it again from the Developer Console."
    if body.code == "invalid_scope" or "scope" in text:
        return (
            "AEP_SCOPES asks for more than the credential has: copy them from the Developer Console, or leave it out."
        )
    if body.code == "unauthorized_client" or "disabled" in text:
        return (
            "The credential is disabled, or is not an OAuth server-to-server one: look at it in the Developer Console."
        )
    return "Check AEP_CLIENT_ID, AEP_CLIENT_SECRET and AEP_SCOPES against the credential in the Developer Console."


def tokens_for(http: HttpClient, ims_url: str, credentials: Credentials) -> AccessTokens:
    """Return the source of tokens that the credentials ask for."""
    if credentials.access_token:
        return ReadyMadeToken(credentials.access_token)
    return ImsTokens(http, ims_url, credentials)
