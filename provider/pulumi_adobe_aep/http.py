"""One HTTP request and its whole answer: session, timeouts, and what is known when there is no answer.

Which failures are worth repeating is `retry.py`'s decision, what an error answer means is `answers.py`'s.
"""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests
import requests.adapters
import urllib3.exceptions

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.deadline import Deadline
from pulumi_adobe_aep.errors import AnswerLost, NotSent, UntrustedCertificate

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
READ_TIMEOUT = 60.0
"""Seconds to wait for one whole exchange; the operation's time limit may be shorter."""
LARGEST_BODY = 32 * 1024 * 1024
"""Bytes after which an answer is cut off; a full page of connections is a few hundred thousand."""
_CHUNK = 64 * 1024

T = TypeVar("T")
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
class Answer:
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
            AnswerLost: It is none, so what was asked for is not known.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no content type")
            raise AnswerLost(
                f"{self.request.method} {self.request.url} was answered with {self.status}, but not in JSON.",
                why=f"It is {len(self.body)} bytes of {kind}; a proxy between here and Adobe may have written it.",
                advice="Run the command again; if it stays, look at the proxy settings of this machine.",
                request_id=self.request_id,
            ) from None


class HttpClient:
    """Sends requests over kept connections, for many threads.

    Args:
        connections: How many connections are kept open a host: as many as requests may be under way at once.
    """

    def __init__(self, connections: int) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"pulumi-adobe-aep/{__version__} python-requests/{requests.__version__}"
        # Without an auth of its own, requests would replace our Authorization header by what ~/.netrc says.
        self._session.auth = _leave_as_it_is
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=connections, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(self, request: Request, deadline: Deadline) -> Answer:
        """Send a request once and wait for its whole answer.

        Args:
            request: What to send.
            deadline: The time limit of the operation.

        Raises:
            NotSent: The service has not seen the request.
            AnswerLost: It may have, but no whole answer came back in time.
        """
        limit = min(READ_TIMEOUT, deadline.remaining())
        started = time.monotonic()
        try:
            answer = _within(limit, lambda: self._exchange(request, limit))
        except requests.exceptions.RequestException as error:
            failure = _what_is_known(request, error, limit)
            logger.debug("%s %s failed after %.3f s: %s", request.method, request.url, _since(started), failure.why)
            raise failure from None
        except TimeoutError:
            raise _too_slow(request, limit) from None
        logger.debug(
            "%s %s answered %d after %.3f s (request id %s)",
            request.method,
            request.url,
            answer.status,
            _since(started),
            answer.request_id or "none",
        )
        return answer

    def _exchange(self, request: Request, limit: float) -> Answer:
        with self._session.request(
            request.method,
            request.url,
            params=list(request.query),
            headers=dict(request.headers),
            data=request.body,
            timeout=(min(CONNECT_TIMEOUT, limit), limit),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise requests.exceptions.ContentDecodingError(f"more than {LARGEST_BODY} bytes")
            return Answer(request, response.status_code, response.headers, bytes(body))


def _leave_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _since(started: float) -> float:
    return time.monotonic() - started


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Run a call, and leave it to itself when it takes too long.

    The timeouts of requests count from one byte to the next: a server that sends a byte a second would never meet them.

    Raises:
        TimeoutError: It has not ended in time.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            errors.append(error)

    # A daemon: neither a pool nor the interpreter's end may wait for a call that was given up.
    thread = threading.Thread(target=run, name="aep-exchange", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


def _too_slow(request: Request, limit: float) -> AnswerLost:
    return AnswerLost(
        f"{request.method} {request.url} was not answered within {limit:.0f} seconds.",
        why="The request was sent; whether it was handled is not known.",
        advice="Run the command again; if the service is that slow, raise AEP_TIMEOUT.",
    )


def _what_is_known(request: Request, error: requests.exceptions.RequestException, limit: float) -> NotSent | AnswerLost:
    """Tell a request that was never sent from one whose answer was lost."""
    cause = _innermost(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return UntrustedCertificate(
            f"{request.method} {request.url} was not sent: the server's certificate is not trusted.",
            why=f"{cause.verify_message}.",
            advice="If a proxy or a private certificate authority stands between, name its certificates in "
            "REQUESTS_CA_BUNDLE. Verification cannot be turned off.",
        )
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(
        cause, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ProxyError)
    ):
        return NotSent(
            f"{request.method} {request.url} was not sent: no connection to the server.",
            why=_reason(cause),
            advice="Check the network, the address (AEP_BASE_URL, AEP_IMS_URL) and, if there is a proxy, HTTPS_PROXY.",
        )
    if isinstance(error, requests.exceptions.ReadTimeout):
        return _too_slow(request, limit)
    return AnswerLost(
        f"{request.method} {request.url} was sent, but no whole answer came back.",
        why=_reason(cause),
        advice="Run the command again.",
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
