"""The connection spec of Oracle DB.

Source: Adobe, "Create an Oracle base connection using the Flow Service API": a connection string on Azure, basic
authentication on AWS. Its AWS example has MySQL's spec id by mistake.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    PORT,
    SERVER,
    SPEC_NAME,
    USERNAME,
    WITH_THE_PARTS,
    Database,
    Password,
    SslMode,
    Username,
    port_of,
)
from pulumi_adobe_aep.kinds.base_connection.connection_string import (
    DRIVERS_DEFAULT,
    ENCRYPTION_WITHOUT_REQUEST,
    OR_THE_PARTS,
    WHOLE,
    ShortNamedStringAuthModel,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET, at
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Identifier, Port

DEFAULT_PORT = 1521


class ConnectionStringAuthModel(ShortNamedStringAuthModel):
    """`ConnectionString`: the parts of a connection string, or the whole of it."""

    server: Annotated[Server | None, WITH_THE_PARTS] = Field(default=None, description=SERVER)
    port: Annotated[Port | None, port_of(DEFAULT_PORT)] = Field(default=None, description=PORT)
    database: Annotated[Database | None, WITH_THE_PARTS] = Field(default=None, description="The database's SID.")
    username: Annotated[Username | None, WITH_THE_PARTS] = Field(default=None, description=USERNAME)
    password: Annotated[Password | None, SECRET, WITH_THE_PARTS] = Field(default=None, description=PASSWORD)
    encryption: Annotated[Literal["verify", "require", "disable"] | None, DRIVERS_DEFAULT] = Field(
        default=None, description=ENCRYPTION_WITHOUT_REQUEST
    )
    connection_string: Annotated[Secret | None, SECRET, OR_THE_PARTS] = Field(default=None, description=WHOLE)

    form: ClassVar[StringForm] = StringForm(
        pattern=(
            ("Host", "{server}"),
            ("Port", "{port}"),
            ("Sid", "{database}"),
            ("User Id", "{username}"),
            ("Password", "{password}"),
        ),
        # The page's example writes UserId.
        spellings={"userid": "username"},
        default_port=DEFAULT_PORT,
        # Microsoft, "Copy data from and to Oracle by using Azure Data Factory"; Progress DataDirect, Encryption Method.
        encryption={
            "verify": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "1")),
            "require": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "0")),
            "disable": (("EncryptionMethod", "0"),),
        },
        defaults={"validateservercertificate": "1"},
    )


class OracleBasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: the parts, a schema and an SSL mode; on AWS."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    server: Server = Field(description=SERVER)
    port: Port = Field(default=DEFAULT_PORT, description=PORT)
    database: Database = Field(description=DATABASE)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)
    schema_name: Annotated[Identifier, at("schema")] = Field(description="The schema that has the tables.")
    ssl_mode: SslMode | None = Field(default=None, description="Whether TLS is used: `True` or `False`.")

    ssl_modes: ClassVar[tuple[str, ...]] = ("true", "false")
    best_ssl_mode: ClassVar[str] = "true"


ORACLE = sql_source(
    name="OracleBaseConnection",
    source="Oracle DB",
    slug="oracle",
    spec_id="d6b52d86-f0f8-475f-89d4-ce54c8527328",
    page=Page("api-tutorials/create/databases/oracle", "2025, the German copy"),
    auth=(
        ConnectionStringAuthModel,
        OracleBasicAuthModel,
    ),
)
"""Oracle DB, as the life cycle knows it."""
