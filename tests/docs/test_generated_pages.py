"""The generated pages are those that the code gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_adobe_aep import errors, settings
from pulumi_adobe_aep.api import error_responses
from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES, PostgresInputs
from tools.docs import pages, raised, settings_page
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
    names += [name for kind in PostgresInputs.auth_kinds for name in kind.model_fields if name != "spec_name"]
    assert [name for name in names if f"| `{name}` |" not in page] == []


def test_every_error_has_a_section_that_its_message_names() -> None:
    page = pages.render("errors.md")
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.AepError)]
    assert len(classes) > 20
    for cls in classes:
        assert f"\n### {cls.__name__}\n" in page
    assert str(errors.SettingsError("It failed.")).endswith("\nSee: docs/errors.md#settingserror")


def test_every_code_of_adobes_with_advice_is_on_the_page() -> None:
    page = pages.render("errors.md")
    assert [code for code in error_responses.ADVICE if f"`{code}`" not in page] == []


def test_every_setting_is_on_the_page() -> None:
    page = settings_page.render()
    names = [each for each in vars(settings).values() if isinstance(each, settings.Name)]
    assert len(names) > 10
    assert [name for name in names if f"| `{name.environment}` | `adobe-aep:{name.config}` |" not in page] == []


def test_every_error_that_the_provider_makes_says_what_to_do() -> None:
    # What a service's answer means is decided by its code, and a declaration's problems say themselves what is allowed.
    said_elsewhere = {"InvalidInputs", "DeclarationError"}
    found = raised.raised()
    assert len(found) > 30
    assert [place for place in found if not place.advice and place.error not in said_elsewhere] == []


def test_a_cell_survives_bars_and_line_breaks() -> None:
    assert table(("a", "b"), [("x | y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x \\| y | one two |\n"


def test_every_module_has_its_reason_in_how_it_works() -> None:
    page = (pages.FOLDER / "how-it-works.md").read_text(encoding="utf-8")
    modules = {path.stem for path in raised.PACKAGE.glob("*.py")} - {"__init__", "_version"}
    assert {module for module in modules if f"`{module}`" not in page} == set()
