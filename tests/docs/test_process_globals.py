"""DESIGN.md lists everything that a process has once, with the reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pulumi_adobe_aep

PACKAGE = Path(pulumi_adobe_aep.__file__).parent
DESIGN = PACKAGE.parents[1] / "DESIGN.md"
_MAKES_STATE = re.compile(r"^(set|dict|list|defaultdict|deque|Redactor|threading\.(R?Lock|local|Condition|Event))\(")


def is_kept_state(value: ast.expr | None) -> bool:
    """Return whether a module's variable begins as something that is filled or locked later."""
    if isinstance(value, (ast.List, ast.Dict)):
        return not (value.elts if isinstance(value, ast.List) else value.keys)
    return value is not None and bool(_MAKES_STATE.match(ast.unparse(value)))


def kept_by(source: str) -> Iterator[str]:
    """Yield the variables of a module that hold state."""
    for node in ast.parse(source).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and is_kept_state(node.value):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_everything_that_a_process_has_once_is_in_design_and_nothing_else() -> None:
    found = {
        (".".join(file.relative_to(PACKAGE).with_suffix("").parts), name)
        for file in PACKAGE.rglob("*.py")
        if "emulator" not in file.parts
        for name in kept_by(file.read_text(encoding="utf-8"))
    }
    section = DESIGN.read_text(encoding="utf-8").split("## What a process has once")[1].split("\n## ")[0]
    listed = set()
    for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
        first, *others = re.findall(r"`([\w.]+)`", row)
        module, _, name = first.rpartition(".")
        listed |= {(module, name), *((module, other) for other in others)}
    assert found == listed


def test_state_of_a_module_is_found() -> None:
    source = "a: list[int] = []\nb = {}\nc = threading.Lock()\nd = {'x': 1}\ne = threading.local()\nf = set()\n"

    assert list(kept_by(source)) == ["a", "b", "c", "e", "f"]
