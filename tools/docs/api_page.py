"""docs/api.md, from the docstrings and signatures of the public names.

They are read from the source and not from the imported classes, so that the page is the same on every Python.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
from pulumi.dynamic import Resource

import pulumi_adobe_aep as aep
from tools.docs.tables import table

_SOURCES = Path(__file__).parents[2] / "provider"
_HEAD = """# API reference

What `import pulumi_adobe_aep as aep` has. `pulumi.Input[str]` is a string or an `Output` of one;
[inputs and outputs](inputs-and-outputs.md) says which values are allowed, which are secret, and which replace.

"""
_WIDTH = 88


def render() -> str:
    """Return the page."""
    package = griffe.load(aep.__name__, search_paths=[_SOURCES], docstring_parser="google", resolve_aliases=True)
    members = {name: package[name] for name in dir(aep) if not name.startswith("_")}
    contents = "".join(f"- [`{name}`](#{name.lower()})\n" for name in members)
    return _HEAD + contents + "".join(f"\n## `{name}`\n\n{_section(each)}" for name, each in members.items())


def _section(member: Any) -> str:
    if member.is_attribute:
        return f"{_code(f'{member.name} = {member.value}')}\n{_docstring(member)}"
    if member.is_function:
        return "\n".join((_signature(member.name, member.parameters), _docstring(member)))
    if issubclass(getattr(aep, member.name), Exception):
        return (
            f"{_docstring(member)}\n[Errors](errors.md#{member.name.lower()}) says when it is raised and what to do.\n"
        )
    # What is a dict has no constructor worth showing.
    is_dict = issubclass(getattr(aep, member.name), dict)
    parts = ["" if is_dict else _signature(member.name, member.parameters), _docstring(member), _attributes(member)]
    for method in _methods(member):
        parts += [
            f"### `{member.name}.{method.name}`\n",
            _signature(f"{member.name}.{method.name}", method.parameters),
            _docstring(method),
        ]
    return "\n".join(filter(None, parts))


def _methods(member: Any) -> Iterator[Any]:
    """Yield the public functions, without those that override the SDK's and are called by it alone."""
    for each in member.functions.values():
        if not each.name.startswith("_") and not hasattr(Resource, each.name):
            yield each


def _signature(name: str, parameters: griffe.Parameters) -> str:
    words: list[str] = []
    for each in parameters:
        if each.name in ("self", "cls"):
            continue
        if each.kind is griffe.ParameterKind.keyword_only and "*" not in words:
            words.append("*")
        annotation = f": {each.annotation}" if each.annotation else ""
        words.append(each.name + annotation + (f" = {_value(each.default)}" if each.default else ""))
    line = f"{name}({', '.join(words)})"
    return _code(line if len(line) <= _WIDTH else f"{name}(\n" + "".join(f"    {word},\n" for word in words) + ")")


def _value(default: str | griffe.Expr) -> str:
    """Return a default as its value, also where the source has the name of a constant."""
    if not isinstance(default, griffe.ExprName):
        return str(default)
    module, _, name = default.canonical_path.rpartition(".")
    return repr(getattr(importlib.import_module(module), name))


def _code(text: str) -> str:
    return f"```text\n{text}\n```\n"


def _docstring(member: Any) -> str:
    """Return a docstring's paragraphs and, as tables, what it takes and raises.

    Raises:
        LookupError: A public name has no docstring, or one with a section that this page does not know.
    """
    if member.docstring is None:
        raise LookupError(f"{member.path} has no docstring")
    parts = []
    for section in member.docstring.parsed:
        match section.kind:
            case griffe.DocstringSectionKind.text:
                parts.append(f"{section.value}\n")
            case griffe.DocstringSectionKind.parameters:
                parts.append(table(("Argument", ""), ((f"`{each.name}`", each.description) for each in section.value)))
            case griffe.DocstringSectionKind.raises:
                parts.append(
                    table(("Raises", ""), ((f"`{each.annotation}`", each.description) for each in section.value))
                )
            case _:
                raise LookupError(f"{member.path}: a section of {section.kind.value} has no place on the page")
    return "\n".join(parts)


def _attributes(member: Any) -> str:
    rows = [
        (f"`{each.name}`", f"`{each.annotation}`", each.docstring.value if each.docstring else "")
        for each in member.attributes.values()
        if not each.name.startswith("_") and (each.docstring or issubclass(getattr(aep, member.name), dict))
    ]
    return table(("Attribute", "Type", ""), rows) if rows else ""
