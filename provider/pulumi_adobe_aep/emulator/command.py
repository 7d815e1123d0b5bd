"""The command line of the emulator."""

import logging
import sys

from pulumi_adobe_aep.emulator.organizations import DirectoryError
from pulumi_adobe_aep.emulator.server import CertificateError, ListenError, ReadyFileError, serve
from pulumi_adobe_aep.emulator.settings import parse
from pulumi_adobe_aep.emulator.store.journal import JournalError
from pulumi_adobe_aep.emulator.world import World


def main(arguments: list[str] | None = None) -> int:
    """Run the emulator until SIGINT or SIGTERM.

    Args:
        arguments: the command line; None takes that of the process.

    Returns:
        The exit code: 0 after a signal, 1 when the emulator cannot start.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        world = World(parse(arguments))
    except (DirectoryError, JournalError) as error:
        return _fail(error)
    try:
        serve(world, _announce)
    except (CertificateError, ListenError, ReadyFileError) as error:
        return _fail(error)
    finally:
        world.close()
    return 0


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _fail(error: Exception) -> int:
    sys.stderr.write(f"{error}\n")
    return 1
