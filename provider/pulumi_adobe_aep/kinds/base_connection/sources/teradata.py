"""The connection spec of Teradata Vantage.

Source: Adobe, "Create a Teradata Vantage base connection using the Flow Service API". Its pattern has no port
and no database.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    PASSWORD,
    SERVER,
    USERNAME,
    WITH_THE_PARTS,
    Password,
    Username,
)
from pulumi_adobe_aep.kinds.base_connection.connection_string import (
    DRIVERS_DEFAULT,
    ENCRYPTION,
    OR_THE_PARTS,
    WHOLE,
    ShortNamedStringAuthModel,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.server import Server


class ConnectionStringAuthModel(ShortNamedStringAuthModel):
    """`ConnectionString`: the parts of a connection string, or the whole of it."""

    server: Annotated[Server | None, WITH_THE_PARTS] = Field(default=None, description=SERVER)
    username: Annotated[Username | None, WITH_THE_PARTS] = Field(default=None, description=USERNAME)
    password: Annotated[Password | None, SECRET, WITH_THE_PARTS] = Field(default=None, description=PASSWORD)
    encryption: Annotated[Literal["verify", "require", "request", "disable"] | None, DRIVERS_DEFAULT] = Field(
        default=None, description=ENCRYPTION
    )
    connection_string: Annotated[Secret | None, SECRET, OR_THE_PARTS] = Field(default=None, description=WHOLE)

    form: ClassVar[StringForm] = StringForm(
        pattern=(("DBCName", "{server}"), ("Uid", "{username}"), ("Pwd", "{password}")),
        # Microsoft, "Copy data from Teradata Vantage by using Azure Data Factory": SSLMode.
        encryption={
            "verify": (("SSLMode", "Verify-Full"),),
            "require": (("SSLMode", "Require"),),
            "request": (("SSLMode", "Prefer"),),
            "disable": (("SSLMode", "Disable"),),
        },
    )


TERADATA = sql_source(
    name="TeradataBaseConnection",
    source="Teradata Vantage",
    slug="teradata",
    spec_id="2fa8af9c-2d1a-43ea-a253-f00a00c74412",
    page=Page("api-tutorials/create/databases/teradata-vantage", "2025, the German copy"),
    auth=(ConnectionStringAuthModel,),
)
"""Teradata Vantage, as the life cycle knows it."""
