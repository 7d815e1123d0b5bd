"""Connection strings of every source: any value survives, in the order of Adobe's pattern."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES
from pulumi_adobe_aep.kinds.base_connection import ado_net
from pulumi_adobe_aep.kinds.base_connection.catalog import SOURCES
from pulumi_adobe_aep.kinds.base_connection.connection_string import StringAuthModel
from pulumi_adobe_aep.kinds.base_connection.dialects import ADO_NET, ODBC, Dialect
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString
from pulumi_adobe_aep.kinds.placeholders import is_placeholder

VALUES = st.text(min_size=1).filter(lambda text: bool(text.strip()) and text.isprintable())
OF_STRINGS = [(kind, auth) for kind in SOURCES for auth in kind.inputs.auth_kinds if issubclass(auth, StringAuthModel)]
EACH = pytest.mark.parametrize(("kind", "auth"), OF_STRINGS, ids=lambda each: getattr(each, "name", ""))
LOGIN = {"server": "db.example.com", "database": "crm", "username": "reader"}


def sent(auth: type[StringAuthModel], password: str, **changes: Any) -> str:
    parts = {key: value for key, value in LOGIN.items() if key in auth.form.parts}
    return str(auth.model_validate({**parts, "password": password, **changes}).params({})["connectionString"])


@pytest.mark.parametrize("dialect", [ODBC, ADO_NET], ids=["ODBC", "ADO.NET"])
@given(values=st.lists(VALUES, min_size=1))
def test_any_values_are_read_as_they_were_written(dialect: Dialect, values: list[str]) -> None:
    pairs = [(f"key {number}", value) for number, value in enumerate(values)]
    assert dialect.parse(dialect.build(pairs)) == pairs


def by_the_rule_of_ado_net(text: str) -> list[str]:
    """Split a string at the semicolons outside quotes, as Microsoft's page describes it."""
    return re.findall(r"(?:[^;\"']|\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')+", text)


@given(VALUES)
def test_a_value_of_ado_net_does_not_end_early_by_microsofts_rule(value: str) -> None:
    assert by_the_rule_of_ado_net(ado_net.build([("Password", value), ("Encrypt", "True")]))[-1] == "Encrypt=True"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Server", "part 1 has no '='"),
        ("Server=db;hunter2", "part 2 has no '='"),
        ("=db", "part 1 has no key before its '='"),
        ('Password="hunter2', "the quote in part 1 is never closed"),
        ('Password="hunter2"x;', "text follows the closing quote in part 1"),
    ],
)
def test_what_is_not_a_string_of_ado_net_is_reported_without_its_text(text: str, says: str) -> None:
    with pytest.raises(MalformedConnectionString, match=re.escape(says)) as caught:
        ado_net.parse(text)
    assert "hunter2" not in str(caught.value)


def test_what_others_write_for_ado_net_is_read() -> None:
    text = ' ;Server = \'tcp:a;b\' ; Password="x""y";; Encrypt=True; '
    assert ado_net.parse(text) == [("Server", "tcp:a;b"), ("Password", 'x"y'), ("Encrypt", "True")]


@EACH
@given(password=VALUES)
def test_any_password_survives_the_connection_string(
    kind: BaseConnectionKind, auth: type[StringAuthModel], password: str
) -> None:
    assume(not is_placeholder("password", password))
    text = sent(auth, password)
    assert dict(auth.form.read(text))["password"] == password
    assert [key for key, _ in auth.form.dialect.parse(text)] == [key for key, _ in auth.form.pattern]
    # The pattern that the emulator has for the source fits.
    spec_name = auth.model_fields["spec_name"].default
    (spec,) = (each for each in TABLE_SOURCES[kind.spec_id].auth if each.name == spec_name)
    pattern = spec.parameters[0].pattern
    assert pattern is None or re.match(pattern, text, re.DOTALL)


@EACH
def test_each_word_for_encryption_is_read_again_as_it_was_written(
    kind: BaseConnectionKind,  # noqa: ARG001 - the test's name
    auth: type[StringAuthModel],
) -> None:
    for word in (None, *auth.form.encryption):
        changes = {"encryption": word} if word else {}
        declared = auth.model_validate(
            {**{k: v for k, v in LOGIN.items() if k in auth.form.parts}, "password": "p"} | changes
        )
        text = declared.params({})["connectionString"]
        recorded = declared.to_state()
        assert auth.merge_observed({**recorded, "server": "old"}, {"connectionString": text}) == recorded
        assert auth.shown({"connectionString": text}).can_be_parts


@EACH
def test_a_string_without_encryption_is_warned_of_and_one_with_it_is_not(
    kind: BaseConnectionKind,  # noqa: ARG001 - the test's name
    auth: type[StringAuthModel],
) -> None:
    remedied = sent(auth, "p", **({"encryption": "verify"} if auth.form.encryption else {}))
    asking = {key for key, _ in auth.form.encrypting}
    without = auth.form.dialect.build(pair for pair in auth.form.dialect.parse(remedied) if pair[0] not in asking)
    for text, expected in ((without, True), (remedied, False)):
        remarks = [each.text for each in auth.model_validate({"connectionString": text}).remarks()]
        assert any("nothing asks for encryption" in each for each in remarks) == expected
