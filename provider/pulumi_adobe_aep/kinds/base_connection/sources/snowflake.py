"""Snowflake's connection spec.

Source: Adobe, "Create a Snowflake base connection using the Flow Service API" and the "Snowflake" connector overview.
The account is always reached over TLS, so there is no setting for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    PORT,
    SPEC_NAME,
    USERNAME,
    Database,
    Password,
    Username,
)
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET, at
from pulumi_adobe_aep.kinds.secrets import Secret
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Identifier, Port

DEFAULT_PORT = 443


class KeyPairAuthModel(ParametersAuthModel):
    """`KeyPair Authentication`: a user with a private key."""

    spec_name: Literal["KeyPair Authentication"] = Field(default="KeyPair Authentication", description=SPEC_NAME)
    account: Identifier = Field(description="The account's identifier, such as `myorg-myaccount`.")
    username: Username = Field(description=USERNAME)
    database: Database = Field(description=DATABASE)
    warehouse: Identifier = Field(description="The warehouse that runs the queries.")
    private_key: Annotated[Secret, SECRET] = Field(
        description="The private key, Base64-encoded; encrypted in the state."
    )
    private_key_passphrase: Annotated[Secret | None, SECRET] = Field(
        default=None,
        description="The passphrase of an encrypted private key, on Azure only; encrypted in the state.",
    )
    port: Port | None = Field(default=None, description="Port of the account.")


class SnowflakeBasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: a user with a password; on AWS."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    host: Server = Field(description="The account's host name, such as `myorg-myaccount.snowflakecomputing.com`.")
    port: Port = Field(default=DEFAULT_PORT, description=PORT)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)
    database: Database = Field(description=DATABASE)
    warehouse: Identifier = Field(description="The warehouse that runs the queries.")
    schema_name: Annotated[Identifier, at("schema")] = Field(description="The schema that has the tables.")


SNOWFLAKE = sql_source(
    name="SnowflakeBaseConnection",
    source="Snowflake",
    slug="snowflake",
    spec_id="b2e08744-4f1a-40ce-af30-7abac3e23cf3",
    page=Page("api-tutorials/create/databases/snowflake", "May 2026"),
    auth=(
        KeyPairAuthModel,
        SnowflakeBasicAuthModel,
    ),
)
"""Snowflake, as the life cycle knows it."""
