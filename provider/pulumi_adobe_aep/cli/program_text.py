"""The program that declares what was imported: run, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.cli.declaration import Named
from pulumi_adobe_aep.kinds.model import Inputs, Properties
from pulumi_adobe_aep.program.auth import class_of

_INDENT = "    "


def program(named: Sequence[Named]) -> str:
    """Write a whole program, as a `__main__.py`.

    Args:
        named: What it declares, in order.
    """
    lines = ["import pulumi", "import pulumi_adobe_aep as aep", ""]
    if any(each.config_keys for each in named):
        lines += ["config = pulumi.Config()", ""]
    for each in named:
        lines += [*_resource(each), ""]
    return "\n".join(lines[:-1]) + "\n"


def _resource(named: Named) -> Iterator[str]:
    declaration = named.declaration
    inputs = declaration.inputs
    for note in declaration.notes:
        yield f"# {note}"
    yield f"{named.variable} = aep.{declaration.kind.name}("
    yield f"{_INDENT}{literal(declaration.resource_name)},"
    for argument in arguments(declaration.kind.inputs, inputs, declaration.resource_name):
        yield f"{_INDENT}{argument},"
    yield f"{_INDENT}auth=aep.{class_of(declaration.auth_model)}("
    for key, value in inputs["auth"].items():
        if key != "specName":
            written = _secret(named, key) if key in declaration.secrets else literal(value)
            yield f"{_INDENT}{_INDENT}{to_snake(key)}={written},"
    yield f"{_INDENT}),"
    # As `pulumi import` leaves it in the state, and writes it into the programs that it generates itself.
    yield f"{_INDENT}opts=pulumi.ResourceOptions(protect=True),"
    yield ")"


def arguments(model: type[Inputs], inputs: Properties, resource_name: str) -> Iterator[str]:
    """Return the arguments that a declaration needs, but for auth: those that are not what they would be without.

    Args:
        model: What the kind's declarations have.
        inputs: The inputs as the state has them.
        resource_name: The resource's name, which is the default of the entity's.
    """
    defaults = {"name": resource_name, **model.defaults()}
    for facts in model.facts():
        value = inputs.get(facts.key)
        if facts.key != "auth" and value is not None and value != defaults.get(facts.key):
            yield f"{facts.name}={literal(value)}"


def _secret(named: Named, name: str) -> str:
    reference = named.declaration.reference(name)
    if reference is None:
        return f"config.require_secret({literal(named.config_keys[name])})"
    return f"aep.SecretFromEnv({literal(reference['fromEnv'])}, version={literal(reference['version'])})"


def literal(value: object) -> str:
    """Write a value as Python source, texts in double quotes where that needs no escape."""
    written = repr(value)
    if isinstance(value, str) and written.startswith("'") and '"' not in value:
        # repr has escaped no quote: it takes single quotes unless the text has one.
        return f'"{written[1:-1]}"'
    return written
