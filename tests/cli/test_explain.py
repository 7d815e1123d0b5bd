"""`explain`: what a message's last line leads to."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep._addresses import REPOSITORY
from tests.cli.command_line import CommandLine


@pytest.fixture
def bare(command: CommandLine) -> CommandLine:
    """Return the command as somebody has it who has set nothing."""
    command.environment = {name: value for name, value in command.environment.items() if not name.startswith("AEP_")}
    return command


@pytest.mark.parametrize("name", ["EntityInUse", "entityinuse", "pulumi_adobe_aep.EntityInUse"])
def test_a_class_of_errors_is_explained_as_its_page_does_it(bare: CommandLine, name: str) -> None:
    shown = bare.succeeds("explain", name).out
    assert shown.startswith("EntityInUse\n\nThe connection cannot be deleted while dataflows use it.\n")
    assert "\nWhat to do: Delete the dataflows first, then" in shown
    assert f"\nOn the web: {REPOSITORY}/blob/" in shown
    assert shown.endswith("/docs/errors.md#entityinuse\n")


def test_a_terminal_gets_no_marks_of_markdown_and_no_line_longer_than_it_is(bare: CommandLine) -> None:
    shown = bare.succeeds("explain", "SettingsError", COLUMNS="60").out
    assert "What happened: A setting cannot be used." in shown
    assert [mark for mark in ("| ", "&lt;", "<br>", "](", "\\*") if mark in shown] == []
    prose = [line for line in shown.splitlines() if not line.startswith("On the web: ")]
    assert max(map(len, prose)) <= 60


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("1418", "Delete the dataflows"),
        ("FLOW-1418-400", "Delete the dataflows"),
        ("1404", "Somebody changed it"),
        ("CONNECTOR-1404-400", "backfill"),
        ("CONNECTOR-1362-400", "15 minutes or more"),
        ("CONNECTOR-1001-500", "Adobe could not read the table."),
        ("429", "lower AEP_MAX_CONCURRENCY"),
    ],
)
def test_a_code_of_adobes_and_a_status_are_explained(bare: CommandLine, code: str, advice: str) -> None:
    assert advice in bare.succeeds("explain", code).out


def test_without_a_name_all_are_listed(bare: CommandLine) -> None:
    assert {"EntityInUse", "PulumiFailed", "1418", "429"} <= set(bare.succeeds("explain").out.splitlines())


def test_a_misspelled_name_is_a_usage_error_that_names_the_nearest(bare: CommandLine) -> None:
    ended = bare.run("explain", "EntityInUs")
    assert ended.code == 2
    assert "There is no page about 'EntityInUs'. Did you mean EntityInUse?" in ended.err
    assert "Did you mean" not in bare.run("explain", "xyz").err


def test_the_last_line_of_a_message_is_a_command_that_explains_it(bare: CommandLine) -> None:
    last = bare.run("connections").err.splitlines()[-1]
    program, *arguments = last.removeprefix("See: ").split()
    assert program == "pulumi-adobe-aep"
    assert bare.succeeds(*arguments).out.startswith("SettingsError\n")
