"""The tests at the real service run only when they are asked for, and never in production."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.live.conftest import refusal

ROOT = Path(__file__).parents[2]
DATABASE = {f"AEP_LIVE_{name}": "set" for name in ("SERVER", "DATABASE", "USERNAME", "PASSWORD")}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        pytest.param({"AEP_LIVE": ""}, "set AEP_LIVE=1 to run them", id="nobody asked for them"),
        pytest.param({"AEP_SANDBOX_NAME": "prod"}, "name a development sandbox, never prod", id="in production"),
        pytest.param({"AEP_SANDBOX_NAME": ""}, "name a development sandbox, never prod", id="without a sandbox"),
        pytest.param({"AEP_CLIENT_SECRET": ""}, "No credentials for Adobe Experience Platform", id="no credentials"),
        pytest.param({"AEP_LIVE_PASSWORD": ""}, "AEP_LIVE_PASSWORD must name a database", id="no database"),
        pytest.param({}, "", id="asked for, and nothing is missing"),
    ],
)
def test_they_refuse(aep_emulator: Emulator, changed: dict[str, str], says: str) -> None:
    reason = refusal({**aep_emulator.environment(), "AEP_LIVE": "1", **DATABASE, **changed})

    assert says in reason
    assert bool(says) == bool(reason)


def test_a_refusal_is_a_sentence_and_no_test_runs() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/live"],
        cwd=ROOT,
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert ended.stderr.strip() == (
        "ERROR: tests/live: these tests make connections in a real organization; set AEP_LIVE=1 to run them. "
        "See tests/live/README.md."
    )
    assert "no tests ran" in ended.stdout
