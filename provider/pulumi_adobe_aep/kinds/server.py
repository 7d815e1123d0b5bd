"""What a database server may be: a host name or an address, as Adobe's servers reach it."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator

from pulumi_adobe_aep.kinds.placeholders import is_placeholder
from pulumi_adobe_aep.kinds.values import bad_value, check_line, find_invisible

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WITH_PORT = re.compile(r"(?P<host>[^\s:,@/\\]+|\[[0-9A-Fa-f:.]+\])\s*[:,]\s*(?P<port>[0-9]{1,5})")
_OTHER_FORMS = (
    (re.compile(r"(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*://", re.IGNORECASE), "is a URL"),
    (re.compile(f"(?={_WITH_PORT.pattern}$)"), "has the port in it"),
    (re.compile(r"(?:tcp|udp|ssl|np|lpc|admin|jdbc|tns)\s*:\s*", re.IGNORECASE), "begins with a protocol"),
    (re.compile(r"(?=.*[/\\])"), "holds a path, a named instance or a socket's folder"),
)
"""What users write instead of a server alone; the match is what comes before the server in it."""
_NUMERIC = re.compile(r"[0-9.]+")
# RFC 1035, section 2.3.4: a label has at most 63 octets, a name at most 253 characters as it is written.
_LONGEST_LABEL, _LONGEST_NAME = 63, 253
# RFC 1918, 6598 (carriers and overlay networks) and 4193. `is_private` also has the networks of documentations.
_PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
# RFC 6761 and 6762, ICANN's name for private use (2024), and what routers and clusters use without asking.
_PRIVATE_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
)


class ServerProblem(NamedTuple):
    """What is wrong with a server."""

    text: str
    """What it is, to follow the property's name. Quotes nothing of it."""
    instead: str = "give the host name or address alone, such as db.example.com"
    """What to write; may quote what is certainly not a secret."""


def find_server_problem(server: str) -> ServerProblem | None:
    """Return what is wrong with a server, or None.

    Allowed are host names, internationalized ones included, IPv4 addresses, and IPv6 addresses with and without
    brackets.

    Args:
        server: A string of one line.
    """
    unseen = find_invisible(server)
    if unseen:
        return ServerProblem(f"holds an invisible character ({unseen})", "type it instead of pasting it")
    if is_placeholder("server", server):
        return ServerProblem("is a placeholder", "put the server's host name in its place")
    return None if _address(server) else _find_wrong_form(server) or _find_wrong_name(server.removesuffix("."))


def _find_wrong_form(server: str) -> ServerProblem | None:
    """Return what else than a host name it is: a URL, a server with its port, a path, several servers."""
    if "@" in server:
        # Never quoted: what comes before the sign may be a password.
        return ServerProblem("holds '@', as a URL with a user does", "user and password have properties of their own")
    for form, text in _OTHER_FORMS:
        found = form.match(server)
        if found:
            return ServerProblem(text, _without_port_and_path(server[found.end() :] or server))
    if "," in server or ";" in server:
        return ServerProblem("holds ',' or ';'", "give one host name or address; every option has its own property")
    return None


def _find_wrong_name(name: str) -> ServerProblem | None:
    """Return what is wrong with a host name that is not an address."""
    if any(each.isspace() for each in name):
        return ServerProblem("holds whitespace")
    wrong = next((each for each in name if not _may_stand_in_name(each)), "")
    if wrong:
        return ServerProblem(f"holds '{wrong}', which no host name may have")
    if _NUMERIC.fullmatch(name):
        return ServerProblem("is not a valid IPv4 address", "it has four numbers from 0 to 255, such as 203.0.113.7")
    labels = name.split(".")
    if not all(labels) or any(len(label.encode("utf-8")) > _LONGEST_LABEL for label in labels if label.isascii()):
        return ServerProblem("is not a host name: it has 1 to 63 characters between two dots")
    if len(name) > _LONGEST_NAME:
        return ServerProblem(f"is longer than a host name can be, which is {_LONGEST_NAME} characters")
    return None


def _may_stand_in_name(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "-_."
    # Letters, the marks that they carry, and digits: what internationalized host names (IDN) are written with.
    return unicodedata.category(character)[0] in "LMN"


def _without_port_and_path(rest: str) -> str:
    """Return what to write instead, from what follows a scheme; quotes a host name and a port only."""
    host, _, behind = re.split(r"[/\\?;]", rest, maxsplit=1)[0].partition(",")
    with_port = _WITH_PORT.fullmatch(f"{host},{behind}" if behind else host)
    name, port = (with_port["host"], with_port["port"]) if with_port else (host, "")
    if not name or find_server_problem(name):
        return ServerProblem("").instead
    return f"write `server` '{name}'" + (f" and `port` {port}" if port else "")


def _check_server(value: object) -> str:
    text = check_line(value)
    problem = find_server_problem(text)
    if problem:
        raise bad_value("; ".join(problem))
    return text


Server = Annotated[str, BeforeValidator(_check_server)]


def is_out_of_reach(server: str) -> bool:
    """Return whether only this machine or this network knows a server, so that Adobe's servers cannot reach it."""
    address = _address(server)
    if address is None:
        name = server.removesuffix(".").lower()
        return any(name == each or name.endswith(f".{each}") for each in _PRIVATE_NAMES)
    address = getattr(address, "ipv4_mapped", None) or address
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or any(address in network for network in _PRIVATE_NETWORKS if network.version == address.version)
    )


def _address(server: str) -> Address | None:
    bare = server[1:-1] if server.startswith("[") and server.endswith("]") else server
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return address if bare == server or address.version == 6 else None  # noqa: PLR2004 - IPv6
