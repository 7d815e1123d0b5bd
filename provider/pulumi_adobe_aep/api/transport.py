"""One HTTP request and its whole response: session, timeouts, and what is known when there is no response.

Which failures are worth repeating is `retry.py`'s decision, what an error response means is `error_responses.py`'s.
"""

from __future__ import annotations

import email.utils
import http.cookiejar
import json
import logging
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.exchange import Adapter, Exchange, GivenUp
from pulumi_adobe_aep.api.surroundings import (
    Proxy,
    Surroundings,
    UnusableBundle,
    UnusableProxy,
    register_proxy_passwords,
    surroundings_of,
)
from pulumi_adobe_aep.errors import (
    AepError,
    Cancelled,
    DeadlineExceeded,
    NotSent,
    ProxyUnusable,
    ResponseLost,
    UntrustedCertificate,
)

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
READ_TIMEOUT = 60.0
"""Seconds to wait for one whole exchange."""
MAX_SHARE_OF_REMAINING = 0.5
"""How much of the time that an operation has left one exchange may take. The rest is for what a lost response leads to:
another attempt, or looking for what may have been created."""
MAX_BODY_BYTES = 32 * 1024 * 1024
"""Bytes after which a response is cut off; a full page of connections is a few hundred thousand."""
_CHUNK = 64 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What is sent. Headers and bodies may hold secrets, so both are left out of its repr."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Sequence[tuple[str, str]] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Response:
    """A whole response, of any status."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Their names are looked up without regard to case."""
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str:
        """The id under which Adobe's support finds the request; empty when the response has none."""
        return self.headers.get("x-request-id", "")

    @property
    def date(self) -> datetime | None:
        """The time of the response by the server's own clock; None if the server does not send it."""
        return http_date(self.headers.get("date", ""))

    def json(self) -> Any:
        """Read the body as JSON.

        Raises:
            ResponseLost: The body is not JSON, so the outcome is unknown.
        """
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no content type")
            raise ResponseLost(
                f"{self.request.method} {self.request.url} returned {self.status}, but the body is not JSON.",
                why=f"It is {len(self.body)} bytes of {kind}; a proxy between here and Adobe may have written it.",
                advice="Run the command again; if it stays, look at the proxy settings of this machine.",
                request_id=self.request_id,
                location=self.headers.get("location", "") if self.status == HTTPStatus.CREATED else "",
            ) from None


def http_date(text: str) -> datetime | None:
    """Return the time of an HTTP header; None if it is not a valid HTTP date."""
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)


def read_json(body: bytes) -> Any:
    r"""Read JSON from outside.

    Args:
        body: The text. Halves of characters (`"\\ud800"`) become question marks: nothing could be done with them later,
            neither written into a state nor shown.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deeply.
    """
    value = json.loads(body)
    if b"\\u" in body or b"\xed" in body:
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


