"""Which changes `make mutants` makes, and which tests must notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutants import narrowed

CONFIG = Path(__file__).parents[1] / "mutants.toml"


@pytest.fixture
def config() -> str:
    return CONFIG.read_text(encoding="utf-8")


def test_one_module_and_some_tests_can_be_asked_for(config: str) -> None:
    found = narrowed(config, "lifecycle/plan.py", "tests/unit/lifecycle/test_lifecycle.py")
    assert 'module-path = ["provider/pulumi_adobe_aep/lifecycle/plan.py"]\n' in found
    assert 'no:cacheprovider tests/unit/lifecycle/test_lifecycle.py"\n' in found
    assert "api/retry.py" not in found
    assert found.endswith(config[config.index("[cosmic-ray.distributor]") :])


def test_without_a_choice_the_whole_core_is_changed(config: str) -> None:
    assert narrowed(config, None, None) == config


def test_what_is_changed_exists(config: str) -> None:
    root = CONFIG.parents[1]
    paths = [line.strip(' ",') for line in config.splitlines() if line.startswith('    "provider/')]
    assert len(paths) == 5
    assert [path for path in paths if not (root / path).exists()] == []
