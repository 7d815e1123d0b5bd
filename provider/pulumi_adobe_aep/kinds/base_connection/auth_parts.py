"""The parts of credentials, and what is wrong with each or deserves a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr

from pulumi_adobe_aep.kinds.model import Marks, Remark, default_is, needed
from pulumi_adobe_aep.kinds.placeholders import is_placeholder
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference
from pulumi_adobe_aep.kinds.server import is_out_of_reach
from pulumi_adobe_aep.kinds.values import Identifier, bad_value, check_line


def _check_ssl_mode(value: object) -> object:
    """Take a boolean, which Adobe's page has on AWS, as the string that its example sends."""
    return str(value).lower() if isinstance(value, bool) else check_line(value)


def _no_placeholder(part: str) -> Callable[[str | SecretStr | SecretReference], Any]:
    """Return a validator that refuses a template's placeholder in place of a part."""

    def check(value: str | SecretStr | SecretReference) -> str | SecretStr | SecretReference:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and is_placeholder(part, text):
            raise bad_value(f"is a placeholder; put the {part} in its place")
        return value

    return check


Database = Annotated[Identifier, AfterValidator(_no_placeholder("database"))]
Username = Annotated[Identifier, AfterValidator(_no_placeholder("username"))]
Password = Annotated[Secret, AfterValidator(_no_placeholder("password"))]
SslMode = Annotated[str, BeforeValidator(_check_ssl_mode)]

WITH_THE_PARTS = needed("with the parts")

SERVER = "Host name or address of the database server, as Adobe's servers reach it, and nothing else."
PORT = "Port of the database server."
DATABASE = "Name of the database."
USERNAME = "Database role that Experience Platform logs in as."
PASSWORD = "The role's password; always encrypted in the state."  # noqa: S105 - a description
SPEC_NAME = "The auth spec's name in Flow Service."


def port_of(default: int) -> Marks:
    """Mark a port that a program may leave out.

    Args:
        default: The port that is taken then.
    """
    return default_is(f"`{default}`")


def on_reach(path: str, server: object) -> Iterator[Remark]:
    """Warn about a server that only this machine or this network knows."""
    # In a preview it may be UNKNOWN.
    if isinstance(server, str) and is_out_of_reach(server):
        yield Remark(
            path,
            "the server's name or address is known on this machine or in this network only, and Adobe's servers must "
            "reach it; give a public one, and allow Adobe's addresses in the firewall",
            about_reach=True,
        )
