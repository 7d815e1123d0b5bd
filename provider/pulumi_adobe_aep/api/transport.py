"""One HTTP request and its whole answer: session, timeouts, and what is known when there is no answer.

Which failures are worth repeating is `retry.py`'s decision, what an error answer means is `error_responses.py`'s.
"""

from __future__ import annotations

import http.cookiejar
import json
import logging
import ssl
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import urllib3.exceptions

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.exchange import Adapter, Exchange, GivenUp
from pulumi_adobe_aep.errors import AepError, Cancelled, DeadlineExceeded, NotSent, ResponseLost, UntrustedCertificate
from pulumi_adobe_aep.redaction import register

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
READ_TIMEOUT = 60.0
"""Seconds to wait for one whole exchange."""
MAX_SHARE_OF_REMAINING = 0.5
"""How much of the time that an operation has left one exchange may take. The rest is for what a lost answer leads to:
another attempt, or looking for what may have been created."""
MAX_BODY_BYTES = 32 * 1024 * 1024
"""Bytes after which an answer is cut off; a full page of connections is a few hundred thousand."""
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
    """A whole answer, of any status."""

    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Their names are looked up without regard to case."""
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str:
        """The id under which Adobe's support finds the request; empty when the answer has none."""
        return self.headers.get("x-request-id", "")

    def json(self) -> Any:
        """Read the body as JSON.

        Raises:
            ResponseLost: It is none, so what was asked for is not known.
        """
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no content type")
            raise ResponseLost(
                f"{self.request.method} {self.request.url} was answered with {self.status}, but not in JSON.",
                why=f"It is {len(self.body)} bytes of {kind}; a proxy between here and Adobe may have written it.",
                advice="Run the command again; if it stays, look at the proxy settings of this machine.",
                request_id=self.request_id,
                location=self.headers.get("location", "") if self.status == HTTPStatus.CREATED else "",
            ) from None


def read_json(body: bytes) -> Any:
    r"""Read JSON that anyone may have written.

    Args:
        body: The text. Halves of characters (`"\\ud800"`) become question marks: nothing could be done with them later,
            neither written into a state nor shown.

    Raises:
        ValueError: It is no JSON.
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
    """

    def __init__(self, connections: int) -> None:
        _register_proxy_passwords()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"pulumi-adobe-aep/{__version__} python-requests/{requests.__version__}"
        # Without an auth of its own, requests would replace our Authorization header by what ~/.netrc says.
        self._session.auth = _leave_as_it_is
        # No answer may decide what the next request, perhaps to another sandbox, carries.
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        adapter = Adapter(pool_maxsize=connections, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._of_host: dict[str, Mapping[str, Any]] = {}

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(self, request: Request, deadline: Deadline) -> Response:
        """Send a request once and wait for its whole answer.

        Args:
            request: What to send.
            deadline: The time limit of the operation.

        Raises:
            NotSent: The service has not seen the request.
            ResponseLost: It may have, but no whole answer came back in time.
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
            answer = exchange.run(limit, deadline.cancellation)
        except GivenUp:
            if deadline.cancellation.is_requested:
                raise _logged(request, started, _cancelled(request, exchange)) from None
            raise _logged(request, started, _too_slow(request, limit, exchange)) from None
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise _logged(request, started, _what_is_known(request, error, limit, exchange)) from None
        logger.debug(
            "%s %s answered %d after %.3f s (request id %s)",
            request.method,
            request.url,
            answer.status,
            _since(started),
            answer.request_id or "none",
        )
        return answer

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
            **self._surroundings(request.url),
        ) as response:
            exchange.record_head(response.status_code, response.headers)
            body = bytearray()
            try:
                for chunk in response.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > MAX_BODY_BYTES:
                        raise requests.exceptions.ContentDecodingError(f"more than {MAX_BODY_BYTES} bytes")
            except (OSError, urllib3.exceptions.HTTPError):
                # A refusal is one by its status; what is lost of it is only the reason.
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    raise
            return Response(request, response.status_code, response.headers, bytes(body))

    def _surroundings(self, url: str) -> Mapping[str, Any]:
        """Return the proxies and certificates that the environment names for a host.

        requests would look through the whole environment, twice, for each request.
        """
        host = urlsplit(url).netloc
        if host not in self._of_host:
            self._of_host[host] = self._session.merge_environment_settings(url, {}, True, None, None)
        return self._of_host[host]


def _leave_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _register_proxy_passwords() -> None:
    """Keep the passwords in HTTPS_PROXY and the like out of all messages: errors may quote the address."""
    for address in urllib.request.getproxies().values():
        try:
            password = urlsplit(address).password
        except ValueError:
            continue
        if password:
            register(unquote(register(password)))


def _since(started: float) -> float:
    return time.monotonic() - started


def _logged(request: Request, started: float, failure: AepError) -> AepError:
    logger.debug("%s %s failed after %.3f s: %s", request.method, request.url, _since(started), failure.why)
    return failure


def _too_slow(request: Request, limit: float, exchange: Exchange[Response]) -> NotSent | ResponseLost:
    if not exchange.sent:
        return _no_connection(request, f"There was none within {limit:.3g} seconds.")
    return ResponseLost(
        f"{request.method} {request.url} was not answered within {limit:.3g} seconds.",
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


def _what_is_known(
    request: Request, error: OSError | urllib3.exceptions.HTTPError, limit: float, exchange: Exchange[Response]
) -> NotSent | ResponseLost:
    """Tell a request that was never sent from one whose answer was lost."""
    cause = _innermost(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return UntrustedCertificate(
            f"{request.method} {request.url} was not sent: the server's certificate is not trusted.",
            why=f"{cause.verify_message}.",
            advice="If a proxy or a private certificate authority stands between, name its certificates in "
            "REQUESTS_CA_BUNDLE. Verification cannot be turned off.",
        )
    if not exchange.sent and not isinstance(error, requests.exceptions.RequestException):
        # Raised before it connects: a bundle that is not there, an address of a proxy that is none.
        return UntrustedCertificate(
            f"{request.method} {request.url} was not sent: this machine's settings for TLS or a proxy cannot be used.",
            why=_reason(cause),
            advice="Check REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and HTTPS_PROXY.",
        )
    if not exchange.sent:
        return _no_connection(request, _reason(cause))
    if isinstance(error, requests.exceptions.Timeout) or isinstance(
        cause, (TimeoutError, urllib3.exceptions.TimeoutError)
    ):
        return _too_slow(request, limit, exchange)
    return ResponseLost(
        f"{request.method} {request.url} was sent, but no whole answer came back.",
        why=_reason(cause),
        advice="Run the command again.",
        location=exchange.created_at_path,
    )


def _innermost(error: BaseException) -> BaseException:
    """Unwrap requests' and urllib3's exceptions down to the one that says something."""
    seen = error
    while True:
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        # A refused connection is told by its class and keeps a text only there.
        if not isinstance(inner, BaseException) or isinstance(seen, urllib3.exceptions.NewConnectionError):
            return seen
        if isinstance(seen, urllib3.exceptions.ProxyError):
            return seen
        seen = inner


def _reason(cause: BaseException) -> str:
    """Say why in the operating system's words, without the object's address that urllib3 puts in front."""
    inner = cause.__cause__ if isinstance(cause.__cause__, OSError) else cause
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(cause)
    return f"{text.rsplit(': ', 1)[-1] or type(cause).__name__}."
