"""Connection strings: what is built is read back, and a message about a broken one has none of its values."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString, build, parse, quote

KEYS = st.text(min_size=1).filter(lambda key: key == key.strip() and key and not set(key) & {"=", ";"})
VALUES = st.text() | st.text(alphabet=";{}= \t'\"\\%", max_size=12)


@given(st.lists(st.tuples(KEYS, VALUES)))
@example([("Password", "}"), ("UID", "{"), ("Server", "}};x={"), ("Database", "")])
@example([("Password", " leading and trailing\t"), ("UID", "ends with a brace}")])
def test_what_is_built_is_read_back_whatever_the_values_are(pairs: list[tuple[str, str]]) -> None:
    assert parse(build(pairs)) == pairs


@given(st.text() | st.text(alphabet="ab=;{} ", max_size=30))
@example("Password={a}b}")
@example("=")
@example("a={")
@example("a={}}")
def test_no_text_breaks_the_parser_in_another_way_than_its_own(text: str) -> None:
    try:
        pairs = parse(text)
    except MalformedConnectionString:
        return
    assert parse(build(pairs)) == pairs


@given(st.text(alphabet="secretSECRET0123456789;={} ", min_size=6))
def test_a_message_about_a_broken_string_quotes_nothing_of_it(text: str) -> None:
    whole = f"Server=db;Password={text}"
    try:
        parse(whole)
    except MalformedConnectionString as error:
        words = str(error)
        for number in range(10):
            words = words.replace(f"part {number}", "part")
        assert not any(character.isdigit() for character in words)
        assert "SECRET" not in words


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ("with space", "with space"),
        ("equals=sign", "equals=sign"),
        ("semi;colon", "{semi;colon}"),
        ("{brace}", "{{brace}}}"),
        ("", "{}"),
        (" around ", "{ around }"),
        ("line\n", "{line\n}"),
    ],
)
def test_a_value_is_quoted_where_it_would_not_survive_and_left_alone_otherwise(value: str, written: str) -> None:
    assert quote(value) == written


def test_pairs_are_written_in_the_order_given() -> None:
    pairs = [("Server", "db"), ("Database", "crm"), ("Port", "5432"), ("UID", "reader"), ("Password", "a;b")]
    assert build(pairs) == "Server=db;Database=crm;Port=5432;UID=reader;Password={a;b}"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        (";;", []),
        ("Server=db;", [("Server", "db")]),
        (" Server = db ; UID = reader ", [("Server", "db"), ("UID", "reader")]),
        ("Password=a=b", [("Password", "a=b")]),
        ("Password=a{b", [("Password", "a{b")]),
        ("Password= {a;b} ;UID=x", [("Password", "a;b"), ("UID", "x")]),
        ("Password=", [("Password", "")]),
        ("pwd=x;PWD=y", [("pwd", "x"), ("PWD", "y")]),
    ],
)
def test_what_people_write_is_read(text: str, pairs: list[tuple[str, str]]) -> None:
    assert parse(text) == pairs


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Server=db;Password=s3cr3t;more", "part 3 has no '='; a value that contains ';' is written in braces"),
        ("s3cr3t;Server=db", "part 1 has no '='"),
        ("Server=db;=s3cr3t", "part 2 has no key before its '='"),
        ("Password={s3cr3t", "the brace in part 1 is never closed"),
        ("Server=db;Password={s3}cr3t", "text follows the closing brace in part 2; a '}' inside is written '}}'"),
    ],
)
def test_a_malformed_string_is_reported_with_position(text: str, complaint: str) -> None:
    with pytest.raises(MalformedConnectionString) as caught:
        parse(text)
    assert complaint in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
