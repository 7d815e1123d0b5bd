"""The program that declares what was imported: run, it changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic.alias_generators import to_snake

import pulumi_adobe_aep
from pulumi_adobe_aep.cli.declaration import Named
from pulumi_adobe_aep.kinds.base_connection.any_source import ConnectionSpec
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.mapping_set import EXPRESSION
from pulumi_adobe_aep.kinds.model import Inputs, Properties
from pulumi_adobe_aep.program.auth import class_of
from pulumi_adobe_aep.program.resource import Reference

_INDENT = "    "


def program(named: Sequence[Named]) -> str:
    """Write a whole program, as a `__main__.py`.

    Args:
        named: What it declares, in order; what refers to another comes after it.
    """
    lines = ["import pulumi", "import pulumi_adobe_aep as aep", ""]
    if any(each.config_keys for each in named):
        lines += ["config = pulumi.Config()", ""]
    variables = {each.declaration.id: each.variable for each in named}
    for each in named:
        lines += [*_resource(each, variables), ""]
    return "\n".join(lines[:-1]) + "\n"


def _resource(named: Named, variables: Mapping[str, str]) -> Iterator[str]:
    declaration = named.declaration
    inputs = declaration.inputs
    for note in declaration.notes:
        yield f"# {note}"
    yield f"{named.variable} = aep.{declaration.kind.name}("
    yield f"{_INDENT}{literal(declaration.resource_name)},"
    referred = _references(named, variables)
    for argument in referred:
        yield f"{_INDENT}{argument}={variables[_id_of(named, referred[argument])]},"
    left_out = {name for each in referred.values() for name in (each.id_argument, *each.brings)}
    for argument in arguments(declaration.kind.inputs, inputs, declaration.resource_name, left_out):
        yield f"{_INDENT}{argument},"
    if declaration.auth_model is not None:
        yield f"{_INDENT}auth=aep.{class_of(declaration.auth_model)}("
        for key, value in inputs["auth"].items():
            if key != "specName":
                written = _secret(named, key) if key in declaration.secrets else literal(value)
                yield f"{_INDENT}{_INDENT}{to_snake(key)}={written},"
        yield f"{_INDENT}),"
    elif declaration.secrets:
        yield f"{_INDENT}{to_snake(declaration.secrets_in)}={{"
        for key in declaration.secrets:
            yield f"{_INDENT}{_INDENT}{literal(key)}: {_secret(named, key)},"
        yield f"{_INDENT}}},"
    # As `pulumi import` leaves it in the state, and writes it into the programs that it generates itself.
    yield f"{_INDENT}opts=pulumi.ResourceOptions(protect=True),"
    yield ")"


def _references(named: Named, variables: Mapping[str, str]) -> Mapping[str, Reference]:
    """Return the arguments that take a resource of the program in place of an id."""
    references: Mapping[str, Reference] = getattr(pulumi_adobe_aep, named.declaration.kind.name).references
    return {name: each for name, each in references.items() if _id_of(named, each) in variables}


def _id_of(named: Named, reference: Reference) -> str:
    declaration = named.declaration
    return str(declaration.inputs.get(declaration.kind.keys[reference.id_argument]))


def arguments(
    model: type[Inputs], inputs: Properties, resource_name: str, left_out: Collection[str] = ()
) -> Iterator[str]:
    """Return the arguments that a declaration needs, but for what holds secrets: those that are not the defaults.

    Args:
        model: What the kind's declarations have.
        inputs: The inputs as the state has them.
        resource_name: The resource's name, which is the default of the entity's.
        left_out: Arguments that follow from others.
    """
    defaults = {"name": resource_name, **model.defaults()}
    for facts in model.facts():
        value = inputs.get(facts.key)
        if facts.name in left_out or facts.key in _WITH_SECRETS or value is None or value == defaults.get(facts.key):
            continue
        write = _WRITERS.get(facts.key, literal)
        yield f"{facts.name}={write(value)}"


def _schedule(value: Properties) -> str:
    written = (f"{to_snake(key)}={literal(part)}" for key, part in value.items() if part is not None)
    return f"aep.Schedule({', '.join(written)})"


def _mappings(value: Properties) -> str:
    lines = [f"{_INDENT}{_INDENT}{literal(path)}: {_source(source)}," for path, source in value.items()]
    return "\n".join(("{", *lines, f"{_INDENT}}}"))


def _source(source: object) -> str:
    return f"aep.Expression({literal(source[EXPRESSION])})" if isinstance(source, Mapping) else literal(source)


def _connection_spec(value: Properties) -> str:
    names = (name for name, known in KNOWN_SPECS.items() if known.id == value["id"])
    name = next(names, None) if value["version"] == ConnectionSpec.model_fields["version"].default else None
    return literal(value if name is None else name)


def _params(value: Properties) -> str:
    lines = [f"{_INDENT}{_INDENT}{literal(name)}: {literal(part)}," for name, part in value.items()]
    return "\n".join(("{", *lines, f"{_INDENT}}}"))


_WITH_SECRETS = frozenset({"auth", "secretParams"})
_WRITERS = {"schedule": _schedule, "mappings": _mappings, "connectionSpec": _connection_spec, "params": _params}
"""How the values of some inputs are written: with the classes and names that a program has for them."""


def _secret(named: Named, name: str) -> str:
    reference = named.declaration.reference(name)
    if reference is None:
        return f"config.require_secret({literal(named.config_keys[name])})"
    return f"aep.SecretFromEnv({literal(reference['fromEnv'])}, version={literal(reference['version'])})"


def literal(value: object) -> str:
    """Write a value as Python source, strings in double quotes where that needs no escape."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(part)}' for key, part in value.items())}}}"
    written = repr(value)
    if isinstance(value, str) and written.startswith("'") and '"' not in value:
        # repr has escaped no quote: it takes single quotes unless the string has one.
        return f'"{written[1:-1]}"'
    return written
