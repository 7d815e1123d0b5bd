"""No value is validated twice in one call: of a large stack, validation is most of what the provider does by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pytest
from pydantic import BeforeValidator, Field

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.kinds.model import at
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import FastClock
from tests.support.toy import TOY, ToyInputs

validated: list[list[str]] = []
"""What was validated since the test began, in order."""


def _count(value: list[str]) -> list[str]:
    validated.append(value)
    return value


class CountingInputs(ToyInputs):
    """The toy kind with columns that are counted."""

    columns: Annotated[list[str], BeforeValidator(_count), at("params", "columns")] = Field(description="Its columns.")


OLD, NEW = ["id"], ["id", "email"]


@pytest.fixture
def lifecycle(settings: Settings) -> Lifecycle:
    kind = replace(TOY, inputs=CountingInputs)
    return Lifecycle(Planner(kind, settings), Process(settings, {}, FastClock()))


@pytest.fixture
def declared(aep_emulator: Emulator) -> dict[str, Any]:
    validated.clear()
    base = aep_emulator.create_connection("base", "Server=x")
    return {"name": "crm", "baseConnectionId": base["id"], "tableName": "t", "columns": OLD}


def test_a_check_validates_once(lifecycle: Lifecycle, declared: dict[str, Any]) -> None:
    assert lifecycle.planner.check(declared).inputs is not None
    assert validated == [OLD]


def test_a_create_validates_once(lifecycle: Lifecycle, declared: dict[str, Any]) -> None:
    lifecycle.create(declared)
    assert validated == [OLD]


def test_an_update_validates_what_was_and_what_is_to_be_once_each(
    lifecycle: Lifecycle, declared: dict[str, Any]
) -> None:
    created = lifecycle.create(declared)
    validated.clear()
    lifecycle.update(created.string("tableId"), created, {**declared, "columns": NEW})
    assert validated == [OLD, NEW]


def test_a_refresh_validates_nothing(lifecycle: Lifecycle, declared: dict[str, Any]) -> None:
    created = lifecycle.create(declared)
    validated.clear()
    assert lifecycle.read(created.string("tableId"), created) is not None
    assert validated == []
