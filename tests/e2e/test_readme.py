"""The README's program does what the README's transcript shows."""

from __future__ import annotations

import re
from pathlib import Path

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.engine import Engine

README = ROOT / "README.md"


def _steady(line: str) -> str:
    """Return a line without what differs from run to run: ids, seconds, space at its end."""
    line = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", line)
    return re.sub(r"\([0-9.]+s\)", "<seconds>", line).rstrip()


def test_the_transcript_is_what_its_commands_print(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> None:
    (program,), (transcript,) = blocks(README, "python"), blocks(README, "console")
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: crm\nruntime: python\n", encoding="utf-8")
    (folder / "__main__.py").write_text(program.text, encoding="utf-8")
    shell = Shell(folder, tmp_path / "home", engine, aep_emulator.environment())
    shell.run("pulumi stack init dev")

    ran = []
    for step in re.split(r"^\$ ", transcript.text, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        ran.append(command)
        printed = iter([_steady(line) for line in shell.run(command, answer="a password").splitlines()])
        # In this order; the engine prints more, such as its progress.
        assert [line for line in expected.splitlines() if _steady(line) not in printed] == []

    assert ran == ["pulumi config set --secret crmPassword", "pulumi up --yes", "pulumi up --yes"]
    assert len(aep_emulator.connections()) == 1
