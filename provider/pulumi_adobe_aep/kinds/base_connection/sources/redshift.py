"""The connection spec of Amazon Redshift.

Source: Adobe, "Create an Amazon Redshift base connection using the Flow Service API". The page has no setting for TLS.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    PORT,
    SERVER,
    SPEC_NAME,
    USERNAME,
    Database,
    Password,
    Username,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Port

DEFAULT_PORT = 5439


class BasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: the parts."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    server: Server = Field(description=SERVER)
    port: Port = Field(default=DEFAULT_PORT, description=PORT)
    database: Database = Field(description=DATABASE)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)


REDSHIFT = sql_source(
    name="RedshiftBaseConnection",
    source="Amazon Redshift",
    slug="redshift",
    spec_id="3416976c-a9ca-4bba-901a-1f08f66978ff",
    page=Page("api-tutorials/create/databases/redshift", "May 2026"),
    auth=(BasicAuthModel,),
)
"""Amazon Redshift, as the life cycle knows it."""
