"""Fixtures for tests of the repository's own tools."""

from __future__ import annotations

import pytest

from tools.engine import LANGUAGES, Engine, ensure_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine with the hosts of all languages."""
    return ensure_engine(languages=tuple(LANGUAGES))
