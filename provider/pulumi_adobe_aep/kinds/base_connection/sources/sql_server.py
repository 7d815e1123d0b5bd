"""The connection spec of Microsoft SQL Server.

Source: Adobe, "Create a Microsoft SQL Server base connection using the Flow Service API".
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection import connection_string
from pulumi_adobe_aep.kinds.base_connection.ado_net import SPELLINGS
from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    PORT,
    port_of,
)
from pulumi_adobe_aep.kinds.base_connection.connection_string import DRIVERS_DEFAULT, ENCRYPTION_WITHOUT_REQUEST
from pulumi_adobe_aep.kinds.base_connection.dialects import ADO_NET
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.values import Port

DEFAULT_PORT = 1433


class ConnectionStringAuthModel(connection_string.ConnectionStringAuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    port: Annotated[Port | None, port_of(DEFAULT_PORT)] = Field(default=None, description=PORT)
    encryption: Annotated[Literal["verify", "require", "disable"] | None, DRIVERS_DEFAULT] = Field(
        default=None, description=ENCRYPTION_WITHOUT_REQUEST
    )

    form: ClassVar[StringForm] = StringForm(
        pattern=(
            ("Data Source", "{server},{port}"),
            ("Initial Catalog", "{database}"),
            ("Integrated Security", "False"),
            ("User ID", "{username}"),
            ("Password", "{password}"),
        ),
        spellings=SPELLINGS,
        default_port=DEFAULT_PORT,
        # Microsoft, "SqlConnection.ConnectionString": Encrypt, TrustServerCertificate.
        encryption={
            "verify": (("Encrypt", "True"), ("TrustServerCertificate", "False")),
            "require": (("Encrypt", "True"), ("TrustServerCertificate", "True")),
            "disable": (("Encrypt", "False"),),
        },
        defaults={"trustservercertificate": "False"},
        dialect=ADO_NET,
    )


SQL_SERVER = sql_source(
    name="SqlServerBaseConnection",
    source="Microsoft SQL Server",
    slug="sql-server",
    spec_id="1f372ff9-38a4-4492-96f5-b9a4e4bd00ec",
    page=Page("api-tutorials/create/databases/sql-server", "May 2026"),
    auth=(ConnectionStringAuthModel,),
)
"""Microsoft SQL Server, as the life cycle knows it."""
