"""The pipelines to copy: right by the schemas of their systems, and their commands do what they promise."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.markdown import blocks
from tests.support.schemas import problems
from tests.support.shell import Shell
from tools.engine import Engine

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCS = EXAMPLES.parent / "docs"
STACKS = ("dev", "stage", "prod")
PIPELINES = EXAMPLES / "pipelines"
FILES = {
    "github-actions.yml": "github-workflows",
    "gitlab-ci.yml": "gitlab-ci",
    "azure-pipelines.yml": "azure-pipelines",
}


@pytest.mark.parametrize(("name", "schema"), FILES.items(), ids=FILES)
def test_a_pipeline_is_right_by_the_schema_of_its_system(name: str, schema: str, tmp_path: Path) -> None:
    # As texts, because Azure's schema wants every scalar as one; the other two are read as they are.
    instance = PIPELINES / name
    if schema == "azure-pipelines":
        loaded = yaml.load(instance.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - the safest
        instance = tmp_path / "azure-pipelines.json"
        instance.write_text(json.dumps(loaded), encoding="utf-8")
    transform = [] if schema == "github-workflows" else ["--data-transform", schema]
    # Azure's patterns are not strict ECMAScript.
    assert problems(instance, f"vendor.{schema}", "--regex-variant", "python", *transform) == ""


def test_a_kubernetes_stack_takes_its_secrets_from_the_environment_and_deletes_nothing() -> None:
    documents = list(yaml.safe_load_all((PIPELINES / "kubernetes-stack.yaml").read_text(encoding="utf-8")))
    assert {(each["apiVersion"], each["kind"]) for each in documents} == {("pulumi.com/v1", "Stack")}
    for spec in (each["spec"] for each in documents):
        assert {"serviceAccountName", "stack", "projectRepo", "branch", "envRefs"} <= spec.keys()
        assert "config" not in spec
        assert not spec.get("destroyOnFinalize")
        for name, reference in spec["envRefs"].items():
            kind = "Secret" if "SECRET" in name or "PASSPHRASE" in name else reference["type"]
            assert reference["type"] == kind
            assert kind.lower() in reference
    follows, previews = (each["spec"] for each in documents)
    assert follows["refresh"]
    assert follows["continueResyncOnCommitMatch"]
    assert previews["preview"]


def test_all_systems_run_the_same_commands() -> None:
    github, gitlab, azure = (_scripts(name) for name in FILES)
    assert sorted(github) == ["drift", "preview", "up"]
    assert github == gitlab == azure


def test_a_pull_request_needs_no_credentials_of_adobes() -> None:
    for name in FILES:
        jobs = _load(name)
        preview = jobs["jobs"]["preview"] if "jobs" in jobs else jobs.get("preview") or jobs["stages"][0]
        assert "AEP_" not in json.dumps(preview)


def test_who_follows_the_list_once_may_let_the_pipelines_promote_from_dev_to_prod(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLES / "component", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shell = Shell(folder, tmp_path / "home", engine, {})
    once = next(block.text for block in blocks(DOCS / "pipelines.md", "sh") if "stack init" in block.text)
    for stack in STACKS:
        shell.environment["STACK"] = stack
        shell.run(once, answer=f"the password of {stack}")
    assert aep_emulator.requests() == []

    shell.environment.update(aep_emulator.environment(sandbox=None))
    for stack in STACKS:
        shell.environment["STACK"] = stack
        shell.run(_scripts("github-actions.yml")["up"])

    made = {
        each["sandboxName"]: each["auth"]["params"]["connectionString"]
        for each in aep_emulator.connections(secrets=True)
    }
    assert sorted(made) == sorted(STACKS)
    assert all(f"Password=the password of {stack};" in made[stack] for stack in STACKS)

    # A promotion by the page about sandboxes: nothing is left to do on the stage that it selects.
    (promotion,) = (block.text for block in blocks(DOCS / "sandboxes.md", "sh") if not block.not_run)
    assert "3 unchanged" in shell.run(promotion)
    with pytest.raises(AssertionError, match="protect"):
        shell.run("pulumi destroy --stack prod")


def test_the_commands_preview_bring_up_and_fail_on_drift(
    tmp_path: Path, engine: Engine, aep_emulator: Emulator
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLES / "component", folder, ignore=shutil.ignore_patterns("__pycache__"))
    credentials = aep_emulator.environment(sandbox=None)
    runner = Shell(folder, tmp_path / "home", engine, {"STACK": "dev"})
    # What a developer has done once, and committed.
    runner.run('pulumi stack init "$STACK" && pulumi config set --secret crmPassword', answer="a password")
    scripts = _scripts("github-actions.yml")

    shown = runner.run(scripts["preview"])
    assert "+ adobe-aep:PostgresBaseConnection" in shown.replace("pulumi-python:dynamic/", "")
    assert aep_emulator.requests() == []

    runner.environment.update(credentials)
    runner.run(scripts["up"])
    (made,) = aep_emulator.connections()
    assert made["sandboxName"] == "dev"
    runner.run(scripts["drift"])

    aep_emulator.change(str(made["id"]), fields={"description": "changed by hand"})
    with pytest.raises(AssertionError, match="changed by hand"):
        runner.run(scripts["drift"])
    runner.run(scripts["up"])
    (corrected,) = aep_emulator.connections()
    # Only a refresh sees what was changed by hand: the drift check tells, and somebody decides.
    assert corrected["description"] == "changed by hand"


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PIPELINES / name).read_text(encoding="utf-8"))
    return loaded


def _scripts(name: str) -> dict[str, str]:
    """Return the commands of a pipeline that work on a stack, by what they do."""
    found: dict[str, str] = {}
    for script in _every_script(_load(name)):
        lines = script.strip().splitlines()
        if lines[0] != 'pulumi stack select "$STACK"':
            continue
        kind = "up" if "pulumi up" in script else "drift" if "--refresh" in script else "preview"
        assert found.setdefault(kind, "\n".join(lines)) == "\n".join(lines)
    return found


def _every_script(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _every_script(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"run", "bash"} and isinstance(value, str):
                yield value
            elif key == "script" and isinstance(value, list):
                yield "\n".join(value)
            else:
                yield from _every_script(value)
