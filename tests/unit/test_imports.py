"""What a program and a preview import, because every one of them waits for it."""

from __future__ import annotations

import subprocess
import sys


def imported_with(statement: str) -> set[str]:
    """Return the top-level modules that are imported in a process of its own after the statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    response = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(response.stdout.split())


def test_a_program_and_a_preview_import_nothing_that_sends_requests() -> None:
    modules = imported_with("import pulumi_adobe_aep.program.base_connection, pulumi_adobe_aep.dynamic")

    assert modules.isdisjoint({"requests", "urllib3", "pulumi_adobe_aep.api.flow_service"})


def test_the_package_alone_imports_no_pulumi() -> None:
    modules = imported_with("import pulumi_adobe_aep; assert pulumi_adobe_aep.__version__")

    assert modules.isdisjoint({"pulumi", "grpc", "pydantic"})
