"""One request and its whole response, against real servers that do what servers should not do."""

from __future__ import annotations

import gc
import gzip
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.transport import HttpClient, Request, Response
from pulumi_adobe_aep.errors import AepError, DeadlineExceeded, NotSent, ResponseLost, UntrustedCertificate
from tests.support.raw_server import RawServer, resets, response, sends
from tools.database.certificates import Certificates, make_certificates

SECRET = "s3cr3t-in-a-header"


@pytest.fixture
def client() -> Iterator[HttpClient]:
    found = HttpClient(4)
    yield found
    found.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), "localhost")


def tls(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context


def request(url: str, method: str = "POST") -> Request:
    return Request(method, f"{url}/connections", {"Authorization": f"Bearer {SECRET}"}, [("limit", "1")], b"{}")


def sent(client: HttpClient, url: str, seconds: float = 20) -> Response:
    return client.send(request(url), Deadline(seconds))


def failure(client: HttpClient, url: str, kind: type[AepError], seconds: float = 20) -> str:
    """Return the message of a request that must fail in exactly this way."""
    with pytest.raises(AepError) as caught:
        sent(client, url, seconds)
    assert type(caught.value) is kind
    message = str(caught.value)
    assert SECRET not in message
    assert message.startswith(f"POST {url}/connections ")
    assert "What to do: " in message
    return message


# A whole response.


def test_a_request_goes_out_as_it_is_and_the_whole_response_comes_back(client: HttpClient) -> None:
    with RawServer(sends(response("201 Created", b'{"id": "1"}', "X-Request-Id: r-1", "X-Other: ü"))) as server:
        returned = sent(client, server.url)
    (received,) = server.requests
    assert received.startswith(b"POST /connections?limit=1 HTTP/1.1\r\n")
    assert f"Authorization: Bearer {SECRET}\r\n".encode() in received
    assert b"User-Agent: pulumi-adobe-aep/" in received
    assert received.endswith(b"\r\n\r\n{}")
    assert (returned.status, returned.json(), returned.request_id) == (201, {"id": "1"}, "r-1")


def test_an_error_status_is_a_response_like_any_other(client: HttpClient) -> None:
    with RawServer(sends(response("503 Service Unavailable", b"<html>"))) as server:
        assert sent(client, server.url).status == 503


def test_a_redirect_is_not_followed(client: HttpClient) -> None:
    with (
        RawServer(sends(response())) as elsewhere,
        RawServer(sends(response("307 Temporary Redirect", b"", f"Location: {elsewhere.url}/"))) as server,
    ):
        assert sent(client, server.url).status == 307
        assert elsewhere.requests == []


def test_netrc_is_not_used(client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("default login somebody password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with RawServer(sends(response())) as server:
        sent(client, server.url)
    assert f"Authorization: Bearer {SECRET}".encode() in server.requests[0]
    assert b"Basic" not in server.requests[0]


def test_a_cookie_is_not_sent_back(client: HttpClient) -> None:
    with RawServer(sends(response("200 OK", b"{}", "Set-Cookie: a=b"))) as server:
        sent(client, server.url)
        sent(client, server.url)
    assert b"cookie" not in server.requests[1].lower()


def test_a_compressed_response_is_read(client: HttpClient) -> None:
    with RawServer(sends(response("200 OK", gzip.compress(b'{"id": 1}'), "Content-Encoding: gzip"))) as server:
        assert sent(client, server.url).json() == {"id": 1}


def test_a_trusted_certificate_is_trusted(
    client: HttpClient, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    with RawServer(sends(response()), tls(certificates)) as server:
        assert sent(client, server.url).status == 200


# Never sent.


def test_a_closed_port_is_reported_as_never_sent(client: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    message = failure(client, f"http://localhost:{port}", NotSent)
    assert "was not sent: no connection to the server." in message
    assert "Why: Connection refused." in message


def test_a_name_that_nobody_has_is_reported_as_never_sent(client: HttpClient) -> None:
    message = failure(client, "https://nowhere.invalid", NotSent)
    assert "was not sent: no connection to the server." in message
    assert "0x" not in message


def test_a_certificate_that_is_not_trusted_is_reported_as_never_sent(
    client: HttpClient, certificates: Certificates
) -> None:
    with RawServer(sends(response()), tls(certificates)) as server:
        message = failure(client, server.url, UntrustedCertificate)
    assert "the server's certificate is not trusted." in message
    assert "REQUESTS_CA_BUNDLE. Verification cannot be turned off." in message
    assert server.requests == []


def test_a_certificate_for_another_name_is_reported_as_never_sent(
    client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificates(tmp_path, "other.example.com")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.authority))
    with RawServer(sends(response()), tls(other)) as server:
        message = failure(client, server.url, UntrustedCertificate)
    assert "localhost" in message.split("Why: ")[1]


def test_a_server_that_speaks_no_tls_is_reported_as_never_sent(client: HttpClient) -> None:
    with RawServer(sends(response())) as server:
        failure(client, server.url.replace("http:", "https:"), NotSent)
    assert server.requests == []


def test_a_proxy_that_is_not_there_is_reported_as_never_sent(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:pr0xy-s3cr3t@127.0.0.1:{port}")
    message = failure(client, "https://platform.adobe.io", NotSent)
    assert "pr0xy-s3cr3t" not in message
    assert "HTTPS_PROXY" in message


def test_a_bundle_that_is_not_there_is_reported_as_never_sent(
    client: HttpClient, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with RawServer(sends(response()), tls(certificates)) as server:
        message = failure(client, server.url, UntrustedCertificate)
    assert "REQUESTS_CA_BUNDLE" in message
    assert server.requests == []


def test_without_time_left_nothing_is_sent(client: HttpClient) -> None:
    with RawServer(sends(response())) as server:
        message = failure(client, server.url, DeadlineExceeded, seconds=0)
    assert "(AEP_TIMEOUT) has passed" in message.replace("aep_timeout", "AEP_TIMEOUT")
    assert server.requests == []


# Sent, and no whole response.


@pytest.mark.parametrize(
    "behaviour",
    [
        sends(),
        resets,
        sends(b"garbage that is not HTTP\r\n\r\n"),
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"),
        sends(response("200 OK", b"no gzip at all", "Content-Encoding: gzip")),
        sends(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"),
        sends(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
    ],
    ids=["closed", "reset", "garbage", "short", "chunk", "bad-chunk", "no-gzip", "many-headers", "long"],
)
def test_a_broken_response_is_reported_as_lost(client: HttpClient, behaviour: Callable[[socket.socket], None]) -> None:
    with RawServer(behaviour) as server:
        message = failure(client, server.url, ResponseLost)
    assert "was sent, but no whole response came back." in message
    assert "0x" not in message
    assert len(server.requests) == 1


def test_a_response_that_ends_in_its_head_has_no_json_and_so_is_lost(client: HttpClient) -> None:
    with RawServer(sends(b"HTTP/1.1 200 OK\r\nContent-Le")) as server:
        received = sent(client, server.url)
    with pytest.raises(ResponseLost):
        received.json()


def test_a_response_that_is_too_large_is_reported_as_lost() -> None:
    client = HttpClient(1, max_body_bytes=1000)
    with closing(client), RawServer(sends(response("200 OK", b"x" * 1001))) as server:
        assert "more than 1000 bytes" in failure(client, server.url, ResponseLost)


def test_a_small_response_that_unpacks_to_a_huge_one_is_reported_as_lost() -> None:
    client = HttpClient(1, max_body_bytes=1_000_000)
    packed = response("200 OK", gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip")
    with closing(client), RawServer(sends(packed)) as server:
        assert "more than 1000000 bytes" in failure(client, server.url, ResponseLost)


def test_a_response_that_does_not_come_is_given_up_at_the_limit(client: HttpClient) -> None:
    servers: list[RawServer] = []

    def keep_silent(_connection: socket.socket) -> None:
        servers[0].over.wait(30)

    with RawServer(keep_silent) as server:
        servers.append(server)
        before = time.monotonic()
        message = failure(client, server.url, ResponseLost, seconds=0.6)
        assert time.monotonic() - before < 5
    assert "got no response within" in message
    assert "raise AEP_TIMEOUT" in message


def test_a_byte_now_and_then_does_not_keep_a_request_alive_beyond_the_limit(client: HttpClient) -> None:
    servers: list[RawServer] = []

    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not servers[0].over.wait(0.05):
            connection.sendall(b" ")

    with RawServer(trickle) as server:
        servers.append(server)
        before = time.monotonic()
        message = failure(client, server.url, ResponseLost, seconds=0.6)
        assert time.monotonic() - before < 5
    assert "got no response within" in message


def test_after_a_request_that_was_given_up_the_client_goes_on(client: HttpClient) -> None:
    responses = iter([resets, sends(response())])

    def response_the_second(connection: socket.socket) -> None:
        next(responses)(connection)

    with RawServer(response_the_second) as server:
        failure(client, server.url, ResponseLost)
        assert sent(client, server.url).status == 200


# What is in a response.


def response_with(body: bytes, **headers: str) -> Response:
    return Response(Request("GET", "https://platform.adobe.io/x"), 200, headers, body)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b"\xff\xfe", b"[" * 100_000, b"9" * 10_000])
def test_a_body_that_is_not_json_is_reported_with_its_size_and_kind(body: bytes) -> None:
    # Python collects garbage while it parses the deepest one. A finalizer that an earlier test left would then run near
    # the limit of recursion, and fail.
    gc.collect()
    with pytest.raises(ResponseLost) as caught:
        response_with(body, **{"content-type": "text/html"}).json()
    assert f"It is {len(body)} bytes of text/html; a proxy between here and Adobe may have written it" in str(
        caught.value
    )


def test_a_repr_shows_neither_headers_nor_bodies() -> None:
    shown = repr(request("https://platform.adobe.io")) + repr(response_with(SECRET.encode(), authorization=SECRET))
    assert SECRET not in shown
