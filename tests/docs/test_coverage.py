"""`make coverage` counts what runs in the processes that tests start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.coverage import COVERAGE
from tests.support.documents import ROOT

IN_OTHER_PROCESSES = (
    "tests/host/test_diff.py::test_a_new_version_of_a_referenced_secret_is_a_change",
    "tests/cli/test_whole.py::test_an_error_is_sentences_on_stderr_with_adobes_request_id",
)


def test_lines_that_only_the_providers_or_the_commands_process_runs_are_counted(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != COVERAGE}

    def run(*arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**environment, "COVERAGE_FILE": str(tmp_path / "coverage")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("coverage", "run", "-m", "pytest", "-q", "-p", "no:xdist", *IN_OTHER_PROCESSES)
    run("coverage", "combine")
    run("coverage", "json", "--fail-under=0", "-o", str(tmp_path / "coverage.json"))

    files = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))["files"]
    called = {
        name for file in files.values() for name, function in file["functions"].items() if function["executed_lines"]
    }
    assert [name for name in called if name.endswith("Provider.diff")]
    assert "main" in called
