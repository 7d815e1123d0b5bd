"""Secrets are masked by value, in every spelling in which they may come back."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.redaction import MASK, RedactingFormatter, mask, register

LONG = st.text(min_size=8, max_size=40).filter(lambda text: text.strip() == text and len(set(text)) > 4)


@given(LONG)
@example('quo"te\\back;slash}and\nline')
@example("pass wörd/with?marks&more=")
@example("bytes \udcff that are no text")
def test_a_registered_secret_is_masked_in_plain_json_and_url_form(secret: str) -> None:
    register(secret)
    spellings = [secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret)]
    if secret.isprintable():
        spellings += [quote(secret), quote(secret, safe=""), quote_plus(secret)]
    for spelling in spellings:
        assert spelling not in mask(f"before {spelling} after"), spelling


def test_register_gives_the_secret_back() -> None:
    assert register("a secret to register") == "a secret to register"


def test_the_longer_secret_is_masked_first_so_that_no_rest_stays() -> None:
    register("inside-outside")
    register("inside")
    assert mask("the inside-outside") == f"the {MASK}"


def test_a_secret_with_a_brace_is_masked_as_a_connection_string_writes_it() -> None:
    register("brace}inside")
    assert "inside" not in mask("Server=db;Password={brace}}inside}")


@pytest.mark.parametrize("short", ["", "a", "abc"])
def test_a_secret_too_short_to_hide_leaves_messages_readable(short: str) -> None:
    register(short)
    assert mask("abc a b") == "abc a b"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.DEF-123_x~/+=",
        "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl",
        "Server=db;Password=unseen-before;UID=x",
        "Server=db;PWD={unseen;before}}x};UID=x",
        '{"password": "unseen-before"}',
        "client_secret=unseen-before&grant_type=x",
        '"access_token": "unseen-before"',
    ],
)
def test_what_looks_like_a_secret_is_masked_even_when_nobody_registered_it(text: str) -> None:
    masked = mask(text)
    assert MASK in masked
    for part in ("abc.DEF", "c2lnbmF0dXJl", "unseen", "before"):
        assert part not in masked


@pytest.mark.parametrize("text", ["", "an ordinary sentence.", "auth.password is missing.", "code 1308"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


def test_a_log_line_is_masked_with_the_exception_that_it_shows() -> None:
    register("the-logged-password")
    try:
        raise ValueError("the-logged-password in an exception")  # noqa: TRY301
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, __file__, 1, "user %s", ("the-logged-password",), __import__("sys").exc_info()
        )
    line = RedactingFormatter("%(message)s").format(record)
    assert "the-logged-password" not in line
    assert line.startswith(f"user {MASK}\nTraceback")
