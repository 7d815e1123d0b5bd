"""Test and explore, against a real PostgreSQL."""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from tests.emulator.api import UNKNOWN_ID, Api, code, connection_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.database import PostgresServer, SampleDatabase


def connection_string(server: PostgresServer, sample: SampleDatabase, **changes: Any) -> str:
    values = {
        "Server": server.host,
        "Database": sample.name,
        "Port": server.port,
        "UID": sample.role,
        "Password": sample.password,
    }
    return ";".join(f"{key}={value}" for key, value in (values | changes).items())


def by_string(text: str) -> dict[str, Any]:
    return {"specName": "Connection String Based Authentication", "params": {"connectionString": text}}


def basic(server: PostgresServer, sample: SampleDatabase, **changes: str) -> dict[str, Any]:
    params = {
        "server": server.host,
        "port": str(server.port),
        "database": sample.name,
        "username": sample.role,
        "password": sample.password,
    }
    return {"specName": "Basic Authentication", "params": params | changes}


def result(api: Api, connection_id: str) -> bool:
    response = api.get(f"/connections/{connection_id}/test")
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"result"}
    return bool(response.json()["result"])


@pytest.fixture
def connection_id(api: Api, server: PostgresServer, sample: SampleDatabase) -> str:
    return api.create(auth=by_string(connection_string(server, sample)))


def test_a_connection_to_a_real_database_tests_true(api: Api, connection_id: str) -> None:
    assert result(api, connection_id) is True


def test_basic_authentication_tests_true(api: Api, server: PostgresServer, sample: SampleDatabase) -> None:
    assert result(api, api.create(auth=basic(server, sample))) is True


@pytest.mark.parametrize(
    "changes",
    [{"Password": "wrong"}, {"UID": "nobody"}, {"Database": "nothing"}, {"Port": 1}, {"Server": "nowhere.invalid"}],
)
def test_what_does_not_work_tests_false_with_status_200(
    api: Api, server: PostgresServer, sample: SampleDatabase, changes: dict[str, Any]
) -> None:
    assert result(api, api.create(auth=by_string(connection_string(server, sample, **changes)))) is False


