"""What a value is and how to make a string of it is said; the value itself is not."""

from __future__ import annotations

import enum
import ipaddress
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretBytes, SecretStr

from pulumi_adobe_aep.kinds.value_types import type_of

SECRET = "s3cr3t-of-a-test"


class Mode(enum.Enum):
    """An enumeration."""

    VALUE = SECRET


class Unhelpful:
    """A value whose conversions fail."""

    def __str__(self) -> str:
        raise AssertionError(SECRET)

    __repr__ = __str__


VALUES: list[tuple[object, str]] = [
    (None, "nothing"),
    (True, "a boolean"),
    (5, "a number"),
    (5.5, "a number"),
    ("x", "a string"),
    ({"a": SECRET}, "an object"),
    ([SECRET], "a list"),
    ((SECRET,), "a list"),
    ({SECRET}, "a set"),
    (SECRET.encode(), "bytes: decode it first, .decode()"),
    (bytearray(SECRET.encode()), "bytes: decode it first, .decode()"),
    (SecretStr(SECRET), "a SecretStr: unwrap it first, .get_secret_value()"),
    (SecretBytes(SECRET.encode()), "a SecretBytes: unwrap and decode it first, .get_secret_value().decode()"),
    (uuid.UUID(int=1), "a UUID: convert it with str()"),
    (ipaddress.ip_address("192.0.2.1"), "an IP address: convert it with str()"),
    (ipaddress.ip_address("2001:db8::1"), "an IP address: convert it with str()"),
    (Path("/run/secrets/x"), "a path: convert it with str(), or read the file with .read_text()"),
    (Decimal(5432), "a Decimal: convert it with str() or int()"),
    (Mode.VALUE, "a member of an Enum: use its .value"),
    (lambda: SECRET, "a function or class: call it"),
    (Unhelpful(), "an object of type Unhelpful"),
]
PYTHONS_OWN = [pair for pair in VALUES if not isinstance(pair[0], (str, int, float, dict, list, type(None)))]


@pytest.mark.parametrize(("value", "reported"), VALUES, ids=[reported for _, reported in VALUES])
def test_a_value_is_reported_with_its_type_and_its_conversion(value: object, reported: str) -> None:
    assert type_of(value) == reported
