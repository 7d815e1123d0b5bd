"""`pulumi-adobe-aep forget`: take an entity out of a stack's state and leave it in Experience Platform."""

from __future__ import annotations

import shlex

import click

from pulumi_adobe_aep.cli import options, pulumi_command
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, say
from pulumi_adobe_aep.cli.stack_state import DELETABLE_TYPES
from pulumi_adobe_aep.cli.state_removal import Removal, remove


@click.command("forget", short_help="Remove an entity from a stack's state, and not from Adobe.")
@options.entity_id
@click.option("--stack", metavar="STACK", help="The stack. Default: the selected stack of this folder.")
@options.as_json
def command(entity_id: str, stack: str | None, *, as_json: bool) -> ExitCode:
    """Remove the entity ID from a stack's state. Nothing is sent to Adobe, and the entity stays in Experience Platform.

    Use it for the old connection of a replacement, if a dataflow still uses that connection. Adobe then refuses to
    delete it, and every `pulumi up` tries the deletion again and fails. `pulumi state delete` cannot remove it from the
    state, because the new connection has the same URN.
    """
    source = f"stack {stack}" if stack else "the selected stack"
    removal = remove(pulumi_command.stack_export(stack), entity_id, source)
    pulumi_command.stack_import(stack, removal.state)
    if as_json:
        print_json(
            {
                "id": entity_id,
                "urn": removal.urn,
                "wasReplaced": removal.was_replaced,
                "sandbox": removal.sandbox_name,
            }
        )
        return ExitCode.OK
    what = "the old one of a resource that was replaced" if removal.was_replaced else "the resource"
    say(f"Took {what}, {removal.urn} with the id {entity_id}, out of the state of {source}.")
    say(_still_there(removal, entity_id))
    return ExitCode.OK


def _still_there(removal: Removal, entity_id: str) -> str:
    place = f"sandbox {removal.sandbox_name}" if removal.sandbox_name else "Experience Platform"
    still = f"It is still in {place}, and no stack manages it."
    if removal.type not in DELETABLE_TYPES or not removal.sandbox_name:
        return still
    deletes = shlex.join(["pulumi-adobe-aep", "delete", entity_id, "--sandbox", removal.sandbox_name])
    return f"{still} Once nothing uses it, this deletes it: {deletes}"
