"""DESIGN.md names modules that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.documents import ROOT

DESIGN = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
_ENTRY = re.compile(r"^(?P<indent> *)(?P<name>[\w./]+)(?: {2,}.*)?$")


def drawn() -> Iterator[str]:
    """Return the paths in the tree of modules."""
    tree = DESIGN.split("```text\n", 1)[1].split("```", 1)[0]
    folders: list[tuple[int, str]] = []
    for entry in filter(None, map(_ENTRY.match, tree.splitlines())):
        while folders and folders[-1][0] >= len(entry["indent"]):
            folders.pop()
        path = "".join([*(folder for _, folder in folders), entry["name"]])
        if path.endswith("/"):
            folders.append((len(entry["indent"]), entry["name"]))
        yield path


def named() -> Iterator[str]:
    """Return the paths of this repository in the text."""
    yield from re.findall(r"`((?:provider|tests|tools|docs)/[\w./]+)`", DESIGN)


def test_the_tree_is_read_as_it_is_drawn() -> None:
    assert "provider/pulumi_adobe_aep/lifecycle/plan.py" in drawn()
    assert "benchmarks/" in drawn()


@pytest.mark.parametrize("path", sorted({*drawn(), *named()}))
def test_what_the_design_names_exists(path: str) -> None:
    assert (ROOT / path).exists()
