"""What every test of a program's declarations needs."""

from __future__ import annotations

import pytest

from tests.support.mocked_engine import use_event_loop


@pytest.fixture(autouse=True)
def _event_loop() -> None:
    use_event_loop()
