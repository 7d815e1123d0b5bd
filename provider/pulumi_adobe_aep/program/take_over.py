"""Taking over an entity that exists: the warning in the preview, and the option `import_`, which does not work."""

from __future__ import annotations

import pulumi

from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.program.declaration import DeclarationError
from pulumi_adobe_aep.pulumi_sdk.wording import name_in_python

_DELETES = (
    "From then on pulumi destroy deletes it, and so does taking the resource out of the program; with "
    "ResourceOptions(retain_on_delete=True) both leave it."
)


def refuse_engine_import(kind: EntityKind, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse the option `import_`: the engine cannot find the provider of a dynamic resource that no state has yet.

    Raises:
        DeclarationError: It is used; the message names the alternatives.
    """
    if opts is None or not opts.import_:
        return
    keys = sorted(kind.inputs.marked("takes_over"))
    # A program may pass an Output, whose value is not known yet.
    is_known = isinstance(opts.import_, str)
    entity_id = opts.import_ if is_known else "ID"
    ways = [f"take it over with {name_in_python(key)}={repr(opts.import_) if is_known else 'the id'}" for key in keys]
    ways.append(f"write an import file with `pulumi-adobe-aep import {entity_id} --name {resource_name}`")
    advice = ", or ".join(ways)
    raise DeclarationError(
        f"{kind.name} '{resource_name}' cannot be imported with ResourceOptions(import_=...).",
        why="The engine does not support it for dynamic providers.",
        advice=f"{advice[0].upper()}{advice[1:]}.",
    )


def warn_of_take_over(
    resource: pulumi.Resource, kind: EntityKind, declared: Properties, opts: pulumi.ResourceOptions | None
) -> None:
    """Warn in the preview what a take-over sets, because the engine shows only a creation.

    A program cannot know whether the state has the entity already, so the warning says when it applies.

    Args:
        resource: Where the warning is shown.
        kind: The kind of entity.
        declared: The inputs as the state has them.
        opts: The resource's options.
    """
    for key in kind.inputs.marked("takes_over"):
        if declared.get(key) is not None:
            _warn(resource, key, declared, opts)


def _warn(resource: pulumi.Resource, key: str, declared: Properties, opts: pulumi.ResourceOptions | None) -> None:
    sets = [f"sets its name to {_quoted(declared['name'])}"]
    if declared.get("description") is None:
        sets.append("takes its description away")
    else:
        sets.append(f"sets its description to {_quoted(declared['description'])}")
    after = "" if opts is not None and opts.retain_on_delete else f" {_DELETES}"

    def warn(entity_id: str | None) -> None:
        if entity_id:
            pulumi.log.warn(
                f"{name_in_python(key)}: takes over {entity_id}, unless the state has it already: {', '.join(sets)}, "
                f"and brings the rest of it, credentials included, to what is declared.{after}",
                resource,
            )

    pulumi.Output.from_input(declared[key]).apply(warn)


def _quoted(value: object) -> str:
    # An Output may be a secret, and anybody can read the log.
    return "the declared one" if isinstance(value, pulumi.Output) else repr(value)
