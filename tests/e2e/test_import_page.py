"""An account that somebody made by hand comes under Pulumi by the commands of docs/import.md alone."""

from __future__ import annotations

from pathlib import Path

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.engine import Engine

PASSWORD = "the password of the role"
PARTS = {"server": "crm.example.com", "port": "5433", "database": "crm", "username": "reader", "sslMode": "Verify Full"}


def test_the_commands_of_the_page_and_the_program_that_they_print_change_nothing(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator
) -> None:
    auth = {"specName": "Basic Authentication", "params": {**PARTS, "password": PASSWORD}}
    spec = {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}
    by_hand = aep_emulator.create({"name": "CRM", "auth": auth, "connectionSpec": spec})
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: take-over\nruntime: python\n", encoding="utf-8")
    (folder / "__main__.py").write_text("", encoding="utf-8")
    variables = {"CONNECTION_ID": str(by_hand["id"]), "CRM_DB_PASSWORD": PASSWORD}
    shell = Shell(folder, tmp_path / "home", engine, {**aep_emulator.environment(), **variables})
    shell.run("pulumi stack init dev")
    (page,) = (block.text for block in blocks(ROOT / "docs" / "import.md", "sh") if "--out" in block.text)
    first, *rest = page.splitlines()

    # The program is what the command prints on its standard output.
    shell.run(f"{first} > __main__.py")
    shell.run("\n".join(rest))
    shell.run("pulumi config set --secret crmPassword", answer=PASSWORD)
    shell.run("pulumi up --refresh --expect-no-changes")

    assert list(folder.glob("import.json")) == []
    (found,) = aep_emulator.connections(secrets=True)
    assert found["auth"] == auth
    # Nobody but this rotation has changed anything, and nothing but the password is changed by it.
    shell.run("pulumi config set --secret crmPassword && pulumi up", answer="another password")
    (rotated,) = aep_emulator.connections(secrets=True)
    assert rotated["auth"]["params"] == {**PARTS, "password": "another password"}
