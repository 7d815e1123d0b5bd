"""The account that a PostgreSQL server runs as: `postgres` refuses to be started by root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CANDIDATES = ("nobody", "postgres")


@dataclass(frozen=True)
class Account:
    """An account of this machine."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Tell whether everybody, hence this account, may pass through the folders above `path`."""
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)

    def own(self, path: Path) -> None:
        """Make this account the owner of `path`."""
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """Return the account to run the server as, or None for the own one.

    As root that is an account which every system has and which owns nothing: none is created.

    Raises:
        LookupError: Root, and there is no such account.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError(f"PostgreSQL does not run as root, and this machine has none of the accounts {CANDIDATES}.")


def run_as(account: Account | None) -> dict[str, Any]:
    """Return the arguments of `subprocess` functions that run a program as `account`; None is the own one."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
