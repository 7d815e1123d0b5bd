"""Secrets are masked by value, in every spelling in which they may come back."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.redaction import MASK, RedactingFormatter, Redactor, mask, register
from pulumi_adobe_aep.secret_parts import secrets_inside
from tests.support.spellings import LONG, SPELLINGS


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.register(secret)
    return made


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
@given(secret=LONG)
@example(secret="quo\"te\\back;slash}and'all")
@example(secret="pass wörd/with?marks&more=+")
@example(secret="''double''\"\"}}{{%41\\u0041&amp;")
@example(secret="ends in a \\")
@example(secret="'begins and ends'")
@example(secret="no character: \ufdd0")
@example(secret="\U0001d518nicode \U0001f511 beyond")
def test_a_registered_secret_is_masked_however_it_is_spelled(spell: Callable[[str], str], secret: str) -> None:
    masked = redactor(secret).mask(f"before <{spell(secret)}> after")
    assert MASK in masked
    assert secret not in masked
    assert spell(secret) not in masked
    # Nothing of it is left but the quotes around it.
    assert len(masked) <= len(f"before <{MASK}> after") + 12


def test_bytes_of_a_variable_that_are_not_utf_8_are_masked_as_they_are() -> None:
    secret = "bytes \udcff that are not UTF-8"
    masked = redactor(secret).mask(f"{secret} {secret!r} {quote(secret, errors='surrogatepass')}")
    assert masked == f"{MASK} '{MASK}' {MASK}"


def test_register_gives_the_secret_back() -> None:
    assert register("a secret to register") == "a secret to register"


def test_the_longer_secret_is_masked_whole_so_that_no_rest_stays() -> None:
    assert redactor("inside", "inside-outside").mask("the inside-outside") == f"the {MASK}"


def test_secrets_that_overlap_leave_nothing_of_each_other() -> None:
    assert redactor("first-second", "second-third").mask("first-second-third") == MASK


@pytest.mark.parametrize("short", ["", "a", "abc"])
def test_a_secret_too_short_to_hide_leaves_messages_readable(short: str) -> None:
    assert redactor(short).mask("abc a b") == "abc a b"


def test_a_secret_that_is_an_ordinary_word_is_masked_where_it_stands_alone_only() -> None:
    masked = redactor("post", "5432", "Crm").mask("postgres said: 'post' (post, POSTGRES) at 15432, 5432")
    assert masked == f"postgres said: '{MASK}' ({MASK}, POSTGRES) at 15432, {MASK}"


@pytest.mark.parametrize("secret", ["Zr8k", "p-st", "poSt9", "averylongwordofsecrecy"])
def test_a_secret_that_is_not_an_ordinary_word_is_masked_inside_others(secret: str) -> None:
    assert redactor(secret).mask(f"x{secret}y") == f"x{MASK}y"


def test_a_mask_is_not_masked_again() -> None:
    made = redactor("secret", "the word secret")
    once = made.mask("secret: the word secret, Password=secret")
    assert once == f"{MASK}: {MASK}, Password={MASK}"
    assert made.mask(once) == once


@given(LONG, st.integers(4, 30), st.sampled_from(["", "…", "..."]))
def test_a_secret_that_a_service_cut_off_is_masked(secret: str, kept: int, mark: str) -> None:
    beginning = secret[:kept]
    assume(not beginning.isalnum() or not beginning.isalpha())
    assume(beginning == beginning.strip() and "." not in beginning and not beginning.isdigit())
    assume(kept < len(secret) and not secrets_inside(secret))
    assert redactor(secret).mask(f"the password is {beginning}{mark}") == f"the password is {MASK}{mark}"


def test_a_connection_string_that_is_cut_off_is_not_a_reason_to_mask_its_first_key() -> None:
    assert redactor("Server=db;Password=Zr8kq2Lx").mask("it lacks Server") == "it lacks Server"


def test_a_secret_may_be_registered_while_others_mask() -> None:
    made = redactor("the-first-secret")
    over = threading.Event()
    seen: set[str] = set()

    def go_on() -> None:
        while not over.is_set():
            seen.add(made.mask("the-first-secret"))

    thread = threading.Thread(target=go_on)
    thread.start()
    for number in range(200):
        made.register(f"secret-number-{number}")
        assert made.mask(f"secret-number-{number}") == MASK
    over.set()
    thread.join()
    assert seen == {MASK}


def test_a_redactor_that_forgot_masks_what_is_registered_afterwards_only() -> None:
    made = redactor("an-old-secret")
    assert made.mask("an-old-secret") == MASK
    made.forget()
    made.register("a-new-secret")
    assert made.mask("an-old-secret, a-new-secret") == f"an-old-secret, {MASK}"


def test_the_work_of_masking_a_message_does_not_grow_with_the_number_of_secrets() -> None:
    message = "Adobe responded with 400: 0007-of-many-secrets was not expected, nor was anything else. " * 5

    def steps(secrets: int) -> int:
        made = redactor(*(f"{number:04}-of-many-secrets" for number in range(secrets)))
        made.mask(message)
        counted = 0

        def count(frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
            nonlocal counted
            frame.f_trace_opcodes = True
            counted += event == "opcode"
            return count

        before = sys.gettrace()
        sys.settrace(count)
        try:
            masked = made.mask(message)
        finally:
            sys.settrace(before)
        assert masked.count(MASK) == 5
        return counted

    assert steps(1000) == steps(10) > len(message)


# What nobody registered.


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.DEF-123_x~/+=",
        "Authorization: Basic YWVwOnVuc2Vlbi1iZWZvcmU=",
        '{"authorization": "Basic YWVwOnVuc2Vlbi1iZWZvcmU="}',
        "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl",
        "Server=db;Password=unseen-before;UID=x",
        "Server=db;PWD={unseen;before}}x};UID=x",
        "host=db password='unseen before'",
        '{"password": "unseen-before"}',
        '{\\"password\\": \\"unseen-before\\"}',
        "client_secret=unseen-before&grant_type=x",
        "Password%3Dunseen-before%3BUID%3Dx",
        '"access_token": "unseen-before"',
        "AccountKey=unseen-before==;EndpointSuffix=x",
        "postgresql://aep_reader:unseen-before@db:5432/crm",
    ],
)
def test_what_looks_like_a_secret_is_masked_even_when_nobody_registered_it(text: str) -> None:
    masked = Redactor().mask(text)
    assert MASK in masked
    for part in ("abc.DEF", "c2lnbmF0dXJl", "unseen", "before", "YWVw"):
        assert part not in masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "an ordinary sentence.",
        "auth.password is missing.",
        "code 1308",
        "password: not set",
        "user name, password: encryption",
        "Check server, port, database, user name and password: Adobe's servers must reach the database.",
        "Basic Authentication: the parts",
        "the access token: refused",
        "https://platform.adobe.io/data/foundation/flowservice/connections",
        "http://127.0.0.1:8080/a@b",
        "It must have Server, Database, Port, UID and Password, best in that order.",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor().mask(text) == text


@given(st.text(max_size=200))
@example("%" * 50 + "\\" * 50 + "&" * 50)
@example("password=" * 20)
def test_any_text_can_be_masked_and_a_secret_in_it_still_is(text: str) -> None:
    secret = "Zr8kq2Lx-of-the-test"
    assert secret not in redactor(secret).mask(f"{text} {secret} {text}")


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
    assert mask("the-logged-password") == MASK
