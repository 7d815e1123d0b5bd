"""The generated pages are those that the code makes."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep import errors, settings
from pulumi_adobe_aep.api import error_responses
from pulumi_adobe_aep.cli import pages as cli_pages
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from tools.docs import error_causes, error_page, pages, settings_page
from tools.docs.tables import table


def test_no_generated_page_is_stale() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tools.docs", "--check"],
        cwd=pages.FOLDER.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", pages.PAGES)
def test_a_changed_page_is_stale_until_it_is_written_again(name: str, tmp_path: Path) -> None:
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []

    page = tmp_path / name
    page.write_text(page.read_text(encoding="utf-8").replace("AEP_", "APE_").replace("a", "b", 1), encoding="utf-8")

    assert pages.stale(tmp_path) == [page]
    assert pages.write(tmp_path) == [page]
    assert pages.stale(tmp_path) == []


def test_every_input_output_and_part_of_an_auth_is_in_the_field_table() -> None:
    page = pages.render("inputs-and-outputs.md")
    names = list(POSTGRES.keys)
    names += [name for kind in POSTGRES.inputs.auth_kinds for name in kind.model_fields if name != "spec_name"]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_every_public_name_has_a_section_in_the_api_reference_and_every_argument_a_row() -> None:
    page = pages.render("api.md")
    names = [name for name in dir(aep) if not name.startswith("_")]
    assert [name for name in names if f"\n## `{name}`\n" not in page] == []
    for cls in (
        aep.PostgresBaseConnection,
        aep.PostgresBaseConnection.get,
        aep.ConnectionStringAuth,
        aep.SecretFromEnv,
    ):
        arguments = inspect.signature(cls).parameters
        assert [name for name in arguments if f"\n| `{name}` | " not in page] == []


def test_every_error_has_a_section_that_the_command_in_its_message_shows() -> None:
    page = pages.render("errors.md")
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.AepError)]
    assert len(classes) > 20
    for cls in classes:
        assert f"\n### {cls.__name__}\n" in page
        assert cls.__name__ in cli_pages.classes()
    assert errors.SettingsError("It failed.").render(PYTHON).endswith("\nSee: pulumi-adobe-aep explain SettingsError")


def test_every_code_of_adobes_with_advice_is_on_the_page() -> None:
    page = pages.render("errors.md")
    assert [code for code in error_responses.ADVICE if f"`{code}`" not in page] == []


def test_every_setting_is_on_the_page() -> None:
    page = settings_page.render()
    names = [each for each in vars(settings).values() if isinstance(each, settings.Name)]
    assert len(names) > 10
    assert [name for name in names if f"| `{name.environment}` | `adobe-aep:{name.config}` |" not in page] == []


def test_every_class_of_error_says_what_to_do() -> None:
    # What a response of the service means is decided by its code.
    said_elsewhere = (errors.ServiceError,)
    named = {cls.__name__ for cls in error_page.classes() if cls is not errors.AepError}
    by_code = {cls.__name__ for cls in error_page.classes() if issubclass(cls, said_elsewhere)}
    assert named - by_code == set(error_causes.CAUSES)


def test_a_cell_survives_bars_and_line_breaks() -> None:
    assert table(("a", "b"), [("x | y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x \\| y | one two |\n"


def test_every_module_has_its_reason_in_how_it_works() -> None:
    page = (pages.FOLDER / "how-it-works.md").read_text(encoding="utf-8")
    package = Path(aep.__file__).parent
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "_version", "_addresses"}
    assert {module for module in modules if f"`{module}`" not in page} == set()
