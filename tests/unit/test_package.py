"""The distribution: public names, version, what importing it costs."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from importlib import resources

import pytest

import pulumi_adobe_aep


def imported_by(statement: str) -> set[str]:
    """Return the modules that a fresh process has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_public_names_are_a_contract() -> None:
    names = {"PostgresBaseConnection", "ConnectionStringAuth", "BasicAuth", "SecretFromEnv", "__version__"}
    assert names <= set(dir(pulumi_adobe_aep))
    for name in dir(pulumi_adobe_aep):
        assert getattr(pulumi_adobe_aep, name) is not None


def test_a_star_imports_every_public_name() -> None:
    star: dict[str, object] = {}
    exec("from pulumi_adobe_aep import *", star)  # noqa: S102 - in a function, Python allows it in no other way
    assert sorted(star.keys() - {"__builtins__"}) == dir(pulumi_adobe_aep)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'pulumi_adobe_aep' has no attribute 'PostgresConnection'"):
        _ = pulumi_adobe_aep.PostgresConnection  # type: ignore[attr-defined]


def test_a_name_like_that_of_a_database_is_an_attribute_error_as_well() -> None:
    with pytest.raises(AttributeError, match="module 'pulumi_adobe_aep' has no attribute 'DB2BaseConnection'"):
        _ = pulumi_adobe_aep.DB2BaseConnection  # type: ignore[attr-defined]


def test_the_version_is_that_of_the_distribution() -> None:
    assert pulumi_adobe_aep.__version__ == importlib.metadata.version("pulumi-adobe-aep")
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z]+\d+)?", pulumi_adobe_aep.__version__)


def test_the_types_of_the_package_are_for_its_users_too() -> None:
    assert resources.files("pulumi_adobe_aep").joinpath("py.typed").is_file()


def test_the_engine_is_configured_not_to_look_for_a_plugin() -> None:
    text = resources.files("pulumi_adobe_aep").joinpath("pulumi-plugin.json").read_text(encoding="utf-8")
    assert json.loads(text)["resource"] is False


def test_importing_the_package_alone_loads_no_pulumi() -> None:
    assert "pulumi" not in imported_by("import pulumi_adobe_aep")


@pytest.mark.parametrize(
    "module",
    [
        "lifecycle.lifecycle",
        "kinds.base_connection.sources.postgresql",
        "api.flow_service",
        "settings",
        "emulator.client",
    ],
)
def test_the_core_runs_without_pulumi(module: str) -> None:
    assert "pulumi" not in imported_by(f"import pulumi_adobe_aep.{module}")


def test_a_program_that_only_declares_does_not_load_what_sends_requests() -> None:
    loaded = imported_by("import pulumi_adobe_aep as aep; aep.PostgresBaseConnection")
    assert "pulumi_adobe_aep.dynamic" in loaded
    assert not {"pulumi_adobe_aep.lifecycle.lifecycle", "pulumi_adobe_aep.api.transport"} & loaded
