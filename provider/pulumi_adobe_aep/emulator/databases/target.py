"""Which database a connection's credentials name, and how to reach it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import certifi

from pulumi_adobe_aep.emulator.databases.connection_string import ConnectionStringError, parse

CONNECTION_STRING: Final = "Connection String Based Authentication"
BASIC: Final = "Basic Authentication"
REQUIRED_KEYS: Final = ("Server", "Database", "Port", "UID", "Password")
"""What Adobe's pattern of the connection string has, in its order."""

_SSL_MODES: Final[Mapping[str, str]] = {
    "disable": "disable",
    "allow": "allow",
    "prefer": "prefer",
    "require": "require",
    "verify-ca": "verify-ca",
    "verify-full": "verify-full",
    # On AWS Adobe documents a boolean in a string.
    "false": "disable",
    "true": "require",
}
_MAXIMUM_PORT: Final = 65535


class TargetError(ValueError):
    """Credentials that name no database; the message holds no value of a secret."""


@dataclass(frozen=True)
class Target:
    """One PostgreSQL database and the user to log in as."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    ssl_mode: str = "disable"

    def parameters(self) -> dict[str, str | int]:
        """Return the parameters for libpq."""
        parameters: dict[str, str | int] = {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
            "sslmode": self.ssl_mode,
            "gssencmode": "disable",
            # What the machine's user keeps in ~/.pgpass is none of the connection's business.
            "passfile": os.devnull,
            "application_name": "adobe-experience-platform",
        }
        if self.ssl_mode in {"verify-ca", "verify-full"}:
            parameters["sslrootcert"] = os.environ.get("PGSSLROOTCERT") or os.environ.get(
                "SSL_CERT_FILE", certifi.where()
            )
        return parameters


def target(auth_spec: str, params: Mapping[str, object]) -> Target:
    """Return the database that the parameters of an auth spec name.

    Args:
        auth_spec: the name of the auth spec.
        params: its parameters, as in the body of a connection.

    Raises:
        TargetError: a part is missing or cannot be understood.
    """
    if auth_spec == CONNECTION_STRING:
        return _from_connection_string(_text(params, "connectionString"))
    return Target(
        host=_host(_text(params, "server")),
        port=_port(_text(params, "port")),
        database=_text(params, "database"),
        user=_text(params, "username"),
        password=_text(params, "password"),
        ssl_mode=ssl_mode(_text(params, "sslMode")) if "sslMode" in params else "prefer",
    )


def ssl_mode(text: str) -> str:
    """Return libpq's sslmode for any spelling in Adobe's documents.

    Raises:
        TargetError: there is no such mode.
    """
    mode = _SSL_MODES.get(text.strip().lower().replace(" ", "-"))
    if mode is None:
        raise TargetError("sslMode has an unknown value")
    return mode


def _from_connection_string(text: str) -> Target:
    try:
        values = parse(text)
    except ConnectionStringError as error:
        raise TargetError(str(error)) from None
    missing = [key for key in REQUIRED_KEYS if not values.get(key)]
    if missing:
        raise TargetError(f"the connection string has no {', '.join(missing)}")
    return Target(
        host=_host(values["Server"]),
        port=_port(values["Port"]),
        database=values["Database"],
        user=values["UID"],
        password=values["Password"],
        ssl_mode=_encryption(values.get("EncryptionMethod", "0"), values.get("ValidateServerCertificate", "0")),
    )


def _encryption(method: str, validate: str) -> str:
    """Return the sslmode for EncryptionMethod 0 (Disabled), 1 (Enabled) or 6 (RequestSSL)."""
    if validate not in {"0", "1"}:
        raise TargetError("ValidateServerCertificate is 0 or 1")
    modes = {"0": "disable", "1": "verify-full" if validate == "1" else "require", "6": "prefer"}
    if method not in modes:
        raise TargetError("EncryptionMethod is 0, 1 or 6")
    return modes[method]


def _text(params: Mapping[str, object], key: str) -> str:
    value = params.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and key == "port":
        return str(value)
    if not isinstance(value, str) or not value:
        raise TargetError(f"{key} is missing")
    return value


def _host(text: str) -> str:
    # libpq would take a path for a local socket and a comma for several hosts; the service takes one host.
    if text.startswith(("/", "@")) or "," in text:
        raise TargetError("the server is not the name or address of one host")
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MAXIMUM_PORT:
        raise TargetError("the port is not a number from 1 to 65535")
    return int(text)
