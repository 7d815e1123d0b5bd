"""The connection string as a driver reads it, and the database that it names."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.emulator.databases.connection_string import ConnectionStringError, parse
from pulumi_adobe_aep.emulator.databases.target import Target, TargetError, target
from pulumi_adobe_aep.kinds.base_connection.odbc import build

CANARY = "canary-of-a-password"


def named(text: str) -> Target:
    return target("Connection String Based Authentication", {"connectionString": text})


def test_the_order_and_case_of_keys_do_not_matter() -> None:
    assert parse("password=e;SERVER=a;uid=d;Port=1;database=b") == {
        "Password": "e",
        "Server": "a",
        "UID": "d",
        "Port": "1",
        "Database": "b",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Password=plain", "plain"),
        ("Password= spaced ", "spaced"),
        ("Password=with=equals", "with=equals"),
        ("Password={a;b}", "a;b"),
        ("Password={a}}b}", "a}b"),
        ("Password={}}}", "}"),
        ("Password={ kept }", " kept "),
        ("Password={}", ""),
        ("Password=", ""),
        ("Password={a} ;Server=x", "a"),
        ("Password=a{b", "a{b"),
        ("Pwd=x", "x"),
    ],
)
def test_values_are_read_as_odbc_reads_them(text: str, value: str) -> None:
    assert parse(text)["Password"] == value


def test_empty_parts_and_a_semicolon_at_the_end_do_not_matter() -> None:
    assert parse(";;Server=a;;Port=1;") == {"Server": "a", "Port": "1"}


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"={CANARY}",
        f"Password={{{CANARY}",
        f"Password={{{CANARY}}}x",
        f"Password={CANARY};PWD={CANARY}",
        f"Password={CANARY};b",
    ],
)
def test_what_no_driver_would_take_is_refused_without_its_values(text: str) -> None:
    with pytest.raises(ConnectionStringError) as failure:
        parse(text)
    assert CANARY not in str(failure.value)


@given(
    st.dictionaries(
        st.sampled_from(["Server", "Database", "Port", "UID", "Password"]), st.text(), min_size=1, max_size=5
    )
)
@example({"Password": "}"})
@example({"Password": "{a}", "UID": "a;b", "Server": " c "})
def test_whatever_the_provider_builds_is_read_back(values: dict[str, str]) -> None:
    assert parse(build(values.items())) == values


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except ConnectionStringError:
        return


USUAL = "Server=h;Database=d;Port=5432;UID=u;Password=p"


@pytest.mark.parametrize(
    ("more", "mode"),
    [
        ("", "disable"),
        (";EncryptionMethod=0", "disable"),
        (";EncryptionMethod=0;ValidateServerCertificate=1", "disable"),
        (";EncryptionMethod=1", "require"),
        (";EncryptionMethod=1;ValidateServerCertificate=0", "require"),
        (";EncryptionMethod=1;ValidateServerCertificate=1", "verify-full"),
        (";EncryptionMethod=6", "prefer"),
        # Adobe's table misspells the key; a driver does not know that name and ignores it.
        (";EncryptionMethod=1;ValidationServerCertificate=1", "require"),
    ],
)
def test_encryption_is_what_the_driver_makes_of_it(more: str, mode: str) -> None:
    found = named(USUAL + more)
    assert found == Target("h", 5432, "d", "u", "p", mode)
    assert ("sslrootcert" in found.parameters()) == (mode == "verify-full")


def test_a_target_does_not_show_its_password() -> None:
    assert CANARY not in repr(named(USUAL.replace("=p", f"={CANARY}")))


@pytest.mark.parametrize(
    "text",
    [
        "Server=h;Database=d;Port=5432;UID=u",
        "Server=;Database=d;Port=5432;UID=u;Password=p",
        USUAL.replace("5432", "0"),
        USUAL.replace("5432", "65536"),
        USUAL.replace("5432", "\u0665"),
        USUAL.replace("=h", "=/var/run/postgresql"),
        USUAL.replace("=h", "=a,b"),
        USUAL + ";EncryptionMethod=2",
        USUAL + ";ValidateServerCertificate=yes",
    ],
)
def test_what_names_no_database_is_refused(text: str) -> None:
    with pytest.raises(TargetError):
        named(text)


@pytest.mark.parametrize(
    ("spelling", "mode"),
    [
        *(("Disable", "disable"), ("Allow", "allow"), ("Prefer", "prefer"), ("Require", "require")),
        *(("Verify Ca", "verify-ca"), ("Verify-Ca", "verify-ca"), ("Verify Full", "verify-full")),
        *(("Verify-Full", "verify-full"), ("true", "require"), ("false", "disable")),
    ],
)
def test_every_spelling_of_ssl_mode_has_a_meaning(spelling: str, mode: str) -> None:
    params = {"server": "h", "port": "1", "database": "d", "username": "u", "password": "p", "sslMode": spelling}
    assert target("Basic Authentication", params).ssl_mode == mode


def test_basic_authentication_without_ssl_mode_prefers_encryption() -> None:
    params = {"server": "h", "port": "1", "database": "d", "username": "u", "password": "p"}
    assert target("Basic Authentication", params).ssl_mode == "prefer"
