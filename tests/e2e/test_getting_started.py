"""A new user gets from the first page to a running connection, by its commands alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.database import PostgresServer, SampleDatabase
from tools.engine import Engine

DOCS = ROOT / "docs"


def _write_the_project(page: Path, folder: Path) -> None:
    folder.mkdir()
    for language, name in (("yaml", "Pulumi.yaml"), ("python", "__main__.py")):
        (block,) = blocks(page, language)
        (folder / name).write_text(block.text, encoding="utf-8")


def _commands(page: Path) -> str:
    """Return the page's commands as one script, because one person types them into one shell."""
    return "\n".join(block.text for block in blocks(page, "sh") if not block.not_run)


def test_with_the_emulator(tmp_path: Path, engine: Engine) -> None:
    page = DOCS / "getting-started-emulator.md"
    folder = tmp_path / "project"
    _write_the_project(page, folder)

    shown = Shell(folder, tmp_path / "home", engine, {}).run(_commands(page), answer="a password")

    made = re.search(r'connectionId: "([0-9a-f-]{36})"', shown)
    assert made is not None
    assert re.search(rf"^{made[1]} +crm +(initializing|enabled) ", shown, re.MULTILINE)
    assert "- 2 deleted" in shown
    assert "a password" not in shown


def test_with_an_organization(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    page = DOCS / "getting-started-organization.md"
    folder = tmp_path / "project"
    _write_the_project(page, folder)
    here = {"crm-source:crmPort": str(postgres.port), "crm-source:crmEncryption": "disable"}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": here}), encoding="utf-8")
    database = {"CRM_SERVER": postgres.host, "CRM_DATABASE": crm.name, "CRM_USERNAME": crm.role}
    shell = Shell(folder, tmp_path / "home", engine, {**aep_emulator.environment(), **database})

    shown = shell.run(_commands(page), answer=crm.password)

    (made,) = aep_emulator.connections()
    assert made["name"] == "CRM read replica"
    assert str(made["id"]) in shown
    assert all(table in shown for table in crm.tables)
    assert crm.password not in shown


def test_the_settings_are_given_as_their_pages_say(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> None:
    secret = tmp_path / ".aep-client-secret"
    secret.write_text(f"{aep_emulator.client_secret}\n", encoding="utf-8")
    right = aep_emulator.environment()
    shell = Shell(tmp_path, tmp_path / "home", engine, {**right, "HOME": str(tmp_path), "AEP_CLIENT_SECRET": ""})
    given = _commands(DOCS / "settings.md")
    # The placeholders of the page, and what the emulator knows.
    for name in ("AEP_ORG_ID", "AEP_CLIENT_ID"):
        given = re.sub(rf"{name}=\S+", f"{name}={right[name]}", given)

    shown = shell.run(given + _commands(DOCS / "authentication.md"))

    assert right["AEP_ORG_ID"] in shown
    assert aep_emulator.client_secret not in shown


def test_every_error_on_the_way_leads_to_its_section(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    page = DOCS / "getting-started-organization.md"
    folder = tmp_path / "project"
    _write_the_project(page, folder)
    right = aep_emulator.environment()
    settings = {"Server": postgres.host, "Port": str(postgres.port), "Database": crm.name, "Encryption": "disable"}
    config = {f"crm-source:crm{name}": value for name, value in {**settings, "Username": crm.role}.items()}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")
    shell = Shell(folder, tmp_path / "home", engine, right)
    shell.run("pulumi stack init dev && pulumi config set --secret crmPassword", answer="not the role's password")

    met = []
    for wrong in (
        {"AEP_CLIENT_SECRET": ""},
        {"AEP_CLIENT_SECRET": "p8e-not-the-clients-secret"},
        {"AEP_SANDBOX_NAME": "nowhere"},
        {},
    ):
        shell.environment.update({**right, **wrong})
        with pytest.raises(AssertionError) as failed:
            shell.run("pulumi up")
        pointer = re.search(r"See: (pulumi-adobe-aep explain (\w+))", str(failed.value))
        assert pointer is not None, str(failed.value)
        met.append(pointer[2])
        assert pointer[2] in shell.run(pointer[1])

    assert met == ["SettingsError", "TokenRefused", "NotFound", "VerificationFailed"]
    assert aep_emulator.connections() == []
