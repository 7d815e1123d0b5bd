"""What the signature and the docstrings of a class say, beside what a model says of the same fields."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Collection, Iterator

from griffe import Docstring, DocstringSectionParameters

from pulumi_adobe_aep.kinds.model import FieldFacts
from pulumi_adobe_aep.program.resource import EntityResource


def differences(cls: type, fields: tuple[FieldFacts, ...], references: Collection[str] = ()) -> list[str]:
    """Return in what a constructor differs from the fields: an argument, whether it is needed, its documentation.

    Args:
        cls: The class.
        fields: What it should take.
        references: The arguments that take a resource in place of an id.
    """
    return [*_in_signature(cls, fields, references), *_in_docstring(cls, fields)]


def differences_of_resource(cls: type[EntityResource]) -> list[str]:
    """Return in what a resource class differs from its kind: the arguments, and what it says of the outputs."""
    kind = cls._entity_provider.kind
    bases = [each for each in reversed(cls.__mro__) if issubclass(each, EntityResource) and each is not EntityResource]
    said = {name: text for each in bases for name, text in _docstrings_of_attributes(each).items()}
    outputs = {each.name: each.description for each in (kind.id_output, *kind.outputs)}
    return [
        *differences(cls, kind.inputs.facts(), cls.references),
        *(
            f"{name}: {said.get(name)!r} is said, not {text!r}"
            for name, text in outputs.items()
            if said.get(name) != text
        ),
        *(f"{facts.name} is not an attribute" for facts in kind.inputs.facts() if facts.name not in said),
    ]


def _in_signature(cls: type, fields: tuple[FieldFacts, ...], references: Collection[str]) -> Iterator[str]:
    arguments = {
        name: each.default is inspect.Parameter.empty
        for name, each in inspect.signature(cls).parameters.items()
        if name not in ("self", "resource_name", "opts", *references)
    }
    required = {facts.name: facts.needed == "yes" for facts in fields}
    yield from (f"{name} is not a field" for name in arguments.keys() - required.keys())
    yield from (f"{name} is not an argument" for name in required.keys() - arguments.keys())
    yield from (
        f"{name} is {'' if arguments[name] else 'not '}required as an argument"
        for name in required.keys() & arguments.keys()
        if required[name] != arguments[name]
    )


def _in_docstring(cls: type, fields: tuple[FieldFacts, ...]) -> Iterator[str]:
    sections = Docstring(inspect.getdoc(cls) or "").parse("google", warnings=False)
    said = {
        each.name: _in_one_line(each.description)
        for section in sections
        if isinstance(section, DocstringSectionParameters)
        for each in section.value
    }
    for facts in fields:
        if said.get(facts.name) != facts.documentation:
            yield f"{facts.name}: {said.get(facts.name)!r} is said, not {facts.documentation!r}"


def _docstrings_of_attributes(cls: type) -> dict[str, str]:
    """Return the string under each annotated attribute, or in the first paragraph of a property's docstring."""
    (body,) = (
        each.body for each in ast.parse(textwrap.dedent(inspect.getsource(cls))).body if isinstance(each, ast.ClassDef)
    )
    said = {}
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            said[statement.target.id] = ""
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                said[statement.target.id] = _in_one_line(str(following.value.value))
        elif isinstance(statement, ast.FunctionDef):
            said[statement.name] = _in_one_line((ast.get_docstring(statement) or "").partition("\n\n")[0])
    return said


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
