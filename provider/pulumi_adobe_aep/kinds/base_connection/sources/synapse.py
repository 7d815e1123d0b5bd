"""The connection spec of Azure Synapse Analytics.

Source: Adobe, "Create an Azure Synapse Analytics base connection using the Flow Service API". Its pattern asks for
encryption itself.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.ado_net import SPELLINGS
from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PORT,
    SPEC_NAME,
    WITH_THE_PARTS,
    Database,
    Password,
    Username,
    port_of,
)
from pulumi_adobe_aep.kinds.base_connection.connection_string import (
    CONNECTION_STRING,
    OR_THE_PARTS,
    WHOLE,
    StringAuthModel,
)
from pulumi_adobe_aep.kinds.base_connection.dialects import ADO_NET
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Identifier, Port

DEFAULT_PORT = 1433


class ConnectionStringAuthModel(StringAuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    spec_name: Literal["Connection String Based Authentication"] = Field(
        default=CONNECTION_STRING, description=SPEC_NAME
    )
    server: Annotated[Server | None, WITH_THE_PARTS] = Field(
        default=None, description="Host name, such as `mine.database.windows.net`."
    )
    port: Annotated[Port | None, port_of(DEFAULT_PORT)] = Field(default=None, description=PORT)
    database: Annotated[Database | None, WITH_THE_PARTS] = Field(default=None, description=DATABASE)
    username: Annotated[Username | None, WITH_THE_PARTS] = Field(
        default=None, description="Login that Experience Platform uses; Adobe's page writes `login@server`."
    )
    password: Annotated[Password | None, SECRET, WITH_THE_PARTS] = Field(
        default=None, description="The login's password."
    )
    connection_string: Annotated[Secret | None, SECRET, OR_THE_PARTS] = Field(default=None, description=WHOLE)

    form: ClassVar[StringForm] = StringForm(
        pattern=(
            ("Server", "tcp:{server},{port}"),
            ("Database", "{database}"),
            ("User ID", "{username}"),
            ("Password", "{password}"),
            ("Trusted_Connection", "False"),
            ("Encrypt", "True"),
            ("Connection Timeout", "30"),
        ),
        switch="Encrypt",
        spellings=SPELLINGS,
        default_port=DEFAULT_PORT,
        dialect=ADO_NET,
    )


class ServicePrincipalAuthModel(ParametersAuthModel):
    """`Service Principal Key Based Authentication`: an application in Microsoft Entra ID."""

    spec_name: Literal["Service Principal Key Based Authentication"] = Field(
        default="Service Principal Key Based Authentication", description=SPEC_NAME
    )
    server: Server = Field(description="Host name, such as `mine.database.windows.net`.")
    database: Database = Field(description=DATABASE)
    tenant: Identifier = Field(description="The id or domain of the tenant.")
    service_principal_id: Identifier = Field(description="The application's client id.")
    service_principal_key: Annotated[Secret, SECRET] = Field(
        description="The application's key; encrypted in the state."
    )


SYNAPSE = sql_source(
    name="SynapseBaseConnection",
    source="Azure Synapse Analytics",
    slug="synapse",
    spec_id="a49bcc7d-8038-43af-b1e4-5a7a089a7d79",
    page=Page("api-tutorials/create/databases/synapse-analytics", "2025"),
    auth=(
        ConnectionStringAuthModel,
        ServicePrincipalAuthModel,
    ),
)
"""Azure Synapse Analytics, as the life cycle knows it."""
