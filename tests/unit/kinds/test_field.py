"""A field is one annotated line: everything else that has to do with it follows from that line."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pulumi
import pytest
from pydantic import Field

from pulumi_adobe_aep.cli.program_text import arguments
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.kinds.model import at
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.values import Line
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.program.resource import EntityResource
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import FastClock
from tests.support.signatures import differences_of_resource
from tests.support.toy import TOY, ToyInputs, ToyTable
from tools.docs.field_page import inputs


class WiderInputs(ToyInputs):
    """The toy kind with one more field: this line is all that is added."""

    color: Annotated[Line | None, at("params", "color")] = Field(default=None, description="The color of the table.")


WIDER = replace(TOY, inputs=WiderInputs)


class WiderProvider(EntityProvider):
    """Its provider."""

    kind = WIDER


class _Forgotten(ToyTable, provider=WiderProvider):
    """A resource class that lacks the field."""


@pytest.fixture
def lifecycle(settings: Settings) -> Lifecycle:
    return Lifecycle(Planner(WIDER, settings), Process(settings, {}, FastClock()))


@pytest.fixture
def declared(aep_emulator: Emulator) -> dict[str, Any]:
    base = aep_emulator.create_connection("base", "Server=x")
    return {"name": "crm", "baseConnectionId": base["id"], "tableName": "t", "columns": ["id"], "color": "red"}


@pytest.fixture
def created(lifecycle: Lifecycle, declared: dict[str, Any]) -> State:
    return lifecycle.create(declared)


def color(emulator: Emulator) -> Any:
    """Return what the service has in the field's place."""
    (only,) = emulator.entities("sourceConnections")
    return only["params"].get("color")


def test_it_is_in_the_body_of_a_create_and_in_the_state(created: State, aep_emulator: Emulator) -> None:
    assert color(aep_emulator) == "red"
    assert created.properties["color"] == "red"


@pytest.mark.parametrize(
    ("new", "operation"),
    [
        ("blue", {"op": "add", "path": "/params/color", "value": "blue"}),
        (None, {"op": "remove", "path": "/params/color", "value": "red"}),
    ],
)
def test_a_change_of_it_is_a_difference_and_one_operation_of_a_patch(  # noqa: PLR0917 - fixtures
    new: str | None,
    operation: dict[str, str],
    lifecycle: Lifecycle,
    created: State,
    declared: dict[str, Any],
    aep_emulator: Emulator,
) -> None:
    changed = {**declared, "sandboxName": "dev", "color": new}
    difference = lifecycle.planner.diff(created, {key: value for key, value in changed.items() if value is not None})
    assert difference.changed == {"color"}
    assert not difference.replaces
    updated = lifecycle.update(created.string("tableId"), created, changed)
    assert color(aep_emulator) == new
    assert updated.properties.get("color") == new
    changes = WIDER.changes(difference.changed, WiderInputs.model_validate(changed), {})
    assert WIDER.operations(changes, {"params": {"color": "red"}}) == [operation]


def test_a_drift_of_it_is_observed(lifecycle: Lifecycle, created: State, aep_emulator: Emulator) -> None:
    (only,) = aep_emulator.entities("sourceConnections")
    aep_emulator.change(only["id"], kind="sourceConnections", fields={"params": {**only["params"], "color": "green"}})
    found = lifecycle.read(only["id"], created)
    assert found is not None
    assert found.inputs(WiderInputs)["color"] == "green"


def test_it_is_on_the_page() -> None:
    line = "| `color` | `color` | `str` | no |  |  |  | The color of the table. |"
    assert line in inputs(WIDER).splitlines()
    assert line not in inputs(TOY).splitlines()


def test_it_is_among_the_arguments_of_the_program_that_an_import_writes(created: State) -> None:
    written = [*arguments(WiderInputs, created.inputs(WiderInputs), "crm")]
    assert 'color="red"' in written
    assert not any(each.startswith(("name=", "comment=")) for each in written)


def test_the_constructor_of_a_resource_must_have_it_and_say_what_the_line_says() -> None:
    class Widened(EntityResource, provider=WiderProvider):
        """A table.

        Args:
            color: Another word for it.
        """

        def __init__(self, resource_name: str, *, color: pulumi.Input[str | None] = None) -> None:
            super().__init__(resource_name, {"color": color}, None)

    assert "color is not an argument" in differences_of_resource(_Forgotten)
    assert "color: None is said, not 'The color of the table.'" in differences_of_resource(_Forgotten)
    assert "color is not an argument" not in differences_of_resource(Widened)
    assert "color: 'Another word for it.' is said, not 'The color of the table.'" in differences_of_resource(Widened)
