"""Data Prep's expressions, with the samples of Adobe's page on mapping functions."""

from __future__ import annotations

import re

import pytest

from pulumi_adobe_aep.emulator.data_prep.expressions import ExpressionError, parse
from pulumi_adobe_aep.emulator.data_prep.functions import FUNCTIONS, NOT_EMULATED, EvaluationError

ROW = {
    "first": "Ada",
    "last": "Lovelace",
    "country": "GB",
    "order": 5,
    "nothing": None,
    "First Name": "Grace",
    "First.Name": "Jean",
    "name": {"firstName": "Barbara"},
    "born": "1815-12-10",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('concat("Hi, ", "there", "!")', "Hi, there!"),
        ("concat(first, ' ', last)", "Ada Lovelace"),
        ('concat(first, nothing, "!")', "Ada!"),
        ("concat(order, true)", "5true"),
        ('explode("Hi, there!", " ")', ["Hi,", "there!"]),
        ('instr("adobe.com", "com")', 6),
        ('instr("a-b-c", "-", 1, 2)', 3),
        ('instr("adobe.com", "org")', -1),
        ('replacestr("This is a string re test", "re", "replace")', "This is a string replace test"),
        ('substr("This is a substring test", 7, 8)', " a subst"),
        ('lower("HeLLo")', "hello"),
        ('lcase("HeLLo")', "hello"),
        ('upper("HeLLo")', "HELLO"),
        ('ucase("HeLLo")', "HELLO"),
        ("upper(nothing)", None),
        ('split("Hello world", " ")', ["Hello", "world"]),
        ('join(" ", to_array(true, "Hello", "world"))', "Hello world"),
        ('lpad("bat", 8, "yz")', "yzyzybat"),
        ('rpad("bat", 8, "yz")', "batyzyzy"),
        ('lpad(nothing, 2, "")', "  "),
        ('left("abcde", 2)', "ab"),
        ('right("abcde", 2)', "de"),
        ('ltrim(" hello")', "hello"),
        ('rtrim("hello ")', "hello"),
        ('trim(" hello ")', "hello"),
        ('"string1".equals("STRING1")', False),
        ('"string1".equalsIgnoreCase("STRING1")', True),
        (
            'extract_regex("E259,E259B_009,1_1", "([^,]+),[^,]*,([^,]+)")',
            ["E259,E259B_009,1_1", "E259", "1_1"],
        ),
        ('matches_regex("E259,E259B_009,1_1", "([^,]+),[^,]*,([^,]+)")', True),
        ('sha1("my text", "UTF-8")', "c3599c11e47719df18a2448690840c5dfcce3c80"),
        ('crc32("my text", "UTF-8")', "8df92e80"),
        ('date("2019-10-23 11:24", "yyyy-MM-dd HH:mm")', "2019-10-23T11:24:00.000Z"),
        ("date(\"2019-10-23T11:24:35\", \"yyyy-MM-dd'T'HH:mm:ss\")", "2019-10-23T11:24:35.000Z"),
        ("date(born)", "1815-12-10T00:00:00.000Z"),
        ('date(nothing, "yyyy", "never")', "never"),
        ("size_of(to_array(true, 1, 2, 3, 4))", 4),
        ("is_empty(to_array(false, nothing))", True),
        ('to_object("firstName", "John")', {"firstName": "John"}),
        ("nullify()", None),
        ('coalesce(null, null, null, "first", null, "second")', "first"),
        ('first("1", "2", "3")', "1"),
        ('last("1", "2", "3")', "3"),
        ("to_array(false, 1, null, 2, 3)", [1, 2, 3]),
        ('decode(country, "GB", "Britain", "N/A")', "Britain"),
        ('decode(country, "US", "America", "N/A")', "N/A"),
        ('decode(country, "US", "America")', None),
        ('iif("s".equalsIgnoreCase("S"), "True", "False")', "True"),
        ('iif(country == "US", to_integer(first), 0)', 0),
        ("min(3, 1, 4)", 1),
        ("max(3, 1, 4)", 4),
        ('to_decimal("20.5")', 20.5),
        ('to_integer("12")', 12),
        ('to_bigint("12345678901234")', 12345678901234),
        ('to_float("1.5")', 1.5),
        ("${First Name}", "Grace"),
        ("${First.Name}", "Jean"),
        ("name.firstName", "Barbara"),
        ("name.nothing.at.all", None),
        ("orderly", None),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3 - -1", 10),
        ("7 mod 4 + 6 div 3", 5),
        ('"a" + 1', "a1"),
        ("order gt 4 and not (order ge 6)", True),
        ("order < 5 || order le 4 or order lt 1", False),
        ('country eq "GB" && country ne "US"', True),
        ('"10" == 10', True),
        ("nothing == null", True),
        ("nothing < 1", False),
        ('order != 5 ? "other" : "five"', "five"),
        (r'"a \"quoted\" word"', 'a "quoted" word'),
        ("true", True),
    ],
)  # fmt: skip
def test_an_expression_has_the_value_of_adobes_page(expression: str, value: object) -> None:
    found = parse(expression).evaluate(ROW)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        ("capitalize(first)", "the function capitalize does not exist"),
        ("to_string(order)", "the function to_string does not exist"),
        ("ua_os_name(first)", "is one of Adobe's that the emulator does not have"),
        ("left(first)", "does not take 1 arguments"),
        ("trim(first, last)", "does not take 2 arguments"),
        ("concat(first", "cannot be parsed"),
        ("first last", "cannot be parsed at column 7"),
        ("", "cannot be parsed"),
        (r'"\x"', "escape sequence"),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused_with_a_reason(expression: str, pattern: str) -> None:
    with pytest.raises(ExpressionError, match=pattern):
        parse(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "to_integer(first)",
        "first * 2",
        "1 / 0",
        "1 % 0",
        "to_integer(true)",
        'join(",", first)',
        'matches_regex(first, "(")',
        'md5(first, "UTF-7000")',
        'date(first, "yyyy")',
        'date(born, "QQQ")',
        'max(1, "a")',
        'to_object("a")',
        "size_of(order)",
        'first < 1',
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_an_error_that_does_not_say_the_value(expression: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        parse(expression).evaluate(ROW)
    assert not re.search("Ada|1815", str(raised.value))


def test_every_id_and_time_is_made_again() -> None:
    for name in ("uuid", "guid"):
        expression = parse(f"{name}()")
        assert expression.evaluate(ROW) != expression.evaluate(ROW)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(parse("now()").evaluate(ROW)))
    assert isinstance(parse("timestamp()").evaluate(ROW), int)


def test_no_function_is_both_there_and_said_not_to_be() -> None:
    assert not FUNCTIONS.keys() & NOT_EMULATED
