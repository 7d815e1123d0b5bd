"""How this machine reaches a server: its proxy and its certificate authorities.

The variables are those that requests reads. What cannot be used is reported here, in our words and by the variable's
name: the messages of the libraries below quote pieces of a proxy's password.
"""

from __future__ import annotations

import importlib.util
import os
import re
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
import requests.utils

from pulumi_adobe_aep.redaction import register
from pulumi_adobe_aep.secret_parts import secrets_inside
from pulumi_adobe_aep.settings import is_loopback

CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables that name certificate authorities, the preferred one first."""
_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_HOST = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_HIGHEST_PORT = 65535


class UnusableProxy(Exception):
    """A proxy's URL cannot be used; the message says why and quotes nothing of it."""


class UnusableBundle(Exception):
    """A file of certificate authorities cannot be used; the message says which one and why."""


@dataclass(frozen=True)
class Proxy:
    """A proxy, as its URL says.

    Args:
        url: The whole URL, user name and password percent-encoded as they must be.
        address: Host and port, for messages.
        scheme: How it is spoken to: `http`, `https` or one of SOCKS.
        has_credentials: Whether the URL has a user name.
    """

    url: str = field(repr=False)
    address: str
    scheme: str
    has_credentials: bool


@dataclass(frozen=True)
class Surroundings:
    """The way to one server."""

    proxy: Proxy | None
    bundle: str
    """The certificate authorities to trust; empty for those of certifi."""

    def for_requests(self, url: str) -> Mapping[str, Any]:
        """Return the arguments for requests, so that it does not search the environment itself."""
        proxies = {urlsplit(url).scheme: self.proxy.url} if self.proxy else {}
        return {"proxies": proxies, "verify": self.bundle or True, "stream": True, "cert": None}


def register_proxy_passwords() -> None:
    """Register the passwords in HTTPS_PROXY and similar variables, so that no message has them, whatever the URL is."""
    for scheme, url in urllib.request.getproxies().items():
        if scheme != "no":
            for part in secrets_inside(_with_scheme(url)):
                register(part)


def surroundings_of(url: str) -> Surroundings:
    """Return the way to a server, as the environment has it now.

    A loopback address has no proxy, whether or not NO_PROXY names it: the proxy would look for it on its own machine,
    and see the client secret in plain.

    Args:
        url: Where a request goes.

    Raises:
        UnusableProxy: The URL of its proxy is malformed, or its kind is not supported.
        UnusableBundle: The certificate authorities cannot be read.
    """
    host = urlsplit(url).hostname or ""
    bundle = _bundle() if url.startswith("https:") else ""
    if is_loopback(host):
        return Surroundings(None, bundle)
    proxies = requests.utils.get_environ_proxies(url)
    proxy_url = requests.utils.select_proxy(url, proxies)
    return Surroundings(parse_proxy(proxy_url) if proxy_url else None, bundle)


def parse_proxy(url: str) -> Proxy:
    """Read a proxy's URL as it was meant: a password may hold delimiters that ought to be percent-encoded.

    Args:
        url: `http://user:password@host:port`; without a scheme it is `http`.

    Raises:
        UnusableProxy: It has no host, a wrong port, or a scheme that no proxy has.
    """
    scheme, _, rest = _with_scheme(url.strip()).partition("://")
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        raise UnusableProxy(f"Its scheme is none of {', '.join(_SCHEMES)}.")
    # A password may hold "@", a host cannot: the last one ends the password.
    user_info, at, place = rest.rpartition("@")
    found = _HOST.fullmatch(place.rstrip("/"))
    if not found:
        raise UnusableProxy("What follows the scheme and the password is not a host name and port.")
    if found["port"] and not 1 <= int(found["port"]) <= _HIGHEST_PORT:
        raise UnusableProxy(f"Its port is not a number from 1 to {_HIGHEST_PORT}.")
    if scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        raise UnusableProxy("It is a SOCKS proxy, and the package PySocks is not installed.")
    return Proxy(
        url=f"{scheme}://{_encoded(user_info)}{at}{found[0]}",
        address=found[0],
        scheme=scheme,
        has_credentials=bool(user_info),
    )


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"http://{url}"


def _encoded(user_info: str) -> str:
    user, colon, password = user_info.partition(":")
    # What is percent-encoded already stays so; a "%" that encodes nothing is one of the password's own.
    return quote(unquote(user), safe="") + colon + quote(unquote(password), safe="")


def _bundle() -> str:
    variable = next((name for name in CA_BUNDLES if os.environ.get(name)), None)
    if variable is None:
        return ""
    path = os.environ[variable]
    if not Path(path).exists():
        raise UnusableBundle(f"{variable} names {path}, which does not exist.")
    try:
        if not Path(path).is_dir():
            ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise UnusableBundle(f"{variable} names {path}, which holds no certificates in PEM form.") from None
    except OSError as error:
        raise UnusableBundle(f"{variable} names {path}, which cannot be read: {error.strerror}.") from None
    return path
