"""DESIGN.md names modules that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pulumi_adobe_aep.kinds.base_connection.sources.catalog import SOURCES
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


def test_a_database_is_named_where_the_design_says_and_nowhere_else() -> None:
    package = ROOT / "provider" / "pulumi_adobe_aep"
    # A comparison, an import or a text; PostgreSQL, which examples in docstrings name, is left out.
    names = re.compile("|".join(re.escape(kind.slug) for kind in SOURCES if kind.slug != "postgresql"), re.IGNORECASE)
    modules = (path.relative_to(package) for path in package.rglob("*.py"))
    outside = (path for path in modules if path.parts[0] != "emulator")
    naming = {path.as_posix() for path in outside if names.search((package / path).read_text(encoding="utf-8"))}
    sources = "kinds/base_connection/sources/"
    assert {path for path in naming if not path.startswith(sources)} == {
        "__init__.py",
        "dynamic.py",
        "program/auth.py",
        "program/databases.py",
        # An example in a docstring, a dialect of two databases, and URLs that hold a password.
        "kinds/base_connection/any_source.py",
        "program/base_connection.py",
        "kinds/base_connection/ado_net.py",
        "secret_parts.py",
    }
