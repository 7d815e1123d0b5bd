"""Relational databases."""

from typing import Final

from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import (
    Parameter,
    TableSource,
    basic,
    connection_string,
    optional,
    port,
    secret,
    text,
)
from pulumi_adobe_aep.emulator.settings import Switches

POSTGRESQL_ID: Final = "74a1c565-4e59-48d7-9d67-7c03b8a13137"

SSL_MODES: Final[dict[str, tuple[str, ...]]] = {
    "tutorial": ("Disable", "Allow", "Prefer", "Verify Ca", "Verify Full"),
    "overview": ("Disable", "Allow", "Prefer", "Require", "Verify-Ca", "Verify-Full"),
    "boolean": ("true", "false"),
}
"""Of PostgreSQL: the lists in Adobe's tutorial for Azure, in the source's overview, and in the tutorial for AWS."""


def ssl_modes(switches: Switches) -> tuple[str, ...]:
    """Return the values of PostgreSQL's sslMode that are taken."""
    if switches.ssl_modes == "all":
        return tuple(dict.fromkeys(mode for modes in SSL_MODES.values() for mode in modes))
    return SSL_MODES[switches.ssl_modes]


RELATIONAL: Final = (
    TableSource(
        POSTGRESQL_ID,
        "postgre-sql",
        "PostgreSQL",
        (
            connection_string(
                description="An ODBC connection string to connect to Azure Database for PostgreSQL.",
            ),
            basic(
                text("server"),
                port(),
                text("database"),
                text("username"),
                secret("password"),
                Parameter("sslMode", required=False, choices=ssl_modes),
            ),
        ),
    ),
    TableSource(
        "26d738e0-8963-47ea-aadf-c60de735468a",
        "mysql",
        "MySQL",
        (
            # The page of 2020 shows the pattern with a semicolon at the end, today's page the string without one.
            connection_string(
                pattern="^([sS]erver=)(.*)( ?;[pP]ort=)(.*)(; ?[dD]atabase=)(.*)(; ?[uU][iI][dD]=)(.*)"
                "(; ?[pP][wW][dD]=)(.*)(;)?"
            ),
            basic(
                text("server"),
                port(),
                text("database"),
                text("username"),
                secret("password"),
                optional(text("sslMode")),
            ),
        ),
    ),
    TableSource(
        "3000eb99-cd47-43f3-827c-43caf170f015",
        "maria-db",
        "MariaDB",
        (
            connection_string(pattern="^(Server=)(.*)(;Port=)(.*)(;Database=)(.*)(;UID=)(.*)(;PWD=)(.*)"),
            basic(
                text("server"),
                text("database"),
                text("username"),
                secret("password"),
                optional(text("sslMode")),
            ),
        ),
    ),
    TableSource(
        "1f372ff9-38a4-4492-96f5-b9a4e4bd00ec",
        "sql-server",
        "Microsoft SQL Server",
        (connection_string(),),
    ),
    TableSource(
        "d6b52d86-f0f8-475f-89d4-ce54c8527328",
        "oracle",
        "Oracle DB",
        (
            connection_string("ConnectionString"),
            basic(
                text("server"),
                port(),
                text("database"),
                text("username"),
                secret("password"),
                text("schema"),
                optional(text("sslMode")),
            ),
        ),
    ),
    TableSource(
        "09182899-b429-40c9-a15a-bf3ddbc8ced7",
        "ibm-db2",
        "IBM DB2",
        (
            basic(
                text("server"),
                text("database"),
                # Only the page's example has it.
                optional(text("authenticationType")),
                text("username"),
                secret("password"),
            ),
        ),
    ),
    TableSource(
        "37b6bf40-d318-4655-90be-5cd6f65d334b",
        "greenplum",
        "Greenplum",
        # The name is that of a login, the parameter a connection string.
        (basic(secret("connectionString")),),
    ),
    TableSource(
        "a8b6a1a4-5735-42b4-952c-85dce0ac38b5",
        "hp-vertica",
        "HP Vertica",
        (connection_string(),),
    ),
)