class HttpClient:
    """Sends requests over kept connections, for many threads.

    Args:
        connections: How many connections are kept open a host: as many as requests may be under way at once.
        max_body_bytes: The largest body that is read.
    """

    def __init__(self, connections: int, *, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._max_body_bytes = max_body_bytes
        register_proxy_passwords()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"pulumi-adobe-aep/{__version__} python-requests/{requests.__version__}"
        # Without an auth of its own, requests would replace our Authorization header by what ~/.netrc says.
        self._session.auth = _leave_as_it_is
        # No response may decide what the next request, perhaps to another sandbox, carries.
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        adapter = Adapter(pool_maxsize=connections, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._of_host: dict[str, Surroundings] = {}

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(self, request: Request, deadline: Deadline) -> Response:
        """Send a request once and wait for its whole response.

        Args:
            request: What to send.
            deadline: The time limit of the operation.

        Raises:
            NotSent: The service has not seen the request.
            ResponseLost: It may have, but no whole response came back in time.
            DeadlineExceeded: There was no time left to send it.
            Cancelled: The command was cancelled before it was sent.
        """
        deadline.cancellation.check(f"the response to {request.method} {request.url}")
        limit = min(READ_TIMEOUT, deadline.remaining() * MAX_SHARE_OF_REMAINING)
        if limit <= 0:
            raise DeadlineExceeded(
                f"{request.method} {request.url} was not sent.",
                why=f"{deadline.describe().capitalize()} has passed.",
                advice=f"Run the command again; if the service is that slow, raise {deadline.setting}.",
            )
        started = time.monotonic()
        exchange: Exchange[Response] = Exchange(lambda self_: self._send(request, limit, self_))
        try:
            response = exchange.run(limit, deadline.cancellation)
        except GivenUp:
            if deadline.cancellation.is_requested:
                raise _logged(request, started, _cancelled(request, exchange)) from None
            raise _logged(request, started, _too_slow(request, limit, exchange)) from None
        except (UnusableProxy, UnusableBundle) as error:
            raise _logged(request, started, _unusable(request, error)) from None
        except (OSError, urllib3.exceptions.HTTPError) as error:
            proxy = self._surroundings(request.url).proxy
            raise _logged(request, started, _what_is_known(request, error, limit, exchange, proxy)) from None
        logger.debug(
            "%s %s returned %d after %.3f s (request id %s)",
            request.method,
            request.url,
            response.status,
            _since(started),
            response.request_id or "none",
        )
        return response

    def _send(self, request: Request, limit: float, exchange: Exchange[Response]) -> Response:
        prepared = self._session.prepare_request(
            requests.Request(
                request.method,
                request.url,
                params=list(request.query),
                headers=dict(request.headers),
                data=request.body,
            )
        )
        with self._session.send(
            prepared,
            timeout=(min(CONNECT_TIMEOUT, limit), limit),
            allow_redirects=False,
            **self._surroundings(request.url).for_requests(request.url),
        ) as response:
            exchange.record_head(response.status_code, response.headers)
            body = bytearray()
            try:
                for chunk in response.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > self._max_body_bytes:
                        raise requests.exceptions.ContentDecodingError(f"more than {self._max_body_bytes} bytes")
            except (OSError, urllib3.exceptions.HTTPError):
                # A refusal is one by its status; what is lost of it is only the reason.
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    raise
            return Response(request, response.status_code, response.headers, bytes(body))

    def _surroundings(self, url: str) -> Surroundings:
        """Return the way to a host. requests would look through the whole environment, twice, for each request."""
        host = urlsplit(url).netloc
        if host not in self._of_host:
            self._of_host[host] = surroundings_of(url)
        return self._of_host[host]


def _leave_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _since(started: float) -> float:
    return time.monotonic() - started


def _logged(request: Request, started: float, failure: AepError) -> AepError:
    logger.debug("%s %s failed after %.3f s: %s", request.method, request.url, _since(started), failure.why)
    return failure


def _too_slow(request: Request, limit: float, exchange: Exchange[Response]) -> NotSent | ResponseLost:
    if not exchange.sent:
        return _no_connection(request, f"There was none within {limit:.3g} seconds.")
    return ResponseLost(
        f"{request.method} {request.url} got no response within {limit:.3g} seconds.",
        why="The request was sent; whether it was handled is not known.",
        advice="Run the command again; if the service is that slow, raise AEP_TIMEOUT.",
        location=exchange.created_at_path,
    )


def _cancelled(request: Request, exchange: Exchange[Response]) -> Cancelled | ResponseLost:
    if not exchange.sent:
        return Cancelled(
            f"{request.method} {request.url} was cancelled before it was sent.", advice="Run the command again."
        )
    return ResponseLost(
        f"{request.method} {request.url} was cancelled before the response came.",
        why="The request was sent; whether it was handled is not known.",
        advice="Run the command again.",
        location=exchange.created_at_path,
    )


def _no_connection(request: Request, why: str) -> NotSent:
    return NotSent(
        f"{request.method} {request.url} was not sent: no connection to the server.",
        why=why,
        advice="Check the network, the address (AEP_BASE_URL, AEP_IMS_URL) and, if there is a proxy, HTTPS_PROXY.",
    )


def _no_connection_by(proxy: Proxy, request: Request, chain: Sequence[BaseException]) -> NotSent:
    """Say what is wrong with the proxy, or with what it reaches."""
    status = next((found[1] for error in chain if (found := _TUNNEL.search(str(error)))), None)
    if status is not None:
        return _refused_by(proxy, request, int(status))
    if any(isinstance(error, _NOT_REACHED) for error in chain):
        return NotSent(
            f"{request.method} {request.url} was not sent: no connection to the proxy {proxy.address}.",
            why=_reason(chain),
            advice="Check HTTPS_PROXY, or name the server in NO_PROXY if it is reached without a proxy.",
        )
    advice = f"Check whether the proxy lets {urlsplit(request.url).hostname} through."
    if proxy.scheme == "https":
        advice += " HTTPS_PROXY says that the proxy speaks TLS itself; most do not: then it begins with http://."
    return NotSent(
        f"{request.method} {request.url} was not sent: no connection to the server through the proxy {proxy.address}.",
        why=_reason(chain),
        advice=advice,
    )


def _refused_by(proxy: Proxy, request: Request, status: int) -> NotSent:
    what = f"{request.method} {request.url} was not sent: the proxy {proxy.address} responded with {status}."
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        if proxy.has_credentials:
            return ProxyUnusable(
                what,
                why="It does not take the user name and password in HTTPS_PROXY.",
                advice="Correct them, with '@', ':', '/', '#', '?' and '%' percent-encoded in both. A proxy that wants "
                "NTLM or Kerberos needs a local one in front of it.",
            )
        return ProxyUnusable(
            what,
            why="It wants a user name and a password, and HTTPS_PROXY has none.",
            advice="Put them before the host in HTTPS_PROXY, as USER:PASSWORD@.",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotSent(
            what,
            why="The proxy does not reach the server.",
            advice="Run the command again later; if it stays, ask who runs the proxy.",
        )
    host = urlsplit(request.url).hostname
    return ProxyUnusable(
        what,
        why=f"The proxy does not let requests to {host} through.",
        advice=f"Ask who runs the proxy to allow {host}, or name it in NO_PROXY if it is reached without a proxy.",
    )


def _unusable(request: Request, error: UnusableProxy | UnusableBundle) -> NotSent:
    if isinstance(error, UnusableProxy):
        return ProxyUnusable(
            f"{request.method} {request.url} was not sent: the proxy in HTTPS_PROXY (or ALL_PROXY) cannot be used.",
            why=str(error),
            advice="Write it as http://HOST:PORT, with USER:PASSWORD@ before the host where the proxy wants them; "
            "a SOCKS proxy needs the package PySocks (pip install PySocks).",
        )
    return UntrustedCertificate(
        f"{request.method} {request.url} was not sent: the certificate authorities to trust cannot be read.",
        why=str(error),
        advice="Name a file of certificates in PEM form, or unset the variable.",
    )


def _what_is_known(
    request: Request,
    error: OSError | urllib3.exceptions.HTTPError,
    limit: float,
    exchange: Exchange[Response],
    proxy: Proxy | None,
) -> NotSent | ResponseLost:
    """Distinguish a request that was never sent from one whose response was lost."""
    chain = [*_causes(error)]
    untrusted = next((cause for cause in chain if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return UntrustedCertificate(
            f"{request.method} {request.url} was not sent: the server's certificate is not trusted.",
            why=f"{untrusted.verify_message}.",
            advice="If a proxy or a private certificate authority is in between, name its certificates in "
            "REQUESTS_CA_BUNDLE. Verification cannot be turned off.",
        )
    if not exchange.sent:
        return _no_connection_by(proxy, request, chain) if proxy else _no_connection(request, _reason(chain))
    if any(map(_is_timeout, chain)):
        return _too_slow(request, limit, exchange)
    return ResponseLost(
        f"{request.method} {request.url} was sent, but no whole response came back.",
        why=_reason(chain),
        advice="Run the command again.",
        location=exchange.created_at_path,
    )


_NOT_REACHED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    socket.gaierror,
)
"""What says of a connection through a proxy that the proxy itself was not reached."""
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})\b")
"""How Python's http.client reports a proxy's response to CONNECT; the rest is the proxy's own message."""
# What can be shown of somebody else's message: no repr, no address, nothing in quotes.
_ERRNO = re.compile(r": (?:\[Errno -?\d+\] )?")
_SENTENCE = re.compile(r"[A-Za-z0-9][\w ,.=-]*")


def _is_timeout(cause: BaseException) -> bool:
    # urllib3 makes a connection that was refused one of its timeouts.
    refused = isinstance(cause, urllib3.exceptions.NewConnectionError)
    return isinstance(cause, (TimeoutError, urllib3.exceptions.TimeoutError)) and not refused


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return an exception of requests or urllib3, and those that are wrapped in it, the innermost last."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        wrapped = (
            getattr(cause, "reason", None),
            getattr(cause, "original_error", None),
            cause.args[0] if cause.args else None,
            cause.__cause__,
        )
        cause = next((each for each in wrapped if isinstance(each, BaseException)), None)


def _reason(chain: Sequence[BaseException]) -> str:
    """Say why in a sentence, without the reprs and addresses that urllib3 puts around it."""
    cause = chain[-1]
    if isinstance(cause, socket.gaierror):
        return f"Its name cannot be resolved: {cause.strerror}."
    if isinstance(cause, ssl.SSLError) and cause.reason:
        return f"TLS: {cause.reason.replace('_', ' ').lower()}."
    if _is_timeout(cause):
        return "It did not respond in time."
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else _ERRNO.split(str(cause))[-1]
    return f"{text.rstrip('.')}." if _SENTENCE.fullmatch(text) else f"{type(cause).__name__}."
