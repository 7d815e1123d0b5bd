"""Every example, by the commands of its README, with the real engine."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.store.entities import Kind
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.database import PostgresServer, SampleDatabase
from tools.engine import Engine, ensure_engine
from tools.schema.sdks import write_sdks

EXAMPLES = Path(__file__).parents[2] / "examples"
PASSWORD = "an example's password"

CUSTOMERS = ["ada@example.com", "grace@example.com", "jürgen@example.com"]
ENTITIES: tuple[Kind, ...] = ("connections", "sourceConnections", "targetConnections", "mappingSets", "flows")

# In tests of their own: the quickstart is what `make demo` shows, and the commands of the pipelines are run as the
# pipelines run them.
ELSEWHERE = {"quickstart", "pipelines"}


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine with the hosts of the languages that the examples are written in."""
    return ensure_engine(languages=["yaml", "nodejs"])


class Example:
    """A copy of an example, and somebody who reads its README from the top."""

    def __init__(self, name: str, shell: Shell) -> None:
        self.shell = shell
        self._blocks = iter([block for block in blocks(EXAMPLES / name / "README.md", "sh") if not block.not_run])

    def follow(self, answer: str = "") -> str:
        """Run the README's next block of commands."""
        return self.shell.run(next(self._blocks).text, answer=answer)

    def is_settled(self) -> None:
        """Prove that an up has nothing to do, even after a refresh."""
        self.shell.run("pulumi up --refresh --expect-no-changes")

    def is_read_to_the_end(self) -> None:
        """Prove that no block of the README was left out."""
        assert list(self._blocks) == []


