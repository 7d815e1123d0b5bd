"""Who may use what Adobe's service does not have: the control API and the page."""

import ipaddress
from http import HTTPStatus

from fastapi import HTTPException, Request

from pulumi_adobe_aep.emulator.world import World


async def allowed_only(request: Request) -> None:
    """Refuse callers from elsewhere, and web pages that have their name resolve to this computer.

    A name that the command line allows is for callers from everywhere, such as other containers.
    """
    name = _host_name(request.headers.get("host", ""))
    world: World = request.app.state.world
    if name in world.settings.allowed_hosts or (_is_local(name) and request.client and _is_local(request.client.host)):
        return
    raise HTTPException(
        HTTPStatus.FORBIDDEN,
        "this is for callers on this computer, and for those that use a name given with --allow-host",
    )


def _host_name(header: str) -> str:
    """Return the name or address in a Host header, without its port and brackets."""
    name = header if header.endswith("]") else header.rpartition(":")[0] or header
    return name.removeprefix("[").removesuffix("]").lower()


def _is_local(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    # A socket for both versions of IP shows an IPv4 address within an IPv6 one.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
