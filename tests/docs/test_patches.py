"""No test puts something else into a module of this project: what it needs to be otherwise is passed as an argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
OURS = ("pulumi_adobe_aep", "tools", "benchmarks")
PATCHING = frozenset({"setattr", "delattr", "setitem", "delitem", "patch", "object", "dict", "multiple"})
"""The methods of pytest's monkeypatch and of unittest.mock."""


def patches(source: str) -> Iterator[str]:
    """Return each call that patches something of ours."""
    tree = ast.parse(source)
    ours = {*OURS, *_names_of_ours(tree)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in PATCHING and call.args and _root(call.args[0]) in ours:
            yield ast.unparse(call)


def _names_of_ours(tree: ast.AST) -> Iterator[str]:
    """Return the names under which a module has imported something of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.asname for each in node.names if each.asname and _is_ours(each.name))
        elif isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
            yield from (each.asname or each.name for each in node.names)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _root(target: ast.expr) -> str:
    """Return the name with which an expression begins: of `a.b.c` and of "a.b.c" it is `a`."""
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return target.value.partition(".")[0]
    return target.id if isinstance(target, ast.Name) else ""


@pytest.mark.parametrize("file", sorted(TESTS.rglob("*.py")), ids=lambda file: str(file.relative_to(TESTS)))
def test_no_test_patches_a_module_of_ours(file: Path) -> None:
    assert [*patches(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "call",
    [
        'monkeypatch.setattr("pulumi_adobe_aep.api.retry.LIMIT", 1)',
        "monkeypatch.setattr(pulumi_adobe_aep.api.retry, 'LIMIT', 1)",
        "monkeypatch.setattr(retry, 'LIMIT', 1)",
        "mock.patch.object(retry, 'LIMIT')",
        "mock.patch('pulumi_adobe_aep.api.retry.LIMIT')",
        "monkeypatch.setitem(retry.LIMITS, 'all', 1)",
    ],
)
def test_a_patch_of_ours_is_found(call: str) -> None:
    assert len([*patches(f"from pulumi_adobe_aep.api import retry\n{call}\n")]) == 1


@pytest.mark.parametrize("call", ["monkeypatch.setenv('AEP_TIMEOUT', '1')", "monkeypatch.setattr(sys, 'argv', [])"])
def test_what_is_others_may_be_patched(call: str) -> None:
    assert [*patches(f"import sys\nfrom pulumi_adobe_aep.api import retry\n{call}\n")] == []
