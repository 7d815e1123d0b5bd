"""The proxy and the certificate authorities that this machine names, and what is said where they cannot be used."""

from __future__ import annotations

import base64
import contextlib
import socket
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.retry import may_repeat
from pulumi_adobe_aep.api.surroundings import UnusableProxy, parse_proxy, surroundings_of
from pulumi_adobe_aep.api.transport import HttpClient, Request
from pulumi_adobe_aep.errors import NotSent, ProxyUnusable, UntrustedCertificate
from tests.faults.messages import assert_plain
from tests.support.raw_server import Behaviour, RawServer, response, sends

SERVER = "https://aep.invalid/connections"
RAW_PASSWORD = "Sup3r@Hidden#99%/?:x"
PIECES = ("Sup3r", "Hidden", "hidden", "#99", "%2399", RAW_PASSWORD, quote(RAW_PASSWORD, safe=""))


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def failure(url: str = SERVER, kind: type[NotSent] = NotSent) -> NotSent:
    """Return why a request was not sent, after the checks that hold for each such message."""
    client = HttpClient(1)
    with contextlib.closing(client), pytest.raises(NotSent) as caught:
        client.send(Request("POST", url, {"Authorization": "Bearer x"}, body=b"create"), Deadline(20))
    assert type(caught.value) is kind
    assert_plain(str(caught.value), PIECES)
    for line in str(caught.value).splitlines()[:-1]:
        assert line.endswith((".", "].")), line
        assert not line.endswith((")).", '").', "').")), line
    return caught.value


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


# Loopback addresses.


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "localhost:8080"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"])
def test_a_loopback_address_has_no_proxy(
    host: str, scheme: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://proxy.example.com:3128")
    found = surroundings_of(f"{scheme}://{host}/ims/token/v3")
    assert found.proxy is None
    assert found.for_requests(f"{scheme}://{host}/ims/token/v3")["proxies"] == {}


@pytest.mark.parametrize("host", ["platform.adobe.io", "localhost.example.com", "128.0.0.1", "[2001:db8::1]"])
def test_any_other_address_has_the_one_that_the_environment_names(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    found = surroundings_of(f"https://{host}/x")
    assert found.proxy is not None
    assert found.proxy.address == "proxy.example.com:3128"


def test_no_proxy_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", ".adobe.io")
    assert surroundings_of("https://platform.adobe.io/x").proxy is None


def test_a_request_to_a_loopback_address_reaches_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(sends(response())) as proxy, RawServer(sends(response())) as server:
        for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.url)
        client = HttpClient(1)
        with contextlib.closing(client):
            received = client.send(Request("POST", f"{server.url}/ims/token/v3", body=b"client_secret=x"), Deadline(20))
        assert received.status == 200
        assert proxy.requests == []
        assert len(server.requests) == 1


# The URL of a proxy.


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
@example(RAW_PASSWORD)
@example("100%")
@example("%41lready")
def test_a_password_is_read_as_it_was_meant_and_written_as_it_must_be(password: str) -> None:
    proxy = parse_proxy(f"http://jdoe:{password}@proxy.example.com:3128")
    parts = urlsplit(proxy.url)
    assert (parts.hostname, parts.port, parts.username) == ("proxy.example.com", 3128, "jdoe")
    assert unquote(parts.password or "") == unquote(password)
    assert password not in repr(proxy).replace("proxy.example.com:3128", "").replace("http", "") or len(password) < 4
    assert proxy.address == "proxy.example.com:3128"
    assert parse_proxy(f"http://jdoe:{quote(password, safe='')}@proxy.example.com:3128").address == proxy.address


@pytest.mark.parametrize(
    ("url", "scheme", "address"),
    [
        ("proxy:3128", "http", "proxy:3128"),
        ("jdoe:x@proxy:3128", "http", "proxy:3128"),
        ("HTTP://proxy:3128/", "http", "proxy:3128"),
        ("https://proxy", "https", "proxy"),
        ("socks5h://[::1]:1080", "socks5h", "[::1]:1080"),
    ],
)
def test_a_proxy_may_be_written_in_every_way_that_requests_takes(url: str, scheme: str, address: str) -> None:
    proxy = parse_proxy(url)
    assert (proxy.scheme, proxy.address) == (scheme, address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://jdoe:{}@proxy:3128", "Its scheme is none of http, https, socks4, socks4a, socks5, socks5h."),
        ("http://jdoe:{}@", "What follows the scheme and the password is not a host name and port."),
        ("http://", "What follows the scheme and the password is not a host name and port."),
        ("http://jdoe:{}@proxy:port", "What follows the scheme and the password is not a host name and port."),
        ("http://jdoe:{}@[::1", "What follows the scheme and the password is not a host name and port."),
        ("http://jdoe:{}@proxy:0", "Its port is not a number from 1 to 65535."),
        ("http://jdoe:{}@proxy:99999", "Its port is not a number from 1 to 65535."),
    ],
)
def test_a_malformed_url_of_a_proxy_is_reported_without_a_piece_of_it(
    url: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url.format(RAW_PASSWORD))
    error = failure(kind=ProxyUnusable)
    assert error.what == f"POST {SERVER} was not sent: the proxy in HTTPS_PROXY (or ALL_PROXY) cannot be used."
    assert error.why == why
    assert "http://HOST:PORT, with USER:PASSWORD@ before the host" in error.advice


