"""The output of an import: the program, and what to run next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi_adobe_aep.cli.declaration import Named
from pulumi_adobe_aep.cli.import_all import LeftOut
from pulumi_adobe_aep.cli.output import print_json, print_line, say
from pulumi_adobe_aep.cli.program_text import program


@dataclass(frozen=True)
class Report:
    """What an import has done."""

    sandbox: str
    stack: str | None
    """The stack that was named, which the commands then name as well."""
    file: Path | None
    """None when there was nothing to write."""
    named: Sequence[Named]
    left_out: Sequence[LeftOut]

    @property
    def commands(self) -> list[str]:
        """What to run next, in order."""
        if self.file is None:
            return []
        of_stack = [] if self.stack is None else ["--stack", self.stack]
        keys = [key for each in self.named for key in each.config_keys.values()]
        commands = [
            *(["pulumi", "config", "set", "--secret", key, *of_stack] for key in keys),
            ["pulumi", "import", "--file", str(self.file), "--generate-code=false", *of_stack],
            ["rm", str(self.file)],
            ["pulumi", "preview", *of_stack],
        ]
        return [shlex.join(words) for words in commands]

    def print_json(self) -> None:
        """Print it for a program."""
        print_json(
            {
                "sandbox": self.sandbox,
                "file": None if self.file is None else str(self.file),
                "resources": [_to_json(each) for each in self.named],
                "leftOut": [{"id": each.id, "name": each.name, "reason": each.reason} for each in self.left_out],
                "program": program(self.named) if self.named else None,
                "commands": self.commands,
            }
        )

    def tell(self) -> None:
        """Print the program, and beside it, for a person, everything else."""
        if self.file is None:
            say(f"There is no connection to import in sandbox {self.sandbox}; nothing was written.")
        else:
            print_line(program(self.named), newline=False)
            say(f"\nWrote {self.file} with {self._count()} of sandbox {self.sandbox}. {self._holds()}")
        self.tell_notes()
        for each in self.left_out:
            say(f"Left out: {each.title}: {each.reason}")
        if self.file is not None:
            say("Put the program above (all of the standard output) into your Pulumi project. Then run:\n")
            for line in self.commands:
                say(f"  {line}")

    def tell_notes(self) -> None:
        """Print what was assumed, for a person."""
        for each in self.named:
            for note in each.declaration.notes:
                say(f"{each.declaration.resource_name}: {note}")

    def _count(self) -> str:
        nouns = {each.declaration.kind.noun for each in self.named}
        noun = nouns.pop() if len(nouns) == 1 else "resource"
        return f"1 {noun}" if len(self.named) == 1 else f"{len(self.named)} {noun}s"

    def _holds(self) -> str:
        if any(each.config_keys for each in self.named):
            return "It holds secrets in plain text and only you can read it: delete it after the import."
        return "It holds no secret."


def _to_json(named: Named) -> dict[str, object]:
    declaration = named.declaration
    references = {name: declaration.reference(name) for name in declaration.secrets}
    variables = {name: reference["fromEnv"] for name, reference in references.items() if reference}
    return {
        "class": declaration.kind.name,
        "resource": declaration.resource_name,
        "id": declaration.id,
        "name": declaration.inputs["name"],
        "authSpecName": declaration.outputs.get("authSpecName"),
        "configKey": next(iter(named.config_keys.values()), None),
        "configKeys": dict(named.config_keys),
        "environmentVariable": next(iter(variables.values()), None),
        "environmentVariables": variables,
    }
