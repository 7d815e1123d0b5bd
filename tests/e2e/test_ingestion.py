"""A table lands in a dataset, with the real engine, a real PostgreSQL and the emulator's runs."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.ingestion import entity_ids, ingestion, make_dataset, paths
from tests.support.stack import Stack
from tools.database import PostgresServer, SampleDatabase

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def dataset(aep_emulator: Emulator) -> str:
    return make_dataset(aep_emulator)


def test_a_program_of_twenty_lines_ends_with_rows_stays_unchanged_by_runs_and_destroy_leaves_nothing(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase, dataset: str
) -> None:
    aep_emulator.switch(mapping_delete="supported")
    program = ingestion(postgres, crm, dataset)

    stack.up(program)
    assert sorted(paths(aep_emulator)) == [
        "GET /flowservice/connections/ID/explore",
        "POST /conversion/mappingSets",
        "POST /conversion/mappingSets/validate",
        "POST /flowservice/connections",
        "POST /flowservice/flows",
        "POST /flowservice/sourceConnections",
        "POST /flowservice/targetConnections",
        "POST /ims/token/v3",
    ]
    stack.preview(expect_no_changes=True)
    stack.up(expect_no_changes=True)
    assert paths(aep_emulator) == []

    aep_emulator.advance(10 * MINUTE)
    rows = aep_emulator.rows(dataset)
    assert len(rows) == 3
    assert all(row["_acme"]["email"] == row["_acme"]["email"].lower() for row in rows)

    aep_emulator.advance(3 * HOUR)
    stack.up(refresh=True, expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    aep_emulator.forget_requests()
    stack.destroy()
    deleted = [line for line in paths(aep_emulator) if line.startswith("DELETE")]
    assert [line.split("/")[2] for line in deleted].index("flows") == 0
    assert entity_ids(aep_emulator) == {key: [] for key in entity_ids(aep_emulator)}
