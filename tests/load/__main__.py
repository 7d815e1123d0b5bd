"""`python -m tests.load [COUNT]`: live with many connections and print what it took."""

import sys
import tempfile
from pathlib import Path

from pulumi_adobe_aep.emulator.client import running_emulator
from tests.load.life import SHARE_OF_FAULTS, live
from tests.support.stack import Stack
from tools.engine import ensure_engine
from tools.interrupts import restore_interrupts


def main() -> None:
    """Run the life; an AssertionError says what was lost or doubled."""
    restore_interrupts()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    say = sys.stdout.write
    say(f"{count} connections in one stack, {SHARE_OF_FAULTS:.0%} of all requests fail\n\n")
    say("| phase | seconds | requests | of these failed | provider's peak memory |\n| --- | --- | --- | --- | --- |\n")
    with running_emulator(["--settle-seconds", "0"]) as emulator, tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), ensure_engine(), emulator.environment())
        for phase in live(stack, emulator, count):
            memory = f"{phase.provider_megabytes:.0f} MB"
            say(f"| {phase.name} | {phase.seconds:.0f} | {phase.requests} | {phase.faults} | {memory} |\n")
            sys.stdout.flush()
    say("\nNothing was lost, nothing doubled: after each phase the state and the service agreed.\n")


if __name__ == "__main__":
    main()
