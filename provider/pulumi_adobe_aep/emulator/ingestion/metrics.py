"""A run's outcome as Flow Service shows it.

Source: the response on Adobe's page "Monitor dataflows using the Flow Service API".
"""

from dataclasses import dataclass

from pulumi_adobe_aep.emulator.ingestion.outcome import MAPPING_FAILED, PROMOTION_FAILED, ROWS_FAILED, Outcome
from pulumi_adobe_aep.emulator.ingestion.schedule import Window

JsonObject = dict[str, object]


@dataclass(frozen=True)
class Report:
    """What a run's metrics are made of. Times are milliseconds.

    Attributes:
        partial_status: how a success with failed rows is called.
        diagnostics: whether errors are described row by row.
        batch_url: where the batch's files would be.
    """

    outcome: Outcome
    started: int
    completed: int
    window: Window | None
    source_id: str
    target_id: str
    batch_id: str
    copy_id: str
    partial_status: str
    diagnostics: bool
    batch_url: str

    @property
    def status(self) -> str:
        """How the run ended."""
        return self.partial_status if self.outcome.is_partial else self.outcome.status

    def metrics(self) -> JsonObject:
        """Return the run's ``metrics``."""
        return {
            "durationSummary": {"startedAtUTC": self.started, "completedAtUTC": self.completed},
            "sizeSummary": self._sizes(),
            "recordSummary": self._records(),
            "fileSummary": self._files(),
            "statusSummary": self._status(),
        }

    def activities(self) -> list[JsonObject]:
        """Return the run's ``activities``: the copy from the source and the promotion into the batch."""
        copy: JsonObject = {
            "id": "copyActivity",
            "updatedAtUTC": self.completed,
            "durationSummary": {**self._duration(), "extensions": self._window()},
            "sizeSummary": {"inputBytes": self.outcome.input_bytes, "outputBytes": self.outcome.input_bytes},
            "recordSummary": {},
            "fileSummary": self._files(),
            "statusSummary": self._copied(),
            "sourceInfo": [_reference(self.source_id, "SourceConnection", "AdfRunId", self.copy_id)],
        }
        if self._copied()["status"] == "failed":
            return [copy]
        promotion: JsonObject = {
            "id": "promotionActivity",
            "updatedAtUTC": self.completed,
            "durationSummary": self._duration(),
            "sizeSummary": self._sizes(),
            "recordSummary": self._records(),
            "fileSummary": self._files(),
            "statusSummary": {**self._status(), "extensions": self._promoted()},
            "targetInfo": [_reference(self.target_id, "TargetConnection", "Batch", self.batch_id)],
        }
        return [copy, promotion]

    def _duration(self) -> JsonObject:
        return {"startedAtUTC": self.started, "completedAtUTC": self.completed}

    def _window(self) -> JsonObject:
        if self.window is None:
            return {"windowStart": 0, "windowEnd": self.started}
        return {"windowStart": self.window.start or 0, "windowEnd": self.window.end}

    def _sizes(self) -> JsonObject:
        return {"inputBytes": self.outcome.input_bytes, "outputBytes": self.outcome.output_bytes}

    def _records(self) -> JsonObject:
        return {
            "inputRecordCount": self.outcome.input_rows,
            "outputRecordCount": self.outcome.output_rows,
            "failedRecordCount": self.outcome.failed_rows,
        }

    def _files(self) -> JsonObject:
        return {
            "inputFileCount": int(self.outcome.input_rows > 0),
            "outputFileCount": int(self.outcome.output_rows > 0),
        }

    def _status(self) -> JsonObject:
        error = self.outcome.error
        if error is not None:
            return {"status": self.status, "errors": [{"code": error.code, "message": str(error)}]}
        if self.outcome.is_partial:
            message = "Error occurred at promotion activity."
            return {"status": self.status, "errors": [{"code": PROMOTION_FAILED, "message": message}]}
        return {"status": self.status}

    def _copied(self) -> JsonObject:
        error = self.outcome.error
        if error is None or error.code == PROMOTION_FAILED:
            return {"status": "success"}
        return self._status()

    def _promoted(self) -> JsonObject:
        failed = self.outcome.failed_rows
        if not failed:
            return {}
        text = f"Encountered {failed} errors in the data. Successfully ingested {self.outcome.output_rows} rows."
        if self.diagnostics:
            text += " Review the associated diagnostic files for additional details."
        errors: list[JsonObject] = [
            {"code": ROWS_FAILED, "message": text},
            {"code": MAPPING_FAILED, "recordCount": failed, "message": "Mapper Transform Error"},
        ]
        if not self.diagnostics:
            return {"errors": errors}
        manifest = {
            "failedRecords": f"{self.batch_url}/{self.batch_id}/meta?path=row_errors",
            "sampleErrors": f"{self.batch_url}/{self.batch_id}/meta?path=row_error_samples.json",
        }
        return {"manifest": manifest, "errors": errors}


def _reference(entity_id: str, kind: str, reference: str, value: str) -> JsonObject:
    return {"id": entity_id, "type": kind, "reference": {"type": reference, "ids": [value]}}
