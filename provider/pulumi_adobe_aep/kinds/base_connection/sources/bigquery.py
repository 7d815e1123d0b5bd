"""The connection spec of Google BigQuery.

Source: Adobe, "Create a Google BigQuery base connection using the Flow Service API".
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    SPEC_NAME,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.values import Identifier

LARGE_RESULTS = "The data set for results that are larger than BigQuery returns at once."


class OAuth2AuthModel(ParametersAuthModel):
    """`Basic Authentication` of type `OAuth2.0`: an OAuth client with a refresh token."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    project: Identifier = Field(description="The id of the project.")
    client_id: Identifier = Field(description="The id of the OAuth client.")
    client_secret: Annotated[Secret, SECRET] = Field(
        description="The secret of the OAuth client; encrypted in the state."
    )
    refresh_token: Annotated[Secret, SECRET] = Field(description="The refresh token; encrypted in the state.")
    large_results_data_set_id: Identifier | None = Field(default=None, description=LARGE_RESULTS)

    auth_type: ClassVar[str] = "OAuth2.0"


class ServiceAccountAuthModel(ParametersAuthModel):
    """`Service Authentication`: a service account with a key file."""

    spec_name: Literal["Service Authentication"] = Field(default="Service Authentication", description=SPEC_NAME)
    project_id: Identifier = Field(description="The id of the project.")
    key_file_content: Annotated[Secret, SECRET] = Field(
        description="The key file, Base64-encoded; encrypted in the state."
    )
    large_results_data_set_id: Identifier | None = Field(default=None, description=LARGE_RESULTS)
    dataset_id: Identifier | None = Field(default=None, description="The data set; on AWS only.")


BIGQUERY = sql_source(
    name="BigQueryBaseConnection",
    source="Google BigQuery",
    slug="bigquery",
    spec_id="3c9b37f8-13a6-43d8-bad3-b863b941fedd",
    page=Page("api-tutorials/create/databases/bigquery", "May 2026"),
    auth=(
        OAuth2AuthModel,
        ServiceAccountAuthModel,
    ),
)
"""Google BigQuery, as the life cycle knows it."""
