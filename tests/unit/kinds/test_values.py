"""A message about a value of an unexpected type has the type and how to make a string of it."""

from __future__ import annotations

import ipaddress
import uuid
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from pulumi_adobe_aep.kinds.values import check_identifier, check_line

SECRET = "s3cr3t-of-the-database"


@pytest.mark.parametrize(
    ("value", "reported"),
    [
        (None, "nothing"),
        (5, "a number"),
        (5.5, "a number"),
        (True, "a boolean"),
        (["db"], "a list"),
        ({"a": 1}, "an object"),
        (b"db", "bytes: decode it first, .decode()"),
        (SecretStr(SECRET), "a SecretStr: unwrap it first, .get_secret_value()"),
        (uuid.UUID(int=0), "a UUID: convert it with str()"),
        (ipaddress.ip_address("203.0.113.7"), "an IP address: convert it with str()"),
        (Path("x"), "a path: convert it with str(), or read the file with .read_text()"),
        (("db",), "a list"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_not_a_string_is_reported_with_its_kind_and_not_by_its_value(value: Any, reported: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        check_line(value)
    assert caught.value.message() == f"must be a string, got {reported}"


@pytest.mark.parametrize("text", ["می\u200cشود", "क्\u200dष", "reader", "aep reader", "crm-2026"])
def test_words_that_are_written_with_joiners_are_taken(text: str) -> None:
    assert check_identifier(text) == text


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        ("\u200dreader", "U+200D"),
        ("reader\u200c", "U+200C"),
        ("rea\u200bder", "U+200B"),
        ("\ufeffreader", "U+FEFF"),
        ("reader\u202e", "U+202E"),
        ("rea\u2028der", "U+2028"),
    ],
)
def test_an_invisible_character_in_what_a_machine_compares_is_reported_with_its_code(text: str, unseen: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        check_identifier(text)
    assert caught.value.message() == f"holds an invisible character ({unseen}); type it instead of pasting it"
