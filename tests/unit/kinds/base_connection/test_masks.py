"""A mask is distinguished from a value by what is known of the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep.kinds.base_connection.masks import is_mask

MASKS = [
    "", "*", "*****", "••••", "●●●", "########", "--------", "........", "____", "xxxx", "XXXXXXXX", "xxx-xxx",
    "(hidden)", "<redacted>", "[hidden]", "[secret]", "{USERNAME}", "REDACTED", "**redacted**", "hidden", "***er",
    "rea***", "a•••z",
]  # fmt: skip
NAMES = [
    "reader",
    "aep_reader",
    "x",
    "xx",
    "Xavier",
    "x-ray",
    "hidden_tables",
    "äöü",
    "a b",
    "a*b",
    "o'neil",
    "1",
    "-a",
]
HOSTS = [
    "db.example.com", "db", "x", "10.0.0.1", "2001:db8::1", "[2001:db8::1]", "[::1]", "[fe80::1%eth0]",
    "[db.example.com]", "::1", "db-1.internal", "xn--bcher-kva.example", "db.example.com:5432",
]  # fmt: skip


@pytest.mark.parametrize("text", MASKS)
@pytest.mark.parametrize("field", ["server", "port", "database", "username", "sslMode", "encryption"])
def test_what_hides_a_value_is_a_mask_in_every_field(field: str, text: str) -> None:
    assert is_mask(field, text)


@pytest.mark.parametrize("text", NAMES)
def test_the_name_of_a_role_or_a_database_is_not_a_mask(text: str) -> None:
    assert not is_mask("username", text)
    assert not is_mask("database", text)


@pytest.mark.parametrize("text", HOSTS)
def test_a_host_is_not_a_mask_in_brackets_or_without(text: str) -> None:
    assert not is_mask("server", text)


@given(st.ip_addresses().map(str))
def test_no_address_is_a_mask_in_brackets_or_without(address: str) -> None:
    assert not is_mask("server", address)
    assert not is_mask("server", f"[{address}]")


@pytest.mark.parametrize("text", ["db.****.com", "a host", "[]", "[[::1]]", "<db.example.com>", "db?"])
def test_what_no_host_can_be_is_a_mask(text: str) -> None:
    assert is_mask("server", text)


@given(st.integers(1, 65535))
def test_a_port_is_a_number(port: int) -> None:
    assert not is_mask("port", str(port))
    assert not is_mask("port", f"{port}.0")


@pytest.mark.parametrize("text", ["0", "65536", "five", "54321.5", "-1", "x", "5432x", "٥٤٣٢"])
def test_everything_else_in_place_of_a_port_is_a_mask(text: str) -> None:
    assert is_mask("port", text)
