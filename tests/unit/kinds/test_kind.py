"""What follows from the marks of a kind's fields, and how entities of Adobe's are read and changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, replace
from datetime import datetime, timezone
from typing import Any

import pytest

from pulumi_adobe_aep.advice import Advice, AdviceKey
from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import (
    Action,
    Comparison,
    FieldChange,
    Match,
    changed_entity,
    look_up,
    put,
)
from pulumi_adobe_aep.kinds.state import State
from tests.support.declarations import CONNECTION_STRING, STRING
from tests.support.toy import TOY, ToyInputs

DECLARED: dict[str, Any] = {
    "name": "crm",
    "sandboxName": "dev",
    "baseConnectionId": "base-1",
    "tableName": "customers",
    "columns": ["id"],
}
SHOWN: Mapping[str, Any] = {
    "name": "crm",
    "baseConnectionId": "base-1",
    "params": {"tableName": "customers", "columns": ["id"]},
}


def inputs(**changes: Any) -> ToyInputs:
    return ToyInputs.model_validate({**DECLARED, **changes})


def compared(**recorded: Any) -> Comparison:
    return Comparison(State({**DECLARED, "tableId": "id-1", **recorded}), datetime(2026, 1, 1, tzinfo=timezone.utc))


# What is sent.


def test_a_body_has_each_field_in_its_place_beside_the_constants() -> None:
    kind = replace(TOY, constants={"data": {"format": "tabular"}, "params": {"mode": "a"}, "name": "constant"})
    assert kind.body(inputs(comment="x"), {}) == {
        "name": "constant",
        "baseConnectionId": "base-1",
        "params": {"tableName": "customers", "columns": ["id"], "comment": "x", "mode": "a"},
        "data": {"format": "tabular"},
    }


def test_only_fields_that_adobe_lets_change_are_changed_in_place() -> None:
    everything = frozenset(facts.key for facts in ToyInputs.facts())
    assert TOY.changes(everything, inputs(description="new"), {}) == (
        FieldChange(("name",), "crm", True),
        FieldChange(("params", "columns"), ["id"], True),
        FieldChange(("description",), "new", False),
        FieldChange(("params", "comment"), None, False),
        FieldChange(("params", "accessKey"), None, False),
    )
    assert TOY.changes(frozenset({"name", "tableName"}), inputs(), {}) == (FieldChange(("name",), "crm", True),)


def test_what_is_changed_may_be_a_part_of_what_is_created() -> None:
    auth = {"connectionString": STRING, "specName": CONNECTION_STRING}
    declared = POSTGRES.inputs.model_validate({"name": "crm", "sandboxName": "dev", "auth": auth})
    assert POSTGRES.body(declared, {})["auth"] == {
        "specName": CONNECTION_STRING,
        "params": {"connectionString": STRING},
    }
    assert POSTGRES.changes(frozenset({"auth"}), declared, {}) == (
        FieldChange(("auth", "params"), {"connectionString": STRING}, True),
    )


@pytest.mark.parametrize(
    ("change", "operations"),
    [
        (FieldChange(("name",), "new", True), [{"op": "replace", "path": "/name", "value": "new"}]),
        (FieldChange(("params", "comment"), "new", False), [{"op": "add", "path": "/params/comment", "value": "new"}]),
        (
            FieldChange(("params", "comment"), None, False),
            [{"op": "remove", "path": "/params/comment", "value": "old"}],
        ),
        (FieldChange(("params", "other"), None, False), []),
    ],
)
def test_a_change_is_one_operation_of_a_patch(change: FieldChange, operations: list[dict[str, Any]]) -> None:
    assert TOY.operations([change], {"name": "crm", "params": {"comment": "old"}}) == operations


def test_what_a_kind_does_not_say_is_nothing() -> None:
    assert TOY.preflight({}) is None
    assert (TOY.apply_preflight({"a": 1}, None), TOY.timed({"a": 1}, datetime.now(timezone.utc))) == (
        {"a": 1},
        {"a": 1},
    )
    assert (TOY.computed({}), TOY.derived({}), TOY.read_query(State()), TOY.wrong_kind({})) == ({}, {}, (), "")
    assert (TOY.actions(inputs(), None), TOY.remarks(inputs())) == ((), ())
    assert TOY.problems_of_new(inputs(), datetime.now(timezone.utc)) == ()
    assert TOY.is_current(State(), {}) is True
    assert TOY.is_rival(State(), {}) is False


def test_a_kind_is_not_an_object_to_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TOY.noun = "another"  # type: ignore[misc]


def test_the_usual_kind_is_one_of_flow_service_that_can_be_patched_and_deleted() -> None:
    assert (TOY.service, TOY.update_method, TOY.deletable, TOY.shows_creator) == ("flow-service", "PATCH", True, True)
    assert (TOY.delete_before_replace, TOY.warns_of_use) == (False, False)


# What is read.


def test_what_is_shown_takes_the_place_of_what_is_recorded_but_for_secrets() -> None:
    recorded = State({**DECLARED, "description": "old", "accessKey": "s3cr3t", "comment": "old"})
    shown = {**SHOWN, "name": "renamed", "description": "", "params": {**SHOWN["params"], "accessKey": "***"}}
    assert TOY.observe(recorded, shown) == {**DECLARED, "name": "renamed", "accessKey": "s3cr3t"}


def test_what_must_be_there_and_is_not_shown_stays_as_it_is_recorded() -> None:
    assert TOY.observe(State(DECLARED), {"name": "", "description": None}) == DECLARED


def test_an_entity_is_whole_when_all_that_must_be_there_is_shown() -> None:
    assert TOY.is_whole(SHOWN)
    for key in SHOWN:
        assert not TOY.is_whole({**SHOWN, key: None})


def test_a_state_that_ends_by_itself_counts_as_the_one_in_which_it_ends() -> None:
    states = ("initializing", "updating", "enabled", "disabled", "deleted", None)
    assert [TOY.settled(each) for each in states] == ["enabled", "enabled", "enabled", "disabled", "deleted", None]


@pytest.mark.parametrize(("state", "is_off"), [("disabled", True), ("deleted", False), ("enabled", False), ("", False)])
def test_only_what_is_disabled_is_switched_off_unless_an_input_says_whether_it_is_on(state: str, is_off: bool) -> None:
    recorded = State({"state": "".join(state)})
    assert TOY.is_switched_off(recorded) is is_off
    assert DATAFLOW.is_switched_off(recorded) is False


def test_a_state_of_the_kind_has_its_inputs_and_outputs_only() -> None:
    properties = {**DECLARED, "tableId": "id-1", "createdAt": "x", "color": "red"}
    assert TOY.state(properties).properties == {**DECLARED, "tableId": "id-1", "createdAt": "x"}
    assert TOY.id_key == "tableId"


# Whether it is the one that is meant.


@pytest.mark.parametrize(
    ("shown", "match"),
    [
        ({"name": "crm"}, Match.CERTAIN),
        ({"name": "crm", "description": ""}, Match.CERTAIN),
        ({"name": "crm", "description": "x"}, Match.POSSIBLE),
        ({"name": "another"}, Match.NO),
        ({"name": "a"}, Match.NO),
        ({}, Match.NO),
    ],
)
def test_the_name_rules_out_and_the_description_speaks_for_it(shown: Mapping[str, Any], match: Match) -> None:
    assert TOY.match({"name": "".join(("c", "rm"))}, shown) is match


def test_the_same_name_and_description_are_certain() -> None:
    shown = {"name": "crm", "description": "the CRM"}
    assert TOY.match(json.loads(json.dumps(shown)), shown) is Match.CERTAIN


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, None),
        ({"name": "renamed", "columns": ["id", "email"], "sandboxName": "stage"}, None),
        ({"existingTableId": "id-1", "description": "what it has not"}, None),
        ({"name": "renamed", "tableName": "orders"}, "tableName"),
        ({"baseConnectionId": "base-2", "tableName": "orders"}, "baseConnectionId"),
    ],
)
def test_what_differs_and_cannot_be_changed_is_not_taken_over(changes: Mapping[str, Any], path: str | None) -> None:
    different = TOY.cannot_take_over(inputs(**changes), SHOWN)
    assert (different and different[0]) == (path and f"differs from the declaration in {path}")


# What a plan needs.


def test_what_a_plan_asks_of_an_input() -> None:
    assert TOY.is_same("name", "a", "".join(("a", "")), compared())
    assert not TOY.is_same("name", "a", "b", compared())
    assert TOY.replaced_by("tableName", "a", "b", compared()) == "tableName"
    assert TOY.replaced_by("name", "a", "b", compared()) is None


@pytest.mark.parametrize(
    ("key", "recorded", "written"),
    [
        ("name", "crm", "crm"),
        ("columns", ["id"], ["id"]),
        ("columns", [1.5], [1.5]),
        ("columns", {"a": 1}, {"a": 1}),
        ("color", ["red"], ["red"]),
    ],
)
def test_a_recorded_value_is_compared_as_todays_model_writes_it(key: str, recorded: Any, written: Any) -> None:
    assert TOY.normalize(key, recorded) == written


def test_an_older_spelling_is_compared_as_todays_model_writes_it() -> None:
    recorded = {"frequency": "hour", "interval": 1.0}
    assert DATAFLOW.normalize("schedule", recorded) == {"frequency": "hour", "interval": 1, "backfill": True}
    assert type(DATAFLOW.normalize("mappingVersion", 1.0)) is int
    assert type(ANY_SOURCE.normalize("params", {"port": 5432.0})["port"]) is int


def test_a_replacement_is_warned_of_where_something_may_use_the_old_one() -> None:
    warns = replace(TOY, warns_of_use=True)
    (warning,) = warns.warnings({}, ["tableName"], compared())
    assert isinstance(warning, Advice)
    assert warning.key is AdviceKey.DELETED_AFTER_REPLACEMENT
    assert dict(warning.parameters) == {"noun": "Table", "name": "crm", "id": "id-1", "paths": ("tableName",)}
    assert (warns.warnings({}, [], compared()), TOY.warnings({}, ["tableName"], compared())) == ((), ())


# Reading and changing what Adobe has.


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("params", "tableName"), "customers"),
        (("params", "columns", "0"), "id"),
        (("params", "columns", "1"), None),
        (("params", "columns", "2"), None),
        (("params", "columns", "first"), None),
        (("name", "0"), None),
        (("missing", "0"), None),
        ((), SHOWN),
    ],
)
def test_a_value_is_looked_up_by_a_path(path: Sequence[str], found: Any) -> None:
    assert look_up(SHOWN, path) == found


def test_an_entity_is_changed_as_a_patch_would_and_the_one_before_stays() -> None:
    before = {"name": "crm", "description": "old", "rows": [{"a": 1}, {"a": 2}]}
    after = changed_entity(
        before,
        [
            {"op": "replace", "path": "/name", "value": "renamed"},
            {"op": "remove", "path": "/description", "value": "old"},
            {"op": "remove", "path": "/missing", "value": None},
            {"op": "add", "path": "/params/comment", "value": "new"},
            {"op": "replace", "path": "/rows/1/a", "value": 3},
            {"op": "replace", "path": "/rows/0", "value": "what no kind does"},
        ],
    )
    assert after == {"name": "renamed", "rows": [{"a": 1}, {"a": 3}], "params": {"comment": "new"}}
    assert before == {"name": "crm", "description": "old", "rows": [{"a": 1}, {"a": 2}]}


def test_a_value_is_put_at_a_path_and_a_list_of_one_where_it_ends_in_0() -> None:
    body: dict[str, Any] = {"params": {"a": 1}}
    put(body, ("name",), "crm")
    put(body, ("params", "b"), 2)
    put(body, ("sources", "0"), "id-1")
    assert body == {"params": {"a": 1, "b": 2}, "name": "crm", "sources": ["id-1"]}


def test_an_action_is_its_name_the_state_and_the_codes() -> None:
    assert DATAFLOW.actions(DATAFLOW.inputs.model_validate(FLOW), "disabled") == (
        Action("enable", "enabled", frozenset({"1422"})),
    )


FLOW: Mapping[str, Any] = {
    "name": "hourly",
    "sandboxName": "dev",
    "sourceConnectionId": "source",
    "targetConnectionId": "target",
    "mappingId": "mapping",
    "schedule": {"frequency": "hour", "interval": 1},
    "deltaColumn": "updated_at",
}