def test_a_socks_proxy_without_its_package_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setenv("HTTPS_PROXY", f"socks5://jdoe:{RAW_PASSWORD}@127.0.0.1:1080")
    error = failure(kind=ProxyUnusable)
    assert error.why == "It is a SOCKS proxy, and the package PySocks is not installed."
    assert "pip install PySocks" in error.advice


@given(st.text(max_size=60))
def test_any_string_is_a_proxy_or_refused(text: str) -> None:
    with contextlib.suppress(UnusableProxy):
        assert urlsplit(parse_proxy(text).url).hostname


# A proxy that does not do its part.


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_a_proxy_that_is_not_there_is_reported_with_its_address(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = closed_port()
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://jdoe:{RAW_PASSWORD}@127.0.0.1:{port}")
    # Where the proxy does not look names up, this machine does.
    error = failure("https://192.0.2.1/connections")
    assert error.what.endswith(f"was not sent: no connection to the proxy 127.0.0.1:{port}.")
    assert error.why == "Connection refused."
    assert error.advice.startswith("Check HTTPS_PROXY")


def test_a_proxy_whose_name_is_not_known_is_reported_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://jdoe:{RAW_PASSWORD}@proxy.invalid:3128")
    error = failure()
    assert error.what.endswith("was not sent: no connection to the proxy proxy.invalid:3128.")
    assert error.why.startswith("Its name cannot be resolved: ")


@pytest.mark.parametrize(
    ("credentials", "why"),
    [
        (f"jdoe:{RAW_PASSWORD}@", "It does not take the user name and password in HTTPS_PROXY."),
        ("", "It wants a user name and a password, and HTTPS_PROXY has none."),
    ],
)
def test_a_proxy_that_wants_other_credentials_is_reported_and_not_retried(
    credentials: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"<html>{RAW_PASSWORD}".encode()
    with RawServer(sends(response(f"407 Who is {RAW_PASSWORD}", body, 'Proxy-Authenticate: Basic realm="x"'))) as proxy:
        address = f"127.0.0.1:{urlsplit(proxy.url).port}"
        monkeypatch.setenv("HTTPS_PROXY", f"http://{credentials}{address}")
        error = failure(kind=ProxyUnusable)
    assert error.what.endswith(f"the proxy {address} responded with 407.")
    assert error.why == why
    assert not may_repeat(error, repeatable=True)
    assert len(proxy.requests) == 1


def test_the_credentials_reach_the_proxy_as_they_were_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    password = f"{RAW_PASSWORD}ü"
    with RawServer(sends(response("403 Forbidden", b""))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://jdoe:{password}@127.0.0.1:{urlsplit(proxy.url).port}")
        failure(kind=ProxyUnusable)
    sent = next(line for line in proxy.requests[0].split(b"\r\n") if line.startswith(b"Proxy-Authorization: Basic "))
    assert base64.b64decode(sent.rpartition(b" ")[2]).decode() == f"jdoe:{password}"


@pytest.mark.parametrize("status", [403, 405, 429])
def test_a_proxy_that_does_not_allow_the_server_is_reported_and_not_retried(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer(sends(response(f"{status} No", b"<html>"))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure(kind=ProxyUnusable)
    assert error.why == "The proxy does not let requests to aep.invalid through."
    assert not may_repeat(error, repeatable=True)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_that_does_not_reach_the_server_is_asked_again(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(sends(response(f"{status} Bad", b"<html>"))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure()
    assert error.why == "The proxy does not reach the server."
    assert may_repeat(error, repeatable=False)


@pytest.mark.parametrize("behaviour", [sends(), sends(b"garbage\r\n\r\n"), sends(response("200 OK", b""))])
def test_a_proxy_that_breaks_off_is_reported_as_such(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(behaviour) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure()
    assert "was not sent: no connection to the server through the proxy localhost:" in error.what
    assert error.advice == "Check whether the proxy lets aep.invalid through."


def test_a_proxy_that_speaks_no_tls_itself_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(sends(response("200 OK", b""))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http:", "https:"))
        error = failure()
    assert error.advice.endswith("most do not: then it begins with http://.")


# Certificate authorities.


@pytest.fixture
def bundle_without_certificates(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_text("no certificates\n")
    return path


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_is_not_there_is_reported_with_its_variable(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/nowhere/ca.pem")
    error = failure(kind=UntrustedCertificate)
    assert error.what.endswith("was not sent: the certificate authorities to trust cannot be read.")
    assert error.why == f"{variable} names /nowhere/ca.pem, which does not exist."


def test_a_bundle_without_certificates_is_reported_with_its_variable(
    bundle_without_certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle_without_certificates))
    error = failure(kind=UntrustedCertificate)
    assert (
        error.why == f"REQUESTS_CA_BUNDLE names {bundle_without_certificates}, which holds no certificates in PEM form."
    )


def test_plain_http_to_this_machine_needs_no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    assert surroundings_of("http://127.0.0.1:8080").bundle == ""
