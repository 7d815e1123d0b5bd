"""The rules without HTTP: the catalogue, switches, patches, filters, lists."""

from __future__ import annotations

import re
import string
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_adobe_aep.emulator import error_catalogues
from pulumi_adobe_aep.emulator.errors import FlowServiceError, Rendering, ResponseError
from pulumi_adobe_aep.emulator.flow_service.filters import read_filters, search_filters, select
from pulumi_adobe_aep.emulator.flow_service.lists import ListQuery, page
from pulumi_adobe_aep.emulator.flow_service.patches import apply, read_instructions
from pulumi_adobe_aep.emulator.settings import Switches, parse

SOURCES = Path(error_catalogues.__file__).parent
DOCUMENT = Path(__file__).parents[2] / "docs" / "emulator.md"


def test_every_code_ends_in_its_status() -> None:
    for code in (*error_catalogues.FLOW_SERVICE, *error_catalogues.CONNECTOR):
        assert re.fullmatch(r"\d{4}-[45]\d\d", code)
    for code in error_catalogues.GATEWAY:
        assert re.fullmatch(r"4\d{5}", code)


def test_every_error_of_the_catalogue_has_a_body_in_each_shape() -> None:
    for code, (_, text) in error_catalogues.FLOW_SERVICE.items():
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
        report = {"id": "1", "type": "connections"}
        error = FlowServiceError(code, report=report, **dict.fromkeys(names, "x"))
        body = error.body("r", Rendering())
        assert body["status"] == error.status
        assert "{" not in str(body["errorMessage"])
        assert set(error.body("r", Rendering(shape="older"))) == {"errorMessage", "errorDetails"}


def test_the_stale_version_has_the_catalogues_words() -> None:
    text = str(FlowServiceError("1404-412", supplied="v1", current="v2"))
    assert text.startswith("The supplied version 'v1' does not match the current version on entity 'v2'.")


def test_values_in_errors_are_not_taken_for_placeholders() -> None:
    assert "{status}" in str(FlowServiceError("1451-400", parameter="{status}"))


def test_switches_refuse_what_they_do_not_know() -> None:
    for wrong in ({"nope": 1}, {"secrets": "loud"}, {"settle_seconds": -1}, {"settle_seconds": True}):
        with pytest.raises(ValueError, match=r"switch|is one of|is a number"):
            Switches().changed(dict(wrong))
    assert Switches().changed({"settle-seconds": 0, "secrets": "omit"}) == Switches(settle_seconds=0, secrets="omit")


def test_every_switch_is_an_option_with_the_same_default() -> None:
    assert parse([]).switches == Switches()
    arguments = [f"--{each.name.replace('_', '-')}={each.default}" for each in fields(Switches)]
    assert parse(arguments).switches == Switches()


def test_every_switch_and_each_of_its_values_is_in_the_documentation() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `--([a-z-]+)` .*$", text, re.MULTILINE)}
    for each in fields(Switches):
        row = rows[each.name.replace("_", "-")]
        default = f"{each.default:g}" if isinstance(each.default, float | int) else each.default
        assert f"**{default}**" in row, row
        for choice in each.metadata["choices"] or ():
            assert choice in row, row


def test_every_option_is_in_the_documentation() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for option in ("host", "port", "ready-file", "data", "config", "sandbox", "control", "loose", "latency"):
        assert f"`--{option}" in text


def test_the_emulator_imports_nothing_from_pulumi_and_nothing_from_the_provider() -> None:
    for path in SOURCES.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            match = re.match(r"\s*(?:from|import) (pulumi\S*)", line)
            assert match is None or match[1].startswith("pulumi_adobe_aep.emulator"), f"{path}: {line}"


def test_the_rules_and_the_store_know_nothing_of_http() -> None:
    for folder in ("store", "flow_service", "databases"):
        for path in (SOURCES / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(fastapi|starlette|uvicorn|emulator\.http)", text), path


# Patches.


def patched(document: dict[str, Any], *instructions: dict[str, Any]) -> dict[str, Any]:
    return apply(read_instructions(list(instructions)), document)


def test_a_patch_leaves_the_original_alone() -> None:
    document = {"a": {"b": [1]}}
    assert patched(document, {"op": "add", "path": "/a/b/-", "value": 2}) == {"a": {"b": [1, 2]}}
    assert document == {"a": {"b": [1]}}


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ({"op": "add", "path": "/a~1b", "value": 1}, {"list": [1, 2], "a/b": 1}),
        ({"op": "add", "path": "/a~0b", "value": None}, {"list": [1, 2], "a~b": None}),
        ({"op": "add", "path": "/list/0", "value": 0}, {"list": [0, 1, 2]}),
        ({"op": "add", "path": "/list/2", "value": 3}, {"list": [1, 2, 3]}),
        ({"op": "replace", "path": "/list/1", "value": 9}, {"list": [1, 9]}),
        ({"op": "remove", "path": "/list/0"}, {"list": [2]}),
        ({"op": "remove", "path": "/list"}, {}),
    ],
)
def test_paths_are_json_pointers(instruction: dict[str, Any], expected: dict[str, Any]) -> None:
    assert patched({"list": [1, 2]}, instruction) == expected


@pytest.mark.parametrize("path", ["/list/2", "/list/x", "/list/-", "/list/0/a", "/x/y", "/list/-1"])
def test_what_is_not_there_is_a_missing_field(path: str) -> None:
    with pytest.raises(FlowServiceError) as failure:
        patched({"list": [1, 2]}, {"op": "replace", "path": path, "value": 0})
    assert failure.value.code == "1455-400"


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)


# How long making the values takes depends on the machine.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional={"op": json_values, "path": json_values | st.text("/~01a-"), "value": json_values}
        )
    )
)
def test_any_patch_is_applied_or_refused(body: list[dict[str, Any]]) -> None:
    try:
        apply(read_instructions(body), {"name": "a", "list": [1], "a": {"0": 1}})
    except ResponseError:
        return


# Filters and lists.


@given(st.text())
def test_any_filter_is_read_or_refused(text: str) -> None:
    try:
        list(select([{"id": "1", "name": "a", "list": [{"a": 1}]}], read_filters(search_filters(text))))
    except ResponseError:
        return


@given(
    names=st.lists(st.sampled_from(["a", "b", None, 1, 2.5, True]), max_size=12),
    limit=st.integers(1, 5),
    order=st.sampled_from(["name", "-name", "name,-updatedAt", None]),
)
def test_pages_together_are_the_whole_list_in_order(names: list[Any], limit: int, order: str | None) -> None:
    items: list[dict[str, object]] = [
        {"id": f"{number:03}", "updatedAt": number % 3} | ({} if name is None else {"name": name})
        for number, name in enumerate(names)
    ]
    whole = page(items, ListQuery(order=order, limit=100), 100).items
    assert sorted(str(each["id"]) for each in whole) == [each["id"] for each in items]
    found: list[dict[str, object]] = []
    token: str | None = None
    while True:
        got = page(items, ListQuery(order=order, limit=limit, token=token), limit)
        found += got.items
        token = got.token
        if token is None:
            break
    assert found == whole


def test_every_error_of_the_catalogue_is_in_a_test_or_said_never_to_come() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    unknowns = DOCUMENT.read_text(encoding="utf-8").partition("## Differences and unknowns")[2]
    untold = [
        code
        for code in (*error_catalogues.FLOW_SERVICE, *error_catalogues.CONNECTOR)
        if f'"{code}"' not in tests and not re.search(rf"\b{code[:4]}\b", unknowns)
    ]
    assert untold == []
