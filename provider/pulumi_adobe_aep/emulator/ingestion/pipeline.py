"""From a table's rows to a batch's records, a part at a time."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from pulumi_adobe_aep.emulator.data_prep.mapping import MappingError, RecordMapping
from pulumi_adobe_aep.emulator.databases.postgresql import DatabaseError
from pulumi_adobe_aep.emulator.databases.rows import Row
from pulumi_adobe_aep.emulator.ingestion.outcome import COPY_FAILED, PROMOTION_FAILED, Outcome, RunError


@dataclass(frozen=True)
class Job:
    """What a run has to do.

    Attributes:
        parts: the rows, in parts.
        tolerated: the percentage of rows that may fail.
    """

    parts: AsyncGenerator[list[Row], None]
    mapping: RecordMapping
    tolerated: float


async def run(job: Job, keep: Callable[[Sequence[str]], None]) -> Outcome:
    """Read, map and keep the rows of a job, and return the counts; no failure is raised.

    Args:
        job: what to do.
        keep: is given the records as JSON, a part at a time; they do not count when the outcome is a failure.
    """
    outcome = Outcome()
    try:
        async with aclosing(job.parts) as parts:
            async for part in parts:
                keep([record for row in part if (record := _record(job, row, outcome)) is not None])
    except DatabaseError as error:
        outcome.fail(RunError(COPY_FAILED, f"Error occurred at copy activity: {error}"))
        return outcome
    if outcome.failed_rows * 100 > job.tolerated * outcome.input_rows:
        text = f"{outcome.failed_rows} of {outcome.input_rows} rows failed, more than {job.tolerated:g} percent."
        outcome.fail(RunError(PROMOTION_FAILED, f"Error occurred at promotion activity: {text}"))
    return outcome


def _record(job: Job, row: Row, outcome: Outcome) -> str | None:
    """Return a row's record, None when it failed."""
    outcome.input_rows += 1
    outcome.input_bytes += len(_json(row))
    try:
        record = _json(job.mapping.record(row))
    except MappingError as error:
        outcome.fail_row(error.problem)
        return None
    outcome.output_rows += 1
    outcome.output_bytes += len(record)
    return record


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
