"""MySQL's connection spec.

Source: Adobe, "Create a MySQL base connection using the Flow Service API"; its examples have `DISABLED` as SSL mode on
Azure and a boolean on AWS.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection import connection_string
from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    PORT,
    SERVER,
    SPEC_NAME,
    USERNAME,
    Database,
    Password,
    SslMode,
    Username,
    port_of,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Port

DEFAULT_PORT = 3306


class ConnectionStringAuthModel(connection_string.ConnectionStringAuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    port: Annotated[Port | None, port_of(DEFAULT_PORT)] = Field(default=None, description=PORT)

    form: ClassVar[StringForm] = StringForm(
        pattern=(
            ("Server", "{server}"),
            ("Port", "{port}"),
            ("Database", "{database}"),
            ("UID", "{username}"),
            ("PWD", "{password}"),
        ),
        spellings={"password": "password"},
        default_port=DEFAULT_PORT,
        # Microsoft, "Copy data from MySQL using Azure Data Factory": SSLMode 0 to 4 and UseSystemTrustStore.
        encryption={
            "verify": (("SSLMode", "4"), ("UseSystemTrustStore", "1")),
            "require": (("SSLMode", "2"),),
            "request": (("SSLMode", "1"),),
            "disable": (("SSLMode", "0"),),
        },
    )


class BasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: the parts, and an SSL mode."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    server: Server = Field(description=SERVER)
    port: Port = Field(default=DEFAULT_PORT, description=PORT)
    database: Database = Field(description=DATABASE)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)
    ssl_mode: SslMode | None = Field(
        default=None,
        description="TLS to the database: `DISABLED`, `PREFERRED`, `REQUIRED`, `VERIFY_CA`, `VERIFY_IDENTITY`; on AWS "
        "`True` or `False`.",
    )

    ssl_modes: ClassVar[tuple[str, ...]] = (
        "DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY", "true", "false",
    )  # fmt: skip
    weak_ssl_mode: ClassVar[str] = "preferred"
    best_ssl_mode: ClassVar[str] = "VERIFY_IDENTITY"


MYSQL = sql_source(
    name="MySqlBaseConnection",
    source="MySQL",
    slug="mysql",
    spec_id="26d738e0-8963-47ea-aadf-c60de735468a",
    page=Page("api-tutorials/create/databases/mysql", "May 2026"),
    auth=(
        ConnectionStringAuthModel,
        BasicAuthModel,
    ),
)
"""MySQL, as the life cycle knows it."""
