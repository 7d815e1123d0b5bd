"""Enabling and disabling a dataflow."""

from __future__ import annotations

from pulumi_adobe_aep.cli.dataflows import find_dataflow
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, print_line
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import ServiceError

_ALREADY = "1422"
"""The action cannot be applied in this state."""


def switch(session: Session, id_or_name: str, op: str, state: str, *, as_json: bool) -> ExitCode:
    """Put a dataflow into a state by its action, and print what came of it.

    Args:
        session: The sandbox.
        id_or_name: Which dataflow.
        op: The action: `enable`, `disable`.
        state: What the dataflow is afterwards: `enabled`, `disabled`.
        as_json: Whether JSON is printed.
    """
    flow = find_dataflow(session.service(), id_or_name)
    service = session.service()
    is_changed = True
    try:
        service.flows.act(flow.id, op)
    except ServiceError as error:
        # A draft is refused with the same code, so the state decides.
        if error.code != _ALREADY or service.flows.get(flow.id).state != state:
            raise
        is_changed = False
    if as_json:
        print_json(
            {"sandbox": session.sandbox, "id": flow.id, "name": flow.name, "state": state, "changed": is_changed}
        )
    else:
        was = "is" if is_changed else "was already"
        print_line(f"The dataflow '{flow.name or ''}' ({flow.id}) {was} {state}.")
    return ExitCode.OK
