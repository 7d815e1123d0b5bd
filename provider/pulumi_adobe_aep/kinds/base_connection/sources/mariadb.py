"""MariaDB's connection spec.

Source: Adobe, "Create a MariaDB base connection using the Flow Service API". Its basic authentication has no port.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    SERVER,
    SPEC_NAME,
    USERNAME,
    Database,
    Password,
    SslMode,
    Username,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sources import mysql
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.server import Server


class BasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: the parts but for the port, and an SSL mode."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    server: Server = Field(description=SERVER)
    database: Database = Field(description=DATABASE)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)
    ssl_mode: SslMode | None = Field(
        default=None,
        description="TLS to the database: `DISABLED`, `PREFERRED`, `REQUIRED`, `VERIFY_CA`, `VERIFY_IDENTITY`; on AWS "
        "`True` or `False`.",
    )

    ssl_modes: ClassVar[tuple[str, ...]] = mysql.BasicAuthModel.ssl_modes
    weak_ssl_mode: ClassVar[str] = mysql.BasicAuthModel.weak_ssl_mode
    best_ssl_mode: ClassVar[str] = mysql.BasicAuthModel.best_ssl_mode


# Adobe's pattern and the driver's options are the same as of MySQL.
MARIADB = sql_source(
    name="MariaDbBaseConnection",
    source="MariaDB",
    slug="mariadb",
    spec_id="3000eb99-cd47-43f3-827c-43caf170f015",
    page=Page("api-tutorials/create/databases/mariadb", "May 2026"),
    auth=(
        mysql.ConnectionStringAuthModel,
        BasicAuthModel,
    ),
)
"""MariaDB, as the life cycle knows it."""
