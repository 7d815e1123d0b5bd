"""`pulumi-adobe-aep explain`: what an error means and what to do."""

from __future__ import annotations

import difflib
import shutil

import click

from pulumi_adobe_aep.cli import pages
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_line


@click.command("explain", short_help="Show what an error means and what to do.")
@click.argument("name", required=False)
def command(name: str | None) -> ExitCode:
    """Show what the error NAME means and what to do.

    NAME is the class at the beginning of a message, such as EntityInUse, or one of Adobe's codes, such as 1418 or
    CONNECTOR-1001-500. Without NAME, the command lists all of them.
    """
    sections = {**pages.classes(), **pages.codes()}
    if name is None:
        print_line("\n".join(sections))
        return ExitCode.OK
    # The engine prints the class with its module in front.
    wanted = name.rpartition(".")[2].lower()
    # Adobe writes a code with its service in front and the status behind: FLOW-1418-400.
    spellings = (wanted, wanted.partition("-")[2], wanted.removesuffix(f"-{wanted[-3:]}").rpartition("-")[2])
    by_title = {title.lower(): section for title, section in sections.items()}
    found = next((by_title[each] for each in spellings if each in by_title), None)
    if found is None:
        near = difflib.get_close_matches(wanted, {title.lower(): title for title in sections}, n=1)
        meant = [f"Did you mean {title}?" for title in sections if title.lower() in near]
        raise click.BadParameter(" ".join([f"There is no page about '{name}'.", *meant]), param_hint="NAME")
    print_line(found.for_terminal(shutil.get_terminal_size().columns))
    return ExitCode.OK
