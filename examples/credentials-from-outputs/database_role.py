"""A PostgreSQL role with a password that nobody ever sees, as a dynamic resource.

The server is the one that libpq's variables name: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD.
"""

import secrets
from typing import Any

import psycopg
import pulumi
from psycopg import sql
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class DatabaseRoleProvider(ResourceProvider):
    """Creates, rotates and drops the role."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the role, with a new password and the right to read."""
        password = secrets.token_urlsafe(24)
        role = sql.Identifier(props["role"])
        _execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)),
            sql.SQL("GRANT pg_read_all_data TO {}").format(role),
        )
        return CreateResult(props["role"], {**props, **_server(), "password": password})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Another name is another role; another generation is another password."""
        renamed, rotated = olds["role"] != news["role"], olds["generation"] != news["generation"]
        return DiffResult(changes=renamed or rotated, replaces=["role"] if renamed else [])

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Return the role a new password."""
        password = secrets.token_urlsafe(24)
        _execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(news["role"]), sql.Literal(password)),
        )
        return UpdateResult({**news, **_server(), "password": password})

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Drop the role."""
        _execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(props["role"])))


class DatabaseRole(Resource):
    """A role that may read all tables.

    Args:
        resource_name: The resource's name in the stack.
        role: The role's name.
        generation: Raise it for a new password.
    """

    role: pulumi.Output[str]
    password: pulumi.Output[str]
    server: pulumi.Output[str]
    port: pulumi.Output[int]
    database: pulumi.Output[str]

    def __init__(self, resource_name: str, *, role: str, generation: int) -> None:
        outputs = dict.fromkeys(["password", "server", "port", "database"])
        super().__init__(
            DatabaseRoleProvider(),
            resource_name,
            {"role": role, "generation": generation, **outputs},
            pulumi.ResourceOptions(additional_secret_outputs=["password"]),
        )


def _execute(*statements: sql.Composed) -> None:
    with psycopg.connect() as connection:
        for statement in statements:
            connection.execute(statement)


def _server() -> dict[str, Any]:
    with psycopg.connect() as connection:
        return {
            "server": connection.info.host,
            "port": connection.info.port,
            "database": connection.info.dbname,
        }
