"""Access tokens of Adobe's Identity Management System.

Source: "Implement authentication" for OAuth server-to-server credentials in the Developer Console's documentation.
The tokens have the form of Adobe's, three base64 parts, but their signature is the emulator's own.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

from pulumi_adobe_aep.emulator.clock import Clock
from pulumi_adobe_aep.emulator.errors import ImsError
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.organizations import Client, Directory

_HEADER = {"alg": "HS256", "kid": "emulator", "typ": "JWT"}


@dataclass(frozen=True)
class Grant:
    """A token as the token endpoint returns it; ``expires_in`` is in seconds."""

    access_token: str
    expires_in: int


class TokenIssuer:
    """Issues access tokens and recognizes them.

    Args:
        key: signs the tokens; the same key knows them again after a restart.
        generation: counts how often all tokens have been made to expire.
    """

    def __init__(
        self, directory: Directory, clock: Clock, identifiers: Identifiers, key: bytes, generation: int = 0
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._identifiers = identifiers
        self._key = key
        self.generation = generation

    def use(self, clock: Clock, identifiers: Identifiers) -> None:
        """Go on with another clock and another source of ids."""
        self._clock = clock
        self._identifiers = identifiers

    def identify(self, client_id: str, client_secret: str) -> Client:
        """Return the client with these credentials.

        Raises:
            ImsError: they are wrong; the messages are those that clients of IMS have published.
        """
        client = self._directory.client(client_id)
        if client is None or not client.enabled:
            raise ImsError("invalid_client", "invalid client_id parameter")
        # Every secret is compared, so that the time says nothing about which one was close.
        matches = [hmac.compare_digest(each.encode(), client_secret.encode()) for each in client.client_secrets]
        if not any(matches):
            raise ImsError("invalid_client", "invalid client_secret parameter")
        return client

    def grant(self, client: Client, scopes: frozenset[str]) -> Grant:
        """Return a new token.

        Raises:
            ImsError: a scope is asked for that the client does not have.
        """
        if not scopes or not scopes <= set(client.scopes):
            raise ImsError("invalid_scope", "invalid scope parameter")
        payload = {
            "id": f"{self._clock.now()}_{self._identifiers.uuid()}",
            "type": "access_token",
            "client_id": client.client_id,
            "scope": ",".join(sorted(scopes)),
            "created_at": str(self._clock.now()),
            "expires_in": str(client.token_lifetime * 1000),
            "generation": str(self.generation),
        }
        signed = f"{_encode(_HEADER)}.{_encode(payload)}"
        return Grant(f"{signed}.{self._sign(signed)}", client.token_lifetime)

    def owner(self, token: str) -> Client | None:
        """Return the client that a token was given to, or None when the token is not, or no longer, valid."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._sign(signed).encode(), signature.encode()):
            return None
        try:
            payload = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        except (binascii.Error, ValueError):
            return None
        expires = int(payload["created_at"]) + int(payload["expires_in"])
        if int(payload["generation"]) != self.generation or self._clock.now() >= expires:
            return None
        client = self._directory.client(payload["client_id"])
        return client if client is not None and client.enabled else None

    def expire_all(self) -> int:
        """Make every token given out so far invalid, and return the new generation."""
        self.generation += 1
        return self.generation

    def _sign(self, signed: str) -> str:
        digest = hmac.new(self._key, signed.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _encode(part: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode("ascii")