def test_the_test_follows_a_change_of_the_databases_password(
    api: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    server.execute("CREATE ROLE rotated LOGIN PASSWORD 'first-password'")
    try:
        text = connection_string(server, sample, UID="rotated", Password="first-password")
        connection_id = api.create(auth=by_string(text))
        assert result(api, connection_id) is True
        server.set_password("rotated", "second-password")
        assert result(api, connection_id) is False
        params = {"connectionString": text.replace("first", "second")}
        assert api.change(connection_id, {"op": "replace", "path": "/auth/params", "value": params}).status_code == 200
        assert result(api, connection_id) is True
    finally:
        server.execute("DROP ROLE rotated")


def test_a_password_with_every_special_character_survives_its_braces(
    api: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    password = "a;b=c{d}e}}f'g\"h\\i%j k"
    server.execute("CREATE ROLE special LOGIN")
    try:
        server.set_password("special", password)
        quoted = "{" + password.replace("}", "}}") + "}"
        auth = by_string(connection_string(server, sample, UID="special", Password=quoted))
        assert result(api, api.create(auth=auth)) is True
    finally:
        server.execute("DROP ROLE special")


def test_a_failed_test_can_be_1308_400_with_the_databases_text(
    emulator: Emulator, api: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    emulator.switch(test_failure="error")
    wrong = "wrong-password-canary"
    connection_id = api.create(auth=by_string(connection_string(server, sample, Password=wrong)))
    response = api.get(f"/connections/{connection_id}/test")
    assert code(response) == "1308-400"
    assert f'password authentication failed for user "{sample.role}"' in response.json()["errorMessage"]
    assert wrong not in response.text


def test_a_test_of_an_unknown_connection_is_1439_404(api: Api) -> None:
    assert code(api.get(f"/connections/{UNKNOWN_ID}/test")) == "1439-404"
    assert code(api.get(f"/connections/{UNKNOWN_ID}/explore?objectType=root")) == "1439-404"


def test_a_database_that_does_not_respond_ends_at_the_time_limit(emulator: Emulator, api: Api) -> None:
    emulator.switch(database_seconds=0.5)
    # It takes connections and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text = f"Server=127.0.0.1;Database=a;Port={silent.getsockname()[1]};UID=b;Password=canary"
        connection_id = api.create(auth=by_string(text))
        began = time.monotonic()
        assert result(api, connection_id) is False
        response = api.get(f"/connections/{connection_id}/explore?objectType=root")
        assert code(response) == "1006-408"
        assert time.monotonic() - began < 20


def test_other_requests_get_a_response_while_a_database_is_waited_for(emulator: Emulator, api: Api) -> None:
    emulator.switch(database_seconds=60)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text = f"Server=127.0.0.1;Database=a;Port={silent.getsockname()[1]};UID=b;Password=canary"
        connection_id = api.create(auth=by_string(text))
        with pytest.raises(Exception, match="timed out"):
            api.call("GET", f"/connections/{connection_id}/test", timeout=0.3)
        assert Api.of(emulator).get("/connections").status_code == 200


def test_create_does_not_look_at_the_database(api: Api) -> None:
    assert api.create()


def test_create_and_change_can_be_made_to_look_at_the_database(
    emulator: Emulator, api: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    emulator.switch(create_check="refuse")
    response = api.post("/connections", connection_body())
    assert code(response) == "1308-400"
    assert api.names() == []
    connection_id = api.create(auth=by_string(connection_string(server, sample)))
    wrong = {"connectionString": connection_string(server, sample, Password="wrong")}
    change = {"op": "replace", "path": "/auth/params", "value": wrong}
    assert code(api.change(connection_id, change)) == "1308-400"
    assert result(api, connection_id) is True


# Encryption: the server offers TLS with a certificate for 127.0.0.1 and localhost from an authority of its own.


@pytest.fixture(scope="module")
def trusting(server: PostgresServer) -> Iterator[Api]:
    """An emulator that trusts the server's authority."""
    before = os.environ.get("PGSSLROOTCERT")
    os.environ["PGSSLROOTCERT"] = str(server.ca_file)
    try:
        with running_emulator() as emulator:
            yield Api.of(emulator)
    finally:
        if before is None:
            del os.environ["PGSSLROOTCERT"]
        else:
            os.environ["PGSSLROOTCERT"] = before


@pytest.mark.parametrize("encryption", ["", ";EncryptionMethod=0", ";EncryptionMethod=1", ";EncryptionMethod=6"])
def test_every_encryption_method_without_validation_reaches_the_server(
    api: Api, server: PostgresServer, sample: SampleDatabase, encryption: str
) -> None:
    assert result(api, api.create(auth=by_string(connection_string(server, sample) + encryption))) is True


VALIDATED = ";EncryptionMethod=1;ValidateServerCertificate=1"


def test_a_validated_certificate_must_come_from_a_trusted_authority(
    api: Api, trusting: Api, server: PostgresServer, sample: SampleDatabase
) -> None:
    auth = by_string(connection_string(server, sample) + VALIDATED)
    assert result(api, api.create(auth=auth)) is False
    assert result(trusting, trusting.create(auth=auth)) is True


@pytest.mark.parametrize("mode", ["Verify Ca", "Verify-Ca", "Verify Full", "Verify-Full"])
def test_the_verifying_ssl_modes_validate_the_certificate(
    api: Api, trusting: Api, server: PostgresServer, sample: SampleDatabase, mode: str
) -> None:
    assert result(api, api.create(auth=basic(server, sample, sslMode=mode))) is False
    assert result(trusting, trusting.create(auth=basic(server, sample, sslMode=mode))) is True


@pytest.mark.parametrize("mode", ["Disable", "Allow", "Prefer", "Require", "true", "false"])
def test_the_other_ssl_modes_reach_the_server(
    api: Api, server: PostgresServer, sample: SampleDatabase, mode: str
) -> None:
    assert result(api, api.create(auth=basic(server, sample, sslMode=mode))) is True


def test_required_encryption_fails_where_the_server_has_none(api: Api) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.settimeout(10)
        port = plain.getsockname()[1]
        text = f"Server=127.0.0.1;Database=a;Port={port};UID=b;Password=canary;EncryptionMethod=1"
        connection_id = api.create(auth=by_string(text))
        results: list[bool] = []
        thread = threading.Thread(target=lambda: results.append(result(api, connection_id)))
        thread.start()
        accepted, _ = plain.accept()
        # The client's first words are a request for TLS, which is refused.
        assert accepted.recv(8) == b"\x00\x00\x00\x08\x04\xd2\x16/"
        accepted.sendall(b"N")
        assert accepted.recv(1) == b"", "nothing follows in plain text"
        accepted.close()
        thread.join()
    assert results == [False]


# Explore.


def test_the_root_lists_the_real_tables_and_views(api: Api, connection_id: str, sample: SampleDatabase) -> None:
    response = api.get(f"/connections/{connection_id}/explore?objectType=root")
    assert response.json() == [
        {"type": "table", "name": name, "path": name, "canPreview": True, "canFetchSchema": True}
        for name in sorted(sample.tables)
    ]


@pytest.mark.parametrize("object_type", ["root", "ROOT", "Root"])
def test_object_types_are_taken_in_any_case(api: Api, connection_id: str, object_type: str) -> None:
    assert api.get(f"/connections/{connection_id}/explore", objectType=object_type).status_code == 200


def test_a_table_is_an_object_with_its_columns(api: Api, connection_id: str) -> None:
    response = api.get(f"/connections/{connection_id}/explore", objectType="table", object="sales.orders").json()
    assert response == {
        "format": "flat",
        "schema": {
            "columns": [
                {
                    "name": "order_id",
                    "type": "integer",
                    "meta:xdmType": "int",
                    "xdm": {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
                },
                {
                    "name": "customer_id",
                    "type": "integer",
                    "meta:xdmType": "long",
                    "xdm": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991},
                },
                {
                    "name": "ordered_at",
                    "type": "string",
                    "meta:xdmType": "date-time",
                    "xdm": {"type": "string", "format": "date-time"},
                },
                {"name": "discount", "type": "number", "xdm": {"type": "number"}},
            ]
        },
    }


def test_a_table_that_is_not_there_is_1330_400(api: Api, connection_id: str) -> None:
    response = api.get(f"/connections/{connection_id}/explore", objectType="table", object="sales.nothing")
    assert code(response) == "1330-400"
    assert "sales.nothing" in response.json()["errorMessage"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, "1359-400"), ({"objectType": "table"}, "1337-400"), ({"objectType": "folder"}, "1358-400")],
)
def test_a_wrong_question_is_explained(api: Api, connection_id: str, query: dict[str, str], expected: str) -> None:
    assert code(api.get(f"/connections/{connection_id}/explore", **query)) == expected


def test_exploring_with_wrong_credentials_is_1308_400(api: Api, server: PostgresServer, sample: SampleDatabase) -> None:
    connection_id = api.create(auth=by_string(connection_string(server, sample, Password="wrong-canary")))
    response = api.get(f"/connections/{connection_id}/explore?objectType=root")
    assert code(response) == "1308-400"
    assert "wrong-canary" not in response.text


def test_configs_lists_a_tables_columns(api: Api, connection_id: str) -> None:
    path = f"/connections/{connection_id}/configs"
    assert api.get(path).json() == {"items": []}
    items = api.get(path, object="public.consents").json()["items"]
    assert items[:2] == [
        {"columnName": "customer_id", "columnType": "integer"},
        {"columnName": "purpose", "columnType": "string"},
    ]


@pytest.fixture
def scratch(server: PostgresServer, sample: SampleDatabase) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the sample database whose schema `scratch` is readable by the sample's role, then gone."""
    with psycopg.connect(server.dsn_for(sample.name), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS scratch CASCADE")
        connection.execute("CREATE SCHEMA scratch")
        role = sql.Identifier(sample.role)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA scratch TO {}").format(role))
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA scratch GRANT SELECT ON TABLES TO {}").format(role)
        )
        yield connection
        connection.execute("DROP SCHEMA scratch CASCADE")


def columns(api: Api, connection_id: str, table: str) -> dict[str, Any]:
    response = api.get(f"/connections/{connection_id}/explore", objectType="table", object=table)
    assert response.status_code == 200, response.text
    return {each["name"]: each for each in response.json()["schema"]["columns"]}


TYPES = {
    "boolean": "boolean",
    "smallint": "short",
    "integer": "int",
    "bigint": "long",
    "oid": "long",
    "real": "number",
    "double precision": "number",
    "numeric": "number",
    "numeric(12,2)": "number",
    "date": "date",
    "timestamp": "date-time",
    "timestamptz": "date-time",
    "timestamp(3)": "date-time",
    **dict.fromkeys(
        [
            *("text", "varchar", "varchar(10)", "char", "char(3)", '"char"', "name", "bytea", "uuid", "money"),
            *("time", "timetz", "interval", "json", "jsonb", "xml", "jsonpath", "bit(3)", "varbit", "inet", "cidr"),
            *("macaddr", "macaddr8", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector"),
            *("tsquery", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "int4multirange"),
            *("integer[]", "text[][]", "date[]", "regclass", "pg_lsn", "txid_snapshot"),
            *("scratch.mood", "scratch.pair", "scratch.mood[]"),
        ],
        "string",
    ),
    "scratch.positive": "int",
    "scratch.very_positive": "int",
}


def test_every_type_of_postgresql_has_an_xdm_type(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    scratch.execute("CREATE TYPE scratch.mood AS ENUM ('glad', 'sad')")
    scratch.execute("CREATE TYPE scratch.pair AS (a integer, b text)")
    scratch.execute("CREATE DOMAIN scratch.positive AS integer CHECK (value > 0)")
    scratch.execute("CREATE DOMAIN scratch.very_positive AS scratch.positive CHECK (value > 100)")
    definitions = ", ".join(f"c{number} {type_name}" for number, type_name in enumerate(TYPES))
    scratch.execute(f"CREATE TABLE scratch.types ({definitions})".encode())
    found = columns(api, connection_id, "scratch.types")
    plain = {"short": "integer", "int": "integer", "long": "integer", "date": "string", "date-time": "string"}
    for number, (type_name, xdm_type) in enumerate(TYPES.items()):
        column = found[f"c{number}"]
        assert column["type"] == column["xdm"]["type"] == plain.get(xdm_type, xdm_type), type_name
        assert column.get("meta:xdmType", column["type"]) == xdm_type, type_name


def test_every_base_type_of_the_server_is_mapped_to_something(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    names = [
        name
        for (name,) in scratch.execute(
            "SELECT format_type(t.oid, NULL) FROM pg_type t WHERE typtype IN ('b', 'r', 'm') AND typisdefined "
            "AND typnamespace = 'pg_catalog'::regnamespace "
            "AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typtype IN ('c', 'p'))"
        )
    ]
    assert len(names) > 80
    definitions = ", ".join(f"c{number} {name}" for number, name in enumerate(names))
    scratch.execute(f"CREATE TABLE scratch.all_types ({definitions})".encode())
    assert len(columns(api, connection_id, "scratch.all_types")) == len(names)


def test_views_and_partitioned_and_foreign_tables_are_listed_but_partitions_are_not(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    for statement in (
        "CREATE TABLE scratch.plain (a integer)",
        "CREATE VIEW scratch.seen AS SELECT a FROM scratch.plain",
        "CREATE MATERIALIZED VIEW scratch.kept AS SELECT a FROM scratch.plain",
        "CREATE TABLE scratch.parted (a integer) PARTITION BY RANGE (a)",
        "CREATE TABLE scratch.parted_1 PARTITION OF scratch.parted FOR VALUES FROM (0) TO (10)",
        "CREATE SEQUENCE scratch.counter",
        "CREATE INDEX by_a ON scratch.plain (a)",
        'CREATE TABLE scratch."Odd. Name ""quoted""" ("Spaced out" integer)',
    ):
        scratch.execute(statement.encode())
    root = api.get(f"/connections/{connection_id}/explore?objectType=root").json()
    names = {each["name"] for each in root if each["name"].startswith("scratch.")}
    odd = 'scratch."Odd. Name ""quoted"""'
    assert names == {"scratch.plain", "scratch.seen", "scratch.kept", "scratch.parted", odd}
    for name in names - {odd}:
        assert list(columns(api, connection_id, name)) == ["a"]
    assert list(columns(api, connection_id, odd)) == ["Spaced out"]


NAMES = (
    *("plain", "Upper", "UPPER CASE", "with space", " leading", "trailing ", "a.b", ".", "..a", "a.", '"', 'a"b', '""'),
    *('"a"', 'a."b"', "'", "a'b", "a`b", "a;b--c", "a/b", "a\\b", "%", "a%sb", "_", "{}", "select", "1a", "-", "a-b"),
    *("Straße", "顧客", "عملاء", "🐘", "a\u0301", "\u00e1", "a\nb", "a\tb", "a&b=c", "a+b", "a#b", "a?b", "x" * 63),
)


def test_every_name_that_postgresql_allows_has_a_path_that_leads_back_to_it(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    for number, name in enumerate(NAMES):
        table, column = sql.Identifier("scratch", name), sql.Identifier(f"c{number}")
        scratch.execute(sql.SQL("CREATE TABLE {} ({} integer)").format(table, column))
    root = api.get(f"/connections/{connection_id}/explore?objectType=root").json()
    paths = [each["path"] for each in root if each["path"].startswith("scratch.")]
    assert len(set(paths)) == len(paths) == len(NAMES)
    found = [list(columns(api, connection_id, path)) for path in paths]
    assert sorted(found) == sorted([f"c{number}"] for number in range(len(NAMES)))
    assert {"scratch.plain", "scratch.Upper", "scratch.with space", 'scratch."a.b"', "scratch.顧客"} <= set(paths)


def test_tables_whose_names_differ_only_by_where_the_dot_is_are_distinguished(
    api: Api, connection_id: str, server: PostgresServer, sample: SampleDatabase
) -> None:
    places = (("d", "b.c"), ("d.b", "c"), ('d."b', 'c"'), ('"d', "b.c"))
    with psycopg.connect(server.dsn_for(sample.name), autocommit=True) as connection:
        try:
            for number, (schema, table) in enumerate(places):
                name, role, inside = sql.Identifier(schema), sql.Identifier(sample.role), sql.Identifier(schema, table)
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
                connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, role))
                connection.execute(sql.SQL("CREATE TABLE {} ({} integer)").format(inside, sql.Identifier(f"c{number}")))
                connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(inside, role))
            paths = ('d."b.c"', '"d.b".c', '"d.""b"."c"""', '"""d"."b.c"')
            root = {each["path"] for each in api.get(f"/connections/{connection_id}/explore?objectType=root").json()}
            assert set(paths) <= root
            found = [list(columns(api, connection_id, path)) for path in paths]
            assert found == [["c0"], ["c1"], ["c2"], ["c3"]]
            response = api.get(f"/connections/{connection_id}/explore", objectType="table", object="d.b.c")
            assert code(response) == "1330-400"
        finally:
            for schema in dict.fromkeys(schema for schema, _ in places):
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def test_what_the_user_may_not_read_is_not_shown(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    scratch.execute("CREATE TABLE scratch.hidden (a integer)")
    scratch.execute("REVOKE ALL ON scratch.hidden FROM aep_reader")
    root = api.get(f"/connections/{connection_id}/explore?objectType=root").json()
    assert "scratch.hidden" not in {each["name"] for each in root}
    response = api.get(f"/connections/{connection_id}/explore", objectType="table", object="scratch.hidden")
    assert code(response) == "1330-400"


def test_columns_that_were_dropped_are_not_shown(
    api: Api, connection_id: str, scratch: psycopg.Connection[Any]
) -> None:
    scratch.execute("CREATE TABLE scratch.changed (a integer, b integer, c integer)")
    scratch.execute("ALTER TABLE scratch.changed DROP COLUMN b")
    assert list(columns(api, connection_id, "scratch.changed")) == ["a", "c"]


def preview(api: Api, connection_id: str, table: str, **query: str) -> Any:
    wanted = {"objectType": "table", "object": table, "preview": "true"} | query
    return api.get(f"/connections/{connection_id}/explore", **wanted)


def test_a_preview_shows_the_columns_and_the_first_rows(api: Api, connection_id: str) -> None:
    explored = preview(api, connection_id, "sales.orders").json()
    assert [each["name"] for each in explored["schema"]["columns"]] == [*explored["data"][0]]
    first, second = sorted(explored["data"], key=lambda row: int(row["order_id"]))
    assert first["ordered_at"] == "2025-03-01T10:15:00.000Z"
    assert (first["discount"], second["discount"]) == (None, pytest.approx(0.05))
    plain = preview(api, connection_id, "sales.orders", preview="false").json()
    assert "data" not in plain


def test_a_preview_has_at_most_a_hundred_rows(
    api: Api, connection_id: str, server: PostgresServer, sample: SampleDatabase
) -> None:
    server.execute("CREATE TABLE public.many AS SELECT n FROM generate_series(1, 250) n", database=sample.name)
    server.execute(f"GRANT SELECT ON public.many TO {sample.role}", database=sample.name)
    try:
        assert len(preview(api, connection_id, "public.many").json()["data"]) == 100
    finally:
        server.execute("DROP TABLE public.many", database=sample.name)


def test_a_preview_of_numbers_that_json_lacks_has_nulls(
    api: Api, connection_id: str, server: PostgresServer, sample: SampleDatabase
) -> None:
    server.execute(
        "CREATE VIEW public.odd AS SELECT 'NaN'::numeric AS a, 'Infinity'::float8 AS b", database=sample.name
    )
    server.execute(f"GRANT SELECT ON public.odd TO {sample.role}", database=sample.name)
    try:
        assert preview(api, connection_id, "public.odd").json()["data"] == [{"a": None, "b": None}]
    finally:
        server.execute("DROP VIEW public.odd", database=sample.name)


def test_a_preview_that_cannot_be_made_is_refused(api: Api, connection_id: str) -> None:
    assert code(preview(api, connection_id, "public.nothing")) == "1330-400"
    assert code(preview(api, connection_id, "sales.orders", filters="e30=")) == "1353-400"
    assert code(preview(api, api.create("nowhere"), "sales.orders")) == "1308-400"
