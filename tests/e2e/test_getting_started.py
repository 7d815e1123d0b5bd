"""A new user gets from the first page to a running connection, by what the page has alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.database import PostgresServer, SampleDatabase
from tools.engine import Engine

DOCS = ROOT / "docs"
FILES = {"yaml": "Pulumi.yaml", "python": "__main__.py"}
"""Where a reader saves a page's block that is not a command."""


def _write_the_project(page: Path, folder: Path) -> None:
    folder.mkdir()
    for language, name in FILES.items():
        block = blocks(page, language)[0]
        (folder / name).write_text(block.text, encoding="utf-8")


def _by_the_letter(page: Path) -> str:
    """Return all that a reader does, from the top to the end of a page, as one script: commands and files."""
    for name in FILES.values():
        assert f"`{name}`" in page.read_text(encoding="utf-8")
    return "\n".join(
        block.text if block.language == "sh" else f"cat > {FILES[block.language]} <<'END'\n{block.text}END"
        for block in blocks(page, "sh", *FILES)
        if not block.not_run
    )


def _bare_shell(folder: Path, home: Path, engine: Engine, environment: Mapping[str, str]) -> Shell:
    """Return the shell of somebody who has no backend, no passphrase and no project yet."""
    folder.mkdir()
    shell = Shell(folder, home, engine, environment)
    for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
        del shell.environment[name]
    return shell


def _commands(page: Path) -> str:
    """Return the page's commands as one script, because one person types them into one shell."""
    return "\n".join(block.text for block in blocks(page, "sh") if not block.not_run)


def test_with_the_emulator_to_the_rows_in_a_dataset(
    tmp_path: Path, engine: Engine, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    page = DOCS / "getting-started-emulator.md"
    folder = tmp_path / "project"
    database = {"PGHOST": postgres.host, "PGPORT": str(postgres.port), "PGDATABASE": crm.name}
    role = {"PGUSER": postgres.user, "PGPASSWORD": postgres.password}
    shell = _bare_shell(folder, tmp_path / "home", engine, {**database, **role})

    shown = shell.run(_by_the_letter(page), answer="a password")

    made = re.search(r'connectionId: "([0-9a-f-]{36})"', shown)
    assert made is not None
    assert re.search(rf"^{made[1]}.* crm +.*(initializing|enabled) ", shown, re.MULTILINE)
    rows = [[row["_acme"]["email"] for row in json.loads(found)] for found in re.findall(r"\[\{.*?\}\]", shown)]
    first = ["ada@example.com", "grace@example.com"]
    assert rows == [first, [*first, "annie@example.com"]]
    assert "- 7 deleted" in shown
    assert "a password" not in shown
    assert postgres.password not in shown


def test_with_an_organization(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    page = DOCS / "getting-started-organization.md"
    folder = tmp_path / "project"
    database = {"CRM_SERVER": postgres.host, "CRM_DATABASE": crm.name, "CRM_USERNAME": crm.role}
    shell = _bare_shell(folder, tmp_path / "home", engine, {**aep_emulator.environment(), **database})
    here = {"crm-source:crmPort": str(postgres.port), "crm-source:crmEncryption": "disable"}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": here}), encoding="utf-8")

    shown = shell.run(_by_the_letter(page), answer=f"a passphrase\n{crm.password}")

    made = re.search(r'connectionId: "([0-9a-f-]{36})"', shown)
    assert made is not None
    assert all(table in shown for table in crm.tables)
    assert crm.password not in shown
    assert "a passphrase" not in shown
    assert f"/connections/{made[1]}" in [each.path for each in aep_emulator.requests(method="DELETE")][-1]
    assert aep_emulator.connections() == []
    # What is asked for by the page is asked for again by the stack: the passphrase was used.
    shell.environment.update({"PULUMI_BACKEND_URL": f"file://{folder}/state", "PULUMI_CONFIG_PASSPHRASE": "another"})
    with pytest.raises(AssertionError, match="incorrect passphrase"):
        shell.run("pulumi preview --stack dev")


def test_a_server_that_adobe_cannot_reach_is_warned_of_where_the_service_is_not_on_this_machine(
    tmp_path: Path, engine: Engine
) -> None:
    page = DOCS / "getting-started-organization.md"
    folder = tmp_path / "project"
    _write_the_project(page, folder)
    config = {"crmServer": "localhost", "crmDatabase": "crm", "crmUsername": "reader"}
    prefixed = {f"crm-source:{name}": value for name, value in config.items()}
    (folder / "Pulumi.dev.yaml").write_text(json.dumps({"config": prefixed}), encoding="utf-8")
    shell = Shell(folder, tmp_path / "home", engine, {"AEP_SANDBOX_NAME": "dev"})
    shell.run("pulumi stack init dev && pulumi config set --secret crmPassword", answer="a password")

    shown = shell.run("pulumi preview")

    assert "auth.server: the server's name or address is known on this machine or in this network only" in shown
    assert "Adobe's servers must reach it" in " ".join(shown.split())


@pytest.mark.parametrize("page", ["getting-started-emulator.md", "getting-started-organization.md"])
def test_who_knows_no_pulumi_learns_its_four_words_before_the_first_command_in_three_lines_each(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    explained = re.findall(
        r"^- .*?(?=^- |^$)", text[text.index("Four words of Pulumi first") :], re.MULTILINE | re.DOTALL
    )
    words = ("**Login**", "**passphrase**", "**stack**", "**Yes**")
    assert [word for word, entry in zip(words, explained[:4], strict=True) if word not in entry] == []
    assert all(len(entry.splitlines()) in (2, 3) for entry in explained[:4])
    assert text.index("**Yes**") < text.index("pulumi stack init")
    assert "Windows" in text
    assert "use WSL" in text


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
