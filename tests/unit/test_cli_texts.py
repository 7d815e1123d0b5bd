"""The strings that the command line makes: names, literals, states, verdicts on versions."""

from __future__ import annotations

import ast
import contextlib
import json
import keyword
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep import PostgresBaseConnection
from pulumi_adobe_aep.cli.check import Verdict
from pulumi_adobe_aep.cli.checks import ENGINE_FOR_IMPORT, _version
from pulumi_adobe_aep.cli.errors import CommandFailed, UnreadableState
from pulumi_adobe_aep.cli.exit_codes import ExitCode, exit_code
from pulumi_adobe_aep.cli.names import to_config_key, to_environment_name, to_resource_name, to_variable, unique
from pulumi_adobe_aep.cli.pages import classes
from pulumi_adobe_aep.cli.program_text import literal
from pulumi_adobe_aep.cli.stack_state import parse
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import (
    EntityGone,
    Forbidden,
    MissingSecret,
    NotSent,
    ResponseLost,
    ServiceUnavailable,
    SettingsError,
    TokenRefused,
    Unauthorized,
    WrongOrganization,
)
from pulumi_adobe_aep.native.tokens import dynamic_type_token


@given(st.text())
def test_a_literal_is_the_text_again_in_one_line_of_printable_characters(text: str) -> None:
    written = literal(text)

    assert ast.literal_eval(written) == text
    assert written.isprintable()


def test_a_literal_has_double_quotes_as_formatters_want_them() -> None:
    assert literal("it's") == '"it\'s"'
    assert literal("plain") == '"plain"'
    assert literal('a "b"') == "'a \"b\"'"
    assert literal(5432) == "5432"


@given(st.text())
def test_a_variable_is_always_one_that_python_takes_and_hides_nothing(name: str) -> None:
    variable = to_variable(name)

    assert variable.isidentifier()
    assert not keyword.iskeyword(variable)
    assert variable not in {"pulumi", "aep", "config", "print", "list"}


def test_names_follow_from_the_connections() -> None:
    assert to_resource_name("CRM (EU): read replica") == "crm-eu-read-replica"
    assert to_resource_name("ÄÖ") == to_resource_name(None) == "connection"
    assert to_config_key("crm_replica", "connection_string") == "crmReplicaConnectionString"
    assert to_environment_name("crm-replica", "password") == "CRM_REPLICA_PASSWORD"
    assert unique("crm", {"crm", "crm-2"}, "-") == "crm-3"


def test_the_type_in_states_is_the_resources_own() -> None:
    own = f"pulumi-python:{PostgresBaseConnection._resource_type_name}"
    assert own == dynamic_type_token("PostgresBaseConnection")


ROOT = Path(__file__).parents[2]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "urn", "resources", "id", "x"]), inner),
)


@given(JSON)
def test_whatever_a_file_holds_it_is_a_state_or_refused_as_none(content: object) -> None:
    for text in (
        json.dumps(content),
        json.dumps({"deployment": content}),
        json.dumps({"deployment": {"resources": content}}),
    ):
        with contextlib.suppress(UnreadableState):
            parse(text, "state.json")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("x"), ExitCode.SETTINGS),
        (WrongOrganization("a", "b"), ExitCode.SETTINGS),
        (MissingSecret("x"), ExitCode.SETTINGS),
        (TokenRefused("x"), ExitCode.SETTINGS),
        (Unauthorized("x", status=401), ExitCode.SETTINGS),
        (Forbidden("x", status=403), ExitCode.SETTINGS),
        (EntityGone("x", status=404), ExitCode.NOT_FOUND),
        (NotSent("x"), ExitCode.FAILURE),
        (ResponseLost("x"), ExitCode.FAILURE),
        (ServiceUnavailable("x", status=503), ExitCode.FAILURE),
    ],
)
def test_a_failures_exit_code_says_whose_turn_it_is(error: Exception, code: ExitCode) -> None:
    assert exit_code(error) is code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("3.253.9", Verdict.WARNING),
        ("3.254.0", Verdict.PASSED),
        ("3.254.0-alpha.1+dirty", Verdict.PASSED),
        ("4.0.0", Verdict.PASSED),
        ("unknown", Verdict.WARNING),
    ],
)
def test_a_version_is_compared_by_its_numbers(version: str, verdict: Verdict) -> None:
    assert _version("Pulumi engine", version, (ENGINE_FOR_IMPORT, Verdict.WARNING, "")).verdict is verdict


def test_every_failure_of_its_own_has_a_section_that_the_command_in_its_message_shows() -> None:
    kinds = CommandFailed.__subclasses__()
    assert len(kinds) >= 3
    for kind in kinds:
        name = COMMAND_LINE.of(kind("x").see).removeprefix("pulumi-adobe-aep explain ")
        assert classes()[name].address.endswith(f"/docs/command-line.md#{name.lower()}")
