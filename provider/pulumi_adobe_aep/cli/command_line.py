"""The command line: its commands, and the exit code and message of each failure."""

from __future__ import annotations

import importlib
import io
import logging
from collections.abc import Sequence

import click

from pulumi_adobe_aep._addresses import ISSUES
from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.cli.exit_codes import ExitCode, exit_code
from pulumi_adobe_aep.cli.output import say
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.redaction import mask

PROGRAM = "pulumi-adobe-aep"
_MODULES = {
    "connections": "connections",
    "delete": "delete",
    "disable": "disable",
    "doctor": "doctor",
    "emulator": "emulator",
    "enable": "enable",
    "explain": "explain",
    "explore": "explore",
    "flows": "flows",
    "forget": "forget",
    "import": "import_",
    "plugin": "plugin",
    "run": "run",
    "runs": "runs",
    "test": "test",
}

logger = logging.getLogger(__name__)


class _Commands(click.Group):
    """The commands, each loaded when it is asked for: some need Pulumi, which takes half a second to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"pulumi_adobe_aep.cli.commands.{module}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM)
def commands() -> None:
    """Look at, check, import, delete and forget base connections of Adobe Experience Platform, and run dataflows.

    Settings come from the environment (AEP_CLIENT_ID, AEP_CLIENT_SECRET, AEP_ORG_ID, AEP_SANDBOX_NAME, ...) and from
    the file that AEP_CREDENTIALS_FILE names. `pulumi-adobe-aep doctor` shows each setting and its source.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command, and turn every failure into a sentence and an exit code."""
    try:
        # Not standalone, so that the failures below are reported here.
        ended = commands.main(args=list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except click.Abort:
        say("Interrupted.")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        say(shown.getvalue().rstrip())
        return error.exit_code
    except AepError as error:
        logger.debug("Frames:", exc_info=True)
        say(error.render(COMMAND_LINE))
        return exit_code(error)
    except UnicodeEncodeError:
        # How Python keeps bytes of the command line that its encoding does not have.
        say(
            "An argument holds bytes that are not valid in the encoding of this terminal.\n"
            "What to do: use a locale with UTF-8, such as LANG=C.UTF-8, or set PYTHONUTF8=1."
        )
        return ExitCode.USAGE
    except Exception as error:
        logger.debug("Frames:", exc_info=True)
        say(
            mask(f"{type(error).__name__}: {error}")
            + f"\nWhat to do: this is a defect of {PROGRAM}. Run the command again with AEP_LOG=debug and report what "
            f"it prints: {ISSUES}"
        )
        return ExitCode.FAILURE
    return int(ended or ExitCode.OK)
