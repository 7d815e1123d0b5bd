"""PostgreSQL's connection spec: its two kinds of authentication, and its words for encryption.

Source: Adobe, "Create a PostgreSQL base connection using the Flow Service API" and the "PostgreSQL" connector overview.
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
from pulumi_adobe_aep.kinds.base_connection.connection_string import OR_THE_PARTS
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Port

DEFAULT_PORT = 5432


class ConnectionStringAuthModel(connection_string.ConnectionStringAuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    port: Annotated[Port | None, port_of(DEFAULT_PORT)] = Field(default=None, description=PORT)

    connection_string: Annotated[Secret | None, SECRET, OR_THE_PARTS] = Field(
        default=None,
        description="The whole connection string, `Server=...;Database=...;Port=...;UID=...;Password=...`, instead of "
        "all of the above; always encrypted in the state.",
    )

    form: ClassVar[StringForm] = StringForm(
        pattern=(
            ("Server", "{server}"),
            ("Database", "{database}"),
            ("Port", "{port}"),
            ("UID", "{username}"),
            ("Password", "{password}"),
        ),
        # PWD is in Adobe's patterns for the sister databases.
        spellings={"pwd": "password"},
        default_port=DEFAULT_PORT,
        encryption={
            "verify": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "1")),
            "require": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "0")),
            "request": (("EncryptionMethod", "6"),),
            "disable": (("EncryptionMethod", "0"),),
        },
        defaults={"validateservercertificate": "0"},
        misspelled={"ValidationServerCertificate": "ValidateServerCertificate"},
        foreign=("SslMode", "Ssl", "Encrypt", "TrustServerCertificate", "SslRootCert", "SslCert", "RequireSsl"),
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
        description="TLS to the database, in Adobe's spelling: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca`, "
        "`Verify Full`; on AWS `True` or `False`. Adobe's pages contradict each other, so it is sent as it is.",
    )

    # Adobe's pages contradict each other.
    ssl_modes: ClassVar[tuple[str, ...]] = (
        "Disable", "Allow", "Prefer", "Require", "Verify Ca", "Verify-Ca", "Verify Full", "Verify-Full",
        "true", "false",
    )  # fmt: skip
    weak_ssl_mode: ClassVar[str] = "allow"
    best_ssl_mode: ClassVar[str] = "Verify Full"


POSTGRES = sql_source(
    name="PostgresBaseConnection",
    source="PostgreSQL",
    slug="postgresql",
    page=Page("api-tutorials/create/databases/postgres", "May 2026"),
    spec_id="74a1c565-4e59-48d7-9d67-7c03b8a13137",
    auth=(ConnectionStringAuthModel, BasicAuthModel),
)
"""PostgreSQL, as the life cycle knows it."""
