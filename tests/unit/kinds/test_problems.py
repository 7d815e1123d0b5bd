"""All that is wrong with a declaration is reported at once, by property, in sentences, and without a secret."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.alias_generators import to_camel, to_snake

from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import (
    POSTGRES,
    BasicAuthModel,
    ConnectionStringAuthModel,
)
from pulumi_adobe_aep.kinds.model import UNKNOWN
from pulumi_adobe_aep.kinds.problems import Problem, problems
from pulumi_adobe_aep.kinds.secrets import SecretReference
from tests.support.declarations import PARTS, SECRET, STRING, WRONG, Wrong


def found_in(wire: Any) -> list[Problem]:
    try:
        POSTGRES.inputs.model_validate({"sandboxName": "dev", **wire})
    except ValidationError as error:
        return problems(error, POSTGRES.inputs)
    return []


def reported(wire: Any) -> dict[str, str]:
    return {".".join(problem.path): problem.sentence() for problem in found_in(wire)}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_each_wrong_declaration_is_reported_with_property_in_a_sentence_without_secrets(wrong: Wrong) -> None:
    assert reported(wrong.inputs) == {path: f"{path} {says}" for path, says in wrong.says.items()}
    assert SECRET not in repr(found_in(wrong.inputs))


@pytest.mark.parametrize("port", [1, 5432, 5432.0, "5432", " 5432 ", 65535, None])
def test_a_port_may_be_written_as_people_and_the_engine_write_it(port: object) -> None:
    assert reported({"name": "crm", "auth": {**PARTS, "port": port}}) == {}


@pytest.mark.parametrize(
    "wire",
    [
        {"name": "crm", "auth": PARTS},
        {"name": "crm", "auth": {**PARTS, "sslMode": "Require"}},
        {"name": "crm", "auth": {"connectionString": STRING}},
        {"name": "crm", "auth": {"connectionString": STRING.replace("Password", "PWD").lower() + ";"}},
        {"name": "crm", "auth": {"connectionString": {"fromEnv": "CRM"}}},
        {"name": "Ünï (crm) / 2", "description": "two\nlines\tand a tab", "auth": PARTS, "verify": True},
        {"name": "crm", "description": "The password=... is in the vault; owner: mailto:jo@example.com", "auth": PARTS},
        {"name": "crm", "auth": {**PARTS, "username": "reader@crm-db", "database": "project:region:crm"}},
        {"name": "crm", "auth": {**PARTS, "password": " spaces are part of it "}},
    ],
)
def test_what_is_right_passes(wire: Any) -> None:
    assert reported(wire) == {}


@pytest.mark.parametrize(
    "wire",
    [
        {"name": UNKNOWN, "auth": UNKNOWN},
        {"name": "crm", "auth": {**PARTS, "server": UNKNOWN, "port": UNKNOWN, "password": UNKNOWN}},
        {"name": "crm", "auth": {"connectionString": UNKNOWN}},
        {"name": "crm", "auth": {**PARTS, "sslMode": UNKNOWN}},
        {"name": "crm", "auth": {**PARTS, "encryption": UNKNOWN}},
        {"name": "crm", "auth": {**PARTS, "password": {"fromEnv": UNKNOWN, "version": UNKNOWN}}},
        {"name": "crm", "auth": PARTS, "description": UNKNOWN, "sandboxName": UNKNOWN, "verify": UNKNOWN},
    ],
)
def test_what_is_unknown_passes(wire: Any) -> None:
    assert reported(wire) == {}


@pytest.mark.parametrize(
    ("wire", "path"),
    [
        ({"name": UNKNOWN, "auth": {**PARTS, "server": UNKNOWN, "port": "abc"}}, "auth.port"),
        ({"name": UNKNOWN, "auth": {"server": UNKNOWN, "password": UNKNOWN, "username": UNKNOWN}}, "auth.database"),
        ({"name": "crm", "auth": {"connectionString": UNKNOWN, "server": UNKNOWN}}, "auth"),
        ({"name": "crm", "auth": UNKNOWN, "sandboxName": "Dev"}, "sandboxName"),
        ({"name": "crm", "auth": {**PARTS, "password": {"fromEnv": UNKNOWN, "version": -1}}}, "auth.password.version"),
    ],
)
def test_beside_unknown_values_what_is_known_is_still_checked(wire: Any, path: str) -> None:
    assert list(reported(wire)) == [path]


def test_a_program_reads_the_names_that_it_has_written() -> None:
    sentences = [problem.sentence(to_snake) for problem in found_in({"name": "crm", "auth": {**PARTS, "sslmod": "x"}})]
    assert sentences == ["auth.sslmod is not a property; did you mean ssl_mode?"]
    both = {"name": "crm", "auth": {"connectionString": STRING, "server": "db"}, "sandboxName": "Dev"}
    first, second = (problem.sentence(to_snake) for problem in found_in(both))
    assert first.startswith("sandbox_name must be a sandbox's name")
    assert second == "auth has connection_string and also server; give either the whole string or the parts."


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MODELS = (POSTGRES.inputs, ConnectionStringAuthModel, BasicAuthModel, SecretReference)
NAMES = st.sampled_from(sorted({to_camel(name) for model in MODELS for name in model.model_fields}))


@given(st.dictionaries(NAMES, JSON), st.none() | st.dictionaries(NAMES, JSON))
def test_whatever_is_declared_only_problems_come_out(wire: dict[str, Any], auth: dict[str, Any] | None) -> None:
    for problem in found_in({**wire, **({} if auth is None else {"auth": auth})}):
        assert problem.sentence().endswith((".", "?"))
