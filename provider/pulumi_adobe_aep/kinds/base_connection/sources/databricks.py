"""The connection spec of Azure Databricks.

Source: Adobe, "Create an Azure Databricks base connection using the Flow Service API". The workspace is always reached
over TLS, so there is no setting for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    SPEC_NAME,
    Database,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.values import Identifier


class AccessTokenAuthModel(ParametersAuthModel):
    """`Access Token Authentication`: a personal access token of the workspace."""

    spec_name: Literal["Access Token Authentication"] = Field(
        default="Access Token Authentication", description=SPEC_NAME
    )
    domain: Identifier = Field(description="The workspace's address, such as `https://adb-1.2.azuredatabricks.net`.")
    cluster_id: Identifier = Field(description="The cluster that runs the queries.")
    access_token: Annotated[Secret, SECRET] = Field(description="The personal access token; encrypted in the state.")
    database: Database = Field(description=DATABASE)
    catalog: Identifier | None = Field(default=None, description="The catalog in Unity Catalog.")


DATABRICKS = sql_source(
    name="DatabricksBaseConnection",
    source="Azure Databricks",
    slug="databricks",
    spec_id="e9d7ec6b-0873-4e57-ad21-b3a7c65e310b",
    page=Page("api-tutorials/create/databases/databricks", "2025"),
    auth=(AccessTokenAuthModel,),
)
"""Azure Databricks, as the life cycle knows it."""
