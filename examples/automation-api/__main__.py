"""Bring a connection to a list of sandboxes, one stack each, without a Pulumi project on disk.

    python examples/automation-api up dev stage
    python examples/automation-api destroy dev stage

The password is read from CRM_DB_PASSWORD and never enters a state.
"""

import argparse
import sys

import pulumi
from pulumi import automation as auto
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

import pulumi_adobe_aep as aep

PROJECT = "aep-automation"


def program() -> None:
    """Declare what each sandbox gets. The stack has the sandbox's name."""
    crm = aep.PostgresBaseConnection(
        "crm",
        sandbox_name=pulumi.get_stack(),
        auth=aep.ConnectionStringAuth(
            server="crm-db.example.com",
            database="crm",
            username="aep_reader",
            password=aep.SecretFromEnv("CRM_DB_PASSWORD"),
            encryption="verify",
        ),
    )
    pulumi.export("connectionId", crm.connection_id)


def bring(command: str, sandbox: str, progress: Progress, task: TaskID) -> str:
    """Run one command on a sandbox's stack, and show what the engine does meanwhile.

    Returns:
        The connection's id, or what was done.
    """

    def show(event: auto.EngineEvent) -> None:
        step = event.resource_pre_event or event.res_outputs_event
        if step is not None and step.metadata.type.endswith("PostgresBaseConnection"):
            progress.update(task, doing=f"{step.metadata.op.value}{'d' if event.res_outputs_event else ' …'}")

    stack = auto.create_or_select_stack(sandbox, project_name=PROJECT, program=program)
    if command == "destroy":
        stack.destroy(on_event=show)
        stack.workspace.remove_stack(sandbox)
        return "destroyed"
    return str(stack.up(on_event=show).outputs["connectionId"].value)


def main() -> int:
    """Take the command line's sandboxes one after the other. Returns 1 when one of them failed."""
    parser = argparse.ArgumentParser(description="Bring a connection to sandboxes, or take it away.")
    parser.add_argument("command", choices=["up", "destroy"])
    parser.add_argument("sandboxes", nargs="+")
    arguments = parser.parse_args()
    failures = []
    columns = (SpinnerColumn(), TextColumn("{task.description:12} {task.fields[doing]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stdout)) as progress:
        tasks = {name: progress.add_task(name, doing="waiting", total=1) for name in arguments.sandboxes}
        for sandbox, task in tasks.items():
            try:
                result = bring(arguments.command, sandbox, progress, task)
            except auto.errors.CommandError as error:
                failures.append(f"{sandbox}: {error}")
                result = "failed"
            progress.update(task, doing=result, completed=1)
    sys.stderr.write("".join(f"{failure}\n" for failure in failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
