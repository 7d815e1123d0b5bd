"""The Pulumi stack, driven through the command line that a person would use."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.database import GuardedProcess
from tools.demo.failure import DemoFailed
from tools.demo.language import REPOSITORY
from tools.demo.layout import STACK, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tools.demo.console import Screen
    from tools.demo.language import Language
    from tools.engine import Engine

QUICK_TIMEOUT = 60.0
"""Seconds for a command that starts no program."""
LOOK_EVERY = 0.05
"""Seconds between two reads of new lines."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MARKUP = re.compile(r"<\{%[^%]*%\}>")
"""The engine's own notation of colours, of which some remain in the output when colours are off."""


class Stack:
    """The stack `demo`, whose program is one of the examples.

    Args:
        engine: Runs it.
        layout: Where its state is kept.
        language: What its programs are written in.
        environment: The whole environment of the engine and so of the provider.
        screen: Shows the commands and what they print.
    """

    def __init__(
        self, engine: Engine, layout: Layout, language: Language, environment: Mapping[str, str], screen: Screen
    ) -> None:
        self.language = language
        self._engine = engine
        self._layout = layout
        self._environment = dict(environment)
        self._screen = screen
        self.commands = 0
        """How many commands have run the provider."""

    def make(self) -> None:
        """Make the stack, with the language's quickstart as its program."""
        if self.language.by_plugin:
            # Otherwise the engine would warn at each command that it uses the plugin on PATH.
            self._finish([str(Path(sys.executable).with_name("pulumi-adobe-aep")), "plugin", "install"])
        self.use(self.language.quickstart)
        self._quick("stack", "init", STACK)

    def use(self, program: str) -> None:
        """Make another example the stack's program: its folder, such as `examples/quickstart`."""
        self.language.write(REPOSITORY / program, self._layout.project)

    def configure(self, **values: str) -> None:
        """Set configuration values that are not secret."""
        pairs = (word for key, value in values.items() for word in ("--plaintext", f"{key}={value}"))
        self._quick("config", "set-all", *pairs)

    def configure_secret(self, key: str, value: str) -> None:
        """Set a secret; it goes through standard input, because everybody can read arguments."""
        self._screen.command(f"pulumi config set --secret {key}")
        self._quick("config", "set", "--secret", key, secret=value)

    def output(self, name: str) -> str:
        """Return a stack output."""
        value: Any = json.loads(self._quick("stack", "output", "--json")).get(name)
        if not isinstance(value, str) or not value:
            raise DemoFailed(f"The stack has no output {name}.")
        return value

    def exported(self) -> str:
        """Return the whole state, as `pulumi stack export` prints it."""
        return self._quick("stack", "export")

    def run(self, *arguments: str, pictured: re.Pattern[str] | None = None) -> str:
        """Run a command that runs the program, and show what it prints; return that without colours.

        Args:
            arguments: The command line after `pulumi`.
            pictured: Which of the lines that it prints are for the picture; without it none.

        Raises:
            DemoFailed: It failed; the message has the engine's reason.
        """
        self._screen.command(f"pulumi {shlex.join(arguments)}")
        self.commands += 1
        for file in (self._layout.pulumi_log, self._layout.pulumi_errors):
            file.write_bytes(b"")
        colour = "always" if self._screen.colours else "never"
        # A guard, because an engine that is not waited for would leave its plugins running.
        process = GuardedProcess(
            [self._engine.pulumi, *arguments, "--non-interactive", "--suppress-progress", "--color", colour],
            log=self._layout.pulumi_log,
            errors=self._layout.pulumi_errors,
            stop_signal=signal.SIGINT,
            env=self._environment,
            cwd=self._layout.project,
        )
        try:
            lines = list(self._show(_lines(self._layout.pulumi_log, process), pictured))
            code = process.wait()
        except KeyboardInterrupt:
            self._screen.say("Interrupted; waiting for the engine to end.", "dim")
            raise
        finally:
            process.stop()
        if code:
            errors = self._layout.pulumi_errors.read_text(encoding="utf-8", errors="replace").splitlines()
            raise DemoFailed(f"pulumi {arguments[0]} ended with exit code {code}: {_reason(lines + errors)}")
        return "\n".join(lines)

    def _show(self, lines: Iterable[str], pictured: re.Pattern[str] | None) -> Iterator[str]:
        """Show lines as they come, without empty ones in a row or at the end; return them without colours."""
        gap = False
        for raw in lines:
            line = _MARKUP.sub("", raw.rstrip())
            plain = _COLOUR.sub("", line)
            if gap and plain:
                self._screen.output("")
            if plain:
                self._screen.output(line, pictured=pictured is not None and bool(pictured.search(plain)))
            gap = not plain
            yield plain

    def _quick(self, *arguments: str, secret: str | None = None) -> str:
        return self._finish([str(self._engine.pulumi), *arguments, "--non-interactive"], secret=secret)

    def _finish(self, command: Sequence[str], *, secret: str | None = None) -> str:
        """Run a command that starts no program; return what it prints."""
        called = " ".join([Path(command[0]).name, *command[1:3]])
        try:
            done = subprocess.run(
                command,
                input=secret or "",
                capture_output=True,
                text=True,
                timeout=QUICK_TIMEOUT,
                env=self._environment,
                cwd=self._layout.project,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DemoFailed(f"{called} did not end within {QUICK_TIMEOUT:.0f} seconds.") from None
        if done.returncode:
            reason = _reason((done.stdout + done.stderr).splitlines())
            raise DemoFailed(f"{called} ended with exit code {done.returncode}: {reason}")
        return done.stdout


def _lines(file: Path, process: GuardedProcess) -> Iterator[str]:
    """Return the lines that a process writes to a file as they come, until it has ended."""
    with file.open(encoding="utf-8", errors="replace") as log:
        part = ""
        while True:
            ended = process.poll() is not None  # before reading, so that the last reading is after the last writing
            part += log.read()
            *whole, part = part.split("\n")
            yield from whole
            if ended:
                if part:
                    yield part
                return
            if not whole:
                time.sleep(LOOK_EVERY)


def _reason(lines: list[str]) -> str:
    """Return the engine's most specific error: from `error:` to the end of its paragraph."""
    plain = [_COLOUR.sub("", line).strip() for line in lines]
    starts = [number for number, line in enumerate(plain) if line.startswith("error:")]
    if not starts:
        return next((line for line in reversed(plain) if line), "it printed nothing.")
    # "update failed" and "preview failed" only say that there is another one.
    start = next((number for number in starts if not plain[number].endswith(" failed")), starts[0])
    paragraph = [plain[start].removeprefix("error:").strip()]
    for line in plain[start + 1 :]:
        if not line or line.startswith("error:"):
            break
        paragraph.append(line)
    return " ".join(paragraph)
