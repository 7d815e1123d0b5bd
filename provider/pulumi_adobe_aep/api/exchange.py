"""One request and its response: whether the request left this machine, and an end when nothing waits for it any more.

After a failure everything depends on whether the service may have seen the request, and the kind of exception does not
tell: a reset or a timeout looks the same in a TLS handshake and after a POST. So the connections note the moment before
the first byte of a request goes out, and let none go out for a request that was given up.

urllib3 offers no hook for that moment, but lets its connection classes be replaced.
"""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import requests
import requests.adapters
import requests.utils
import urllib3
import urllib3.connection
import urllib3.connectionpool

from pulumi_adobe_aep.api.cancellation import GRACE_SECONDS, Cancellation

T = TypeVar("T")

_thread = threading.local()
"""Its `exchange` is the one that runs in this thread; each runs in a thread of its own."""


class GivenUp(Exception):
    """The call took too long and was abandoned; if it had not sent anything by then, it never will."""


class Exchange(Generic[T]):
    """One request and its response, with a time limit.

    The timeouts of requests count from one byte to the next, and none of them bounds a look-up of a name: only a
    thread that can be abandoned makes one limit for the whole.

    Args:
        call: Sends the request and reads the response, over a session with `Adapter`s.
    """

    def __init__(self, call: Callable[[Exchange[T]], T]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._given_up = False
        self._ended = threading.Event()
        self._wake = threading.Event()
        self._results: list[T] = []
        self._errors: list[BaseException] = []
        self.sent = False
        """Whether the service may have seen the request: the first byte of it was about to go out."""
        self.created_at_path = ""
        """What `Location` says in the head of a 201, which may have come although the rest has not."""

    def run(self, seconds: float, cancellation: Cancellation) -> T:
        """Make the call.

        Args:
            seconds: The limit for all of it.
            cancellation: Ends it at once if nothing was sent; otherwise the response has `GRACE_SECONDS` to come.

        Raises:
            GivenUp: It has not ended in time, or was cancelled.
        """
        # A daemon: neither a pool nor the interpreter's end may wait for a call that was given up.
        thread = threading.Thread(target=self._run, name="aep-exchange", daemon=True)
        began = time.monotonic()
        thread.start()
        with cancellation.calling(self._wake.set):
            self._wake.wait(seconds)
        if not self._ended.is_set() and cancellation.is_requested and self.sent:
            self._ended.wait(min(GRACE_SECONDS, max(0.0, seconds - (time.monotonic() - began))))
        if not self._ended.is_set():
            self._give_up()
            raise GivenUp
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def record_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Record the head of the response, in case the rest is lost."""
        if status == 201:  # noqa: PLR2004 - Created
            self.created_at_path = headers.get("location", "")

    def mark_sent(self, connection: socket.socket | None) -> None:
        """Record that the request is sent now.

        Raises:
            GivenUp: It must not be sent any more.
        """
        with self._lock:
            if self._given_up:
                raise GivenUp
            self.sent = True
            self._socket = connection

    def release_socket(self) -> None:
        """Note that the connection goes back to its pool, where it may be another exchange's in a moment."""
        with self._lock:
            self._socket = None

    def _run(self) -> None:
        _thread.exchange = self
        try:
            self._results.append(self._call(self))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            self._errors.append(error)
        finally:
            self._ended.set()
            self._wake.set()

    def _give_up(self) -> None:
        with self._lock:
            self._given_up = True
            if self._socket is not None:
                # Wakes the thread that reads from it, so that neither is left behind.
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    self._socket = None  # The server was faster.


def _current() -> Exchange[Any] | None:
    return getattr(_thread, "exchange", None)


class _Telling:
    """Mixed into a connection: notifies its exchange when a request is sent."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        _connect_and_tell(cast(urllib3.connection.HTTPConnection, self))
        super().request(*args, **kwargs)  # type: ignore[misc]


def _connect_and_tell(connection: urllib3.connection.HTTPConnection) -> None:
    # Otherwise it would connect while it sends. A proxy's CONNECT and the TLS handshake belong to connecting.
    if connection.sock is None:
        connection.connect()
    exchange = _current()
    if exchange is not None:
        exchange.mark_sent(connection.sock)


class _Releasing:
    """Mixed into a pool: notifies its exchange when a connection is returned."""

    def _put_conn(self, conn: Any) -> None:
        _release()
        super()._put_conn(conn)  # type: ignore[misc]


def _release() -> None:
    exchange = _current()
    if exchange is not None:
        exchange.release_socket()


class _HttpConnection(_Telling, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Telling, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(_Releasing, urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(_Releasing, urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


@lru_cache
def _socks_pools() -> dict[str, Any]:
    """Make the same classes for connections through a SOCKS proxy, which need the package PySocks."""
    from urllib3.contrib import socks  # noqa: PLC0415 - raises where PySocks is not installed

    class HttpConnection(_Telling, socks.SOCKSConnection):
        pass

    class HttpsConnection(_Telling, socks.SOCKSHTTPSConnection):
        pass

    class HttpPool(_Releasing, socks.SOCKSHTTPConnectionPool):
        ConnectionCls = HttpConnection

    class HttpsPool(_Releasing, socks.SOCKSHTTPSConnectionPool):
        ConnectionCls = HttpsConnection

    return {"http": HttpPool, "https": HttpsPool}


class Adapter(requests.adapters.HTTPAdapter):
    """Sends over connections that notify their exchange of each request."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools for direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Return the proxy's credentials; those of requests end in an exception outside of Latin-1."""
        user, password = requests.utils.get_auth_from_url(proxy)
        credentials = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        return {"Proxy-Authorization": f"Basic {credentials}"} if user else {}

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        """Make the pools for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _socks_pools() if proxy.startswith("socks") else _POOLS
        return manager
