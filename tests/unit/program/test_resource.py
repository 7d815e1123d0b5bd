"""A resource of any kind: what reaches the engine follows from the marks of the kind's fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from pulumi_adobe_aep.program.auth import SecretFromEnv
from tests.support.mocked_engine import declare, is_secret
from tests.support.toy import ToyTable

SECRET = "s3cr3t-beside-the-columns"


REQUIRED: dict[str, Any] = {"base_connection_id": "b", "table_name": "t", "columns": ["id"]}


def declared(program: Callable[[], ToyTable]) -> dict[str, Any]:
    """Declare a table and return what reached the engine of it."""
    return declare(lambda: program().id).inputs["crm"]


@pytest.mark.parametrize("passed", [str, pulumi.Output.from_input, pulumi.Output.secret])
def test_an_input_that_is_a_secret_itself_is_encrypted_however_it_was_passed(passed: Callable[[str], Any]) -> None:
    reached = declared(lambda: ToyTable("crm", **REQUIRED, access_key=passed(SECRET)))
    assert is_secret(reached["accessKey"])
    assert reached["accessKey"]["value"] == SECRET
    assert [key for key, each in reached.items() if is_secret(each)] == ["accessKey"]


def test_an_input_that_names_a_variable_is_not_a_secret() -> None:
    reached = declared(lambda: ToyTable("crm", **REQUIRED, access_key=SecretFromEnv("KEY")))
    assert reached["accessKey"] == {"fromEnv": "KEY", "version": 1}


def test_a_secret_that_is_left_out_reaches_nobody() -> None:
    assert "accessKey" not in declared(lambda: ToyTable("crm", **REQUIRED))
