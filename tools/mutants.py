"""`python -m tools.mutants FOLDER`: change the core of the provider line by line, and list what no test notices.

cosmic-ray makes the changes in a copy of the checkout; tests/mutants.toml says of what, and which tests must notice.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

_CONFIG = "tests/mutants.toml"
_SESSION = "mutants.sqlite"
_PACKAGE = "provider/pulumi_adobe_aep"


def main() -> int:
    """Run all changes in a copy of the checkout; returns the exit code of the report."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("folder", type=Path, help="a copy of the checkout, which is changed")
    parser.add_argument("--of", help="only of this module, such as lifecycle/plan.py")
    parser.add_argument("--tests", help="only with these tests")
    given = parser.parse_args()
    config = given.folder / _CONFIG
    config.write_text(narrowed(config.read_text(encoding="utf-8"), given.of, given.tests), encoding="utf-8")
    for command in (["init", _CONFIG, _SESSION], ["baseline", _CONFIG], ["exec", _CONFIG, _SESSION]):
        if command[0] == "exec":
            _run(given.folder, "cr-filter-operators", _SESSION, _CONFIG)
        _run(given.folder, "cosmic-ray", *command)
    report = _output(given.folder, "cr-report", "--show-diff", "--surviving-only", _SESSION)
    sys.stdout.write(report)
    return 0


def narrowed(config: str, module: str | None, tests: str | None) -> str:
    """Return the configuration for one module or some of the tests.

    Args:
        config: The whole.
        module: Below the package; None for all.
        tests: As pytest takes them; None for all.
    """
    if module:
        config = re.sub(r"module-path = \[.*?\n\]", f'module-path = ["{_PACKAGE}/{module}"]', config, flags=re.DOTALL)
    if tests:
        config = re.sub(r"no:cacheprovider .*\"", f'no:cacheprovider {tests}"', config)
    return config


def _run(folder: Path, command: str, *arguments: str) -> None:
    subprocess.run([_in_this_environment(command), *arguments], cwd=folder, env=_environment(folder), check=True)


def _output(folder: Path, command: str, *arguments: str) -> str:
    return subprocess.run(
        [_in_this_environment(command), *arguments],
        cwd=folder,
        env=_environment(folder),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _in_this_environment(command: str) -> str:
    return str(Path(sys.executable).with_name(command))


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment in which the copy is imported, and not the checkout that is installed."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(folder.resolve() / "provider")}


if __name__ == "__main__":
    sys.exit(main())
