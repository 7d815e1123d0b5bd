"""The outcome of a run."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi_adobe_aep.emulator.data_prep.mapping import Problem

JsonObject = dict[str, object]
Status = Literal["success", "failed"]

COPY_FAILED: Final = "CONNECTOR-1001-500"
"""Adobe: copying the data from the source failed."""
PROMOTION_FAILED: Final = "CONNECTOR-2001-500"
"""Adobe: processing the copied data failed, which is parsing, validation or transformation."""
BATCH_FAILED: Final = "CONNECTOR-3001-500"
"""Adobe: the batch could not be made."""
ROWS_FAILED: Final = "INGEST-1212-400"
MAPPING_FAILED: Final = "MAPPER-3700-400"

_SAMPLES: Final = 10


class RunError(Exception):
    """A run that cannot go on.

    Args:
        code: one of Adobe's codes for runs.
        message: what happened; it holds no secret.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class RowError:
    """One row that was not ingested: its number in the run, from 1 on, and why; no value of it."""

    row: int
    problem: Problem

    def item(self) -> JsonObject:
        """Return it as JSON."""
        return {"row": self.row, **self.problem.item()}


@dataclass
class Outcome:
    """The true counts of a run.

    Attributes:
        reasons: how many rows failed, by destination and reason.
        samples: the first rows that failed.
        error: what ended the run before its end, if anything.
    """

    input_rows: int = 0
    output_rows: int = 0
    failed_rows: int = 0
    input_bytes: int = 0
    output_bytes: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[RowError] = field(default_factory=list)
    error: RunError | None = None

    @property
    def status(self) -> Status:
        """Whether the batch is there: a run with failed rows below its limit is a success."""
        return "success" if self.error is None else "failed"

    @property
    def is_partial(self) -> bool:
        """Whether some rows are there and some failed."""
        return self.error is None and self.failed_rows > 0

    def fail_row(self, problem: Problem) -> None:
        """Count a row that cannot be mapped."""
        self.failed_rows += 1
        self.reasons[(problem.destination, problem.reason)] += 1
        if len(self.samples) < _SAMPLES:
            self.samples.append(RowError(self.input_rows, problem))

    def fail(self, error: RunError) -> None:
        """Note what ended the run: nothing of it is kept."""
        self.error = error
        self.output_rows = self.output_bytes = 0
