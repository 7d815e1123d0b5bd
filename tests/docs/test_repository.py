"""What a forge and a contributor's tools read: workflows, issue forms, hooks, and the address of all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_adobe_aep._addresses import REPOSITORY
from tests.support.documents import ROOT, name_of
from tests.support.schemas import problems

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(each for each in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if each.name != "config.yml")
_ADDRESS = re.compile(r"https://github\.com/[\w.-]+/pulumi-adobe-aep(?![\w.-])")
_MAKE = re.compile(r"^make ([a-z-]+)$", re.MULTILINE)


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def _jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for name, job in _load(path)["jobs"].items():
            yield f"{path.name}: {name}", job


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_a_workflow_is_right_by_githubs_schema_and_none_of_its_jobs_runs_for_ever(workflow: Path, schema: str) -> None:
    assert problems(workflow, schema) == ""


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_an_issue_form_is_right_by_githubs_schema(form: Path) -> None:
    assert problems(form, "vendor.github-issue-forms") == ""


def test_the_choice_of_issue_forms_is_right_by_githubs_schema() -> None:
    assert problems(GITHUB / "ISSUE_TEMPLATE" / "config.yml", "vendor.github-issue-config") == ""


def test_the_updates_of_dependencies_are_right_by_githubs_schema_and_in_folders_that_exist() -> None:
    path = GITHUB / "dependabot.yml"
    assert problems(path, "vendor.dependabot") == ""
    updates = _load(path)["updates"]
    folders = [folder for each in updates for folder in each.get("directories", [each.get("directory")])]
    assert [folder for folder in folders if not (ROOT / folder.lstrip("/")).is_dir()] == []
    assert {"github-actions", "pip", "gomod"} == {each["package-ecosystem"] for each in updates}


def test_the_hooks_before_a_commit_are_right_by_pre_commits_own_check() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_suites_run_on_every_python_that_the_metadata_names() -> None:
    classifiers = metadata("pulumi-adobe-aep").get_all("Classifier") or []
    named = {each.rpartition(" ")[2] for each in classifiers if ":: Python :: 3." in each}
    jobs = dict(_jobs())
    assert set(jobs["checks.yml: tests"]["strategy"]["matrix"]["python"]) == named
    assert len(named) == 5


def test_a_workflow_runs_only_targets_of_the_makefile() -> None:
    scripts = [step.get("run", "") for _, job in _jobs() for step in job.get("steps", [])]
    run = [target for script in scripts for target in _MAKE.findall(script)]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"lint", "test", "coverage", "test-min"} == set(run)
    assert [target for target in run if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_only_the_job_that_publishes_may_do_more_than_read_and_it_holds_no_secret() -> None:
    assert [name_of(path) for path in WORKFLOWS if _load(path)["permissions"] != {"contents": "read"}] == []
    assert {name: job["permissions"] for name, job in _jobs() if "permissions" in job} == {
        "release.yml: publish": {"id-token": "write"}
    }
    assert [name_of(path) for path in WORKFLOWS if "secrets." in path.read_text(encoding="utf-8")] == []


def test_nothing_is_published_that_has_not_passed_all_checks() -> None:
    jobs = dict(_jobs())
    assert jobs["release.yml: checks"]["uses"] == "./.github/workflows/checks.yml"
    assert set(jobs["release.yml: publish"]["needs"]) == {"checks", "build"}


def test_every_file_names_the_same_address_of_the_repository() -> None:
    folders = [ROOT / name for name in (".github", "docs", "examples", "provider", "tools", "tests", "benchmarks")]
    files = [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]
    pages = [path for path in files if path.suffix in {".md", ".yml", ".yaml", ".toml", ".py"}]
    found = {name_of(path): set(_ADDRESS.findall(path.read_text(encoding="utf-8"))) for path in pages}
    named = {name: addresses for name, addresses in found.items() if addresses}
    assert {"pyproject.toml", "SECURITY.md", "README.md", ".github/ISSUE_TEMPLATE/config.yml"} <= named.keys()
    assert [name for name, addresses in named.items() if addresses != {REPOSITORY}] == []


def test_the_forge_finds_its_pages_where_it_looks_for_them() -> None:
    pages = ("SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", ".github/PULL_REQUEST_TEMPLATE.md")
    assert [page for page in pages if not (ROOT / page).is_file()] == []
