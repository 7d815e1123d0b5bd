"""Differences as paths: what was added, changed or taken away, at any depth, and what replaces."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.kinds.model import UNKNOWN
from pulumi_adobe_aep.lifecycle.differences import path_changes


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {}, []),
        ({"name": "a"}, {"name": "a"}, []),
        ({"port": 5432}, {"port": 5432.0}, []),
        ({"name": "a"}, {"name": "b"}, ["update name"]),
        ({}, {"description": "new"}, ["add description"]),
        ({"description": None}, {"description": "new"}, ["add description"]),
        ({"description": "old"}, {"description": None}, ["delete description"]),
        ({"auth": {"port": 1, "server": "a"}}, {"auth": {"port": 2, "server": "a"}}, ["update auth.port"]),
        ({"auth": {"password": "p"}}, {"auth": {"password": {"fromEnv": "P"}}}, ["update auth.password"]),
        ({"auth": {"port": 1}}, {"auth": UNKNOWN}, ["update auth"]),
        ({"rows": [{"a": 1}, {"a": 2}]}, {"rows": [{"a": 1}]}, ["delete rows[1]"]),
        ({"rows": [1]}, {"rows": [1, 2, 3]}, ["add rows[1]", "add rows[2]"]),
        ({}, {"rows": [1]}, ["add rows"]),
        ({"rows": [1]}, {"rows": UNKNOWN}, ["update rows"]),
        ({"rows": [{"a": 1}]}, {"rows": [{"a": 2}, {"a": 3}]}, ["update rows[0].a", "add rows[1]"]),
        ({"tags": {"x-a.b": 1}}, {"tags": {"x-a.b": 2}}, ['update tags["x-a.b"]']),
        ({"tags": {'a"\\': 1}}, {"tags": {'a"\\': 2}}, ['update tags["a\\"\\\\"]']),
    ],
)
def test_each_property_that_differs_is_named_with_what_happens_to_it(
    old: dict[str, Any], new: dict[str, Any], found: list[str]
) -> None:
    assert [f"{change.kind.value} {change.path}" for change in path_changes(old, new, ())] == found


def test_what_replaces_is_marked_with_all_that_is_below_it() -> None:
    old = {"auth": {"specName": "a", "port": 1}, "rows": [1], "name": "a", "rowsAll": 1}
    new = {"auth": {"specName": "b", "port": 2}, "rows": [2], "name": "b", "rowsAll": 2}
    found = path_changes(old, new, ("auth.specName", "rows"))
    assert [change.path for change in found if change.replaces] == ["auth.specName", "rows[0]"]


def test_what_replaces_is_named_also_where_its_object_is_not_known() -> None:
    found = path_changes({"auth": {"specName": "a"}}, {"auth": UNKNOWN}, ("auth.specName",))
    assert [(change.path, change.replaces) for change in found] == [("auth", False), ("auth.specName", True)]