@pytest.fixture
def example(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> Iterator[Callable[[str], Example]]:
    """Return what copies an example and opens a shell in the copy."""
    opened: list[Example] = []

    def open_example(name: str) -> Example:
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        opened.append(Example(name, Shell(folder, tmp_path / "home", engine, aep_emulator.environment())))
        return opened[-1]

    yield open_example
    for each in opened:
        each.is_read_to_the_end()


def test_one_list_brings_the_same_connection_to_many_sandboxes(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    many = example("many-sandboxes")

    many.follow(PASSWORD)
    before = {each["sandboxName"]: each["id"] for each in _connections(aep_emulator)}
    many.follow()

    after = {each["sandboxName"]: each["id"] for each in _connections(aep_emulator)}
    assert sorted(after) == ["dev", "prod", "stage"]
    assert before.items() <= after.items()
    many.is_settled()
    many.follow()
    assert _connections(aep_emulator) == []


def test_three_databases_of_different_makes_come_from_one_loop(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    three = example("three-databases")

    for _ in range(3):
        three.follow(PASSWORD)
    sent = {str(each["name"]): each["auth"]["params"]["connectionString"] for each in _connections(aep_emulator)}
    assert {name: text.split(";")[0] for name, text in sent.items()} == {
        "crm": "Server=crm-db.example.com",
        "shop": "Server=shop-db.example.com",
        "erp": "Data Source=erp-db.example.com,1433",
    }
    three.is_settled()
    listed = three.follow()
    assert [source in listed for source in ("PostgreSQL", "MySQL", "Microsoft SQL Server")] == [True] * 3
    three.follow()
    assert _connections(aep_emulator) == []


def test_each_stack_of_a_shared_component_has_a_sandbox_of_its_own(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    component = example("component")

    component.follow(PASSWORD)
    component.follow(PASSWORD)
    component.follow(PASSWORD)

    shown = {
        each["sandboxName"]: each["auth"]["params"]["connectionString"].split(";")[0]
        for each in _connections(aep_emulator)
    }
    assert shown == {
        "dev": "Server=crm-db.dev.example.com",
        "stage": "Server=crm-db.stage.example.com",
        "prod": "Server=crm-db.example.com",
    }
    component.is_settled()
    component.follow()
    assert _connections(aep_emulator) == []


def test_a_rotation_between_two_roles_keeps_the_connection(
    example: Callable[[str], Example], aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    for role, password in (("aep_reader_blue", PASSWORD), ("aep_reader_green", "another password")):
        postgres.execute(f"CREATE ROLE {role} LOGIN")
        postgres.set_password(role, password)
    rotation = example("rotation")
    project = {"crmServer": postgres.host, "crmPort": str(postgres.port), "crmDatabase": crm.name}
    settings = {"config": {f"aep-rotation:{key}": value for key, value in project.items()}}
    (rotation.shell.folder / "Pulumi.dev.yaml").write_text(json.dumps(settings), encoding="utf-8")

    rotation.follow(PASSWORD)
    (before,) = _connections(aep_emulator)
    shown = rotation.follow("another password")

    (after,) = _connections(aep_emulator)
    assert after["id"] == before["id"]
    assert "UID=aep_reader_green;Password=another password" in after["auth"]["params"]["connectionString"]
    assert '~ username: "aep_reader_blue" => "aep_reader_green"' in shown
    assert "~ password: [secret] => [secret]" in shown
    assert "another password" not in shown
    rotation.is_settled()
    rotation.follow()


def test_a_program_in_yaml_is_served_by_the_plugin(example: Callable[[str], Example], aep_emulator: Emulator) -> None:
    in_yaml = example("yaml")

    in_yaml.follow()
    assert "+ adobe-aep:index:PostgresBaseConnection: (create)" in in_yaml.follow(PASSWORD)
    (created,) = _connections(aep_emulator)
    in_yaml.shell.run("pulumi up --expect-no-changes")
    assert "~ password: [secret] => [secret]" in " ".join(in_yaml.follow("another password").split())
    (rotated,) = _connections(aep_emulator)
    assert rotated["id"] == created["id"]
    assert "another password" in rotated["auth"]["params"]["connectionString"]
    in_yaml.is_settled()
    in_yaml.follow()
    assert _connections(aep_emulator) == []


def test_a_program_in_typescript_is_typed_by_the_schema(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    in_typescript = example("typescript")
    _generate_the_sdk(in_typescript)

    in_typescript.follow()
    in_typescript.follow(PASSWORD)
    (created,) = _connections(aep_emulator)
    assert PASSWORD in created["auth"]["params"]["connectionString"]
    in_typescript.is_settled()
    in_typescript.follow()
    assert _connections(aep_emulator) == []


def test_a_connection_made_by_hand_is_taken_over_and_given_back(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    made_by_hand = aep_emulator.create_connection(
        "CRM",
        "Server=old.example.com;Database=crm;Port=5432;UID=me;Password=mine",
        description="Read replica of the CRM",
    )
    existing = example("import-existing")
    existing.shell.environment["CONNECTION_ID"] = str(made_by_hand["id"])

    existing.follow(PASSWORD)

    (found,) = _connections(aep_emulator)
    assert {key: found[key] for key in ("id", "name", "description")} == {
        key: made_by_hand[key] for key in ("id", "name", "description")
    }
    assert f"UID=aep_reader;Password={PASSWORD};" in found["auth"]["params"]["connectionString"]
    existing.follow()
    existing.is_settled()
    existing.follow()
    assert [each["id"] for each in _connections(aep_emulator)] == [made_by_hand["id"]]


def test_a_write_only_password_is_pushed_by_its_version_and_never_in_the_state(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    write_only = example("write-only-secret")
    write_only.shell.environment["CRM_DB_PASSWORD"] = "the first one"
    write_only.follow()

    write_only.shell.environment["CRM_DB_PASSWORD"] = "the second one"
    write_only.is_settled()
    write_only.follow()

    (found,) = _connections(aep_emulator)
    assert "Password=the second one;" in found["auth"]["params"]["connectionString"]
    state = write_only.shell.run("pulumi stack export --show-secrets")
    assert "the first one" not in state
    assert "the second one" not in state
    assert json.loads(state)["deployment"]["resources"]
    write_only.follow()


def test_a_role_and_its_connection_are_made_and_rotated_together(
    example: Callable[[str], Example], aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    chained = example("credentials-from-outputs")
    chained.shell.environment.update(_libpq(postgres, crm.name))

    chained.follow()
    first = _string(aep_emulator)
    chained.follow()

    assert _string(aep_emulator) != first
    chained.is_settled()
    chained.follow()
    assert postgres.execute("SELECT FROM pg_roles WHERE rolname = 'aep_reader'") == []


def test_a_script_brings_the_connection_to_each_sandbox_it_is_given(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    script = example("automation-api")
    script.shell.environment["CRM_DB_PASSWORD"] = PASSWORD

    shown = script.follow()

    made = _connections(aep_emulator)
    assert sorted(each["sandboxName"] for each in made) == ["dev", "stage"]
    assert all(each["id"] in shown for each in made)
    script.follow()
    assert _connections(aep_emulator) == []


def test_the_unit_tests_of_a_program_pass_and_the_program_itself_is_previewed(
    example: Callable[[str], Example], aep_emulator: Emulator
) -> None:
    tested = example("unit-tests")

    assert "3 passed" in tested.follow()
    assert "3 to create" in tested.follow(PASSWORD)
    assert aep_emulator.requests() == []


def test_a_table_lands_in_the_dataset_of_each_stage_runs_change_nothing_and_destroy_leaves_nothing(
    example: Callable[[str], Example], aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    aep_emulator.switch(mapping_delete="supported")
    ingestion = example("ingestion")
    for stage in ("dev", "prod"):
        _put_the_database(ingestion.shell.folder, stage, postgres, crm)

    ingestion.follow()
    datasets = {each["sandboxName"]: str(each["id"]) for each in aep_emulator.entities("dataSets")}
    assert sorted(datasets) == ["dev", "prod"]
    assert "+ 7 created" in ingestion.follow(crm.password)  # five entities, the component and the stack
    ingestion.follow()
    shown = ingestion.follow()

    emails = [row["_acme"]["email"] for row in aep_emulator.rows(datasets["dev"])]
    assert emails == CUSTOMERS
    assert all(json.dumps(email) in shown or email in shown for email in emails)
    assert aep_emulator.rows(datasets["prod"]) == []

    (flow,) = aep_emulator.entities("flows")
    for _ in range(3):
        aep_emulator.run(flow["id"])
    ingestion.shell.run("pulumi up --expect-no-changes")
    ingestion.shell.run("pulumi refresh --expect-no-changes")
    ingestion.shell.run("pulumi preview --expect-no-changes")

    ingestion.follow(crm.password)
    flows = {each["sandboxName"]: str(each["id"]) for each in aep_emulator.entities("flows")}
    aep_emulator.run(flows["prod"])
    assert [row["_acme"]["email"] for row in aep_emulator.rows(datasets["prod"])] == emails
    assert [row["_acme"]["email"] for row in aep_emulator.rows(datasets["dev"])] == emails
    ingestion.is_settled()

    ingestion.follow()
    assert [each for kind in ENTITIES for each in aep_emulator.entities(kind)] == []
    assert json.loads(ingestion.shell.run("pulumi stack export --stack dev"))["deployment"].get("resources", []) == []


def test_a_table_lands_in_a_dataset_by_a_program_in_yaml(
    example: Callable[[str], Example], aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    in_yaml = example("yaml-ingestion")

    in_yaml.follow()
    _follow_an_ingestion(in_yaml, aep_emulator, postgres, crm)


# npm may have to download the SDK.
@pytest.mark.timeout(900)
def test_a_table_lands_in_a_dataset_by_a_program_in_typescript(
    example: Callable[[str], Example], aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    in_typescript = example("typescript-ingestion")
    _generate_the_sdk(in_typescript)

    in_typescript.follow()
    _follow_an_ingestion(in_typescript, aep_emulator, postgres, crm)


def test_no_example_is_without_a_test() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    for folder in sorted(EXAMPLES.iterdir()):
        if folder.is_dir() and folder.name not in ELSEWHERE:
            assert f'example("{folder.name}")' in here


def _generate_the_sdk(example: Example) -> None:
    """Generate the SDK that the README has generated by a language host, and tell npm where its registry is."""
    write_sdks(example.shell.folder / "sdks", ["nodejs"])
    npm = {name: value for name, value in os.environ.items() if name.startswith("npm_config_")}
    example.shell.environment.update(npm)


def _follow_an_ingestion(example: Example, emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase) -> None:
    """Follow the rest of a README, from the dataset to the end, and look at the rows."""
    emulator.switch(mapping_delete="supported")
    example.shell.environment.update(_libpq(postgres, crm.name) | {"PGUSER": crm.role})

    example.follow()
    (dataset,) = emulator.entities("dataSets")
    assert "+ 6 created" in example.follow(crm.password)  # five entities and the stack
    assert "ada@example.com" in example.follow()
    assert [row["_acme"]["email"] for row in emulator.rows(str(dataset["id"]))] == CUSTOMERS
    example.follow()
    example.is_settled()

    example.follow()
    assert [each for kind in ENTITIES for each in emulator.entities(kind)] == []


def _put_the_database(folder: Path, stage: str, postgres: PostgresServer, crm: SampleDatabase) -> None:
    """Write what a reader writes into the file of a stage: its sandbox, and the database that is there."""
    configuration = {
        "sandbox": stage,
        "schemaId": "https://ns.adobe.com/acme/schemas/customers",
        "crmServer": postgres.host,
        "crmPort": str(postgres.port),
        "crmDatabase": crm.name,
        "crmUsername": crm.role,
        "crmEncryption": "disable",
    }
    text = json.dumps({"config": {f"aep-ingestion:{key}": value for key, value in configuration.items()}})
    (folder / f"Pulumi.{stage}.yaml").write_text(text, encoding="utf-8")


def _libpq(postgres: PostgresServer, database: str) -> dict[str, str]:
    return {
        "PGHOST": postgres.host,
        "PGPORT": str(postgres.port),
        "PGDATABASE": database,
        "PGUSER": postgres.user,
        "PGPASSWORD": postgres.password,
    }


def _connections(emulator: Emulator) -> list[dict[str, Any]]:
    """Return the connections with their secrets."""
    return [dict(each) for each in emulator.connections(secrets=True)]


def _string(emulator: Emulator) -> str:
    (found,) = _connections(emulator)
    return str(found["auth"]["params"]["connectionString"])
